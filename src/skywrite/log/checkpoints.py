"""Sealed segments get their WAL copied into their file when the log is quiet, so that no burst waits for it.

Until then a segment is as durable and as readable as any. Only when several have gathered does it happen under load.
"""

import contextlib
import sqlite3
import threading
import time

_QUIET_SECONDS = 1.0
_MOST_WAITING = 4


class Checkpoints:
    """Takes over the writer's connections of sealed segments, copies their WAL and closes them, in a thread."""

    def __init__(self) -> None:
        self._sealed: list[sqlite3.Connection] = []
        self._changed = threading.Condition()
        self._last_append = 0.0
        self._thread: threading.Thread | None = None
        self._closing = False

    def appended(self) -> None:
        """The log was written to just now."""
        self._last_append = time.monotonic()

    def add(self, connection: sqlite3.Connection) -> None:
        """A segment was sealed; `connection` is not used by anybody else any more."""
        with self._changed:
            self._sealed.append(connection)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log-checkpoint", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Copy what waits and end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._is_time():
                    self._changed.wait(_QUIET_SECONDS if self._sealed else None)
                if not self._sealed:
                    return
                connection = self._sealed.pop(0)
            with contextlib.suppress(sqlite3.Error):
                connection.execute("pragma wal_checkpoint(passive)")
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def _is_time(self) -> bool:
        if self._closing or len(self._sealed) >= _MOST_WAITING:
            return True
        return bool(self._sealed) and time.monotonic() - self._last_append > _QUIET_SECONDS
