"""The store's copy of a position whose truth is elsewhere, as the warehouse's and dedupe's: the log is trimmed by it.

It may lag behind, so it is written by a thread of its own: a store that can't be used holds up no follower.
"""

import contextlib
import threading
from collections.abc import Iterator

import structlog

from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros
from skywrite.pipeline.cursors import put_copy
from skywrite.store.engine import Store

log = structlog.get_logger()
_AGAIN_SECONDS = 1.0


class CursorCopy:
    """The copy of one follower's position: of all that is noted, the latest is written."""

    def __init__(self, store: Store, follower: str) -> None:
        self._store = store
        self._follower = follower
        self._latest: int | None = None
        self._written: int | None = None
        self._news = threading.Event()

    def note(self, position: int) -> None:
        """The follower stands here. Waits for nothing."""
        if position != self._latest:
            self._latest = position
            self._news.set()

    def put(self, position: int) -> None:
        """Write it at once, where no thread does; what the store does not take goes with the next."""
        self.note(position)
        self.write()

    def write(self) -> bool:
        """Write what was noted last, where the store hasn't it; False, and a warning, where that can't be now."""
        position = self._latest
        if position is None or position == self._written:
            return True
        try:
            with self._store.write() as connection:
                put_copy(connection, self._follower, position, now_micros())
        except Later as error:
            log.warning("a cursor's copy can't be written now", follower=self._follower, reason=str(error))
            return False
        self._written = position
        return True

    @contextlib.contextmanager
    def keeping(self) -> Iterator[None]:
        """Have what is noted written while the block lasts; at its end the last of it, unless the store can't."""
        ended = threading.Event()
        thread = threading.Thread(target=self._keep, args=(ended,), name=f"{self._follower}-copy")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            self._news.set()
            thread.join()

    def _keep(self, ended: threading.Event) -> None:
        while True:
            self._news.wait()
            self._news.clear()
            is_last = ended.is_set()  # looked at before: what was noted until then is in this write
            if not self._write_safely():
                if ended.wait(_AGAIN_SECONDS):
                    return
                self._news.set()
            elif is_last:
                return

    def _write_safely(self) -> bool:
        try:
            return self.write()
        except Exception:  # the loop's edge: it is tried again like any other
            log.exception("a cursor's copy could not be written", follower=self._follower)
            return False
