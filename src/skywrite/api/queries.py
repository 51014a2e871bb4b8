"""The SQL of the pages: counts, schemas, refused events. Reads only, but for one mark."""

from typing import Any

from sqlalchemy import Select, Update, cast, func, select, update

from skywrite.store.tables import (
    delivery_minutes,
    destination_sources,
    destinations,
    rejections,
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


def rejections_of(source_id: str, before: int | None, limit: int) -> Select[Any]:
    """A source's refused events, newest first."""
    found = select(rejections).where(rejections.c.source_id == source_id)
    if before is not None:
        found = found.where(rejections.c.id < before)
    return found.order_by(rejections.c.id.desc()).limit(limit)


def rejection(source_id: str, rejection_id: int) -> Select[Any]:
    """One refused event."""
    return select(rejections).where(rejections.c.source_id == source_id, rejections.c.id == rejection_id)


def rejection_ids(source_id: str, positions: list[int]) -> Select[Any]:
    """The ids of a source's refused events in these records of the log."""
    return select(rejections.c.id, rejections.c.position, rejections.c.item).where(
        rejections.c.source_id == source_id, rejections.c.position.in_(positions)
    )


def mark_resent(source_id: str, rejection_id: int, now: int) -> Update:
    """Remember that a refused event was mended and sent again; no row where it was already."""
    return _mark(source_id, rejection_id).where(rejections.c.resent_at.is_(None)).values(resent_at=now)


def unmark_resent(source_id: str, rejection_id: int, at: int) -> Update:
    """Take that back, of the time at which it was said."""
    return _mark(source_id, rejection_id).where(rejections.c.resent_at == at).values(resent_at=None)


def _mark(source_id: str, rejection_id: int) -> Update:
    return update(rejections).where(rejections.c.source_id == source_id, rejections.c.id == rejection_id)


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
