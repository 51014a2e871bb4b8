"""The SQL of delivery: retries, dead letters, counts a minute, samples, states. Cursors are in `cursors`."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Delete,
    Insert,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    tuple_,
    union_all,
    update,
)

from skywrite.pipeline.cursors import drop_cursor
from skywrite.pipeline.retry import BEHIND
from skywrite.store.engine import insert as upsert
from skywrite.store.tables import (
    dead_letters,
    delivery_minutes,
    delivery_samples,
    delivery_states,
    destinations,
    retries,
)

TOPIC = "deliveries"  # announced when dead letters are to be sent again
_CARRIED = ("destination_id", "source_id", "position", "item", "user_key", "message_id", "event", "received_at")


# ---- retries ----


def put_retries(connection: Connection, destination_id: str, rows: list[dict[str, Any]]) -> None:
    """Write retries as they are now, whether they were there before or not."""
    drop_keys(connection, retries, destination_id, [(row["position"], row["item"]) for row in rows])
    if rows:
        connection.execute(insert(retries), rows)


def drop_keys(connection: Connection, table: Any, destination_id: str, keys: list[tuple[int, int]]) -> None:
    """Delete rows of `retries` or `dead_letters` by their place in the log."""
    if not keys:
        return
    statement = delete(table).where(
        table.c.destination_id == destination_id,
        table.c.position == bindparam("at_position"),
        table.c.item == bindparam("at_item"),
    )
    connection.execute(statement, [{"at_position": position, "at_item": item} for position, item in keys])


def keep_retries(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write retries that come from the log; one that an earlier process wrote stays as it is."""
    if rows:
        connection.execute(upsert(connection, retries).on_conflict_do_nothing(), rows)


def waiting_users(destination_id: str) -> Select[Any]:
    """The users that have retries."""
    return select(retries.c.user_key).where(retries.c.destination_id == destination_id).distinct()


def due_users(destination_id: str, upto: int, busy: Collection[str], limit: int) -> Select[Any]:
    """The users whose next try is due at `upto`, the longest due first: a retry waits for those before it."""
    ahead = retries.alias()
    held_up = exists().where(
        ahead.c.destination_id == destination_id,
        ahead.c.user_key == retries.c.user_key,
        tuple_(ahead.c.position, ahead.c.item) < tuple_(retries.c.position, retries.c.item),
        ahead.c.due_at > upto,
        ahead.c.due_at < BEHIND,
    )
    query = (
        select(retries.c.user_key)
        .where(retries.c.destination_id == destination_id, retries.c.due_at <= upto, ~held_up)
        .group_by(retries.c.user_key)
        .order_by(func.min(retries.c.due_at))
        .limit(limit)
    )
    return query.where(retries.c.user_key.not_in(list(busy))) if busy else query


def of_user(destination_id: str, user: str, limit: int) -> Select[Any]:
    """A user's retries, in order."""
    return (
        select(retries)
        .where(retries.c.destination_id == destination_id, retries.c.user_key == user)
        .order_by(retries.c.position, retries.c.item)
        .limit(limit)
    )


def due(destination_id: str, upto: int, limit: int) -> Select[Any]:
    """The retries that are due at `upto`, in order."""
    return (
        select(retries)
        .where(retries.c.destination_id == destination_id, retries.c.due_at <= upto)
        .order_by(retries.c.position, retries.c.item)
        .limit(limit)
    )


def next_due(destination_id: str, after: int) -> Select[Any]:
    """When the next try is due, later than `after`."""
    return select(func.min(retries.c.due_at)).where(
        retries.c.destination_id == destination_id, retries.c.due_at > after, retries.c.due_at < BEHIND
    )


def wake_orphans(destination_id: str, now: int) -> Update:
    """Retries that wait behind one that is gone, as after a crash, are due now."""
    ahead = retries.alias()
    led = exists().where(
        ahead.c.destination_id == destination_id, ahead.c.user_key == retries.c.user_key, ahead.c.due_at < BEHIND
    )
    return (
        update(retries)
        .where(retries.c.destination_id == destination_id, retries.c.due_at >= BEHIND, ~led)
        .values(due_at=now)
    )


def expired(destination_id: str, before: int, busy: Collection[str], limit: int) -> Select[Any]:
    """Retries that have waited since `before`, of users that have nothing on its way."""
    query = (
        select(retries)
        .where(retries.c.destination_id == destination_id, retries.c.since <= before)
        .order_by(retries.c.position, retries.c.item)
        .limit(limit)
    )
    return query.where(retries.c.user_key.not_in(list(busy))) if busy else query


def count_retries() -> Select[Any]:
    """How many retries each destination has."""
    return select(retries.c.destination_id, func.count().label("waiting")).group_by(retries.c.destination_id)


# ---- dead letters ----


def put_dead(connection: Connection, destination_id: str, rows: list[dict[str, Any]]) -> None:
    """Keep dead letters; one of the same event is replaced."""
    drop_keys(connection, dead_letters, destination_id, [(row["position"], row["item"]) for row in rows])
    if rows:
        connection.execute(insert(dead_letters), rows)


def list_dead(destination_id: str, before: int | None, limit: int) -> Select[Any]:
    """Dead letters, newest first, from below the id `before`."""
    query = select(dead_letters).where(dead_letters.c.destination_id == destination_id)
    if before is not None:
        query = query.where(dead_letters.c.id < before)
    return query.order_by(dead_letters.c.id.desc()).limit(limit)


def trim_dead(destination_id: str, kept: int) -> Delete:
    """Forget all dead letters of a destination but the newest."""
    return _all_but_newest(dead_letters, destination_id, kept)


