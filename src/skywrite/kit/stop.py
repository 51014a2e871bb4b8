"""The word to end, as threads and event loops hear it."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator


class Stop(threading.Event):
    """An event for threads, which tells others of it too: none of them asks again and again whether it is set."""

    def __init__(self) -> None:
        super().__init__()
        self._tells: list[Callable[[], None]] = []

    def set(self) -> None:
        """Tell all who are to end; may be called in a signal's handler."""
        super().set()
        for tell in tuple(self._tells):
            tell()

    @contextlib.contextmanager
    def telling(self, tell: Callable[[], None]) -> Iterator[None]:
        """Have `tell` called when it is set, at once where it is, while the block lasts. It must wait for nothing."""
        self._tells.append(tell)
        try:
            if self.is_set():
                tell()
            yield
        finally:
            self._tells.remove(tell)

    @contextlib.contextmanager
    def heard(self) -> Iterator[asyncio.Event]:
        """An event of the running loop that is set with this one, while the block lasts."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()

        def tell() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended in this very moment
                loop.call_soon_threadsafe(event.set)

        with self.telling(tell):
            yield event
