"""Retention: drops from the log what all have read and is old, from the store what is of long ago."""

from sqlalchemy import select

from skywrite.kit.time import now_micros
from skywrite.log.base import Log, LogStatus
from skywrite.pipeline import queries
from skywrite.settings import Settings
from skywrite.store.engine import Store
from skywrite.store.tables import destinations

_ALWAYS = ("dedupe", "observe", "warehouse")
_HOUR = 3600 * 1_000_000
_REMEMBERED_DAYS = 35  # the longest period that a page shows is a week
_MOST_REJECTIONS = 10_000  # of each source: at 32 KB each, a broken sender fills 320 MB and not the disk
_ROOM = 0.8  # history gives way when the log is fuller than this: what was read by all goes, however young


def is_crowded(status: LogStatus) -> bool:
    """Whether the log is so full that history must give way."""
    return status.bytes > _ROOM * status.max_bytes


def trim(log: Log, store: Store, settings: Settings) -> int:
    """Drop what may go; the number of bytes freed."""
    with store.read() as connection:
        known = queries.all_cursors(connection)
        live = connection.execute(
            select(destinations.c.id).where(destinations.c.enabled, destinations.c.removed_at.is_(None))
        ).scalars()
        names = [*_ALWAYS, *(f"destination:{identifier}" for identifier in live)]
    read_by_all = min(known.get(name, 0) for name in names)
    status = log.status()
    keep_after = now_micros() - int(settings.log_max_hours * _HOUR)
    if is_crowded(status):
        keep_after = now_micros()
    return log.trim(read_by_all, keep_after)


def forget(store: Store) -> None:
    """Delete from the store counts and refused events of over five weeks ago, and of the latter all but the newest."""
    before = now_micros() - _REMEMBERED_DAYS * 24 * _HOUR
    with store.write() as connection:
        for statement in queries.forget(before):
            connection.execute(statement)
        queries.forget_many(connection, _MOST_REJECTIONS)
