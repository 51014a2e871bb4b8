"""Where one destination's events wait: in memory, a lane a user, or in the store among the retries.

Once an event of a user is among the retries, all later ones of that user go behind it, until none is left there.
Nothing is sent here, and nothing decides whether the destination is up.
"""

from collections.abc import Callable, Collection

from skywrite.kit.errors import Later
from skywrite.pipeline import retry
from skywrite.pipeline.circuit import Circuit
from skywrite.pipeline.lanes import Lanes
from skywrite.pipeline.ledger import DUE_USERS, Ledger, Loaded, Wish
from skywrite.pipeline.pace import Pace
from skywrite.pipeline.retry import BEHIND
from skywrite.pipeline.route import Job
from skywrite.pipeline.verdict import Verdict

_FEWEST_ROWS = 50


class Waiting:
    """Every event that is not on its way. `users` are those that have retries when it begins."""

    def __init__(self, users: Collection[str], ledger: Ledger, pace: Pace, clock: Callable[[], int]) -> None:
        self._ledger, self._pace, self._clock = ledger, pace, clock
        self._lanes = Lanes()
        self._blocked = set(users)  # users with retries: what comes for them waits behind
        self._draining: set[str] = set()  # blocked users whose next retries are to be read
        self.next_due: int | None = 0 if users else None  # when a retry is due, as far as is known

    @property
    def in_memory(self) -> int:
        """How many wait in memory."""
        return self._lanes.waiting

    @property
    def is_full(self) -> bool:
        """Whether no more may wait in memory."""
        return self._lanes.waiting >= self._pace.max_waiting or self._lanes.bytes >= self._pace.max_waiting_bytes

    @property
    def has_room(self) -> bool:
        """Whether it is worth to bring in more: half of the room is free."""
        lanes, pace = self._lanes, self._pace
        return lanes.waiting <= pace.max_waiting // 2 and lanes.bytes <= pace.max_waiting_bytes // 2

    @property
    def has_retries(self) -> bool:
        """Whether some wait among the retries."""
        return bool(self._blocked)

    @property
    def is_draining(self) -> bool:
        """Whether there are users whose retries are to be read now."""
        return bool(self._draining)

    # ---- coming and going ----

    def add(self, job: Job) -> None:
        """Let an event that has just come wait for its turn."""
        if job.user in self._blocked:
            self._leave_to_store(job)
            self._ledger.keep_retry(job)
        else:
            self._lanes.add(job)

    def take(self, limit: int) -> list[Job]:
        """Up to `limit` events that may go now; their users have none on its way until `free`."""
        return self._lanes.take(limit, self._pace.request_bytes)

    def free(self, user: str, *, is_put_off: bool) -> None:
        """The user's next may go: from memory, or once its retries are read."""
        self._lanes.release(user)
        if user in self._blocked and user not in self._lanes and not is_put_off:
            self._draining.add(user)

    def finish(self, job: Job) -> None:
        """The job is done with: the cursor may pass it, or it leaves the retries."""
        if job.mark is not None:
            job.mark.done()
        else:
            self._ledger.drop_retry(job)

    def bury(self, job: Job) -> None:
        """Give the job up: it is a dead letter."""
        now = self._clock()
        self._ledger.counts(now).failed += 1
        self._ledger.put_dead(job, now)
        self.finish(job)

    # ---- among the retries ----

    def park(self, job: Job, due_at: int) -> None:
        """Let a job wait among the retries: the cursor need not wait for it any more."""
        self._leave_to_store(job)
        self._ledger.put_retry(job, due_at)
        if due_at < BEHIND and (self.next_due is None or due_at < self.next_due):
            self.next_due = due_at

    def _leave_to_store(self, job: Job) -> None:
        job.since = job.since or self._clock()
        if job.mark is not None:
            job.mark.done()
            job.mark = None
        self._blocked.add(job.user)

    def put_off(self, jobs: list[Job], verdict: Verdict, now: int) -> set[str]:
        """Let failed jobs wait for their next try; the users who wait from now on."""
        first_of: set[str] = set()
        self._ledger.counts(now).retried += len(jobs)
        for job in jobs:
            retry.note_failure(job, verdict, now)
            if job.user in first_of:
                self.park(job, BEHIND)
                continue
            due = retry.next_try(job, now, self._pace, verdict.after)
            if due is None:
                self.bury(job)
            else:
                first_of.add(job.user)
                self.park(job, due)
        for user in first_of:
            self.clear_lane(user)
        return first_of

    def clear_lane(self, user: str) -> None:
        """What waits in memory for a user with retries goes behind them, unless it came from there."""
        for job in self._lanes.drop(user):
            if not job.is_stored:
                self.park(job, BEHIND)

    def unload(self) -> None:
        """While the destination is down, retries wait in the store and not in memory."""
        seen: set[str] = set()
        for job in self._lanes.drop_where(lambda job: job.is_stored):
            if job.user not in seen:
                seen.add(job.user)
                self.park(job, self._clock())

    def give_up_expired(self, down_since: int, said: Verdict) -> bool:
        """Bury what has waited out its window in memory, untried, `said` being why; whether there was any."""
        now = self._clock()
        over = self._lanes.drop_where(lambda job: not job.is_stored and retry.is_over(job, now, down_since, self._pace))
        for job in over:
            retry.note_answer(job, said)
            self.bury(job)
        return bool(over)

    # ---- from the store ----

    def wish(self, circuit: Circuit, said: Verdict) -> Wish | None:
        """What is to be read of the retries now; `said` is what the destination last failed with."""
        now = self._clock()
        busy = [user for user in self._lanes.users if user in self._blocked]
        if circuit.is_open:
            before = now - self._pace.window if circuit.is_known_down else None
            probe = now if circuit.probe_at <= now and not self._lanes.waiting else None
            return Wish((), probe, 1, busy, 1, before, said)
        if not self.has_room:
            return None
        users = [user for user in self._draining if user not in self._lanes]
        due = now if self.next_due is not None and self.next_due <= now else None
        if not users and due is None:
            return None
        # One user with a long queue must not wait for a commit after every few: memory is shared among who is read.
        read = len(users) + (DUE_USERS if due is not None else 0)
        return Wish(users, due, busy=busy, rows_a_user=max(_FEWEST_ROWS, self._pace.max_waiting // 2 // read))

    async def save(self, cursor: int, wish: Wish) -> None:
        """Write down what the ledger has and take in what is wished for. Raises Later, and then nothing is changed."""
        self.next_due, before = None, self.next_due
        try:
            loaded = await self._ledger.flush(cursor, self._clock(), wish)
        except Later:
            self.next_due = before
            raise
        self._take_in(loaded, wish)

    def _take_in(self, loaded: Loaded, wish: Wish) -> None:
        """Let what was read have its turn; who has nothing left is free again."""
        is_whole = not loaded.is_cut and len(loaded.jobs) < wish.due_users
        there_may_be_more = wish.due_upto is not None and not is_whole
        dues = [0 if there_may_be_more else loaded.next_due, self.next_due]  # ours: of what was parked meanwhile
        self.next_due = min((due for due in dues if due is not None), default=None)
        self._draining.update(loaded.expired)
        for user, jobs in loaded.jobs.items():
            self._draining.discard(user)
            if jobs:
                self._blocked.add(user)
            if user in self._lanes:
                continue  # when its lane is empty these are read again
            if jobs:
                for job in jobs:
                    self._lanes.add(job)
            elif self._ledger.has_put(user):
                self._draining.add(user)
            else:
                self._blocked.discard(user)
