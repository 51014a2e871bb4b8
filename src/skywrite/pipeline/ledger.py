"""What one destination's delivery has to write down, gathered and committed in one transaction now and then.

Cursor, retries, dead letters, counts, samples and state go together, so that a crash takes back whole moments only.
What the store does not take is kept and offered again.
"""

import asyncio
from collections.abc import Collection
from concurrent.futures import Executor
from typing import Any

import msgspec
from msgspec import Struct, field
from sqlalchemy import Connection

from skywrite.kit import json
from skywrite.pipeline import delivery_queries as queries
from skywrite.pipeline import retry
from skywrite.pipeline.cursors import advance
from skywrite.pipeline.pace import Pace
from skywrite.pipeline.route import Job, Route
from skywrite.pipeline.stats import MINUTE, Counts, joined
from skywrite.pipeline.verdict import Verdict
from skywrite.store.engine import Store
from skywrite.store.tables import retries

DUE_USERS = 64  # whose retries are due are read at once
_AT_ONCE = 500


class Wish(Struct, frozen=True):
    """What is to be read once the changes are written."""

    users: Collection[str] = ()  # the next retries of these
    due_upto: int | None = None  # and of those whose next try is due
    due_users: int = DUE_USERS
    busy: Collection[str] = ()  # but not of these
    rows_a_user: int = 50
    expire_before: int | None = None  # retries that have waited since then become dead letters
    expire_for: Verdict | None = None  # what is said of those among them that were never tried


class Loaded(Struct):
    """What was read: retries by user, in order. A user that was asked for and has none is there with none."""

    jobs: dict[str, list[Job]] = field(default_factory=dict)
    next_due: int | None = None
    is_cut: bool = False  # there was more than memory may hold: not all who were asked for are there
    expired: list[str] = field(default_factory=list)  # the users of retries that became dead letters


