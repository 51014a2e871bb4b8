"""Deliveries that were given up: listed, sent again, or discarded by a person."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from skywrite.kit import json
from skywrite.kit.time import now_micros
from skywrite.pipeline import delivery_queries as queries
from skywrite.store.engine import Store


class DeadLetter(Struct, frozen=True):
    """An event that could not be delivered, and why."""

    id: int
    source_id: str
    message_id: str
    event: Any
    attempts: int
    status: int | None
    reason: str
    response: str
    failed_at: int


def listed(store: Store, destination_id: str, *, before: int | None = None, limit: int = 50) -> list[DeadLetter]:
    """A destination's dead letters, newest first, from below the id `before`."""
    with store.read() as connection:
        rows = connection.execute(queries.list_dead(destination_id, before, limit)).all()
    return [
        DeadLetter(
            id=row.id,
            source_id=row.source_id,
            message_id=row.message_id,
            event=json.decode(row.event),
            attempts=row.attempts,
            status=row.status,
            reason=row.reason,
            response=row.response,
            failed_at=row.failed_at,
        )
        for row in rows
    ]


def send_again(store: Store, destination_id: str, ids: Sequence[int] | None = None, now: int | None = None) -> int:
    """Try dead letters again at once, those of `ids` or all, with a new window of retries; how many they were."""
    with store.write() as connection:
        connection.execute(queries.revive(destination_id, ids, now or now_micros()))
        count = connection.execute(queries.discard_dead(destination_id, ids)).rowcount
        store.announce(connection, queries.TOPIC)
    return count


def discard(store: Store, destination_id: str, ids: Sequence[int] | None = None) -> int:
    """Forget dead letters, those of `ids` or all; how many they were."""
    with store.write() as connection:
        return connection.execute(queries.discard_dead(destination_id, ids)).rowcount
