"""The SQL of what was seen and of what was refused; cursors and delivery have their own."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, delete, func, or_, select, update

from skywrite.pipeline.seen_events import EventKey, Seen, SeenProperty
from skywrite.store.engine import insert
from skywrite.store.tables import (
    delivery_minutes,
    rejections,
    schema_events,
    schema_properties,
    source_minutes,
)


def known_properties(connection: Connection, source_id: str) -> Iterator[tuple[EventKey, str]]:
    """Every event and property path listed of a source; a path of "" for an event that has none."""
    for row in connection.execute(select(schema_events).where(schema_events.c.source_id == source_id)):
        yield (row.source_id, row.type, row.event), ""
    for row in connection.execute(select(schema_properties).where(schema_properties.c.source_id == source_id)):
        yield (row.source_id, row.type, row.event), row.path


def add_minutes(connection: Connection, minutes: Mapping[tuple[str, int], list[int]]) -> None:
    """Add counts of accepted, rejected and duplicate events."""
    names = ("accepted", "rejected", "duplicates")
    for (source_id, minute), counts in minutes.items():
        row = insert(connection, source_minutes).values(
            source_id=source_id, minute=minute, **dict(zip(names, counts, strict=True))
        )
        added = {name: source_minutes.c[name] + row.excluded[name] for name in names}
        connection.execute(row.on_conflict_do_update(index_elements=["source_id", "minute"], set_=added))


def _added(table: Any, row: Any) -> dict[str, Any]:
    return {
        "count": table.c.count + row.excluded.count,
        "last_seen": row.excluded.last_seen,
    }


def add_events(connection: Connection, events: Mapping[EventKey, Seen]) -> None:
    """Add what was seen of events."""
    for (source_id, kind, event), seen in events.items():
        row = insert(connection, schema_events).values(
            source_id=source_id, type=kind, event=event, first_seen=seen.first, last_seen=seen.last, count=seen.count
        )
        connection.execute(
            row.on_conflict_do_update(index_elements=["source_id", "type", "event"], set_=_added(schema_events, row))
        )


def add_properties(connection: Connection, properties: Mapping[tuple[EventKey, str], SeenProperty]) -> None:
    """Add what was seen of properties; types are joined with those known."""
    for ((source_id, kind, event), path), seen in properties.items():
        key = {"source_id": source_id, "type": kind, "event": event, "path": path}
        known = connection.execute(select(schema_properties.c.types).filter_by(**key)).scalar()
        row = insert(connection, schema_properties).values(
            **key,
            types=sorted({*(known or ()), *seen.types}),
            first_seen=seen.first,
            last_seen=seen.last,
            count=seen.count,
        )
        connection.execute(
            row.on_conflict_do_update(
                index_elements=list(key), set_=_added(schema_properties, row) | {"types": row.excluded.types}
            )
        )


def add_rejections(connection: Connection, rejected: list[dict[str, Any]]) -> None:
    """Keep refused events; one that is kept already stays as it is."""
    if rejected:
        row = insert(connection, rejections).on_conflict_do_nothing(index_elements=["position", "item"])
        connection.execute(row, rejected)


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


def forget_many(connection: Connection, most: int, most_characters: int) -> None:
    """Delete each source's oldest refused events beyond so many, or so many characters of their bodies.

    They are kept beside the log's own cap, and anybody with a browser's write key may send such.
    """
    for source_id in connection.execute(select(rejections.c.source_id).distinct()).scalars().all():
        number = func.row_number().over(order_by=rejections.c.id.desc())
        size = func.sum(func.length(rejections.c.body)).over(order_by=rejections.c.id.desc())
        counted = (
            select(rejections.c.id, number.label("number"), size.label("size"))
            .where(rejections.c.source_id == source_id)
            .subquery()
        )
        beyond = or_(counted.c.number > most, counted.c.size > most_characters)
        last = connection.execute(select(func.max(counted.c.id)).where(beyond)).scalar()
        if last is not None:
            connection.execute(delete(rejections).where(rejections.c.source_id == source_id, rejections.c.id <= last))


def forget(before: int) -> list[Delete]:
    """What deletes the counts and refused events of before a time in µs."""
    minute = before // 60_000_000
    return [
        delete(source_minutes).where(source_minutes.c.minute < minute),
        delete(delivery_minutes).where(delivery_minutes.c.minute < minute),
        delete(rejections).where(rejections.c.received_at < before),
    ]
