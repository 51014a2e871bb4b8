"""Recording: what became of what was claimed, with its timeline and what follows from it, in one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.outbox import queries
from skywrite.channels.email.outbox.bounces import Bounced, note_bounces
from skywrite.channels.email.outbox.model import Rejected
from skywrite.channels.email.outbox.rules import Rules
from skywrite.channels.email.outbox.verdicts import Attempt, Verdict, verdict
from skywrite.channels.email.states import MessageState, Observed, after
from skywrite.contacts.activity import Activity, Kind, add_activities, hold_writers
from skywrite.store.bulk import structs
from skywrite.store.types import storable

_CRASHED = Outcome(
    "lost", Stage.DOT, "Skywrite stopped while this mail was on its way; it may or may not have arrived."
)
_LONGEST_REASON = 1_000


class Ended(Struct, frozen=True, gc=False):
    """What became of one attempt, at `at` in µs; the subject as it was rendered, "" where it was not."""

    id: int
    what: Outcome | Rejected
    at: int
    subject: str = ""


class _Stand(Struct, frozen=True, array_like=True, gc=False):
    """A row of `queries.stand`."""

    id: int
    state: MessageState
    address: str
    is_transactional: bool
    attempts: int
    first_tried_at: int | None
    sent_at: int | None
    delivered_at: int | None
    contact_id: int | None


def record(connection: Connection, ended: Sequence[Ended], *, rules: Rules) -> None:
    """Write down what became of claimed messages. It may be told twice, as after a crash between commit and answer.

    A notice may have come first, of a delivery or a bounce: its word stands, and when the mail was sent is added.
    """
    if not ended:
        return
    hold_writers(connection)
    stand = structs(connection, queries.stand(connection, [one.id for one in ended]), _Stand)
    rows = {row.id: row for row in stand}
    changes: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    happened: list[Activity] = []
    bounced: list[Bounced] = []
    for one in ended:
        row = rows.get(one.id)
        if row is None or not (row.state == MessageState.SENDING or _was_overtaken(row, one.what)):
            continue
        attempt = Attempt(row.attempts, row.first_tried_at or one.at, row.is_transactional)
        found = verdict(one.what, attempt, one.at, rules)
        change = _change(one, found, row)
        changes.setdefault(tuple(change), []).append((*change.values(), one.id))
        is_told = found.observed is Observed.DELIVERED and row.delivered_at is not None
        if row.contact_id is not None and not is_told:
            happened.append(Activity(row.contact_id, one.at, Kind.EMAIL, found.name, found.data, one.id))
        if found.observed is Observed.BOUNCED:
            bounced.append(Bounced(row.address, found.bounce_class, found.reason))
    for names, rows_of_them in changes.items():
        queries.change(connection, names, rows_of_them)
    add_activities(connection, happened)
    note_bounces(connection, bounced, now=max((one.at for one in ended), default=0), rules=rules)


def recover(
    connection: Connection, left: Mapping[int, Outcome | None], subjects: Mapping[int, str], *, now: int, rules: Rules
) -> Collection[int]:
    """What a sender that died had claimed: recorded where the journal knows its end, `unknown` where the content was on
    its way, queued again where it was not. `left` is the journal's, with what is known of their subjects. Gives the ids
    of all.
    """
    found: list[int] = list(connection.execute(queries.in_the_air()).scalars())
    record(
        connection,
        [Ended(number, left[number] or _CRASHED, now, subjects.get(number, "")) for number in found if number in left],
        rules=rules,
    )
    put_back(connection, [number for number in found if number not in left], now=now)
    return found


def put_back(connection: Connection, ids: Iterable[int], *, now: int) -> None:
    """Queue again what was claimed and certainly not sent."""
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        connection.execute(queries.put_back(wanted[start : start + 500], now))


def _was_overtaken(row: _Stand, what: Outcome | Rejected) -> bool:
    """Whether a notice of this very attempt, which a server took, was there before its record."""
    has_word = row.state in (MessageState.DELIVERED, MessageState.BOUNCED) and row.sent_at is None
    return has_word and isinstance(what, Outcome) and what.result == "taken"


def _change(one: Ended, found: Verdict, row: _Stand) -> dict[str, Any]:
    change: dict[str, Any] = {"state": after(row.state, found.observed)}
    if row.address:  # else they were erased meanwhile, and no word of them comes back
        if row.state is MessageState.SENDING:
            change["reason"] = storable(found.reason[:_LONGEST_REASON])
        if one.subject:
            change["subject"] = storable(one.subject)
    if found.observed in (Observed.DELIVERED, Observed.RELAYED):
        change["sent_at"] = one.at
    if found.observed is Observed.DELIVERED:
        change["delivered_at"] = one.at
    if found.due_at is not None:
        change["due_at"] = found.due_at
    if found.observed is Observed.BOUNCED:
        change |= {"bounced_at": one.at, "bounce_class": found.bounce_class, "bounce_code": found.bounce_code}
    return change
