"""The SQL of destinations and the sources that they are connected to."""

from typing import Any

from sqlalchemy import Connection, Delete, Insert, Select, Update, delete, insert, or_, select, update

from skywrite.store.tables import destination_sources, destinations, sources

TOPIC = "destinations"  # what is announced when a destination or its sources change


def live() -> Select[Any]:
    """The destinations that were not removed, oldest first."""
    return (
        select(destinations)
        .where(destinations.c.removed_at.is_(None))
        .order_by(destinations.c.created_at, destinations.c.id)
    )


def live_one(ref: str) -> Select[Any]:
    """The destination of this id or name, unless it was removed."""
    return live().where(or_(destinations.c.id == ref, destinations.c.name == ref))


def links() -> Select[Any]:
    """Which destination has which source, of those sources that were not removed."""
    return (
        select(destination_sources)
        .join(sources)
        .where(sources.c.removed_at.is_(None))
        .order_by(sources.c.created_at, sources.c.id)
    )


def links_of(destination_id: str) -> Select[Any]:
    """The sources of one destination."""
    return links().where(destination_sources.c.destination_id == destination_id)


def source_by(ref: str) -> Select[Any]:
    """The id of the source of this id or schema, unless it was removed."""
    return select(sources.c.id).where(sources.c.removed_at.is_(None), or_(sources.c.id == ref, sources.c.schema == ref))


def add(**values: Any) -> Insert:
    """A new destination."""
    return insert(destinations).values(**values)


def change(destination_id: str, **values: Any) -> Update:
    """New values for a destination."""
    return update(destinations).where(destinations.c.id == destination_id).values(**values)


def set_sources(connection: Connection, destination_id: str, source_ids: list[str]) -> None:
    """Connect a destination to these sources and no others."""
    connection.execute(unlink(destination_id))
    if source_ids:
        rows = [{"destination_id": destination_id, "source_id": source_id} for source_id in source_ids]
        connection.execute(insert(destination_sources), rows)


def unlink(destination_id: str) -> Delete:
    """Disconnect a destination from all sources."""
    return delete(destination_sources).where(destination_sources.c.destination_id == destination_id)