def _all_but_newest(table: Any, destination_id: str, kept: int) -> Delete:
    own = table.c.destination_id == destination_id
    newest_too_many = select(table.c.id).where(own).order_by(table.c.id.desc()).offset(kept).limit(1)
    return delete(table).where(own, table.c.id <= newest_too_many.scalar_subquery())


def count_dead() -> Select[Any]:
    """How many dead letters each destination has."""
    return select(dead_letters.c.destination_id, func.count().label("dead")).group_by(dead_letters.c.destination_id)


def failure_reasons(destination_id: str, limit: int) -> Select[Any]:
    """Why deliveries failed, of those that wait for their next try and those given up, the most frequent first."""
    failed = union_all(
        select(dead_letters.c.reason).where(dead_letters.c.destination_id == destination_id),
        select(retries.c.reason).where(retries.c.destination_id == destination_id, retries.c.attempts > 0),
    ).subquery()
    times = func.count().label("times")
    return select(failed.c.reason, times).group_by(failed.c.reason).order_by(times.desc(), failed.c.reason).limit(limit)


def revive(destination_id: str, ids: Sequence[int] | None, now: int) -> Insert:
    """Copy dead letters to the retries, due now, with a new window."""
    there = exists().where(
        retries.c.destination_id == dead_letters.c.destination_id,
        retries.c.position == dead_letters.c.position,
        retries.c.item == dead_letters.c.item,
    )
    chosen = select(
        *[dead_letters.c[name] for name in _CARRIED],
        literal(0),
        literal(now),
        literal(now),
        literal("Sent again by hand."),
    ).where(_chosen(destination_id, ids), ~there)
    names = [*_CARRIED, "attempts", "since", "due_at", "reason"]
    return insert(retries).from_select(names, chosen.order_by(dead_letters.c.position, dead_letters.c.item))


def discard_dead(destination_id: str, ids: Sequence[int] | None) -> Delete:
    """Delete dead letters: those of `ids`, or all."""
    return delete(dead_letters).where(_chosen(destination_id, ids))


def _chosen(destination_id: str, ids: Sequence[int] | None) -> Any:
    own = dead_letters.c.destination_id == destination_id
    return own if ids is None else and_(own, dead_letters.c.id.in_(list(ids)))


# ---- what happened ----


def minute(destination_id: str, number: int) -> Select[Any]:
    """One minute's counts."""
    return select(delivery_minutes).where(
        delivery_minutes.c.destination_id == destination_id, delivery_minutes.c.minute == number
    )


def minutes(destination_ids: Iterable[str], since: int) -> Select[Any]:
    """The counts of some destinations from the minute `since` on, in order."""
    return (
        select(delivery_minutes)
        .where(delivery_minutes.c.destination_id.in_(list(destination_ids)), delivery_minutes.c.minute >= since)
        .order_by(delivery_minutes.c.minute)
    )


def put_minute(connection: Connection, values: dict[str, Any]) -> None:
    """Write one minute's counts as they are now."""
    row = upsert(connection, delivery_minutes).values(**values)
    keys = ["destination_id", "minute"]
    changed = {name: row.excluded[name] for name in values if name not in keys}
    connection.execute(row.on_conflict_do_update(index_elements=keys, set_=changed))


def add_samples(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Keep samples of attempts."""
    if rows:
        connection.execute(insert(delivery_samples), rows)


def trim_samples(destination_id: str, kept: int) -> Delete:
    """Forget all samples of a destination but the newest."""
    return _all_but_newest(delivery_samples, destination_id, kept)


def samples(destination_id: str, limit: int, *, failures_only: bool = False) -> Select[Any]:
    """The newest samples, newest first."""
    query = select(delivery_samples).where(delivery_samples.c.destination_id == destination_id)
    if failures_only:
        query = query.where(delivery_samples.c.outcome != "delivered")
    return query.order_by(delivery_samples.c.id.desc()).limit(limit)


def put_state(connection: Connection, values: dict[str, Any]) -> None:
    """Say what a destination's delivery is doing."""
    row = upsert(connection, delivery_states).values(**values)
    changed = {name: row.excluded[name] for name in values if name != "destination_id"}
    connection.execute(row.on_conflict_do_update(index_elements=["destination_id"], set_=changed))


def states() -> Select[Any]:
    """What every destination's delivery is doing."""
    return select(delivery_states)


def state(destination_id: str) -> Select[Any]:
    """What one destination's delivery is doing."""
    return states().where(delivery_states.c.destination_id == destination_id)


def drop_state(destination_id: str) -> Delete:
    """Forget what a destination's delivery was doing."""
    return delete(delivery_states).where(delivery_states.c.destination_id == destination_id)


def is_removed(connection: Connection, destination_id: str) -> bool:
    """Whether a destination was removed; it can't be until the transaction ends, where it was not."""
    query = select(destinations.c.removed_at).where(destinations.c.id == destination_id)
    return connection.execute(query.with_for_update(read=True)).scalar() is not None


def is_enabled(connection: Connection, destination_id: str) -> bool:
    """Whether a destination is there and switched on; it stays so until the transaction ends."""
    query = select(destinations.c.enabled).where(
        destinations.c.id == destination_id, destinations.c.removed_at.is_(None)
    )
    return bool(connection.execute(query.with_for_update(read=True)).scalar())


def forget(connection: Connection, destination_id: str) -> None:
    """Delete all that delivery keeps of a destination that was removed."""
    for table in (retries, dead_letters, delivery_minutes, delivery_samples, delivery_states):
        connection.execute(delete(table).where(table.c.destination_id == destination_id))
    connection.execute(drop_cursor(f"destination:{destination_id}"))
