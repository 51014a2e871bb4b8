"""The SQL of the pages: counts and schemas. Reads only."""

from typing import Any

from sqlalchemy import Select, cast, func, select

from skywrite.store.tables import (
    delivery_minutes,
    destination_sources,
    destinations,
    schema_events,
    schema_properties,
    source_minutes,
)

_minutes = source_minutes.c
_deliveries = delivery_minutes.c


def source_counts(since: int) -> Select[Any]:
    """What each source counted since a minute."""
    return (
        select(
            _minutes.source_id,
            _sum(_minutes.accepted).label("accepted"),
            _sum(_minutes.rejected).label("rejected"),
            _sum(_minutes.duplicates).label("duplicates"),
        )
        .where(_minutes.minute >= since)
        .group_by(_minutes.source_id)
    )


def source_points(source_id: str, since: int, step: int) -> Select[Any]:
    """One source's counts by buckets of `step` minutes since a minute."""
    bucket = ((_minutes.minute - since) // step).label("bucket")
    return (
        select(
            bucket,
            _sum(_minutes.accepted).label("accepted"),
            _sum(_minutes.rejected).label("rejected"),
            _sum(_minutes.duplicates).label("duplicates"),
        )
        .where(_minutes.source_id == source_id, _minutes.minute >= since)
        .group_by(bucket)
    )


def last_seen() -> Select[Any]:
    """When each source last sent an event."""
    return select(schema_events.c.source_id, func.max(schema_events.c.last_seen).label("at")).group_by(
        schema_events.c.source_id
    )


def events_of_source(source_id: str, limit: int | None = None) -> Select[Any]:
    """A source's events, the most frequent first, each with how many properties it has."""
    properties = (
        select(func.count())
        .where(
            schema_properties.c.source_id == schema_events.c.source_id,
            schema_properties.c.type == schema_events.c.type,
            schema_properties.c.event == schema_events.c.event,
        )
        .correlate(schema_events)
        .scalar_subquery()
        .label("properties")
    )
    return (
        select(schema_events, properties)
        .where(schema_events.c.source_id == source_id)
        .order_by(schema_events.c.count.desc(), schema_events.c.type, schema_events.c.event)
        .limit(limit)
    )


def one_event(source_id: str, kind: str, event: str) -> Select[Any]:
    """One event of a source."""
    return events_of_source(source_id).where(schema_events.c.type == kind, schema_events.c.event == event)


def properties_of(source_id: str, kind: str, event: str) -> Select[Any]:
    """The properties of an event, by path."""
    return (
        select(schema_properties)
        .filter_by(source_id=source_id, type=kind, event=event)
        .order_by(schema_properties.c.path)
    )


def destinations_by_source() -> Select[Any]:
    """Which live destinations each source feeds."""
    return (
        select(destination_sources.c.source_id, destination_sources.c.destination_id)
        .join(destinations)
        .where(destinations.c.removed_at.is_(None))
        .order_by(destinations.c.created_at, destinations.c.id)
    )


def delivery_counts(since: int) -> Select[Any]:
    """What each destination counted since a minute."""
    return (
        select(
            _deliveries.destination_id,
            _sum(_deliveries.delivered).label("delivered"),
            _sum(_deliveries.retried).label("retried"),
            _sum(_deliveries.failed).label("failed"),
        )
        .where(_deliveries.minute >= since)
        .group_by(_deliveries.destination_id)
    )


def delivery_rows(since: int, destination_id: str | None = None) -> Select[Any]:
    """The minutes of one destination, or of all, since a minute."""
    found = select(delivery_minutes).where(_deliveries.minute >= since)
    if destination_id is not None:
        found = found.where(_deliveries.destination_id == destination_id)
    return found.order_by(_deliveries.minute)


def _sum(column: Any) -> Any:
    # PostgreSQL gives a sum of bigints as numeric.
    return cast(func.coalesce(func.sum(column), 0), column.type)
