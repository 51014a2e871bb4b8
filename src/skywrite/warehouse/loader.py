"""Follows the log into the warehouse, exactly once: rows, position and history commit in one transaction.

A load opens the warehouse, writes, commits and closes it. Reading the next chunk and inserting the last one overlap.
What can't be loaded never stops the loader: a failing load is halved, and a small one taken apart to find the events
that are refused, which are put aside.
"""

import contextlib
import gc
import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import structlog
from msgspec import Struct
from msgspec.structs import replace

from skywrite.kit.errors import Later
from skywrite.kit.hashing import ID_BYTES
from skywrite.kit.time import now_micros
from skywrite.warehouse.apart import load_apart
from skywrite.warehouse.blocks import BlockReader
from skywrite.warehouse.calls import Taken
from skywrite.warehouse.catalog import Catalog
from skywrite.warehouse.chunks import Chunk, Pace, Tally, read_chunk, write
from skywrite.warehouse.engines.base import Busy, Engine, Session
from skywrite.warehouse.history import Sync
from skywrite.warehouse.status import Status, clear_request, is_sync_requested, read_status, write_status
from skywrite.warehouse.values import Kind

log = structlog.get_logger()

_WIDE_AGAIN = 4096  # records; from here on no offender is looked for any more
_APART_RECORDS, _APART_EVENTS = 256, 1_000  # so many at most are taken apart at once
_LOOK_SECONDS = 0.1
_IDLE_SECONDS = 1.0
_SWITCH_SECONDS = 0.0001
_BUSY_SECONDS = (0.2, 2.0)  # the first and the longest pause before a warehouse that another process holds
_FAILING_SECONDS = (1.0, 30.0)


class Follows(Protocol):
    """What the loader needs of the feed."""

    def read(self, after: int, max_bytes: int) -> Sequence[Taken]:
        """The next records after a position, each with the indexes of its duplicate events."""

    def wait(self, timeout: float) -> bool:
        """Block until there may be more."""


class _Work(Struct):
    """A load under way: where it begins, the tables that were there then, and the first chunk where it is read."""

    after: int
    tables: dict[tuple[str, str], dict[str, Kind]]
    catalog: Catalog
    tally: Tally
    chunk: Chunk | None = None
    records: int = 0  # how many it has taken, those that it is reading included


class _Offended(Exception):  # never leaves this module
    """A load failed by its rows; `records` is how many it had taken."""

    def __init__(self, records: int) -> None:
        super().__init__(records)
        self.records = records


