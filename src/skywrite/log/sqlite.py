"""The log in SQLite: a folder of segment files, each a database in WAL mode, the last one written to.

A commit with `synchronous=FULL` is one fsync of the WAL. Several processes may append: SQLite's write lock orders
them, and a writer that finds its segment sealed goes on to the next. Dropping old records is deleting a file.
"""

import contextlib
import itertools
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from skywrite.kit.errors import Later
from skywrite.kit.lock import Turnstile, held
from skywrite.log.base import LogStatus, NewRecord, Record, RecordIds
from skywrite.log.checkpoints import Checkpoints

_SUFFIX = ".segment"
_PAGE_BYTES = 8192  # smaller ones spare a lone event's commit, larger ones a batch's chain of pages: measured between
_DENSE = 4  # a WAL holds this many times its pages at most, or it is copied and begun anew
_SCHEMA = """
create table if not exists records (
    position integer primary key, received_at integer not null, source_id text not null, kind text not null,
    ip text not null, events integer not null, ids blob not null, body blob not null
);
create table if not exists sealed (next_position integer not null);
"""
_COLUMNS = "position, received_at, source_id, kind, ip, ids, body"
_BUSY_MILLIS = 10_000
_SIZE_EVERY_BYTES = 8 << 20  # how much is appended before the folder's size is looked up again
_ID_BYTES = 16
_RECENT_SEGMENTS = 2  # how far `recent` looks back: there is no index by source, which each append would pay for


