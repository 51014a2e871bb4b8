"""Whether anything at all was committed to the store: who looks for work each second asks this before it reads."""

import sqlite3
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine


class News:
    """What one reader has not looked at yet. Used by one thread at a time; `stamp` differs after every commit."""

    def __init__(self, stamp: Callable[[], object]) -> None:
        self._stamp = stamp
        self._asked: object = None
        self._seen: object = None

    def any(self) -> bool:
        """Whether there may be something new: ask it before reading. Never raises."""
        self._asked = self._stamp()
        return self._asked != self._seen

    def seen(self) -> None:
        """All that was there when `any` was asked has been taken in, and is no news any more."""
        self._seen = self._asked


class Stamps:
    """SQLite's own count of what was committed, by a connection that never writes: a hundredth of a query's cost."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._connection: Any = None

    def now(self) -> object:
        """The count; what equals no other where it can't be had, as while another process mends the file."""
        with self._lock:
            try:
                connection = self._connection = self._connection or self._open()
                return connection.execute("PRAGMA data_version").fetchone()
            except sqlite3.Error:
                return object()

    def close(self) -> None:
        """Release the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()

    def _open(self) -> Any:
        words, named = self._engine.dialect.create_connect_args(self._engine.url)
        return self._engine.dialect.connect(*words, **{**named, "timeout": 0, "check_same_thread": False})
