"""One destination's follower: reads its events off the tail, sends them in order per user, and keeps its own progress.

What fails waits among the retries, with all later events of its user behind it; when the destination as a whole is
down it pauses, the log being the queue, and probes. It decides nothing itself about order, time or health: see
`waiting`, `retry`, `circuit`.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from msgspec import Struct

from skywrite.events.apart import Found
from skywrite.kit.errors import Later, SkywriteError
from skywrite.kit.http import Failure, Response
from skywrite.kit.http_client import HttpClient
from skywrite.log.base import Record
from skywrite.pipeline import retry
from skywrite.pipeline.circuit import Circuit
from skywrite.pipeline.flight import Flight
from skywrite.pipeline.ledger import Ledger, Wish
from skywrite.pipeline.pace import Pace
from skywrite.pipeline.retry import BEHIND
from skywrite.pipeline.route import Event, Job, Route, Target, is_let_through, user_of
from skywrite.pipeline.stats import Sampler, bucket_of
from skywrite.pipeline.tail import Arrival, Tail
from skywrite.pipeline.verdict import Verdict
from skywrite.pipeline.waiting import Waiting
from skywrite.pipeline.watermark import Watermark

log = structlog.get_logger()
_SECOND = 1_000_000
_IDLE_AFTER = 5 * _SECOND
_ABOUT_CONTENT = (400, 413, 422)  # a refusal of what was sent, rather than of who sends or where


class Start(Struct, frozen=True):
    """Where a courier takes up again what an earlier one left."""

    cursor: int
    users: frozenset[str] = frozenset()  # those with retries
    down_since: int = 0  # when the destination was found to be down, 0 when it was not
    reason: str = ""


class Courier:
    """Delivers to one route until told to stop."""

    def __init__(
        self,
        route: Route,
        target: Target,
        start: Start,
        *,
        tail: Tail,
        ledger: Ledger,
        client: HttpClient,
        pace: Pace,
        clock: Callable[[], int],
    ) -> None:
        self.route = route
        self._target = target
        self._tail, self._ledger, self._client, self._pace, self._clock = tail, ledger, client, pace, clock
        self._waiting = Waiting(start.users, ledger, pace, clock)
        self._circuit = Circuit(pace)
        self._watermark = Watermark(start.cursor)
        self._sampler = Sampler(pace)
        self._after = start.cursor
        self._flights: set[Flight] = set()
        self._limit = target.in_flight if target.batch_size == 1 else min(4, target.in_flight)
        self._last_failure = Verdict("later", start.reason)
        self._last_done = 0
        self._state = ("", "", 0)
        self._flushed_at = 0.0
        self._is_stopping = False
        self._news, self._room, self._stir, self._enough = (asyncio.Event() for _ in range(4))
        if start.down_since:
            self._circuit.resume(start.down_since, clock())

    # ---- for the delivery that runs it ----

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`; then let what is on its way finish, and write down how far it came."""
        tasks = [asyncio.ensure_future(step) for step in (self._follow(), self._keep_going(), stop.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks[:2]:
                if task.done():
                    task.result()
        finally:
            self._is_stopping = True
            for task in (tasks[0], tasks[2]):
                task.cancel()
            self._stir.set()
            await self._drain(tasks[1])
            await asyncio.gather(*tasks, return_exceptions=True)
            self._client.close()

    def tell(self, *, retries_changed: bool = False) -> None:
        """There may be more in the log, or among the retries."""
        self._news.set()
        if retries_changed:
            self._waiting.next_due = 0
            self._stir.set()

    # ---- reading ----

    async def _follow(self) -> None:
        while True:
            self._news.clear()
            arrivals = await self._tail.read(self._after)
            for arrival in arrivals:
                await self._wait_for_room()
                self._admit(arrival)
                self._after = arrival.record.position
                self._pump()
            self._stir_if_due()
            if not arrivals:
                await self._news.wait()
            elif len(arrivals) < 100:
                await asyncio.sleep(self._pace.settle)

    async def _wait_for_room(self) -> None:
        while self._waiting.is_full or self._ledger.is_full:
            self._room.clear()
            self._stir.set()
            await self._room.wait()

    def _admit(self, arrival: Arrival) -> None:
        record = arrival.record
        if record.kind == "rejected" or record.source_id not in self.route.sources:
            self._watermark.add(record.position, 0)
            return
        events = arrival.events()
        jobs = [job for found in events if (job := self._job_of(record, found)) is not None]
        if len(jobs) < len(events):
            self._ledger.counts(self._clock()).filtered += len(events) - len(jobs)
        mark = self._watermark.add(record.position, len(jobs))
        for job in jobs:
            job.mark = mark
            if not job.reason:
                self._waiting.add(job)
                continue
            log.error("an event cannot be read", destination=self.route.id, position=job.position, reason=job.reason)
            self._waiting.bury(job)
            self._stir.set()

    def _job_of(self, record: Record, found: Found) -> Job | None:
        """The event as a job, None where it is not wanted; one with a reason can only be buried."""
        event, reason = found.event, found.fault
        try:
            if not reason and not self._takes(event):
                return None
        except Exception as error:  # noqa: BLE001 - one odd event must not stop all that come after it
            reason = f"Whether it is wanted cannot be told of this event: {type(error).__name__}."
        return Job(
            record.position,
            found.item,
            record.source_id,
            record.received_at,
            user="" if found.fault else user_of(event),
            event=event,
            reason=reason,
            size=found.size,
        )

    def _takes(self, event: Event) -> bool:
        return self._target.wants(event) and is_let_through(event, self._target.catalog_name)

    # ---- sending ----

    def _pump(self) -> None:
        """Send what may go now."""
        while not self._is_stopping and len(self._flights) < self._limit and self._waiting.in_memory:
            if self._ledger.unsaved >= 2 * self._pace.max_unsaved:
                return
            if self._circuit.is_open and not self._circuit.begin_probe(self._clock()):
                return
            jobs = self._waiting.take(1 if self._circuit.is_open else self._target.batch_size)
            if not jobs:
                self._circuit.leave_probe()
                return
            self._send(jobs)

    def _send(self, jobs: list[Job], rest: list[Job] | None = None) -> None:
        rest = rest or []
        try:
            request = self._target.request([job.event for job in jobs], self._clock())
            flight = Flight(jobs, request, rest)
            self._client.start(request, partial(self._landed, flight))
        except Exception as error:  # noqa: BLE001 - a mistake with one event is that event's end, not the loop's
            said = str(error) if isinstance(error, SkywriteError) else type(error).__name__
            self._circuit.leave_probe()
            self._end(jobs, Verdict("never", f"No request could be made of the event: {said}"), rest)
            return
        self._flights.add(flight)

    def _landed(self, flight: Flight, answer: Response | Failure) -> None:
        self._flights.discard(flight)
        if isinstance(answer, Failure) and self._is_stopping:
            return  # it is sent again at the next start
        verdict, now, millis = self._verdict_on(answer), self._clock(), flight.millis
        if isinstance(answer, Response):
            self._ledger.counts(now).response[bucket_of(millis)] += 1
        if self._sampler.keeps(delivered=verdict.outcome == "delivered", now=now):
            self._ledger.put_sample(flight.sample(verdict, int(millis), now))
        if verdict.outcome == "later":
            self._circuit.fail(flight.jobs[0].user, now, after=verdict.after, throttled=verdict.is_throttled)
            self._last_failure = verdict
        else:
            self._circuit.succeed()
        self._stir.set()
        if verdict.status in _ABOUT_CONTENT and len(flight.jobs) > 1:
            half = len(flight.jobs) // 2  # one bad event must not cost the others of its batch
            self._send(flight.jobs[:half], flight.jobs[half:] + flight.rest)
            return
        self._end(flight.jobs, verdict, flight.rest)
        if self._circuit.is_open:
            self._waiting.unload()
        self._pump()
        if not self._room.is_set() and self._waiting.has_room:
            self._room.set()

    def _verdict_on(self, answer: Response | Failure) -> Verdict:
        if isinstance(answer, Failure):
            return Verdict.of(answer)
        try:
            return self._target.verdict(answer)
        except Exception as error:  # noqa: BLE001 - an answer that a destination cannot read is no answer
            said = f"Skywrite could not read the answer ({type(error).__name__})."
            return Verdict("later", said, answer.status, response=answer.beginning())

    # ---- what became of events ----

    def _end(self, jobs: list[Job], verdict: Verdict, rest: list[Job]) -> None:
        now = self._clock()
        put_off: set[str] = set()
        if verdict.outcome == "delivered":
            self._note_delivered(jobs, now)
        elif verdict.outcome == "never":
            for job in jobs:
                retry.note_failure(job, verdict, now)
                self._waiting.bury(job)
            self._stir.set()
        else:
            put_off = self._waiting.put_off(jobs, verdict, now)
        for job in rest:
            if job.user in put_off and not job.is_stored:
                self._waiting.park(job, BEHIND)
        rest = [job for job in rest if job.user not in put_off]
        held = {job.user for job in rest}
        for user in dict.fromkeys(job.user for job in jobs):
            if user not in held:
                self._waiting.free(user, is_put_off=user in put_off)
        if rest:
            self._send(rest)

    def _note_delivered(self, jobs: list[Job], now: int) -> None:
        counts = self._ledger.counts(now)
        counts.delivered += len(jobs)
        self._ledger.note_done(len(jobs))
        if self._ledger.unsaved >= self._pace.commit_events:
            self._enough.set()
        self._last_done = now
        for job in jobs:
            counts.latency[bucket_of((now - job.received_at) / 1000)] += 1
            self._waiting.finish(job)

    # ---- progress ----

    async def _keep_going(self) -> None:
        """Write down progress, bring in due retries, and probe, each when it is time."""
        while not self._is_stopping:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stir.wait(), self._seconds_to_next())
            self._stir.clear()
            self._store_stragglers()
            if self._circuit.is_known_down and self._waiting.give_up_expired(self._circuit.since, self._last_failure):
                self._stir.set()
                self._room.set()
            self._pump()
            await self._flush_safely()
            self._pump()
            if not self._is_stopping:
                self._enough.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._enough.wait(), self._pace.commit)

    def _stir_if_due(self) -> None:
        """Progress is worth a commit: at once with changes, a bare cursor less often."""
        if self._ledger.has_changes or (
            time.monotonic() - self._flushed_at > self._pace.look and self._ledger.has_news(self._watermark.value)
        ):
            self._stir.set()

    def _seconds_to_next(self) -> float | None:
        now = self._clock()
        times: list[int] = []
        if self._waiting.next_due is not None and not self._circuit.is_open:
            times.append(self._waiting.next_due)
        if self._circuit.is_open and not self._circuit.is_probing:
            times.append(self._circuit.probe_at)
        waits = [max(0.0, (at - now) / _SECOND) for at in times]
        if self._flights:
            waits.append(self._pace.straggler / 2)
        if self._state[0] != "idle":  # the last retry may have gone with the last flush: look once more what is said
            waits.append(_IDLE_AFTER / _SECOND)
        if self._circuit.is_open or self._ledger.has_news(self._watermark.value):
            waits.append(self._pace.look)
        return min(waits) if waits else None

    def _store_stragglers(self) -> None:
        """A slow request holds back its user only: its events are stored, and the cursor passes them."""
        late = time.monotonic() - self._pace.straggler
        patience = int(2 * self._pace.timeout * _SECOND)
        for flight in self._flights:
            if flight.began > late or flight.is_late:
                continue
            flight.is_late = True
            for job in flight.jobs:
                if not job.is_stored:
                    self._waiting.park(job, self._clock() + patience)
                    self._waiting.clear_lane(job.user)

    async def _flush_safely(self) -> None:
        try:
            await self._flush()
        except Later as error:
            log.warning("progress of a delivery can't be written down", destination=self.route.id, reason=str(error))
            await asyncio.sleep(self._pace.look)
            self._stir.set()

    async def _flush(self) -> None:
        self._note_state()
        wish = None if self._is_stopping else self._waiting.wish(self._circuit, self._last_failure)
        cursor = self._watermark.value
        if not self._ledger.has_news(cursor) and wish is None:
            return
        self._flushed_at = time.monotonic()
        await self._waiting.save(cursor, wish or Wish())
        if self._waiting.is_draining and not self._circuit.is_open:
            self._stir.set()
        self._room.set()

    def _note_state(self) -> None:
        """Say what is going on where a page can read it, when that has changed."""
        now = self._clock()
        circuit, reason = self._circuit, self._last_failure.reason
        since, probe_at = now, None
        if circuit.is_open:
            state = "retrying" if circuit.is_throttled else "failing"
            since, probe_at = circuit.since, circuit.probe_at
        elif self._waiting.has_retries:
            state = "retrying"
        elif self._flights or self._waiting.in_memory or now - self._last_done < _IDLE_AFTER:
            state, reason = "delivering", ""
        else:
            state, reason = "idle", ""
        said = (state, reason, probe_at or 0)
        if said != self._state:
            self._state = said
            self._ledger.put_state(state, reason, since, probe_at)

    # ---- stopping ----

    async def _drain(self, keeping: asyncio.Future[Any]) -> None:
        """Let what is on its way finish, then write down where to begin again."""
        until = time.monotonic() + self._pace.drain
        while self._flights and time.monotonic() < until:  # noqa: ASYNC110 - once, at the end
            await asyncio.sleep(0.01)
        with contextlib.suppress(Exception):
            await asyncio.wait_for(asyncio.shield(keeping), self._pace.drain)
        self._state = ("idle", "", 0) if self._state[0] in ("idle", "delivering") else self._state
        if self._ledger.has_news(self._watermark.value):
            with contextlib.suppress(Later):
                await self._ledger.flush(self._watermark.value, self._clock(), Wish())
