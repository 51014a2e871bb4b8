"""A store that another program holds."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from skywrite.store.engine import Store


class HeldStore:
    """A real store; who would write to it waits until it is `free`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.free = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        self.free.wait()
        with self._store.write() as connection:
            yield connection