class Changes(Struct):
    """What is not yet written: the latest word on each row."""

    retries: dict[tuple[int, int], dict[str, Any] | None] = field(default_factory=dict)  # None: to be deleted
    fresh: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)  # retries that the store may know
    dead: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    minutes: dict[int, Counts] = field(default_factory=dict)
    samples: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] | None = None
    users: set[str] = field(default_factory=set)  # those with a retry put among these changes
    done: int = 0
    bytes: int = 0  # of the rows to be written, about

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write but perhaps the cursor."""
        return not (self.retries or self.fresh or self.dead or self.minutes or self.samples or self.state)

    def add(self, later: "Changes") -> None:
        """Take in what came after."""
        self.retries |= later.retries
        self.fresh |= later.fresh
        self.dead |= later.dead
        for number, counts in later.minutes.items():
            self.minutes.setdefault(number, Counts()).add(counts)
        self.samples += later.samples
        self.state = later.state or self.state
        self.done += later.done
        self.bytes += later.bytes


class Ledger:
    """The changes of one route. Only `flush` touches the store, in a thread of `thread`."""

    def __init__(self, store: Store, route: Route, pace: Pace, thread: Executor | None = None) -> None:
        self._store = store
        self._route = route
        self._pace = pace
        self._thread = thread
        self._now = Changes()
        self._unsaved = Changes()
        self._cursor = -1
        self._dead_since_trim = pace.dead_kept // 100  # what an earlier process left is not known: see at the first

    # ---- what happened ----

    def put_retry(self, job: Job, due_at: int) -> None:
        """The job waits among the retries from now on."""
        self._now.retries[job.key] = self._waiting_row(job, due_at)

    def keep_retry(self, job: Job) -> None:
        """The job, come from the log, waits behind the retries of its user, unless it has been among them already.

        A crash takes the cursor back further than the retries: one that leads its user's and is read again must
        go on leading them.
        """
        self._now.fresh[job.key] = self._waiting_row(job, retry.BEHIND)

    def _waiting_row(self, job: Job, due_at: int) -> dict[str, Any]:
        self._now.bytes += job.size + len(job.response)
        self._now.users.add(job.user)
        return _carried(job) | {"destination_id": self._route.id, "since": job.since, "due_at": due_at}

    def drop_retry(self, job: Job) -> None:
        """The job no longer waits."""
        self._now.retries[job.key] = None

    def put_dead(self, job: Job, now: int) -> None:
        """The job is given up."""
        self._now.dead[job.key] = _carried(job) | {"destination_id": self._route.id, "failed_at": now}
        self._now.done += 1
        self._now.bytes += job.size + len(job.response)

    def counts(self, now: int) -> Counts:
        """The counts of this minute, to be added to."""
        minute = now // MINUTE
        counts = self._now.minutes.get(minute)
        if counts is None:
            counts = self._now.minutes[minute] = Counts()
        return counts

    def note_done(self, count: int) -> None:
        """So many events are done that a crash before the next commit would do again."""
        self._now.done += count

    def put_sample(self, sample: dict[str, Any]) -> None:
        """Keep an attempt as a sample."""
        self._now.samples.append(sample | {"destination_id": self._route.id})

    def put_state(self, state: str, reason: str, since: int, probe_at: int | None) -> None:
        """What a page says of this delivery."""
        self._now.state = {
            "destination_id": self._route.id, "state": state, "reason": reason, "since": since, "probe_at": probe_at,
        }  # fmt: skip

    # ---- writing it down ----

    @property
    def unsaved(self) -> int:
        """How many events are done and not written down as such."""
        return self._now.done + self._unsaved.done

    @property
    def is_full(self) -> bool:
        """Whether no more should be done until the store has taken what there is."""
        size = self._now.bytes + self._unsaved.bytes
        return self.unsaved >= self._pace.max_unsaved or size >= self._pace.max_unsaved_bytes

    def has_news(self, cursor: int) -> bool:
        """Whether there is anything to write."""
        return self.has_changes or cursor > self._cursor

    @property
    def has_changes(self) -> bool:
        """Whether there is more to write than the cursor."""
        return not (self._now.is_empty and self._unsaved.is_empty)

    def has_put(self, user: str) -> bool:
        """Whether a retry of this user was put since the last flush began."""
        return user in self._now.users

    async def flush(self, cursor: int, now: int, wish: Wish) -> Loaded:
        """Write everything in one transaction, then read what is wished for. Raises Later and keeps all of it."""
        self._unsaved.add(self._now)
        self._now = Changes()
        loop = asyncio.get_running_loop()
        loaded = await loop.run_in_executor(self._thread, self._commit, self._unsaved, cursor, now, wish)
        self._unsaved = Changes()
        self._cursor = cursor
        return loaded

    def write(self, connection: Connection, cursor: int, now: int) -> None:
        """Write everything as part of a transaction of the caller's, who calls `forget` when it came to nothing.

        For whoever does its work in the store itself, so that work and cursor are committed together.
        """
        changes, self._now = self._now, Changes()
        self._write(connection, changes)
        advance(connection, self._route.follower, cursor, now)

    def forget(self) -> None:
        """What was not written did not happen."""
        self._now = Changes()

    def due(self, connection: Connection, now: int, limit: int) -> list[Job]:
        """The retries whose time has come, in order."""
        return [_job_of(row) for row in connection.execute(queries.due(self._route.id, now, limit))]

    def _commit(self, changes: Changes, cursor: int, now: int, wish: Wish) -> Loaded:
        with self._store.write() as connection:
            if queries.is_removed(connection, self._route.id):
                return Loaded()  # what it had is forgotten, and must not come back
            self._write(connection, changes)
            if cursor > self._cursor:
                advance(connection, self._route.follower, cursor, now)
            expired = self._expire(connection, wish, now)
            loaded = self._load(connection, wish)
        loaded.expired = expired
        return loaded

    def _write(self, connection: Connection, changes: Changes) -> None:
        own = self._route.id
        gone = [key for key, row in changes.retries.items() if row is None]
        queries.keep_retries(connection, list(changes.fresh.values()))
        queries.drop_keys(connection, retries, own, gone)
        queries.put_retries(connection, own, [row for row in changes.retries.values() if row is not None])
        self._bury(connection, list(changes.dead.values()))
        for minute, counts in changes.minutes.items():
            queries.put_minute(connection, _added(connection, own, minute, counts))
        if changes.samples:
            queries.add_samples(connection, changes.samples)
            connection.execute(queries.trim_samples(own, self._pace.samples_kept))
        if changes.state is not None:
            queries.put_state(connection, changes.state)

    def _bury(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        """Keep dead letters; now and then, the oldest beyond the number that is kept go."""
        queries.put_dead(connection, self._route.id, rows)
        self._dead_since_trim += len(rows)
        if self._dead_since_trim > self._pace.dead_kept // 100:
            connection.execute(queries.trim_dead(self._route.id, self._pace.dead_kept))
            self._dead_since_trim = 0

    def _expire(self, connection: Connection, wish: Wish, now: int) -> list[str]:
        if wish.expire_before is None:
            return []
        query = queries.expired(self._route.id, wish.expire_before, wish.busy, _AT_ONCE)
        jobs = [_job_of(row) for row in connection.execute(query)]
        for job in jobs:
            if not job.attempts and wish.expire_for is not None:
                retry.note_answer(job, wish.expire_for)
        dead = [_carried(job) | {"destination_id": self._route.id, "failed_at": now} for job in jobs]
        queries.drop_keys(connection, retries, self._route.id, [job.key for job in jobs])
        self._bury(connection, dead)
        if jobs:
            counts = Counts(failed=len(jobs))
            queries.put_minute(connection, _added(connection, self._route.id, now // MINUTE, counts))
        return [job.user for job in jobs]

    def _load(self, connection: Connection, wish: Wish) -> Loaded:
        own = self._route.id
        users = dict.fromkeys(wish.users)
        loaded = Loaded()
        room = self._pace.max_waiting_bytes // 2
        if wish.due_upto is not None:
            due = queries.due_users(own, wish.due_upto, wish.busy, wish.due_users)
            users |= dict.fromkeys(connection.execute(due).scalars())
        for user in users:
            if room <= 0:
                loaded.is_cut = True
                break
            loaded.jobs[user] = jobs = []
            for row in connection.execute(queries.of_user(own, user, wish.rows_a_user)):
                jobs.append(_job_of(row))
                room -= jobs[-1].size
                if room <= 0:  # the rest of them comes when these are done
                    break
        loaded.next_due = connection.execute(queries.next_due(own, wish.due_upto or 0)).scalar()
        return loaded


def _carried(job: Job) -> dict[str, Any]:
    return {
        "source_id": job.source_id,
        "position": job.position,
        "item": job.item,
        "user_key": job.user,
        "message_id": job.message_id,
        "event": msgspec.json.encode(job.event).decode(),
        "received_at": job.received_at,
        "attempts": job.attempts,
        "status": job.status,
        "reason": job.reason,
        "response": job.response,
    }


def _job_of(row: Any) -> Job:
    return Job(
        position=row.position,
        item=row.item,
        source_id=row.source_id,
        received_at=row.received_at,
        user=row.user_key,
        event=json.decode(row.event),
        attempts=row.attempts,
        since=row.since,
        status=row.status,
        reason=row.reason,
        response=row.response,
        size=len(row.event),
    )


def _added(connection: Connection, destination_id: str, minute: int, counts: Counts) -> dict[str, Any]:
    values: dict[str, Any] = {"destination_id": destination_id, "minute": minute} | msgspec.structs.asdict(counts)
    row = connection.execute(queries.minute(destination_id, minute)).one_or_none()
    if row is not None:
        for name in ("delivered", "retried", "failed", "filtered"):
            values[name] += getattr(row, name)
        for name in ("latency", "response"):
            values[name] = joined(values[name], getattr(row, name))
    return values
