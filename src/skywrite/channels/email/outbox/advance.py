"""How broadcasts come along: the due ones start, running ones are enqueued a chunk ahead of sending, the last ends it.

The cursor moves in the transaction of its chunk, so that a crash at any moment skips nobody and takes nobody twice.
A contact belongs to the audience or not as of when the cursor reaches it; whether it may be written to is asked when
its message is claimed.
"""

from sqlalchemy import Connection, Select, func, select, update

from skywrite.channels.email.outbox import audience, queries
from skywrite.channels.email.outbox.broadcasts import Broadcast, cancel_queued, of_states, segment_state, started
from skywrite.channels.email.outbox.model import Origin
from skywrite.channels.email.states import MessageState
from skywrite.kit.errors import Refused
from skywrite.store.mail_tables import broadcast_keys, broadcasts, messages, templates

CHUNK = 1_000  # contacts in a transaction: some tens of milliseconds
AHEAD = 2_000  # so many wait for a sender, so that pausing and cancelling are about few


def advance(connection: Connection, *, now: int, chunk: int = CHUNK) -> bool:
    """One step of every broadcast that is not over; whether any has more to do at once."""
    more = False
    for one in of_states(connection, "scheduled", "running"):
        if one.state == "scheduled":
            more |= _start_if_due(connection, one, now)
        elif not one.is_all_enqueued:
            more |= _enqueue_next(connection, one, now, chunk)
        elif not _has_unfinished(connection, one.id):
            _set(connection, one.id, state="done", finished_at=now)
    for number in connection.execute(_cancelled_with_rest()).scalars():
        more |= cancel_queued(connection, number, now)
    return more


def _start_if_due(connection: Connection, one: Broadcast, now: int) -> bool:
    if one.due_at is None or one.due_at > now or segment_state(connection, one.audience) == "building":
        return False
    try:
        _set(connection, one.id, **started(connection, one, now))
    except Refused as error:
        _set(connection, one.id, state="failed", reason=str(error), finished_at=now)
    return True


def _enqueue_next(connection: Connection, one: Broadcast, now: int, chunk: int) -> bool:
    waiting = connection.execute(
        select(func.count()).select_from(queries.due(one.id, MessageState.QUEUED, now, AHEAD).subquery())
    ).scalar_one()
    if waiting >= AHEAD:
        return False
    count, last = connection.execute(audience.following(one.audience, one.upto, chunk)).one()
    if last is not None:
        template = connection.execute(select(templates).where(templates.c.id == one.template_id)).one()
        values = {
            "origin": Origin.BROADCAST,
            "template_id": one.template_id,
            "version": one.version,
            "subject": "",
            "broadcast_id": one.id,
            "campaign_id": f"broadcast_{one.id}",
            "campaign_name": one.name,
            "topic_id": template.topic_id,
            "is_transactional": template.is_transactional,
            "state": MessageState.QUEUED,
            "reason": "",
            "attempts": 0,
            "queued_at": now,
            "due_at": now,
        }
        people = audience.members(one.audience, one.upto, last)
        connection.execute(queries.add_for_each(connection, people, broadcast_keys(str(one.id)), values))
    ended = count < chunk
    upto = one.upto if last is None else last
    _set(connection, one.id, upto=upto, enqueued=one.enqueued + count, is_all_enqueued=ended)
    return not ended


def _has_unfinished(connection: Connection, number: int) -> bool:
    unfinished = select(messages.c.id).where(
        messages.c.broadcast_id == number, messages.c.state.in_((*queries.WAITING, MessageState.SENDING))
    )
    return connection.execute(unfinished.limit(1)).first() is not None


def _cancelled_with_rest() -> Select[int]:
    waiting = select(messages.c.id).where(
        messages.c.broadcast_id == broadcasts.c.id, messages.c.state.in_(queries.WAITING)
    )
    return select(broadcasts.c.id).where(broadcasts.c.state == "cancelled", waiting.exists())


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(broadcasts).where(broadcasts.c.id == number).values(values))
