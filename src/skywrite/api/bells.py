"""One ear for the bell in this process, for every live stream that waits for news."""

import asyncio
import contextlib
from pathlib import Path

from skywrite.kit.bell import Listener


class Bells:
    """Wakes all who wait when the bell rings. Used in the event loop only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listener: Listener | None = None
        self._waiting: set[asyncio.Future[None]] = set()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - a pause, not a deadline
        """Until the bell rings, or `timeout` seconds; whether it rang."""
        self._listen()
        ring: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(ring)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ring, timeout)
                return True
            return False
        finally:
            self._waiting.discard(ring)

    def close(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener.fileno())
            self._listener.close()
            self._listener = None

    def _listen(self) -> None:
        if self._listener is None:
            self._listener = Listener(self._folder, "api")
            asyncio.get_running_loop().add_reader(self._listener.fileno(), self._rung)

    def _rung(self) -> None:
        if self._listener is not None:
            self._listener.clear()
        for ring in self._waiting:
            if not ring.done():
                ring.set_result(None)
