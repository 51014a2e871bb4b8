"""The servers that share a set of limits: a relay, or all domains with the same mail servers. What waits for them, the
connections to them, and the pause that they are given when they say that we are too much or unwelcome.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from msgspec import Struct

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.providers.journal import Journal
from skywrite.channels.email.providers.smtp.connection import Connection
from skywrite.channels.email.providers.smtp.job import Failed, Job
from skywrite.channels.email.providers.smtp.limits import Limits
from skywrite.channels.email.providers.smtp.pace import Pace

_TROUBLES = 5  # answers in a row that speak of us, before the group is given a pause
_TRIES = 3  # connections that may break under one mail before it is put off
_AHEAD = 512  # mails written down before a connection asks for them, at most: each write to the disk costs the same
_CROWDED = 20.0  # seconds
_FEWER = 300.0  # seconds for which no more connections are tried than were let in

Opener = Callable[["Group"], Awaitable[Connection]]  # raises Failed


class Terms(Struct, frozen=True):
    """What a group is given by its client."""

    limits: Limits
    most_waiting: int
    is_final_host: bool
    journal: Journal | None
    farewell: float  # seconds that what is on its way may take when we are told to stop
    on_end: Callable[[Job], None]  # after each mail
    on_resume: Callable[[], None]  # after a pause


class Group:
    """Mails go in by `add`; each is told once, however its servers behave."""

    def __init__(self, name: str, terms: Terms, opener: Opener) -> None:
        self.name = name
        self.paused_until = 0.0  # of the loop's clock
        self._terms, self._opener, self._limits = terms, opener, terms.limits
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Job] = deque()
        self._ready: deque[Job] = deque()  # written down: may go out
        self._marking = 0
        self._connections: set[Connection] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._pace = Pace(terms.limits.mails_a_second)
        self._is_proven = False  # it has let us in, since the last pause
        self._most = (terms.limits.connections, 0.0)  # how many connections, and until when that holds if fewer
        self._pauses = self._troubles = 0
        self._wake_timer: asyncio.TimerHandle | None = None
        self._pause_timer: asyncio.TimerHandle | None = None
        self._is_closing = self._is_moving = False
        self._emptied = asyncio.Event()
        self._why = ""  # it is given a pause

    @property
    def size(self) -> int:
        """How many mails wait here, those that are being given to servers not counted."""
        return len(self._waiting) + len(self._ready) + self._marking

    @property
    def is_busy(self) -> bool:
        """Whether it has mails or connections."""
        return bool(self.size or self._connections or self._opening)

    @property
    def pause_left(self) -> float:
        """For how many seconds it is still given a pause."""
        return max(0.0, self.paused_until - self._loop.time()) if self.paused_until else 0.0

    def add(self, job: Job) -> None:
        """Take a mail; where it can't be sent soon it is put off at once, so that it keeps no other from its place."""
        if self._is_closing:
            self._loop.call_soon(self._put_off, job, "Sending is being stopped.", 0.0)
        elif self.pause_left:
            self._loop.call_soon(self._put_off, job, f"{self.name} is given a pause: {self._why}", self.pause_left)
        elif self.size >= self._terms.most_waiting:
            self._loop.call_soon(self._put_off, job, f"Many mails wait for {self.name} already.", _CROWDED)
        else:
            self._waiting.append(job)
            self._move_soon()

    async def close(self) -> None:
        """Put off what waits, let connections finish what is on its way, and part."""
        self._is_closing = True
        self._put_all_off(Failed(Stage.CONNECT, "Sending is being stopped."), 0.0)
        for task in self._opening:
            task.cancel()
        for connection in list(self._connections):
            connection.leave()
        self._see_whether_empty()
        try:
            async with asyncio.timeout(self._terms.farewell):
                await self._emptied.wait()
        except TimeoutError:
            for connection in list(self._connections):
                connection.abort()

    def _see_whether_empty(self) -> None:
        if self._is_closing and not self._connections and not self._opening:
            self._emptied.set()

    # ---- from waiting to a connection ----

    def _move_soon(self) -> None:
        if not self._is_moving:
            self._is_moving = True
            self._loop.call_soon(self._move)

    def _move(self) -> None:
        """Have the next mails written down, give those that are to idle connections, and connect if more would help."""
        self._is_moving = False
        self._mark()
        if not self._ready:
            return
        for connection in list(self._connections):
            if not self._ready:
                return
            connection.wake()
        self._connect()

    def _mark(self) -> None:
        most = min(_AHEAD, 25 * self._limits.connections)
        room = most - len(self._ready) - self._marking
        if room < most // 2 and self._ready:  # many at once: each write to the disk costs the same
            return
        jobs = [self._waiting.popleft() for _ in range(min(room, len(self._waiting)))]
        if not jobs:
            return
        journal = self._terms.journal
        if journal is None:
            self._ready.extend(jobs)
            return
        self._marking += len(jobs)
        journal.begin([job.mail.id for job in jobs], lambda: self._marked(jobs))

    def _marked(self, jobs: list[Job]) -> None:
        self._marking -= len(jobs)
        for job in jobs:
            job.is_begun = True
        self._ready.extend(jobs)
        if self._is_closing or self.pause_left:
            self._put_all_off(Failed(Stage.CONNECT, f"{self.name} is given a pause: {self._why}"), self.pause_left)
        else:
            self._move()

    def next_job(self, connection: object) -> Job | None:
        """The next mail for a connection."""
        assert isinstance(connection, Connection)
        if connection.given >= self._limits.mails_a_connection or self._is_closing or self.pause_left:
            connection.leave_soon()
            return None
        if not self._ready:
            return None
        wait = self._pace.take(self._loop.time())
        if wait:
            self._wake_in(wait)
            return None
        job = self._ready.popleft()
        if self._waiting and not self._marking:
            self._mark()
        return job

    def _wake_in(self, seconds: float) -> None:
        if self._wake_timer is None:
            self._wake_timer = self._loop.call_later(seconds, self._woken)

    def _woken(self) -> None:
        self._wake_timer = None
        self._move()

    # ---- connections ----

    def _connect(self) -> None:
        most, until = self._most
        if self._loop.time() > until:
            most = self._limits.connections
        allowed = most if self._is_proven else 1
        wanted = min(allowed, len(self._connections) + self.size)
        for _ in range(wanted - len(self._connections) - len(self._opening)):
            task = self._loop.create_task(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opened)

    async def _open(self) -> None:
        try:
            connection = await self._opener(self)
        except Failed as failed:
            self._turned_away(failed)
            return
        self._is_proven = True
        self._connections.add(connection)
        connection.begin()

    def _opened(self, task: asyncio.Task[None]) -> None:
        self._opening.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._turned_away(Failed(Stage.CONNECT, f"{type(error).__name__}: {error}"))
        if not self._is_closing and not self.pause_left:
            self._move_soon()
        self._see_whether_empty()

    def _turned_away(self, failed: Failed) -> None:
        """A server that let others of us in has enough of us; one that lets nobody in is given a pause."""
        if self._connections:
            self._most = (len(self._connections), self._loop.time() + _FEWER)
        else:
            self._pause(failed)

    def closed(self, connection: object, failed: Failed | None) -> None:
        """A connection is gone."""
        assert isinstance(connection, Connection)
        self._connections.discard(connection)
        if failed is not None and failed.reply is not None:
            self._turned_away(failed)
        if self.size and not self._is_closing:
            self._move_soon()
        self._see_whether_empty()

    def _pause(self, failed: Failed) -> None:
        if self._is_closing or self.pause_left:  # connections that fail together are one reason
            return
        seconds = min(self._limits.longest_pause, self._limits.pause_seconds * 2.0 ** min(self._pauses, 20))
        self._pauses += 1
        self._why = str(failed)
        self._troubles, self._is_proven = 0, False
        self.paused_until = self._loop.time() + seconds
        self._put_all_off(failed, seconds)
        for connection in list(self._connections):
            connection.leave()
        if self._pause_timer is not None:  # of the pause before, where it is late
            self._pause_timer.cancel()
        self._pause_timer = self._loop.call_later(seconds, self._resume)

    def _resume(self) -> None:
        self.paused_until = 0.0  # a timer may be some moments early
        self._terms.on_resume()

    # ---- what becomes of mails ----

    def finished(self, job: Job, outcome: Outcome, *, is_about_us: bool) -> None:
        """A server has decided on a mail, or nobody can tell what it did."""
        self._tell(job, outcome)
        if outcome.result == "taken":
            self._pauses = self._troubles = 0
        elif is_about_us:
            self._trouble(Failed(outcome.stage, outcome.reason, host=outcome.host))

    def returned(self, job: Job, stage: Stage, reason: str, *, is_fresh: bool) -> None:
        """A connection broke under a mail of which nothing went out: it is tried on another, for some times."""
        job.tries += is_fresh
        if job.tries >= _TRIES or self._is_closing:
            self._put_off(job, reason, 0.0, stage)
            self._trouble(Failed(stage, reason, host=self.name))
        else:
            self._ready.appendleft(job)

    def _trouble(self, failed: Failed) -> None:
        self._troubles += 1
        if self._troubles >= _TROUBLES:
            self._pause(failed)

    def write_down(self, job: Job) -> None:
        """A mail's content goes out next."""
        if self._terms.journal is not None:
            self._terms.journal.content(job.mail.id)

    def _put_off(self, job: Job, reason: str, after: float, stage: Stage = Stage.CONNECT) -> None:
        later = Outcome("later", stage, reason, host=self.name, is_final_host=self._terms.is_final_host, after=after)
        self._tell(job, later)

    def _put_all_off(self, failed: Failed, after: float) -> None:
        jobs = [*self._ready, *self._waiting]
        self._ready.clear()
        self._waiting.clear()
        outcome = failed.outcome(after, is_final_host=self._terms.is_final_host)
        for job in jobs:
            self._tell(job, outcome)

    def _tell(self, job: Job, outcome: Outcome) -> None:
        if job.is_ended:
            return
        if self._terms.journal is not None and job.is_begun:
            self._terms.journal.ended(job.mail.id, outcome)
        job.end(outcome)
        self._terms.on_end(job)