class Loader:
    """Loads what `feed` gives into `engine`.

    `schema_of` names the schema of a source id; `run` is the folder of the status file; `on_position` is told of every
    committed position; `pause` is the time between two loads of a trickle, in seconds.
    """

    def __init__(
        self,
        feed: Follows,
        engine: Engine,
        schema_of: Callable[[str], str],
        run: Path,
        *,
        on_position: Callable[[int], None] = lambda _: None,
        pause: float = 2.0,
        pace: Pace | None = None,
    ) -> None:
        self._feed = feed
        self._engine = engine
        self._run = run
        self._on_position = on_position
        self._pause = pause
        self._pace = pace or Pace()
        self._reader = BlockReader(schema_of, engine.spelling)
        self._position: int | None = None  # of the last commit that this loader knows of
        self._most_records: int | None = None  # fewer and fewer while an offender is looked for
        self._ahead: _Work | None = None
        self._is_behind = False  # whether the last load ended before the log did
        self._status = read_status(run)

    def run(self, stop: threading.Event) -> None:
        """Follow the log until `stop`."""
        failures = 0
        while not stop.is_set():
            clear_request(self._run)
            try:
                sync = self.load()
                failures = 0
            except Later as error:
                failures += 1
                self._say("waiting" if isinstance(error, Busy) else "failing", str(error))
                first, longest = _BUSY_SECONDS if isinstance(error, Busy) else _FAILING_SECONDS
                stop.wait(min(longest, first * 2 ** min(failures - 1, 10)))
                continue
            if sync is None:
                self._say("idle")
                self._feed.wait(_IDLE_SECONDS)
            else:
                self._rest(stop)

    def load(self) -> Sync | None:
        """One load of what is there, up to a bound; None where nothing was.

        Raises Later (Busy, Unwritable) when the warehouse can't be written now.
        """
        if self._position is not None and not self._read(self._position, 1):
            return None
        if self._position is None and not self._read(0, 1):
            return None
        try:
            sync = self._load()
        except _Offended as offence:
            return self._narrow(offence)
        if self._most_records is not None:
            self._most_records = self._most_records * 2 if self._most_records < _WIDE_AGAIN else None
        return sync

    def load_all(self) -> int:
        """Load until nothing is left; the position reached."""
        while self.load() is not None:
            pass
        return self._position or 0

    def _rest(self, stop: threading.Event) -> None:
        """Pause between loads: long enough to be polite, or until a sync is asked for."""
        if self._read(self._position or 0, 1) and self._is_behind:
            stop.wait(self._pace.gap_seconds)
            return
        self._say("idle")
        end = time.monotonic() + self._pause
        while time.monotonic() < end and not is_sync_requested(self._run):
            if stop.wait(_LOOK_SECONDS):
                return

    def _load(self) -> Sync | None:
        with self._engine.session() as session, _undisturbed():
            after = session.position()
            if after != self._position:
                self._commit_known(after)
            work = self._work(session, after)
            session.begin()
            try:
                work.chunk = work.chunk or self._next(work)
                if work.chunk is None:
                    session.rollback()
                    return None
                self._say("loading")
                with ThreadPoolExecutor(1, "warehouse-insert") as writer:
                    self._fill(session, work, writer)
                    sync = self._commit(session, work, writer)
            except Later:
                session.rollback()
                raise
            except Exception as error:
                session.rollback()
                self._ahead = None
                is_less_enough = self._engine.is_too_much(error) and work.records > 1
                if self._engine.is_not_now(error) and not is_less_enough:
                    raise
                log.exception("a load failed by its rows, looking for the one", records=work.records)
                raise _Offended(work.records) from error
            self._done(session, sync)
            return sync

    def _work(self, session: Session, after: int) -> _Work:
        """A new load, or the one that was read ahead where the warehouse is as it was expected."""
        ahead, self._ahead = self._ahead, None
        tables = dict(session.tables())
        if ahead is not None and ahead.after == after and ahead.tables == tables:
            return ahead
        return _Work(after, tables, Catalog(tables, self._engine.limits), Tally(now_micros(), after))

    def _fill(self, session: Session, work: _Work, writer: ThreadPoolExecutor) -> None:
        """Write chunk after chunk into the open transaction; the next is read while the last is inserted."""
        end = time.monotonic() + self._pace.load_seconds
        chunk = work.chunk
        self._is_behind = False
        while chunk is not None:
            pending = writer.submit(write, session, chunk)
            self._is_behind = (
                work.tally.events >= self._pace.load_events or time.monotonic() > end or bool(self._most_records)
            )
            try:
                chunk = None if self._is_behind else self._next(work)
            finally:
                pending.result()

    def _commit(self, session: Session, work: _Work, writer: ThreadPoolExecutor) -> Sync:
        """Commit; a loader that is behind reads the next load's first chunk meanwhile."""
        committing = writer.submit(session.commit, work.tally.sync(now_micros()))
        if self._is_behind and self._most_records is None:
            after = work.tally.position
            ahead = _Work(after, work.catalog.known(), work.catalog, Tally(now_micros(), after))
            try:
                ahead.chunk = self._next(ahead)
            except Exception:  # the commit must end as it will; what went wrong shows in the next load
                log.exception("could not read ahead")
                ahead.chunk = None
            self._ahead = ahead if ahead.chunk is not None else None
        return committing.result()

    def _next(self, work: _Work) -> Chunk | None:
        """The next chunk of the log, or None at its end."""
        taken = self._read(work.tally.position, self._pace.chunk_bytes)[: self._most_records]
        if not taken:
            return None
        work.records = work.tally.records + len(taken)
        return self._chunk(taken, work.catalog, work.tally)

    def _chunk(self, taken: list[Taken], catalog: Catalog, tally: Tally) -> Chunk:
        return read_chunk(self._reader, taken, catalog, tally, self._pace)

    def _read(self, after: int, max_bytes: int) -> list[Taken]:
        return list(self._feed.read(after, max_bytes))

    def _done(self, session: Session, sync: Sync) -> None:
        size = session.size()
        self._status = Status(
            "loading", "", sync.position, size.bytes, size.tables, size.rows, size.discards, size.set_aside, sync
        )
        self._commit_known(sync.position)

    def _commit_known(self, position: int) -> None:
        self._position = position
        self._status = replace(self._status, position=position)
        self._say(self._status.state, self._status.reason)
        self._on_position(position)

    def _say(self, state: Any, reason: str = "") -> None:
        if (state, reason) != (self._status.state, self._status.reason) or state == "loading":
            if reason:
                log.warning("the warehouse can't be loaded now", state=state, reason=reason)
            self._status = replace(self._status, state=state, reason=reason, updated_at=now_micros())
            write_status(self._run, self._status)

    def _narrow(self, offence: _Offended) -> Sync | None:
        """Try with half of the records that failed together; few are taken apart."""
        if offence.records > _APART_RECORDS:
            self._most_records = offence.records // 2
            return self.load()
        self._most_records = _APART_RECORDS
        return self._load_apart(offence.records)

    def _load_apart(self, records: int) -> Sync:
        with self._engine.session() as session:
            after = session.position()
            taken = self._read(after, self._pace.chunk_bytes)[:records]
            counts = itertools.accumulate(len(record.ids) // ID_BYTES for record, _ in taken)
            few = sum(1 for count in counts if count <= _APART_EVENTS)
            sync = load_apart(session, self._engine, after, taken[: max(1, few)], self._chunk)
            self._done(session, sync)
            return sync


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """No garbage collection, which finds nothing here, and quick turns for the inserting thread.

    At Python's own interval of 5 ms it waits longer for the interpreter's lock than its inserts take.
    """
    interval, collects = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.disable()
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if collects:
            gc.enable()
