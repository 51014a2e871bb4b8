"""Claiming: messages that are due become ours to send, and those that may not go out any more are let go."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.channels.email.outbox import queries
from skywrite.channels.email.outbox.facts import suppressions_of
from skywrite.channels.email.outbox.model import Addressed, Claimed
from skywrite.channels.email.outbox.rules import Facts, Rules, Skip, why_not
from skywrite.channels.email.outbox.skipping import Skipped, tell_skipped
from skywrite.channels.email.states import MessageState
from skywrite.contacts.queries import follow_contacts
from skywrite.store.bulk import among, structs
from skywrite.store.mail_tables import messages

# A contact as rendering needs it: id, user id, traits as JSON text.
Person = tuple[int | None, str | None, str]
_NOBODY: Person = (None, None, "{}")


class Lane(Struct, frozen=True):
    """At most so many messages of one broadcast, or of none."""

    broadcast_id: int | None
    limit: int


class _Found(Addressed, frozen=True, array_like=True, gc=False):
    """A row of `queries.found`."""

    person_id: int | None
    user_id: str | None
    traits: str | None
    contact_id: int | None
    address: str
    topic_id: int | None
    is_transactional: bool
    has_moved: bool


def claim(connection: Connection, lanes: Sequence[Lane], most: int, *, now: int, rules: Rules) -> list[Claimed]:
    """The next messages of these lanes, at most so many: `sending`, and ours alone once the transaction is committed.

    Suppressions, the once rule and the contact are looked at anew: what they forbid is rejected here, and a broadcast's
    message goes to the address that its contact has by now.
    """
    rows: list[_Found] = []
    for lane in lanes:
        rows += _found(connection, lane.broadcast_id, min(lane.limit, most - len(rows)), now)
    if not rows:
        return []
    rows = _following(connection, rows)
    moved = _moved(connection, rows)
    skips = _skips(connection, rows, moved, now, rules)
    if skips:
        _let_go(connection, rows, skips, moved, now)
    kept = [row for row in rows if row.id not in skips]
    connection.execute(queries.take(connection, [row.id for row in kept], now))
    return _claimed(connection, kept, moved)


def claimed_before(connection: Connection, ids: Collection[int]) -> list[Claimed]:
    """Those of these messages that are claimed and whose subject nobody noted, to be made again for its sake alone."""
    rows = structs(connection, queries.nameless(connection, ids), _Found)
    return _claimed(connection, rows, _moved(connection, rows))


def _claimed(connection: Connection, rows: Sequence[_Found], moved: Mapping[int, Person]) -> list[Claimed]:
    bodies = _bodies(connection, rows)
    return [
        Claimed(
            *(row.id, row.email, row.template_id, row.version, row.broadcast_id, row.campaign_id, row.campaign_name),
            *(row.attempt, *_person(row, moved), bodies.get(row.id)),
        )
        for row in rows
    ]


def _found(connection: Connection, broadcast_id: int | None, most: int, now: int) -> list[_Found]:
    rows: list[_Found] = []
    for state in queries.WAITING:
        limit = most - len(rows)
        if limit > 0:
            rows += structs(connection, queries.found(broadcast_id, state, now, limit), _Found)
    return sorted(rows, key=lambda row: row.id)


def _following(connection: Connection, rows: list[_Found]) -> list[_Found]:
    """The same messages, those of contacts whose address has changed with the new one."""
    stale = [row.id for row in rows if row.has_moved]
    if not stale:
        return rows
    connection.execute(follow_contacts(among(connection, messages.c.id, stale)))
    fresh = {row.id: row for row in structs(connection, queries.found_again(connection, stale), _Found)}
    return [fresh.get(row.id, row) for row in rows]


def _person(row: _Found, moved: Mapping[int, Person]) -> Person:
    if row.person_id is not None:
        return row.person_id, row.user_id, row.traits or "{}"
    return moved.get(row.contact_id, _NOBODY) if row.contact_id is not None else _NOBODY


def _moved(connection: Connection, rows: Sequence[_Found]) -> dict[int, Person]:
    """The contacts that became part of others, by the ids that they had: the others."""
    missing = {row.contact_id for row in rows if row.person_id is None and row.contact_id is not None}
    if not missing:
        return {}
    merged = dict(connection.execute(queries.merged_into(missing)).all())
    people: dict[int, Person] = {}
    for number, user_id, traits in connection.execute(queries.people(connection, set(merged.values()))):
        people[number] = (number, user_id, traits)
    return {old: people[new] for old, new in merged.items() if new in people}


def _skips(
    connection: Connection, rows: list[_Found], moved: Mapping[int, Person], now: int, rules: Rules
) -> dict[int, Skip]:
    against = suppressions_of(connection, {row.address for row in rows})
    # Not of those without an address: all of them ever share one, which each would be looked for in.
    ids = [row.id for row in rows if row.template_id is not None and not row.is_transactional and row.address]
    since = now - rules.once_micros
    sent = (
        set(connection.execute(queries.sent_before(connection, ids, since)).scalars())
        if ids and rules.once_days
        else set()
    )
    people = {row.contact_id for row in rows if row.broadcast_id is not None and row.contact_id is not None}
    grown = set(connection.execute(queries.grown(connection, people)).scalars()) if people else set()
    of_grown = [row.id for row in rows if row.broadcast_id is not None and row.contact_id in grown] if grown else []
    had = set(connection.execute(queries.had_broadcast(connection, of_grown)).scalars()) if of_grown else set()
    skips = {}
    for row in rows:
        facts = Facts(
            row.email,
            is_transactional=row.is_transactional,
            topic=str(row.topic_id or ""),
            suppressions=against.get(row.address, ()),
            is_contact_gone=row.person_id is None and row.contact_id is not None and row.contact_id not in moved,
            was_sent=row.id in sent,
            had_broadcast=row.id in had,
        )
        skip = why_not(facts, rules)
        if skip:
            skips[row.id] = skip
    return skips


def _let_go(
    connection: Connection, rows: list[_Found], skips: dict[int, Skip], moved: Mapping[int, Person], now: int
) -> None:
    changes = [(MessageState.REJECTED, skip, number) for number, skip in skips.items()]
    queries.change(connection, ("state", "reason"), changes)
    told = [(row.id, _person(row, moved)[0], skips[row.id]) for row in rows if row.id in skips]
    tell_skipped(connection, [Skipped(id_, person, skip) for id_, person, skip in told if person is not None], now)


def _bodies(connection: Connection, rows: Sequence[_Found]) -> dict[int, str]:
    ids = [row.id for row in rows if row.broadcast_id is None]
    return dict(connection.execute(queries.bodies(ids)).all()) if ids else {}
