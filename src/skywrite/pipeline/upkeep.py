"""Retention: drops from the log what all have read and is old, from the store what is of long ago."""

import structlog
from msgspec import Struct
from sqlalchemy import Connection, or_, select

from skywrite.kit.time import now_micros
from skywrite.log.base import Log, LogStatus
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline import cursors, queries
from skywrite.settings import Settings
from skywrite.store.engine import Store
from skywrite.store.tables import destinations

logger = structlog.get_logger()
_ALWAYS = ("dedupe", "observe", "warehouse")  # these read the log from its beginning, also before they have a cursor
_ALWAYS_INBOX = ("inbox:contacts", "inbox:observing")  # the same of the inbox
_INBOX_HOURS = 24  # what was read of it stays so long, to be looked at
_HOUR = 3600 * 1_000_000
_REMEMBERED_DAYS = 35  # the longest period that a page shows is a week
_MOST_REJECTIONS, _MOST_REJECTED = 10_000, 250_000_000  # of a source, and characters: none fills the disk
_ROOM = 0.8  # history gives way when the log is fuller than this: what was read by all goes, however young
_HOWEVER_YOUNG = 1 << 62  # in µs: later than any time stamp, one of a clock that ran ahead included


def is_crowded(status: LogStatus) -> bool:
    """Whether the log is so full that history must give way."""
    return status.bytes > _ROOM * status.max_bytes


class Trimmed(Struct, frozen=True):
    """What a look at the log came to."""

    freed: int  # bytes
    held_by: str = ""  # the follower furthest behind, where the log is crowded with what it has not read


def trim(log: Log, store: Store, settings: Settings) -> Trimmed:
    """Drop what may go."""
    with store.read() as connection:
        positions = dict.fromkeys(_ALWAYS, 0) | _waited_for(connection)
    slowest = min(positions, key=positions.__getitem__)
    before = log.status()
    keep_after = _HOWEVER_YOUNG if is_crowded(before) else now_micros() - int(settings.log_max_hours * _HOUR)
    freed = log.trim(positions[slowest], keep_after)
    after = log.status()
    is_held = is_crowded(after) and positions[slowest] < after.head
    return Trimmed(freed, slowest if is_held else "")


def trim_inbox(inbox: Log, store: Store) -> int:
    """Drop from the inbox what all its followers have read and is of yesterday; the bytes freed."""
    with store.read() as connection:
        positions = dict.fromkeys(_ALWAYS_INBOX, 0) | cursors.inbox_cursors(connection)
    keep_after = _HOWEVER_YOUNG if is_crowded(inbox.status()) else now_micros() - _INBOX_HOURS * _HOUR
    return inbox.trim(min(positions.values()), keep_after)


def resume_inbox(inbox: SqliteLog, store: Store) -> bool:
    """Go on behind all that its followers have read, where the inbox was lost or is an old copy; whether it was.

    Every process that appends to it calls this first: what came in below their cursors, nobody would ever read.
    """
    with store.read() as connection:
        furthest = max(cursors.inbox_cursors(connection).values(), default=0)
    is_behind = inbox.skip_to(furthest + 1)
    if is_behind:
        logger.warning("the inbox is behind its followers, as after a loss; it goes on where they are", at=furthest)
    return is_behind


def _waited_for(connection: Connection) -> dict[str, int]:
    """Where each follower stands that has a cursor, whoever it is, less those of destinations that are off.

    A destination without one needs none of what is there: it begins at the head.
    """
    known = cursors.log_cursors(connection)
    off = select(destinations.c.id).where(or_(~destinations.c.enabled, destinations.c.removed_at.is_not(None)))
    for identifier in connection.execute(off).scalars():
        known.pop(f"destination:{identifier}", None)
    return known


def forget(store: Store) -> None:
    """Delete from the store counts and refused events of over five weeks ago, and of the latter all but the newest."""
    before = now_micros() - _REMEMBERED_DAYS * 24 * _HOUR
    with store.write() as connection:
        for statement in queries.forget(before):
            connection.execute(statement)
        queries.forget_many(connection, _MOST_REJECTIONS, _MOST_REJECTED)
