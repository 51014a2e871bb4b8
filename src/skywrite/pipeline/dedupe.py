"""Dedupe: the one follower that goes ahead of all others and decides which events are repeats.

An event is a duplicate when its messageId stood earlier in the log, within a window of at least 24 hours of arrival.
What is decided is written down, so every consumer sees the same, today and in a replay.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skywrite.kit.hashing import ID_BYTES
from skywrite.kit.time import now_micros
from skywrite.log.base import Log, RecordIds
from skywrite.pipeline import decisions, seen
from skywrite.pipeline.seen import Run

_ID_WORDS = 2
_FLUSH_IDS = 1_000_000
_FLUSH_MICROS = 3600 * 1_000_000
_BATCH_EVENTS = 200_000


class Dedupe:
    """Follows `log` and decides. One process at a time runs it (the worker holds a lock for it)."""

    def __init__(self, log: Log, folder: Path, *, window_hours: float = 24.0) -> None:
        self._log = log
        self._folder = folder
        self._window = int(window_hours * 3600 * 1_000_000)
        self._connection = decisions.connect(folder)
        self._decided, self._flushed = self._connection.execute("select decided, flushed from state").fetchone()
        self._runs = self._load_runs()
        self._fresh: list[Run] = []
        self.is_behind = False  # whether the last step had as much as one step takes
        self._relearn()

    @property
    def flushed(self) -> int:
        """The log may be trimmed up to here: what came later is not in a run's file yet."""
        return int(self._flushed)

    def step(self) -> int:
        """Decide the next records, some 200,000 events at most; how many records that were, 0 when up to date."""
        records = self._log.ids(self._decided, _BATCH_EVENTS)
        if not records:
            return 0
        rows, fresh = self._decide(records)
        last = records[-1].position
        with self._transaction() as connection:
            connection.executemany("insert or replace into duplicates values (?, ?)", rows)
            connection.execute("update state set decided = ?", (last,))
        self._decided = last
        self._remember(fresh)  # only now: ids of records that are not decided would make these their own duplicates
        self.is_behind = sum(len(record.ids) for record in records) >= _BATCH_EVENTS * ID_BYTES
        if sum(len(run.high) for run in self._fresh) >= _FLUSH_IDS or self._is_old(records[-1].received_at):
            self.flush()
        return len(records)

    def flush(self) -> None:
        """Write the newest ids to a run's file, drop what is older than the window, merge small runs."""
        if self._fresh:
            self._runs.append(seen.save_run(self._folder, seen.merged(self._fresh)))
            self._fresh = []
        # A clock that jumped ahead for a while must not make the window look past.
        newest = min(self._runs[-1].last_at, now_micros()) if self._runs else 0
        live = [run for run in self._runs if run.last_at >= newest - self._window]
        small = seen.mergeable(live)
        if small:
            live = [run for run in live if run not in small] + [seen.save_run(self._folder, seen.merged(small))]
        gone = {run.name for run in self._runs} - {run.name for run in live}
        with self._durable_transaction() as connection:
            connection.executemany("delete from runs where name = ?", [(name,) for name in gone])
            connection.executemany(
                "insert or replace into runs values (?, ?, ?, ?)",
                [(run.name, run.first_at, run.last_at, run.upto) for run in live],
            )
            connection.execute("update state set flushed = ?", (self._decided,))
            connection.execute("delete from duplicates where position < ?", (self._log.status().oldest,))
        self._runs, self._flushed = live, self._decided
        for name in gone:
            seen.drop_run(self._folder, name)

    def close(self) -> None:
        """Release; what is not flushed is learned from the log again."""
        self._connection.close()

    def _decide(self, records: list[RecordIds]) -> tuple[list[tuple[int, bytes]], Run]:
        counts = np.fromiter((len(record.ids) for record in records), dtype=np.int64, count=len(records)) // 16
        words = np.frombuffer(b"".join(record.ids for record in records), dtype=np.uint64).reshape(-1, _ID_WORDS)
        present = np.flatnonzero(words.any(axis=1))
        high, low = words[present, 0], words[present, 1]
        order = np.argsort(high, kind="stable")
        high, low, present = high[order], low[order], present[order]
        # Within the batch the earlier one wins: a stable sort keeps equal ids in order of arrival.
        repeated = seen.repeats(high, low)
        oldest = records[0].received_at - self._window
        for run in (*self._runs, *self._fresh):
            if run.last_at >= oldest:
                repeated |= seen.holds(run, high, low)
        fresh = ~repeated
        run = Run(high[fresh], low[fresh], records[0].received_at, records[-1].received_at, records[-1].position)
        return _rows(records, counts, np.sort(present[repeated])), run

    def _remember(self, run: Run) -> None:
        if not len(run.high):
            return
        self._fresh.append(run)
        small = seen.mergeable(self._fresh)
        if small:
            self._fresh = [kept for kept in self._fresh if kept not in small] + [seen.merged(small)]

    def _relearn(self) -> None:
        """Read again the ids that were decided but not yet in a run's file when the process ended."""
        after = self._flushed
        while records := self._log.ids(after, _BATCH_EVENTS, upto=self._decided):
            self._remember(self._decide(records)[1])
            after = records[-1].position

    def _load_runs(self) -> list[Run]:
        rows = self._connection.execute("select name, first_at, last_at, upto from runs order by upto").fetchall()
        named = {row[0] for row in rows}
        for path in (*self._folder.glob("*.ids"), *self._folder.glob("*.partial")):
            if path.name not in named:
                seen.drop_run(self._folder, path.name)
        if not all((self._folder / name).exists() for name in named):
            # The ids of a lost file are learned again from as much of the log as there is.
            self._flushed = 0
            return []
        return [seen.load_run(self._folder, *row) for row in rows]

    def _is_old(self, now: int) -> bool:
        return bool(self._fresh) and now - self._fresh[0].first_at >= _FLUSH_MICROS

    @contextlib.contextmanager
    def _durable_transaction(self) -> Iterator[sqlite3.Connection]:
        """One that a power cut cannot take back: run files are deleted on its word."""
        self._connection.execute("pragma synchronous = full")
        try:
            with self._transaction() as connection:
                yield connection
        finally:
            self._connection.execute("pragma synchronous = normal")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("begin immediate")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")


def _rows(records: list[RecordIds], counts: NDArray[np.int64], duplicates: NDArray[np.intp]) -> list[tuple[int, bytes]]:
    """Indexes over all events of the batch, as (position, indexes within the record) rows."""
    if not len(duplicates):
        return []
    ends = np.cumsum(counts)
    owners = np.searchsorted(ends, duplicates, side="right")
    items = (duplicates - (ends - counts)[owners]).astype(np.uint16)
    return [(records[owner].position, items[owners == owner].tobytes()) for owner in np.unique(owners).tolist()]
