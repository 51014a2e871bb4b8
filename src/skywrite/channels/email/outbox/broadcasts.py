"""Broadcasts: one template to an audience, from draft to done. Who asks what of one, and when it may be asked."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, Table, func, insert, select, update

from skywrite.channels.email.outbox import audience as audiences
from skywrite.channels.email.outbox import queries
from skywrite.channels.email.outbox.audience import Audience
from skywrite.channels.email.outbox.model import TOPIC
from skywrite.channels.email.outbox.rules import Skip
from skywrite.channels.email.outbox.skipping import Skipped, tell_skipped
from skywrite.channels.email.states import MessageState
from skywrite.kit.errors import Refused
from skywrite.kit.names import clean_name
from skywrite.store.contact_tables import lists, segments
from skywrite.store.engine import Store
from skywrite.store.mail_tables import broadcasts, messages, templates

# What may be asked of a broadcast -> the states in which it may, and the state that it has then.
STEPS: dict[str, tuple[frozenset[str], str]] = {
    "schedule": (frozenset({"draft", "scheduled"}), "scheduled"),
    "start": (frozenset({"draft", "scheduled"}), "running"),
    "pause": (frozenset({"running"}), "paused"),
    "resume": (frozenset({"paused"}), "running"),
    "cancel": (frozenset({"draft", "scheduled", "running", "paused"}), "cancelled"),
}
_CANCEL_CHUNK = 2_000


class Broadcast(Struct, frozen=True, kw_only=True):
    """A broadcast as it is kept; times in µs."""

    id: int
    name: str
    template_id: int
    version: int | None
    audience: Audience
    state: str
    per_second: float | None
    upto: int
    enqueued: int
    total: int
    is_all_enqueued: bool
    reason: str
    created_at: int
    due_at: int | None
    started_at: int | None
    finished_at: int | None


class Names(Struct, frozen=True):
    """How a broadcast's template and audience are called; "" for one that is gone, and for everybody."""

    template: str
    audience: str


