"""Group commit: whatever arrives while one commit runs goes into the next.

The disk sets the pace, and where records are small a rest between two commits (`apart`), each of which costs as much
as ten of them.
"""

import asyncio
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

import structlog

from skywrite.kit.bell import Bell
from skywrite.kit.errors import Later
from skywrite.log.base import Log, NewRecord

log = structlog.get_logger()
Done = Callable[[Later | None], None]
Group = list[tuple[list[NewRecord], Done]]
_MAX_WAITING_BYTES = 64 << 20
_ENOUGH = 16  # requests that wait: a commit of these costs each of them less than its own making


class GroupCommit:
    """Hands records to the log from a thread of its own; `done` is called in the loop when they are durable.

    Commits begin at least `apart` seconds after each other, so that records which come one by one share one. What comes
    after a rest does not wait, nor do so many that they make a commit worth its cost.
    """

    def __init__(self, log: Log, bell: Bell, loop: asyncio.AbstractEventLoop, *, apart: float = 0.0) -> None:
        self._log = log
        self._bell = bell
        self._loop = loop
        self._apart = apart
        self._next = 0.0  # when the next commit may begin, in the loop's time
        self._beginning: asyncio.Handle | None = None  # of the next commit, where none is under way
        self._groups: SimpleQueue[Group | None] = SimpleQueue()
        self._waiting: Group = []
        self._waiting_bytes = 0
        self._is_committing = False
        self.trouble = ""  # why the last commit failed; "" when it did not, or the log was seen to be well since
        self._thread = Thread(target=self._run, name="log-commit", daemon=True)
        self._thread.start()

    def submit(self, records: list[NewRecord], done: Done) -> None:
        """Make `records` durable with the next commit, then call `done(None)`, or `done(why not)`."""
        if self._waiting_bytes > _MAX_WAITING_BYTES:
            done(Later("More arrives than the disk takes; try again.", after=1))
            return
        for record in records:
            self._waiting_bytes += len(record.body)
        self._waiting.append((records, done))
        if self._is_committing:
            return
        if self._beginning is None:
            # Not at once: the other sockets that are readable now should come along.
            self._beginning = self._loop.call_later(max(0.0, self._next - self._loop.time()), self._start)
        elif len(self._waiting) == _ENOUGH:
            self._beginning.cancel()
            self._beginning = self._loop.call_soon(self._start)

    def close(self) -> None:
        """Finish the commit under way and end the thread."""
        self._groups.put(None)
        self._thread.join()

    def _start(self) -> None:
        self._beginning, self._is_committing = None, True
        self._next = self._loop.time() + self._apart
        group, self._waiting, self._waiting_bytes = self._waiting, [], 0
        self._groups.put(group)

    def _run(self) -> None:
        while (group := self._groups.get()) is not None:
            self._commit(group)

    def _commit(self, group: Group) -> None:
        failure: Later | None = None
        try:
            self._log.append([record for records, _ in group for record in records])
        except Later as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever or be told yes
            failure = Later(f"The event log failed: {error!r}.")
        self.trouble = str(failure) if failure else ""
        self._loop.call_soon_threadsafe(self._finish, group, failure)
        if failure is None:
            self._bell.ring()

    def _finish(self, group: Group, failure: Later | None) -> None:
        self._is_committing = False
        wait = self._next - self._loop.time()
        if len(self._waiting) >= _ENOUGH or (self._waiting and wait <= 0):
            self._start()
        elif self._waiting:
            self._beginning = self._loop.call_later(wait, self._start)
        for _, done in group:
            try:
                done(failure)
            except Exception:  # one that breaks may not leave the rest of its commit without an answer
                log.exception("an answer could not be given", failure=failure)
