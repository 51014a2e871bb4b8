"""Follows the log into the warehouse, exactly once: rows, position and history commit in one transaction.

A load opens the warehouse, writes, commits and closes it. Reading the next chunk and inserting the last one overlap.
What can't be loaded never stops the loader: a failing load is halved until the offender is found and put aside.
"""

import contextlib
import gc
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import structlog
from msgspec import Struct, field
from msgspec.structs import replace

from skywrite.kit.errors import Later
from skywrite.kit.hashing import ID_BYTES
from skywrite.kit.time import now_micros
from skywrite.warehouse.blocks import Block, BlockReader, SetAside, split_mended
from skywrite.warehouse.catalog import Catalog, Change
from skywrite.warehouse.engines.base import Busy, Engine, Session
from skywrite.warehouse.history import Sync
from skywrite.warehouse.calls import Taken
from skywrite.warehouse.status import Status, clear_request, is_sync_requested, read_status, write_status
from skywrite.warehouse.values import Kind

log = structlog.get_logger()

UPSERTED = frozenset({"users", "accounts"})
_MOST_NOTICES = 50
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


class Pace(Struct, frozen=True):
    """How much at once. A block fits the processor's cache; a chunk is one insert; a load is one transaction."""

    block_bytes: int = 1_500_000
    block_events: int = 4_000
    chunk_bytes: int = 24_000_000
    chunk_cells: int = 5_000_000
    load_events: int = 500_000
    load_seconds: float = 6.0
    gap_seconds: float = 0.05  # between two loads of a backlog, for readers that wait


class Chunk(Struct):
    """What one insert takes."""

    changes: list[Change]
    tables: dict[tuple[str, str], list[pa.Table]]
    aside: list[SetAside]


class _Tally(Struct):
    """What a load has done so far."""

    started_at: int
    position: int
    records: int = 0
    events: int = 0
    rows: int = 0
    duplicates: int = 0
    discards: int = 0
    aside: int = 0
    notices: Counter[str] = field(default_factory=Counter)

    def sync(self, now: int) -> Sync:
        """The history row of this load."""
        notices = [f"{text} ({count})" for text, count in self.notices.most_common(_MOST_NOTICES)]
        if self.aside:
            notices.insert(0, f"{self.aside} events could not be loaded; they are in _skywrite.set_aside.")
        return Sync(
            started_at=self.started_at,
            millis=(now - self.started_at) // 1000,
            status="partial" if self.aside else "success",
            events=self.events,
            rows=self.rows,
            duplicates=self.duplicates,
            discards=self.discards,
            position=self.position,
            error="",
            notices=notices,
        )


