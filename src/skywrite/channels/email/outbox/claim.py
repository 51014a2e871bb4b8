"""Claiming: messages that are due become ours to send, and those that may not go out any more are let go."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row

from skywrite.channels.email.outbox import queries
from skywrite.channels.email.outbox.facts import suppressions_of
from skywrite.channels.email.outbox.model import Claimed
from skywrite.channels.email.outbox.rules import Facts, Rules, Skip, why_not
from skywrite.channels.email.outbox.skipping import Skipped, tell_skipped
from skywrite.channels.email.states import MessageState


class Lane(Struct, frozen=True):
    """At most so many messages of one broadcast, or of none."""

    broadcast_id: int | None
    limit: int


class Person(Struct, frozen=True):
    """What rendering asks of a contact."""

    id: int
    user_id: str | None
    traits: str  # JSON


def claim(connection: Connection, lanes: Sequence[Lane], *, now: int, rules: Rules) -> list[Claimed]:
    """The next messages of these lanes, now `sending` and ours alone once the transaction is committed.

    Suppressions, the once rule and the contact are looked at anew: what they forbid is rejected here.
    """
    rows: list[Row[Any]] = []
    for lane in lanes:
        rows += _taken(connection, lane, now)
    if not rows:
        return []
    people = _people(connection, rows)
    skips = _skips(connection, rows, people, now, rules)
    if skips:
        _let_go(connection, rows, skips, people, now)
    kept = [row for row in rows if row.id not in skips]
    bodies = _bodies(connection, kept)
    return [_claimed(row, people.get(row.contact_id), bodies.get(row.id)) for row in kept]


def _taken(connection: Connection, lane: Lane, now: int) -> list[Row[Any]]:
    rows: list[Row[Any]] = []
    for state in queries.WAITING:
        limit = lane.limit - len(rows)
        if limit > 0:
            rows += connection.execute(queries.take(queries.due(lane.broadcast_id, state, now, limit), now)).all()
    return sorted(rows, key=lambda row: row.id)


def _people(connection: Connection, rows: list[Row[Any]]) -> dict[int, Person]:
    """The contacts by the ids that the messages have; whoever became part of another is found there."""
    wanted = {row.contact_id for row in rows if row.contact_id is not None}
    found = _read_people(connection, wanted)
    missing = wanted - found.keys()
    if missing:
        merged = dict(connection.execute(queries.merged_into(missing)).all())
        others = _read_people(connection, set(merged.values()))
        found |= {old: others[new] for old, new in merged.items() if new in others}
    return found


def _read_people(connection: Connection, ids: set[int]) -> dict[int, Person]:
    if not ids:
        return {}
    return {row[0]: Person(*row) for row in connection.execute(queries.people(connection, ids))}


def _skips(
    connection: Connection, rows: list[Row[Any]], people: dict[int, Person], now: int, rules: Rules
) -> dict[int, Skip]:
    against = suppressions_of(connection, {row.address for row in rows})
    ids = [row.id for row in rows if row.template_id is not None and not row.is_transactional]
    since = now - rules.once_micros
    sent = (
        set(connection.execute(queries.sent_before(connection, ids, since)).scalars())
        if ids and rules.once_days
        else set()
    )
    skips = {}
    for row in rows:
        facts = Facts(
            row.email,
            is_transactional=row.is_transactional,
            topic=str(row.topic_id or ""),
            suppressions=against.get(row.address, ()),
            is_contact_gone=row.contact_id is not None and row.contact_id not in people,
            was_sent=row.id in sent,
        )
        skip = why_not(facts, rules)
        if skip:
            skips[row.id] = skip
    return skips


def _let_go(
    connection: Connection, rows: list[Row[Any]], skips: dict[int, Skip], people: dict[int, Person], now: int
) -> None:
    changes = [(MessageState.REJECTED, skip, number) for number, skip in skips.items()]
    queries.change(connection, ("state", "reason"), changes)
    told = [
        Skipped(row.id, people[row.contact_id].id, skips[row.id])
        for row in rows
        if row.id in skips and row.contact_id in people
    ]
    tell_skipped(connection, told, now)


def _bodies(connection: Connection, rows: list[Row[Any]]) -> dict[int, str]:
    ids = [row.id for row in rows if row.broadcast_id is None]
    return dict(connection.execute(queries.bodies(ids)).all()) if ids else {}


def _claimed(row: Row[Any], person: Person | None, body: str | None) -> Claimed:
    return Claimed(
        id=row.id,
        email=row.email,
        address=row.address,
        contact_id=person.id if person else None,
        user_id=person.user_id if person else None,
        traits=person.traits if person else "{}",
        template_id=row.template_id,
        version=row.version,
        broadcast_id=row.broadcast_id,
        campaign_id=row.campaign_id,
        campaign_name=row.campaign_name,
        topic_id=row.topic_id,
        is_transactional=row.is_transactional,
        origin=row.origin,
        attempt=row.attempts,
        queued_at=row.queued_at,
        first_tried_at=row.first_tried_at,
        body=body,
    )
