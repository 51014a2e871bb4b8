"""Reads and decodes a batch of events while the one before it is written: the one takes Python, the other SQLite."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """`read` gives the batch behind a position. It is called by one thread at a time."""

    def __init__(self, read: Callable[[int], T]) -> None:
        self._read = read
        self._thread = ThreadPoolExecutor(1, "ahead")
        self._next: tuple[int, Future[T]] | None = None

    def take(self, after: int) -> T:
        """The batch behind `after`, which may be there already. Raises what `read` does."""
        found, self._next = self._next, None
        if found is not None:
            position, future = found
            future.exception()  # whatever came of it: until it has ended nobody else may read
            if position == after:
                return future.result()
        return self._read(after)

    def begin(self, after: int) -> None:
        """Begin to read what is behind `after`."""
        if self._next is None:
            self._next = after, self._thread.submit(self._read, after)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()
