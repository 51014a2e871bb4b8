"""The sender: claims, has mails made, hands them to a provider and records, all at once, with bounded memory.

The store is asked in a thread of its own, one turn at a time; mails are made by `makers`; the provider is in the event
loop.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol, TypeVar

import structlog

from skywrite.channels.email.carrying import Outcome, Provider
from skywrite.channels.email.outbox.model import Claimed, Make, Rejected, Rendered
from skywrite.channels.email.outbox.record import Ended
from skywrite.channels.email.outbox.turn import Turns
from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros

log = structlog.get_logger()
T = TypeVar("T")
BATCH = 1_000  # messages that are claimed in one turn at most
_SLICE = 50  # messages that are made in one go
_GATHER_SECONDS = 0.05  # while mails are under way, ends are gathered so long: a turn costs as much for one as for many
_AWAY_SECONDS = 1.0
_IDLE_SECONDS = 1.0


class Journal(Protocol):
    """What outlives a sender that is killed: see `providers/journal.py`."""

    def left(self) -> dict[int, Outcome | None]:
        """What the last sender left unrecorded: what became of each mail, None where nobody can tell."""

    def clear(self, ids: list[int]) -> None:
        """Forget mails whose end is in the store."""


class Sender:
    """Sends what is due until it is told to stop. `say` hears how it is: a state and a reason."""

    def __init__(
        self,
        turns: Turns,
        provider: Provider,
        make: Make,
        journal: Journal,
        *,
        say: Callable[[str, str], None] = lambda _state, _reason: None,
        batch: int = BATCH,
    ) -> None:
        self._turns, self._provider, self._make, self._journal = turns, provider, make, journal
        self._say, self._batch = say, batch
        self._thread = ThreadPoolExecutor(1, "outbox")
        self._waiting: deque[Claimed] = deque()  # claimed, not being made
        self._in_making = 0
        self._making: set[asyncio.Task[None]] = set()  # the loop itself keeps none
        self._under_way: set[int] = set()  # the provider's
        self._ended: list[Ended] = []  # not recorded
        self._news = asyncio.Event()
        self._has_strays = False
        self._stopping = False
        self._failed: Exception | None = None

    def wake(self) -> None:
        """There may be something to send. Called in the loop."""
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; then let what is under way end, and put the rest back.

        Raises what making raised, all of that done, where no mail can be made. Raises Later where what the last sender
        left cannot be sorted out just now: it is kept for the next.
        """
        self._provider.on_room = self._news.set  # type: ignore[misc]
        await self._recover()
        stopped = asyncio.get_running_loop().create_task(self._stop(stop))
        try:
            while not self._stopping:
                self._news.clear()
                wait = await self._step()
                if wait > 0:
                    await self._pause(wait)
            await self._drain()
        finally:
            stopped.cancel()
            self._thread.shutdown()
        if self._failed is not None:
            raise self._failed

    async def _stop(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._stopping = True
        self._news.set()

    async def _step(self) -> float:
        """One turn at the store, while what was claimed before is made and sent; how long nothing will change.

        More than the provider wants now is claimed only for one that lets many wait: what is claimed is not asked
        about again, so a pause and an unsubscription come too late for it.
        """
        ahead = max(0, self._batch - len(self._ended)) if self._provider.most >= 2 * self._batch else 0
        wanted = min(self._batch, self._room + ahead - len(self._waiting))
        if len(self._waiting) >= self._batch or self._room <= 0:
            wanted = 0
        wait = await self._turn(wanted)
        self._hand_over()
        if self._ended:
            return _GATHER_SECONDS if self._is_busy and len(self._ended) < self._batch else 0.0
        return wait

    async def _turn(self, wanted: int) -> float:
        ended, self._ended = self._ended, []
        if not ended and wanted <= 0:
            return _IDLE_SECONDS
        try:
            taken = await self._in_thread(partial(self._turns.turn, ended, wanted))
        except Later as error:
            self._ended = ended + self._ended
            self._has_strays = True  # whether the turn was committed is not known: what it claimed is not known here
            self._say("failing", str(error))
            await asyncio.sleep(_AWAY_SECONDS)
            return 0.0
        self._say("ok", "")
        if ended:
            self._journal.clear([one.id for one in ended])
        self._waiting.extend(taken.messages)
        if self._has_strays and not (self._waiting or self._is_busy or self._ended):
            self._has_strays = False
            await self._in_thread(partial(self._turns.recover, {}, {}))
        return 0.0 if taken.messages and self._room > 0 else taken.wait

    @property
    def _room(self) -> int:
        """How many more mails may be made: the provider wants them, and not too many wait for makers."""
        return min(self._batch, self._provider.room) - self._in_making

    @property
    def _is_busy(self) -> bool:
        """Whether more will end by itself."""
        return bool(self._in_making or self._under_way)

    def _hand_over(self) -> None:
        """Have what is claimed made and sent, as many as the provider wants."""
        while self._waiting and self._room > 0 and not self._stopping:
            messages = [self._waiting.popleft() for _ in range(min(_SLICE, self._room, len(self._waiting)))]
            self._in_making += len(messages)
            task = asyncio.get_running_loop().create_task(self._send(messages))
            self._making.add(task)
            task.add_done_callback(self._making.discard)

    async def _send(self, messages: list[Claimed]) -> None:
        try:
            made = await self._make(messages)
        except Later as error:
            self._say("failing", str(error))
            await asyncio.sleep(error.after)
            self._in_making -= len(messages)
            self._waiting.extendleft(reversed(messages))
            self._news.set()
            return
        except Exception as error:  # noqa: BLE001 - whatever it was, what was made is sent before this ends by it
            self._failed, self._stopping = error, True
        self._in_making -= len(messages)
        if self._stopping:
            self._waiting.extend(messages)
            self._news.set()
            return
        for message, mail in zip(messages, made, strict=True):
            if isinstance(mail, Rejected):
                self._end(Ended(message.id, mail, now_micros()))
            else:
                self._under_way.add(message.id)
                self._provider.submit(mail.mail, partial(self._done, message.id, mail.subject))
        self._hand_over()

    def _done(self, number: int, subject: str, outcome: Outcome) -> None:
        self._under_way.discard(number)
        self._end(Ended(number, outcome, now_micros(), subject))

    def _end(self, ended: Ended) -> None:
        self._ended.append(ended)
        if len(self._ended) == 1 or len(self._ended) >= self._batch:
            self._news.set()

    async def _pause(self, seconds: float) -> None:
        """Until there is news, or so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return
        if not self._stopping:
            await asyncio.sleep(_GATHER_SECONDS if self._is_busy else 0)

    async def _recover(self) -> None:
        left = self._journal.left()
        subjects = await self._subjects(list(left))
        found = await self._in_thread(partial(self._turns.recover, left, subjects))
        self._journal.clear(list(left))
        if found:
            log.warning("mails of a sender that stopped were sorted out", found=found, in_doubt=len(left))

    async def _subjects(self, ids: list[int]) -> dict[int, str]:
        """The subjects of mails that a sender was sending when it died: those are made again, and sent by nobody."""
        left = await self._in_thread(partial(self._turns.nameless, ids))
        found: dict[int, str] = {}
        for start in range(0, len(left), _SLICE):
            messages = left[start : start + _SLICE]
            made = zip(messages, await self._make(messages), strict=True)
            found |= {message.id: mail.subject for message, mail in made if isinstance(mail, Rendered)}
        return found

    async def _drain(self) -> None:
        """What is under way comes to its end or back; all of it is recorded."""
        await self._provider.close()
        while self._is_busy:
            self._news.clear()
            await self._pause(_IDLE_SECONDS)
        back = [one.id for one in self._waiting]
        back += [one.id for one in self._ended if _was_not_tried(one)]
        ended = [one for one in self._ended if not _was_not_tried(one)]
        await self._in_thread(partial(self._turns.turn, ended, 0))
        await self._in_thread(partial(self._turns.put_back, back))
        self._journal.clear([one.id for one in self._ended])

    def _in_thread(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        return asyncio.get_running_loop().run_in_executor(self._thread, work)


def _was_not_tried(one: Ended) -> bool:
    """Whether a provider that was told to close gave it back, no server having said anything."""
    return isinstance(one.what, Outcome) and one.what.result == "later" and not one.what.code
