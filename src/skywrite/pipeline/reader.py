"""The log and dedupe's decisions, for several threads to read in turns."""

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator

from skywrite.log.base import Log, LogStatus, Record
from skywrite.pipeline.decisions import Decisions

Marked = tuple[Record, Collection[int]]  # a record, and which of its events are duplicates


class Reader:
    """Reads; safe from several threads. Opened at first use, so that a web process starts without a log."""

    def __init__(self, open_log: Callable[[], Log], open_decisions: Callable[[], Decisions]) -> None:
        self._open_log = open_log
        self._open_decisions = open_decisions
        self._opened: tuple[Log, Decisions] | None = None
        self._turn = threading.Lock()

    def recent(self, source_id: str, limit: int) -> list[Marked]:
        """The latest records of a source, oldest first, that hold some `limit` events."""
        with self._both() as (log, decisions):
            return _marked(log.recent(source_id, limit), decisions)

    def after(self, position: int, max_bytes: int, upto: int) -> list[Marked]:
        """The records after a position, up to another or a number of bytes."""
        with self._both() as (log, decisions):
            return _marked(log.read(position, max_bytes, upto=upto), decisions)

    def status(self) -> LogStatus:
        """How full the log is."""
        with self._both() as (log, _):
            return log.status()

    def heads(self) -> tuple[int, int]:
        """The position of the last record, and of the last that dedupe has decided."""
        with self._both() as (log, decisions):
            return log.head(), decisions.decided()

    def close(self) -> None:
        """Release log and decisions."""
        with self._turn:
            if self._opened:
                self._opened[0].close()
                self._opened[1].close()
            self._opened = None

    @contextlib.contextmanager
    def _both(self) -> Iterator[tuple[Log, Decisions]]:
        with self._turn:
            if self._opened is None:
                self._opened = self._open_log(), self._open_decisions()
            yield self._opened


def _marked(records: list[Record], decisions: Decisions) -> list[Marked]:
    if not records:
        return []
    duplicates = decisions.duplicates(records[0].position - 1, records[-1].position)
    return [(record, frozenset(duplicates.get(record.position, ()))) for record in records]