class _Work(Struct):
    """A load under way: where it begins, the tables that were there then, and the first chunk."""

    after: int
    tables: dict[tuple[str, str], dict[str, Kind]]
    catalog: Catalog
    tally: _Tally
    chunk: Chunk | None = None


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
            if work is None:
                return None
            self._say("loading")
            session.begin()
            try:
                with ThreadPoolExecutor(1, "warehouse-insert") as writer:
                    self._fill(session, work, writer)
                    sync = self._commit(session, work, writer)
            except Later:
                session.rollback()
                raise
            except Exception as error:
                session.rollback()
                self._ahead = None
                is_less_enough = self._engine.is_too_much(error) and work.tally.records > 1
                if self._engine.is_not_now(error) and not is_less_enough:
                    raise
                log.exception("a load failed by its rows, looking for the one", records=work.tally.records)
                raise _Offended(work.tally.records) from error
            self._done(session, sync)
            return sync

    def _work(self, session: Session, after: int) -> _Work | None:
        """What to load next: what was read ahead, where the warehouse is as it was expected, or the log's next."""
        ahead, self._ahead = self._ahead, None
        tables = dict(session.tables())
        if ahead is not None and ahead.after == after and ahead.tables == tables:
            return ahead
        work = _Work(after, tables, Catalog(tables, self._engine.limits), _Tally(now_micros(), after))
        work.chunk = self._next(work)
        return work if work.chunk is not None else None

    def _fill(self, session: Session, work: _Work, writer: ThreadPoolExecutor) -> None:
        """Write chunk after chunk into the open transaction; the next is read while the last is inserted."""
        end = time.monotonic() + self._pace.load_seconds
        chunk = work.chunk
        self._is_behind = False
        while chunk is not None:
            pending = writer.submit(_write, session, chunk)
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
            ahead = _Work(after, work.catalog.known(), work.catalog, _Tally(now_micros(), after))
            try:
                ahead.chunk = self._next(ahead)
            except Exception:  # the commit must end as it will; what went wrong shows in the next load
                log.exception("could not read ahead")
                ahead.chunk = None
            self._ahead = ahead if ahead.chunk is not None else None
        return committing.result()

    def _next(self, work: _Work) -> Chunk | None:
        """The next chunk of the log, or None at its end."""
        taken = self._read(work.tally.position, self._pace.chunk_bytes)
        if not taken:
            return None
        return self._chunk(taken[: self._most_records], work.catalog, work.tally)

    def _chunk(self, taken: list[Taken], catalog: Catalog, tally: _Tally) -> Chunk:
        """The next chunk: all of `taken`, or fewer where the tables are so wide that they would fill the memory."""
        chunk = Chunk([], {}, [])
        widths: dict[tuple[str, str], set[str]] = {}
        for records in _in_blocks(taken, self._pace):
            block = self._reader.read(records, catalog, tally.started_at)
            _add(chunk, block)
            _count(tally, block)
            tally.records += len(records)
            tally.position = records[-1][0].position
            if _cells_of(chunk, block, widths) > self._pace.chunk_cells:
                break
        return chunk

    def _read(self, after: int, max_bytes: int) -> list[Taken]:
        return list(self._feed.read(after, max_bytes))

    def _done(self, session: Session, sync: Sync) -> None:
        size = session.size()
        self._status = Status("loading", "", sync.position, size.bytes, size.tables, size.rows, size.discards, sync)
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
        """Try with half of the records that failed together; a single one is taken apart."""
        if offence.records > 1:
            self._most_records = max(1, offence.records // 2)
            return self.load()
        return self._load_apart()

    def _load_apart(self) -> Sync | None:
        """Load one record without those of its events that the warehouse refuses; they are put aside."""
        with self._engine.session() as session:
            after = session.position()
            (record, skip), *_ = self._read(after, 1)
            offenders: dict[int, str] = {}
            count = len(split_mended(record).events)
            for item in range(count):
                if item not in skip:
                    reason = self._refusal(session, (record, tuple(other for other in range(count) if other != item)))
                    if reason:
                        offenders[item] = reason
            tally = _Tally(now_micros(), after)
            session.begin()
            catalog = Catalog(session.tables(), self._engine.limits)
            chunk = self._chunk([(record, (*skip, *offenders))], catalog, tally)
            raws = split_mended(record).events
            chunk.aside += [
                SetAside(record.position, item, record.source_id, record.received_at, reason, bytes(raws[item]))
                for item, reason in offenders.items()
            ]
            tally.aside = len(chunk.aside)
            tally.duplicates = len(skip)
            _write(session, chunk)
            sync = session.commit(tally.sync(now_micros()))
            self._done(session, sync)
            return sync

    def _refusal(self, session: Session, alone: Taken) -> str:
        """Why the warehouse refuses these events, "" where it takes them. Nothing is kept."""
        session.begin()
        try:
            catalog = Catalog(session.tables(), self._engine.limits)
            _write(session, self._chunk([alone], catalog, _Tally(0, 0)))
            session.settle()
        except Later:
            raise
        except Exception as error:  # whatever it is, it must not stop the loader
            if self._engine.is_not_now(error):
                raise
            return str(error)
        finally:
            session.rollback()
        return ""


_WIDE_AGAIN = 4096


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


def _write(session: Session, chunk: Chunk) -> None:
    session.change(chunk.changes)
    for (schema, table), parts in chunk.tables.items():
        rows = parts[0] if len(parts) == 1 else pa.concat_tables(parts, promote_options="default")
        if table in UPSERTED:
            session.merge(schema, table, rows)
        else:
            session.append(schema, table, rows)
    session.put_aside(chunk.aside)


def _in_blocks(taken: Sequence[Taken], pace: Pace) -> Iterator[list[Taken]]:
    block: list[Taken] = []
    size = events = 0
    for one in taken:
        block.append(one)
        size += len(one[0].body)
        events += len(one[0].ids) // ID_BYTES
        if size > pace.block_bytes or events > pace.block_events:
            yield block
            block, size, events = [], 0, 0
    if block:
        yield block


def _cells_of(chunk: Chunk, block: Block, widths: dict[tuple[str, str], set[str]]) -> int:
    """How many cells the chunk has, nulls counted; `widths` gathers the columns of its tables."""
    for place, rows in block.tables.items():
        widths.setdefault(place, set()).update(rows.column_names)
    return sum(len(widths[place]) * sum(part.num_rows for part in parts) for place, parts in chunk.tables.items())


def _add(chunk: Chunk, block: Block) -> None:
    chunk.changes += block.changes
    chunk.aside += block.aside
    for place, rows in block.tables.items():
        chunk.tables.setdefault(place, []).append(rows)


def _count(tally: _Tally, block: Block) -> None:
    tally.events += block.events
    tally.rows += sum(rows.num_rows for (_, table), rows in block.tables.items() if table != "_discards")
    tally.duplicates += block.duplicates
    tally.discards += block.discards
    tally.aside += len(block.aside)
    tally.notices.update(block.notices)
