"""Group commit: whatever arrives while one commit runs goes into the next. The disk sets the pace, no timer does."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from skywrite.kit.bell import Bell
from skywrite.kit.errors import Later
from skywrite.log.base import Log, NewRecord

Done = Callable[[Later | None], None]
_MAX_WAITING_BYTES = 64 << 20


class GroupCommit:
    """Hands records to the log from a thread of its own; `done` is called in the loop when they are durable."""

    def __init__(self, log: Log, bell: Bell, loop: asyncio.AbstractEventLoop) -> None:
        self._log = log
        self._bell = bell
        self._loop = loop
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="log-commit")
        self._waiting: list[tuple[list[NewRecord], Done]] = []
        self._waiting_bytes = 0
        self._busy = False

    def submit(self, records: list[NewRecord], done: Done) -> None:
        """Make `records` durable with the next commit, then call `done(None)`, or `done(why not)`."""
        self._waiting_bytes += sum([len(record.body) for record in records])
        if self._waiting_bytes > _MAX_WAITING_BYTES:
            self._waiting_bytes -= sum([len(record.body) for record in records])
            done(Later("More arrives than the disk takes; try again.", after=1))
            return
        self._waiting.append((records, done))
        if not self._busy:
            self._busy = True
            # Not at once: the other sockets that are readable now should come along.
            self._loop.call_soon(self._start)

    def close(self) -> None:
        """Finish the commit under way and end the thread."""
        self._thread.shutdown(wait=True)

    def _start(self) -> None:
        group, self._waiting, self._waiting_bytes = self._waiting, [], 0
        self._thread.submit(self._commit, group)

    def _commit(self, group: list[tuple[list[NewRecord], Done]]) -> None:
        failure: Later | None = None
        try:
            self._log.append([record for records, _ in group for record in records])
        except Later as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever or be told yes
            failure = Later(f"The event log failed: {error!r}.")
        self._loop.call_soon_threadsafe(self._finish, group, failure)
        if failure is None:
            self._bell.ring()

    def _finish(self, group: list[tuple[list[NewRecord], Done]], failure: Later | None) -> None:
        if self._waiting:
            self._start()
        else:
            self._busy = False
        for _, done in group:
            done(failure)