class Broadcasts:
    """The broadcasts as a person handles them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Broadcast]:
        """The newest first."""
        with self._store.read() as connection:
            return [_of(row) for row in connection.execute(select(broadcasts).order_by(broadcasts.c.id.desc()))]

    def get(self, number: int) -> Broadcast:
        """One. Raises Refused where there is none."""
        with self._store.read() as connection:
            return read(connection, number)

    def named(self, found: Sequence[Broadcast]) -> dict[int, Names]:
        """By id: how the template and the audience of each are called."""
        templates_of = {one.template_id for one in found}
        with self._store.read() as connection:
            called = dict(connection.execute(_names(templates, templates_of)).all())
            of = {
                "list": dict(connection.execute(_names(lists, _ids(found, "list"))).all()),
                "segment": dict(connection.execute(_names(segments, _ids(found, "segment"))).all()),
                "all": {},
            }
        return {
            one.id: Names(called.get(one.template_id, ""), of[one.audience.kind].get(one.audience.id, ""))
            for one in found
        }

    def progress(self, number: int) -> dict[str, int]:
        """How many of its messages are in each state."""
        with self._store.read() as connection:
            return dict(connection.execute(states_of(number)).all())

    def add(self, name: str, template_id: int, audience: Audience, *, per_second: float | None, now: int) -> Broadcast:
        """A draft. Raises Refused where its template or audience is not there, or the rate is none."""
        values = {"name": clean_name(name), "template_id": template_id, "per_second": per_second}
        with self._store.write() as connection:
            _check(connection, values | {"audience": audience})
            row = insert(broadcasts).values(
                **values, audience=msgspec.to_builtins(audience), state="draft", upto=0, enqueued=0, total=0,
                is_all_enqueued=False, reason="", created_at=now,
            )  # fmt: skip
            number = connection.execute(row.returning(broadcasts.c.id)).scalar_one()
            return read(connection, number)

    def change(self, number: int, given: dict[str, Any]) -> Broadcast:
        """Set what is given: everything of a draft, of one that is under way only its `per_second` and `name`."""
        with self._store.write() as connection:
            found = read(connection, number)
            if found.state not in ("draft", "scheduled") and given.keys() - {"per_second", "name"}:
                raise Refused("Once it has started only its name and its rate can change.", status=409)
            _check(connection, given)
            values = {name: msgspec.to_builtins(value) for name, value in given.items()}
            if "name" in given:
                values["name"] = clean_name(given["name"])
            if values:
                connection.execute(update(broadcasts).where(broadcasts.c.id == number).values(values))
            self._store.announce(connection, TOPIC)
            return read(connection, number)

    def step(self, number: int, asked: str, *, now: int, due_at: int | None = None) -> Broadcast:
        """Schedule, start, pause, resume or cancel. Raises Refused (409) where its state does not allow it."""
        with self._store.write() as connection:
            found = read(connection, number)
            allowed, then = STEPS[asked]
            if found.state not in allowed:
                raise Refused(f"A broadcast that is {found.state} can't be asked to {asked}.", status=409)
            values: dict[str, Any] = {"state": then, "reason": ""}
            if asked == "start":
                values |= started(connection, found, now)
            elif asked == "schedule":
                values["due_at"] = due_at
            elif asked == "cancel":
                values["finished_at"] = now
            connection.execute(update(broadcasts).where(broadcasts.c.id == number).values(values))
            self._store.announce(connection, TOPIC)
        return self.get(number)

    def remove(self, number: int) -> None:
        """Remove a draft, or one that is over and sent nothing. Raises Refused for any other."""
        with self._store.write() as connection:
            found = read(connection, number)
            if found.state in ("running", "paused"):
                raise Refused(f"A broadcast that is {found.state} can't be removed: cancel it first.", status=409)
            if found.enqueued:
                raise Refused("A broadcast that has sent is kept: its messages are about it.", status=409)
            connection.execute(broadcasts.delete().where(broadcasts.c.id == number))


def read(connection: Connection, number: int) -> Broadcast:
    """One broadcast. Raises Refused (404) where there is none."""
    row = connection.execute(select(broadcasts).where(broadcasts.c.id == number)).one_or_none()
    if row is None:
        raise Refused(f"There is no broadcast {number}.", where="broadcast", status=404)
    return _of(row)


def of_states(connection: Connection, *states: str) -> list[Broadcast]:
    """The broadcasts in these states, the oldest first."""
    chosen = select(broadcasts).where(broadcasts.c.state.in_(states)).order_by(broadcasts.c.id)
    return [_of(row) for row in connection.execute(chosen)]


def started(connection: Connection, found: Broadcast, now: int) -> dict[str, Any]:
    """What is set when a broadcast starts. Raises Refused where template or segment are not ready to be sent."""
    template = connection.execute(select(templates).where(templates.c.id == found.template_id)).one_or_none()
    if template is None or template.removed_at is not None or template.version is None:
        raise Refused("Its template is not published.", where="template_id", status=409)
    state = segment_state(connection, found.audience)
    if state not in (None, "ready"):
        said = f"Its segment is {state}: it would go to some of those who belong to it."
        raise Refused(said, where="audience", status=409)
    total = connection.execute(audiences.count(found.audience)).scalar_one()
    return {"state": "running", "started_at": now, "version": template.version, "total": total}


def segment_state(connection: Connection, audience: Audience) -> str | None:
    """The state of the segment that a broadcast goes to; None where it goes to none."""
    if audience.kind != "segment":
        return None
    return connection.execute(select(segments.c.state).where(segments.c.id == audience.id)).scalar() or "removed"


def cancel_queued(connection: Connection, number: int, now: int) -> bool:
    """Reject what a cancelled broadcast has in the queue, some thousands at a time; whether any was left."""
    ids: list[int] = []
    for state in queries.WAITING:
        ids += connection.execute(queries.due(number, state, 1 << 62, _CANCEL_CHUNK - len(ids))).scalars()
    if not ids:
        return False
    gone = (
        update(messages)
        .where(messages.c.id.in_(ids), messages.c.state.in_(queries.WAITING))
        .values(state=MessageState.REJECTED, reason=Skip.CANCELLED)
        .returning(messages.c.id, messages.c.contact_id)
    )
    rows = connection.execute(gone).all()
    tell_skipped(connection, [Skipped(row[0], row[1], Skip.CANCELLED) for row in rows if row[1] is not None], now)
    return True


def states_of(number: int) -> Any:
    """State and number of a broadcast's messages."""
    return select(messages.c.state, func.count()).where(messages.c.broadcast_id == number).group_by(messages.c.state)


def _ids(found: Sequence[Broadcast], kind: str) -> set[int | None]:
    return {one.audience.id for one in found if one.audience.kind == kind}


def _names(table: Table, ids: Collection[int | None]) -> Any:
    return select(table.c.id, table.c.name).where(table.c.id.in_(ids))


def _check(connection: Connection, given: dict[str, Any]) -> None:
    rate = given.get("per_second")
    if rate is not None and not 0 < rate <= 1_000_000:
        raise Refused("A rate is a number of mails per second above 0.", where="per_second")
    if "template_id" in given:
        known = select(templates.c.id).where(templates.c.id == given["template_id"], templates.c.removed_at.is_(None))
        if connection.execute(known).scalar() is None:
            raise Refused(f"There is no template {given['template_id']}.", where="template_id")
    audience = given.get("audience")
    if audience is not None and audience.kind != "all":
        if audience.kind == "list":
            is_there = connection.execute(select(lists.c.id).where(lists.c.id == audience.id)).scalar() is not None
        else:
            is_there = segment_state(connection, audience) != "removed"
        if not is_there:
            raise Refused(f"There is no {audience.kind} {audience.id}.", where="audience")


def _of(row: Row[Any]) -> Broadcast:
    fields = row._asdict()
    return Broadcast(**fields | {"audience": msgspec.convert(fields["audience"], Audience)})
