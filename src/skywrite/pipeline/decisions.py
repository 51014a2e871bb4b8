"""What dedupe has decided, as its followers read it: without the set of ids, and so without numpy."""

import sqlite3
from pathlib import Path

from skywrite.kit.lock import held

_SCHEMA = """
create table if not exists state (one integer primary key check (one = 1), decided integer not null,
    flushed integer not null);
insert or ignore into state values (1, 0, 0);
create table if not exists runs (name text primary key, first_at integer not null, last_at integer not null,
    upto integer not null);
create table if not exists duplicates (position integer primary key, items blob not null);
"""


def connect(folder: Path) -> sqlite3.Connection:
    """The database of the decisions."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / "decisions.db", isolation_level=None, check_same_thread=False, timeout=10)
    # Turning a new database to WAL does not wait for another process that does the same: so take turns.
    with held(folder / "open.lock"):
        connection.execute("pragma journal_mode = wal")
        # A decision that a power cut takes back is made again from the log; a killed process loses none.
        connection.execute("pragma synchronous = normal")
        connection.executescript(_SCHEMA)
    return connection


class Decisions:
    """What dedupe has decided, as its followers read it."""

    def __init__(self, folder: Path) -> None:
        self._connection = connect(folder)

    def decided(self) -> int:
        """The position up to which every record is decided."""
        return int(self._connection.execute("select decided from state").fetchone()[0])

    def duplicates(self, after: int, upto: int) -> dict[int, tuple[int, ...]]:
        """For each record after `after` and up to `upto` that has any: the indexes of its duplicate events."""
        rows = self._connection.execute(
            "select position, items from duplicates where position > ? and position <= ?", (after, upto)
        )
        return {position: tuple(memoryview(items).cast("H")) for position, items in rows}

    def close(self) -> None:
        """Release the connection."""
        self._connection.close()
