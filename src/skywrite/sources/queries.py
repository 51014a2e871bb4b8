"""The SQL of sources and their write keys."""

from typing import Any

from sqlalchemy import Delete, Insert, Select, Update, delete, insert, or_, select, update

from skywrite.store.tables import sources, write_keys

TOPIC = "sources"  # what is announced when a source or a key changes


def usable_keys(now: int) -> Select[Any]:
    """Every key that works at `now`, with its source."""
    return (
        select(
            write_keys.c.key, write_keys.c.expires_at, write_keys.c.source_id,
            sources.c.kind, sources.c.schema, sources.c.enabled,
        )
        .join(sources)
        .where(sources.c.removed_at.is_(None), _usable(now))
    )  # fmt: skip


def live_sources() -> Select[Any]:
    """The sources that were not removed, oldest first."""
    return select(sources).where(sources.c.removed_at.is_(None)).order_by(sources.c.created_at, sources.c.id)


def live_source(ref: str) -> Select[Any]:
    """The source of this id or schema, unless it was removed."""
    return live_sources().where(or_(sources.c.id == ref, sources.c.schema == ref))


def keys_of(source_ids: list[str], now: int) -> Select[Any]:
    """The keys of some sources that work at `now`, newest first."""
    return (
        select(write_keys)
        .where(write_keys.c.source_id.in_(source_ids), _usable(now))
        .order_by(write_keys.c.created_at.desc(), write_keys.c.key)
    )


def schemas_like(schema: str) -> Select[Any]:
    """Every schema name ever taken that begins so."""
    return select(sources.c.schema).where(sources.c.schema.startswith(schema, autoescape=True))


def add_source(**values: Any) -> Insert:
    """A new source."""
    return insert(sources).values(**values)


def change_source(source_id: str, **values: Any) -> Update:
    """New values for a source."""
    return update(sources).where(sources.c.id == source_id).values(**values)


def add_key(key: str, source_id: str, now: int) -> Insert:
    """A new key that never expires."""
    return insert(write_keys).values(key=key, source_id=source_id, created_at=now)


def expire_keys(source_id: str, at: int) -> Update:
    """Let every key of a source work until `at`, or its own earlier end."""
    return (
        update(write_keys)
        .where(
            write_keys.c.source_id == source_id,
            or_(write_keys.c.expires_at.is_(None), write_keys.c.expires_at > at),
        )
        .values(expires_at=at)
    )


def drop_key(source_id: str, key: str) -> Delete:
    """Forget one key of a source."""
    return delete(write_keys).where(write_keys.c.source_id == source_id, write_keys.c.key == key)


def _usable(now: int) -> Any:
    return or_(write_keys.c.expires_at.is_(None), write_keys.c.expires_at > now)
