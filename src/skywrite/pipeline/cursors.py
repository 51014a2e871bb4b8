"""The SQL of how far each follower of the log has come; the log is trimmed behind the slowest.

A follower that keeps its cursor here only advances it. `put_copy` is for those whose truth is elsewhere, see
`cursor_copy`.
"""

from typing import Any

from sqlalchemy import Connection, Delete, Select, delete, func, select, update

from skywrite.store.engine import Store, insert
from skywrite.store.tables import cursors

_INBOX = "inbox:"
_ELSEWHERE = (_INBOX, "activities:")  # whose cursors are in the inbox, or in the timeline
_PARTITION = 0  # the log's only one


def cursor_of(follower: str) -> Select[Any]:
    """How far a follower has come, if it ever began."""
    return select(cursors.c.position).where(cursors.c.follower == follower, cursors.c.partition == _PARTITION)


def cursor(connection: Connection, follower: str) -> int | None:
    """How far a follower has come, None when it has not begun."""
    return connection.execute(cursor_of(follower)).scalar()


def all_cursors(connection: Connection) -> dict[str, int]:
    """How far each follower has come, in the partition where it is furthest behind."""
    furthest_behind = select(cursors.c.follower, func.min(cursors.c.position)).group_by(cursors.c.follower)
    return {row[0]: row[1] for row in connection.execute(furthest_behind)}


def log_cursors(connection: Connection) -> dict[str, int]:
    """The same of those who follow the event log, and not the inbox or the timeline."""
    return {name: at for name, at in all_cursors(connection).items() if not name.startswith(_ELSEWHERE)}


def inbox_cursors(connection: Connection) -> dict[str, int]:
    """The same of those who follow the inbox."""
    return {name: at for name, at in all_cursors(connection).items() if name.startswith(_INBOX)}


def start_cursor(connection: Connection, follower: str, position: int, now: int) -> None:
    """Have a follower begin at a position, wherever it stood before."""
    values = {"position": position, "updated_at": now}
    row = insert(connection, cursors).values(follower=follower, partition=_PARTITION, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["follower", "partition"], set_=values))


def begun(store: Store, follower: str, now: int) -> int:
    """How far a follower has come; one that has not begun does so now, at the first record."""
    with store.read() as connection:
        position = cursor(connection, follower)
    if position is not None:
        return position
    with store.write() as connection:
        start_cursor(connection, follower, 0, now)
    return 0


def advance(connection: Connection, follower: str, position: int, now: int) -> None:
    """Move a cursor on; never back, and none that was taken away."""
    connection.execute(
        update(cursors)
        .where(cursors.c.follower == follower, cursors.c.partition == _PARTITION, cursors.c.position < position)
        .values(position=position, updated_at=now)
    )


def put_copy(connection: Connection, follower: str, position: int, now: int) -> None:
    """Write the copy of a position that is kept elsewhere, also one further back than the last.

    A warehouse that was put back from a backup reads on from there: what it is to read again must stay in the log.
    """
    start_cursor(connection, follower, position, now)


def drop_cursor(follower: str) -> Delete:
    """Forget a follower: the log no longer waits for it."""
    return delete(cursors).where(cursors.c.follower == follower)
