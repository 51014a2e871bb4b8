"""Destinations as the API shows them: what was set up, with how each does."""

from typing import Any, Literal, cast

from msgspec import Struct
from sqlalchemy import Row

from skywrite.api import queries
from skywrite.api.destination_schemas import Destination
from skywrite.api.parts import Parts
from skywrite.api.periods import DAY_MINUTES, minute_of
from skywrite.destinations.service import StoredDestination
from skywrite.kit.time import now_micros, to_datetime
from skywrite.pipeline import delivery_queries
from skywrite.pipeline.cursors import all_cursors
from skywrite.pipeline.stats import joined, percentile

State = Literal["idle", "delivering", "retrying", "failing", "disabled"]


class Doing(Struct):
    """How all destinations do, each by its id."""

    states: dict[str, Row[Any]]
    waiting: dict[str, int]
    dead: dict[str, int]
    cursors: dict[str, int]
    delivered: dict[str, int]
    failed: dict[str, int]
    latency: dict[str, list[int]]


def read_doing(parts: Parts) -> Doing:
    """How all destinations do now, and did over the last 24 hours."""
    since = minute_of(now_micros()) - DAY_MINUTES
    with parts.store.read() as connection:
        doing = Doing(
            states={row.destination_id: row for row in connection.execute(delivery_queries.states())},
            waiting={row.destination_id: row.waiting for row in connection.execute(delivery_queries.count_retries())},
            dead={row.destination_id: row.dead for row in connection.execute(delivery_queries.count_dead())},
            cursors=all_cursors(connection),
            delivered={},
            failed={},
            latency={},
        )
        for row in connection.execute(queries.delivery_counts(since)):
            doing.delivered[row.destination_id] = row.delivered
            doing.failed[row.destination_id] = row.failed
        for row in connection.execute(queries.delivery_rows(since)):
            doing.latency[row.destination_id] = joined(doing.latency.get(row.destination_id, []), row.latency)
    return doing


def shown(parts: Parts, stored: list[StoredDestination]) -> list[Destination]:
    """Each destination with how it does."""
    doing = read_doing(parts)
    head = parts.reader.heads()[0]
    return [_shown(one, doing, head) for one in stored]


def state_of(one: StoredDestination, doing: Doing) -> tuple[State, str]:
    """What a destination's delivery is doing, and why."""
    if not one.enabled:
        return "disabled", ""
    row = doing.states.get(one.id)
    return (cast(State, row.state), row.reason) if row is not None else ("idle", "")


def lag_of(one: StoredDestination, doing: Doing, head: int) -> int:
    """How many log records a destination has not read yet."""
    cursor = doing.cursors.get(f"destination:{one.id}")
    return max(0, head - cursor) if one.enabled and cursor is not None else 0


def _shown(one: StoredDestination, doing: Doing, head: int) -> Destination:
    state, reason = state_of(one, doing)
    return Destination(
        id=one.id,
        kind=one.kind,
        name=one.name,
        enabled=one.enabled,
        sources=one.sources,
        settings=one.settings,
        secrets_set=one.secrets_set,
        created_at=to_datetime(one.created_at),
        state=state,
        state_reason=reason,
        lag=lag_of(one, doing, head),
        waiting=doing.waiting.get(one.id, 0),
        dead=doing.dead.get(one.id, 0),
        delivered_24h=doing.delivered.get(one.id, 0),
        failed_24h=doing.failed.get(one.id, 0),
        p95_millis=percentile(doing.latency.get(one.id, []), 0.95),
    )