class SqliteLog:
    """A `skywrite.log.base.Log` in the folder `folder`; one object serves one thread at a time."""

    partitions = 1

    def __init__(self, folder: Path, *, segment_bytes: int = 256 << 20, max_bytes: int = 20 << 30) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._max_bytes = max_bytes
        self._writer: sqlite3.Connection | None = None
        self._writer_first = 0
        self._writer_wal = ""
        self._wal_due = segment_bytes  # how large the WAL may grow before something is done about it
        self._copied_pages = 0
        self._turnstile = Turnstile(folder / "append", _BUSY_MILLIS / 1000)
        self._readers: dict[int, sqlite3.Connection] = {}
        self._checkpoints = Checkpoints()
        self._since_size = _SIZE_EVERY_BYTES
        self._total_bytes = 0

    # ---- appending ----

    def append(self, records: Sequence[NewRecord]) -> int:
        """Make `records` durable with one commit, in order; the position of the first. Raises Later."""
        size = sum(len(record.body) for record in records)
        self._check_space(size)
        try:
            return self._append_in_turn(records)
        except Later as error:
            raise Later(f"The event log cannot be written: {error}.") from error
        except sqlite3.Error as error:
            self._forget_writer()
            raise Later(f"The event log cannot be written: {error}.") from error
        except OSError as error:
            self._forget_writer()
            raise Later(f"The event log cannot be written: {error.strerror or error}.") from error

    def skip_to(self, position: int) -> bool:
        """Go on at `position` when the log is behind it: it was lost, or is an old copy. Whether that was so.

        Followers that have read further would otherwise pass over everything until then.
        """
        with held(self._folder / "open.lock"):
            if self.head() + 1 >= position:
                return False
            firsts = self._firsts()
            if firsts and not self._seal_before(firsts[-1], position):
                return False
            self._connect_alone(position).close()
        return True

    def _seal_before(self, first: int, position: int) -> bool:
        """Seal a segment that ends before `position`, which comes next; whether it did end before."""
        with contextlib.closing(self._connect_alone(first)) as connection:
            connection.execute("begin immediate")
            last = connection.execute("select max(position) from records").fetchone()[0]
            is_before = (first if last is None else last + 1) < position
            if is_before:
                connection.execute("delete from sealed")
                connection.execute("insert into sealed values (?)", (position,))
            connection.execute("commit")
        return is_before

    def _append_in_turn(self, records: Sequence[NewRecord]) -> int:
        with self._turnstile.turn():
            while True:
                first = self._append_to_last(records)
                self._checkpoints.appended()
                if first is not None:
                    return first
                sealed = self._writer_first
                self._seal_writer()
                self._open_writer()
                if self._writer_first <= sealed:
                    raise Later(f"the segment that follows {sealed} can't be found")

    def _append_to_last(self, records: Sequence[NewRecord]) -> int | None:
        writer = self._open_writer()
        wal_bytes = 0
        try:
            writer.execute("begin immediate")
            if writer.execute("select 1 from sealed where next_position > ?", (self._writer_first,)).fetchone():
                writer.execute("rollback")
                return None
            last = writer.execute("select max(position) from records").fetchone()[0]
            first = self._writer_first if last is None else last + 1
            writer.executemany(
                "insert into records values (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        first + offset,
                        new.received_at,
                        new.source_id,
                        new.kind,
                        new.ip,
                        len(new.ids) // _ID_BYTES,
                        new.ids,
                        new.body,
                    )
                    for offset, new in enumerate(records)
                ],
            )
            wal_bytes = os.stat(self._writer_wal).st_size  # noqa: PTH116 - in every commit: the quick way
            if wal_bytes >= self._wal_due and self._is_full_segment(writer, wal_bytes):
                writer.execute("insert into sealed values (?)", (first + len(records),))
                wal_bytes = 0
            writer.execute("commit")
        except BaseException:
            if writer.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    writer.execute("rollback")
            raise
        if wal_bytes >= self._wal_due:
            self._copy_wal(writer, wal_bytes)
        return first

    def _is_full_segment(self, writer: sqlite3.Connection, wal_bytes: int) -> bool:
        """Whether a segment whose WAL is large is full, or its WAL holds few pages over and over (lone events)."""
        pages = writer.execute("pragma page_count").fetchone()[0]
        fresh = (pages - self._copied_pages) * _PAGE_BYTES
        return bool(pages * _PAGE_BYTES >= self._segment_bytes or fresh * _DENSE >= wal_bytes)

    def _copy_wal(self, writer: sqlite3.Connection, wal_bytes: int) -> None:
        """Copy the WAL into its file; the next append begins it anew, unless somebody reads in it."""
        self._wal_due = wal_bytes + self._segment_bytes // 8
        with contextlib.suppress(sqlite3.Error):  # what was appended stands all the same
            _, frames, copied = writer.execute("pragma wal_checkpoint(passive)").fetchone()
            if frames == copied:
                self._copied_pages = writer.execute("pragma page_count").fetchone()[0]
                self._wal_due = self._segment_bytes

    def _open_writer(self) -> sqlite3.Connection:
        if self._writer is not None:
            return self._writer
        firsts = self._firsts()
        first = firsts[-1] if firsts else 1
        connection = self._connect(first)
        sealed = connection.execute("select next_position from sealed").fetchone()
        if sealed and sealed[0] > first:
            self._checkpoints.add(connection)
            first = sealed[0]
            connection = self._connect(first)
        self._writer, self._writer_first = connection, first
        self._writer_wal = f"{self._path(first)}-wal"
        self._wal_due, self._copied_pages = self._segment_bytes, 0
        return connection

    def _connect(self, first: int) -> sqlite3.Connection:
        # Turning a new database to WAL does not wait for another process that does the same: so take turns.
        with held(self._folder / "open.lock"):
            return self._connect_alone(first)

    def _connect_alone(self, first: int) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path(first), isolation_level=None, check_same_thread=False, timeout=_BUSY_MILLIS / 1000
        )
        try:
            connection.execute(f"pragma page_size = {_PAGE_BYTES}")
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            # The WAL is copied into its file once, when the segment is sealed, and not while events wait.
            connection.execute("pragma wal_autocheckpoint = 0")
            connection.execute("pragma journal_size_limit = 0")  # a WAL that is begun anew shows so by its size
            connection.executescript(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        return connection

    def _seal_writer(self) -> None:
        if self._writer is not None:
            self._checkpoints.add(self._writer)
        self._writer = None

    def _forget_writer(self) -> None:
        if self._writer is not None:
            with contextlib.suppress(sqlite3.Error):
                self._writer.close()
        self._writer = None

    def _check_space(self, size: int) -> None:
        self._since_size += size
        if self._since_size >= _SIZE_EVERY_BYTES or self._total_bytes + self._since_size >= self._max_bytes:
            self._total_bytes, self._since_size = _folder_bytes(self._folder), size
        if self._total_bytes + self._since_size >= self._max_bytes:
            raise Later(
                f"The event log holds {self._total_bytes:,} bytes, at its cap of {self._max_bytes:,}: a consumer lags "
                "behind or history is kept too long. New events are refused until there is room.",
                after=5,
            )

    # ---- reading ----

    def read(self, after: int, max_bytes: int, upto: int | None = None, partition: int = 0) -> list[Record]:
        """The records after `after`, at least one if there is one, then up to `max_bytes` of bodies."""
        del partition
        last = upto if upto is not None else 1 << 62
        records: list[Record] = []
        size = 0
        for first in self._firsts_from(after + 1):
            reader = self._reader(first)
            if reader is None:
                continue
            rows = reader.execute(
                f"select {_COLUMNS} from records where position > ? and position <= ? order by position",  # noqa: S608
                (after, last),
            )
            for row in rows:
                records.append(Record(*row))
                size += len(row[-1])
                if size >= max_bytes:
                    rows.close()
                    return records
        return records

    def ids(self, after: int, max_events: int, upto: int | None = None) -> list[RecordIds]:
        """The messageId hashes of the records after `after`, without their bodies, some `max_events` of them."""
        last = upto if upto is not None else 1 << 62
        found: list[RecordIds] = []
        events = 0
        for first in self._firsts_from(after + 1):
            reader = self._reader(first)
            if reader is None:
                continue
            rows = reader.execute(
                "select position, received_at, ids from records where position > ? and position <= ? order by position",
                (after, last),
            )
            for row in rows:
                found.append(RecordIds(*row))
                events += len(row[-1]) // _ID_BYTES
                if events >= max_events:
                    rows.close()
                    return found
        return found

    def recent(self, source_id: str, limit: int) -> list[Record]:
        """The latest records of a source that together hold `limit` events or a little more, oldest first.

        Looks only at the last segments, so a source that was quiet for very long shows nothing.
        """
        found: list[Record] = []
        events = 0
        for first in reversed(self._firsts()[-_RECENT_SEGMENTS:]):
            reader = self._reader(first)
            if reader is None:
                continue
            rows = reader.execute(
                f"select {_COLUMNS}, events from records where source_id = ? order by position desc limit ?",  # noqa: S608
                (source_id, limit),
            )
            for *row, count in rows:
                found.append(Record(*row))
                events += max(count, 1)
                if events >= limit:
                    rows.close()
                    return found[::-1]
        return found[::-1]

    def head(self, partition: int = 0) -> int:
        """The position of the last record, 0 when there was none yet."""
        del partition
        firsts = self._firsts()
        if not firsts:
            return 0
        reader = self._reader(firsts[-1])
        last = reader.execute("select max(position) from records").fetchone()[0] if reader else None
        return firsts[-1] - 1 if last is None else int(last)

    def status(self) -> LogStatus:
        """How full the log is; `oldest` is the first position of the oldest segment."""
        firsts = self._firsts()
        return LogStatus(self.head(), firsts[0] if firsts else 0, _folder_bytes(self._folder), self._max_bytes)

    # ---- upkeep ----

    def trim(self, read_by_all: int, keep_after: int) -> int:
        """Delete whole sealed segments that all have read and whose last record is older than `keep_after` µs."""
        freed = 0
        firsts = self._firsts()
        for first, following in itertools.pairwise(firsts):
            reader = self._reader(first)
            if reader is None:
                break
            last_at = reader.execute("select max(received_at) from records").fetchone()[0]
            if following - 1 > read_by_all or (last_at or 0) >= keep_after:
                break
            self._forget_reader(first)
            freed += _delete_segment(self._path(first))
        return freed

    def close(self) -> None:
        """Release all connections."""
        self._checkpoints.close()
        self._forget_writer()
        self._turnstile.close()
        for first in list(self._readers):
            self._forget_reader(first)

    def _firsts(self) -> list[int]:
        with os.scandir(self._folder) as entries:
            return sorted(int(entry.name[: -len(_SUFFIX)]) for entry in entries if entry.name.endswith(_SUFFIX))

    def _firsts_from(self, position: int) -> list[int]:
        firsts = self._firsts()
        before = [first for first in firsts if first <= position]
        return before[-1:] + [first for first in firsts if first > position]

    def _reader(self, first: int) -> sqlite3.Connection | None:
        reader = self._readers.get(first)
        if reader is None:
            try:
                reader = self._connect_reader(first)
            except sqlite3.OperationalError as error:
                if not self._path(first).exists() or "no such table" in str(error):
                    return None  # deleted meanwhile, or so new that it has no tables yet
                # Whoever follows must wait here: to go on to the next segment would be to skip what is unread.
                raise Later(f"The event log cannot be read: {error}.") from error
            self._readers[first] = reader
            for other in list(self._readers)[:-3]:  # the longest open
                self._forget_reader(other)
        return reader

    def _connect_reader(self, first: int) -> sqlite3.Connection:
        path = self._path(first).resolve()
        reader = sqlite3.connect(
            f"{path.as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=_BUSY_MILLIS / 1000,
        )
        try:
            reader.execute("pragma query_only = on")
            reader.execute("select 1 from records limit 1").fetchone()
        except BaseException:
            reader.close()
            raise
        return reader

    def _forget_reader(self, first: int) -> None:
        reader = self._readers.pop(first, None)
        if reader is not None:
            reader.close()

    def _path(self, first: int) -> Path:
        return self._folder / f"{first:020d}{_SUFFIX}"


def _folder_bytes(folder: Path) -> int:
    total = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                total += entry.stat().st_size
    return total


def _parts(path: Path) -> list[Path]:
    """The files of a segment, the database first: a WAL left behind without it is inert."""
    return [part for suffix in ("", "-wal") if (part := path.with_name(path.name + suffix)).exists()]


def _delete_segment(path: Path) -> int:
    freed = 0
    for part in (*_parts(path), path.with_name(path.name + "-shm")):
        with contextlib.suppress(FileNotFoundError):
            freed += part.stat().st_size
            part.unlink()
    return freed
