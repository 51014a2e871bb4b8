"""`skywrite message ...`, `broadcast ...`, `suppression ...`: what is sent to whom, and to whom nothing."""

import uuid
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import App, Parameter

from skywrite.channels.email.outbox.asking import Asked, To, ask
from skywrite.channels.email.outbox.audience import Audience
from skywrite.channels.email.outbox.broadcasts import Broadcast, Broadcasts
from skywrite.channels.email.outbox.reading import Wanted, listed, reason_of, seen, sentence_of
from skywrite.channels.email.outbox.suppressions import Suppressions
from skywrite.cli.common import BY, COMMON, Common, HowMany, RowId, pairs, with_times
from skywrite.cli.lists import list_named
from skywrite.contacts import ids
from skywrite.contacts.suppressing import Reason
from skywrite.kit.errors import Refused
from skywrite.kit.ids import number_meant
from skywrite.kit.time import iso_millis, now_micros

message = App(name="message")
broadcast = App(name="broadcast")
suppression = App(name="suppression")


@message.command
def send(
    to: str,
    /,
    *,
    template: str = "",
    subject: str = "",
    text: str = "",
    html: str = "",
    data: Annotated[list[str] | None, Parameter(name="--set", negative="", consume_multiple=False)] = None,
    key: str = "",
    create: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> None:
    """Send a message: one of a template is of its kind, one with a body of its own is transactional.

    Parameters
    ----------
    to
        A contact's id (person_12) or an email address.
    template
        The id of a published template, such as template_3; else give a subject with a text or HTML.
    subject
        The subject, without a template.
    text
        The plain text, without a template.
    html
        The HTML, without a template.
    data
        What the template is given, as key=value; can be given several times.
    key
        The same key is the same message, however often it is sent.
    create
        Make a contact of the address where there is none.

    """
    who = To(contact_id=to, create=create) if ids.number(to) else To(email=to, create=create)
    asked = Asked(
        to=who,
        template_id=number_meant("template", template) if template else None,
        subject=subject,
        text=text,
        html=html,
        data=dict(pairs(data or (), "set")),
    )
    with common.store() as store:
        stored = ask(store, asked, key or uuid.uuid4().hex, now=now_micros())
    why = f": {sentence_of(stored.reason)}" if stored.reason else "."
    common.done(stored, f"Message {stored.id} is {stored.state}{why}")


@message.command(name="list")
def list_messages(*, state: str = "", email: str = "", count: HowMany = 20, common: Common = COMMON) -> None:
    """Show messages, the newest first.

    Parameters
    ----------
    state
        Only those in this state.
    email
        Only those whose address begins so.
    count
        How many.

    """
    with common.store() as store:
        rows = [one.row for one in listed(store, Wanted(state=state, email=email), count)]
    values = [_message(row) for row in rows]
    cells = [(row.id, row.email, row.state, row.subject, iso_millis(row.queued_at), reason_of(row)) for row in rows]
    common.show(values, "messages", ("id", "to", "state", "subject", "queued", "reason"), cells)


@message.command
def show(number: RowId, /, *, common: Common = COMMON) -> None:
    """Show one message and what became of it."""
    with common.store() as store:
        found = seen(store, number)
    steps = [{"at": iso_millis(step.at), "name": step.name, "data": step.data} for step in found.steps]
    shown, row = _message(found.row) | {"steps": steps}, found.row
    because = [("because", shown["reason"])] if shown["reason"] else []
    lines = [(iso_millis(step.at), step.name) for step in found.steps]
    common.show_one(shown, [("to", row.email), ("subject", row.subject), ("state", row.state), *because, *lines])


def _message(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "email": row.email,
        "state": row.state,
        "reason": reason_of(row),
        "subject": row.subject,
        "template_id": row.template_id,
        "broadcast_id": row.broadcast_id,
        "queued_at": iso_millis(row.queued_at),
    }


@broadcast.command(name="list")
def list_broadcasts(*, common: Common = COMMON) -> None:
    """Show every broadcast."""
    with common.store() as store:
        found = Broadcasts(store).all()
    rows = [(one.id, one.name, one.state, one.enqueued, one.total) for one in found]
    common.show([_value(one) for one in found], "broadcasts", ("id", "name", "state", "enqueued", "of"), rows)


@broadcast.command
def add(
    name: str,
    /,
    *,
    template: str,
    on: Annotated[str, Parameter(name="--list")] = "",
    segment: str = "",
    per_second: float | None = None,
    common: Common = COMMON,
) -> None:
    """Draft a broadcast to a list, a segment, or everybody.

    Parameters
    ----------
    name
        Its name.
    template
        The id of a published template, such as template_3.
    on
        The list that it goes to, by its name or id.
    segment
        The segment that it goes to, such as segment_3.
    per_second
        At most so many mails per second.

    """
    if on and segment:
        raise Refused("A broadcast goes to a list or to a segment, not to both.", where="list")
    with common.store() as store:
        audience, to = Audience("all"), "everybody"
        if on:
            audience, to = Audience("list", list_named(store, on).id), f"the list {on}"
        elif segment:
            audience, to = Audience("segment", number_meant("segment", segment)), segment
        number = number_meant("template", template)
        made = Broadcasts(store).add(name, number, audience, per_second=per_second, now=now_micros())
    common.done(
        _value(made), f"Broadcast {made.id}, to {to}, is a draft; `skywrite broadcast start {made.id}` sends it."
    )


def _asks(asked: str, words: str) -> None:
    def step(number: RowId, /, *, common: Common = COMMON) -> None:
        with common.store() as store:
            found = Broadcasts(store).step(number, asked, now=now_micros())
        common.done(_value(found), f"Broadcast {number} is {found.state}.")

    step.__doc__ = words
    broadcast.command(step, name=asked)


_asks("start", "Start a broadcast now.")
_asks("pause", "Pause a broadcast.")
_asks("resume", "Let a paused broadcast go on.")
_asks("cancel", "Cancel a broadcast: what waits is not sent.")


@broadcast.command(name="show")
def show_broadcast(number: RowId, /, *, common: Common = COMMON) -> None:
    """Show how far a broadcast has come."""
    with common.store() as store:
        found, progress = Broadcasts(store).get(number), Broadcasts(store).progress(number)
    lines = [("name", found.name), ("state", found.state), ("of", found.total), *progress.items()]
    common.show_one(_value(found) | {"progress": progress}, lines)


def _value(one: Broadcast) -> dict[str, Any]:
    fields: dict[str, Any] = with_times(one, "created_at", "due_at", "started_at", "finished_at")
    return fields | {"audience": msgspec.to_builtins(one.audience)}


@suppression.command(name="list")
def list_suppressions(search: str = "", /, *, common: Common = COMMON) -> None:
    """Show the list, the newest first; `search` is the beginning of an address."""
    with common.store() as store:
        found = Suppressions(store).listed(search, limit=500)
    rows = [(one.address, one.scope, one.reason, iso_millis(one.since), one.evidence) for one in found]
    values = [with_times(one, "since") for one in found]
    common.show(values, "suppressions", ("address", "scope", "reason", "since", "evidence"), rows)


@suppression.command(name="add")
def add_suppression(addresses: list[str], /, *, common: Common = COMMON) -> None:
    """Suppress addresses."""
    _suppress(addresses, "manual", common)


@suppression.command(name="import")
def import_suppressions(file: Path, /, *, common: Common = COMMON) -> None:
    """Suppress every address of a file, one a line."""
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} can't be read: {error}.", where="file") from error
    _suppress([line.strip() for line in lines if line.strip()], "imported", common)


@suppression.command(name="remove")
def remove_suppression(address: str, /, *, reason: str = "manual", scope: str = "all", common: Common = COMMON) -> None:
    """Take an address off the list, for one reason."""
    with common.store() as store:
        Suppressions(store).remove(address, scope, reason, by=BY, now=now_micros())
    common.done({"removed": address}, f"{address} is off the list for this reason.")


def _suppress(addresses: list[str], reason: Reason, common: Common) -> None:
    with common.store() as store:
        count = sum(
            Suppressions(store).add(addresses[start : start + 2_000], by=BY, now=now_micros(), reason=reason)
            for start in range(0, len(addresses), 2_000)
        )
    common.done({"count": count}, f"{count} {'address is' if count == 1 else 'addresses are'} suppressed.")
