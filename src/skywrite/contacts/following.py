"""Takes an AutopilotHQ destination's events from the log: contacts, cursor and what its page shows commit at once.

The same of calls that came over HTTP, from the inbox.
"""

from collections import Counter
from collections.abc import Callable, Collection
from functools import partial

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.contacts import queries, sync_keys
from skywrite.contacts.ahead import Ahead
from skywrite.contacts.apply import Outcome, apply_safely
from skywrite.contacts.calls import MISSING, Call, calls_in, event_of
from skywrite.events.check import EVENT_TYPES
from skywrite.kit.json import encode
from skywrite.kit.time import now_micros
from skywrite.log.base import Log, Record
from skywrite.pipeline import cursors, delivery_queries
from skywrite.pipeline.feed import Feed
from skywrite.pipeline.ledger import Ledger
from skywrite.pipeline.pace import Pace
from skywrite.pipeline.route import Job, Route, is_let_through, user_of
from skywrite.pipeline.stats import Sampler, bucket_of
from skywrite.pipeline.verdict import Verdict
from skywrite.store.engine import Store

INBOX = "inbox:contacts"
_READ_BYTES = 2 << 20  # some thousands of events: a transaction of a fraction of a second
_MANY = 1_000  # calls, behind which there are likely more
_RETRIES = 500
_IDLE_AFTER = 5_000_000
_QUIET_MICROS = 5_000_000  # without a commit nothing but time, as the end of a key, gives it something to write
_SEEN_MICROS = 48 * 3600 * 1_000_000
_BAD_REQUEST = 400


def _wait() -> None:
    """Read nothing ahead."""


class Around(Struct):
    """What a follower need know of the rest of the server, as it is now."""

    own_sources: Collection[str] = ()  # those that Skywrite's own email events go to
    public_sources: Collection[str] = ()  # those whose write key anybody can read
    followers: Collection[str] = ()  # the names of the AutopilotHQ destinations' cursors


class Follower:
    """One destination's."""

    def __init__(
        self, store: Store, feed: Feed, route: Route, key: str, around: Around, clock: Callable[[], int] = now_micros
    ) -> None:
        self.route = route
        self._store, self._feed, self._key, self._around, self._now = store, feed, key, around, clock
        pace = Pace()
        self._ledger = Ledger(store, route, pace)
        self._sampler = Sampler(pace)
        self._said = ("", "")
        self._done_at = 0
        self._news = store.news()
        self._quiet_at, self._quiet_since = 0, -_QUIET_MICROS  # its cursor when it had nothing to do, and when that was
        self._ahead = Ahead(self._read)

    def close(self) -> None:
        """Release its thread."""
        self._ahead.close()

    def step(self) -> bool:
        """Take what is there next; whether there was anything. Raises Later when the store cannot be used."""
        now = self._now()
        is_quiet = not self._news.any() and 0 <= now - self._quiet_since < _QUIET_MICROS
        cursor = self._quiet_at if is_quiet else self._begin()
        upto, calls = self._ahead.take(cursor)
        if upto == cursor and (is_quiet or self._is_quiet(cursor, now)):
            return False
        try:
            with self._store.write() as connection:
                return self._take(connection, cursor, upto, calls)
        except BaseException:
            self._ledger.forget()
            self._said = ("", "")
            raise

    def _read(self, after: int) -> tuple[int, list[tuple[Record, Call]]]:
        """What comes behind a position: how far it goes, and the calls in it."""
        found = self._feed.read(after, _READ_BYTES)
        return found[-1][0].position if found else after, [
            (record, call)
            for record, duplicates in found
            if record.kind != "rejected" and record.source_id in self.route.sources
            for call in calls_in(record, duplicates)
        ]

    def _is_quiet(self, cursor: int, now: int) -> bool:
        """Whether there is nothing to write down either: no turn among the store's writers is taken for nothing."""
        with self._store.read() as connection:
            is_known = sync_keys.id_of(connection, self._key, now) is not None
            if self._said[0] != ("idle" if is_known else "failing") or self._ledger.due(connection, now, 1):
                return False
        self._quiet_at, self._quiet_since = cursor, now
        self._news.seen()
        return True

    def _begin(self) -> int:
        """How far it has come; one that never began begins at the log's head."""
        with self._store.read() as connection:
            cursor = cursors.cursor(connection, self.route.follower)
        if cursor is not None:
            return cursor
        head = self._feed.head()
        with self._store.write() as connection:
            if delivery_queries.is_enabled(connection, self.route.id):
                cursors.start_cursor(connection, self.route.follower, head, self._now())
        return head

    def _take(self, connection: Connection, cursor: int, upto: int, calls: list[tuple[Record, Call]]) -> bool:
        now, own = self._now(), self.route
        is_on = delivery_queries.is_enabled(connection, own.id)
        if not is_on or cursors.cursor(connection, own.follower) != cursor:
            return False  # it was switched off meanwhile, or off and on: what came before is not for it
        if own.target is None or sync_keys.id_of(connection, self._key, now) is None:
            self._say("failing", own.problem or sync_keys.REFUSED_KEY, now)
            self._ledger.write(connection, cursor, now)
            return False
        again = self._ledger.due(connection, now, _RETRIES)
        if again:
            self._take_again(connection, again, now)
        if calls:
            # Where several destinations follow the feed they take turns, and none reads ahead.
            is_more = len(calls) >= _MANY and len(self._around.followers) < 2
            meanwhile = partial(self._ahead.begin, upto) if is_more else _wait
            self._take_calls(connection, self._unshared(connection, calls, now), now, meanwhile)
        if calls or again:
            self._done_at = now
        self._say("delivering" if now - self._done_at < _IDLE_AFTER else "idle", "", now)
        if upto > cursor or self._ledger.has_changes:
            self._ledger.write(connection, upto, now)
        return upto > cursor or len(again) == _RETRIES

    def _unshared(
        self, connection: Connection, calls: list[tuple[Record, Call]], now: int
    ) -> list[tuple[Record, Call]]:
        """The calls without those that another destination of their source brought: each is to count once."""
        if len(self._around.followers) < 2:
            return calls
        positions = {record.position for record, _ in calls}
        known = queries.applied(connection, positions)
        queries.note_applied(connection, positions - known)
        connection.execute(queries.forget_applied(self._around.followers))
        fresh = [(record, call) for record, call in calls if record.position not in known]
        self._ledger.counts(now).filtered += len(calls) - len(fresh)
        return fresh

    def _take_calls(
        self, connection: Connection, calls: list[tuple[Record, Call]], now: int, meanwhile: Callable[[], None]
    ) -> None:
        name = self.route.target.catalog_name if self.route.target is not None else ""
        wanted = [
            (record, call)
            for record, call in calls
            if not call.integrations or is_let_through({"integrations": call.integrations}, name)
        ]
        counts = self._ledger.counts(now)
        counts.filtered += len(calls) - len(wanted)
        outcomes = self._applied(connection, [call for _, call in wanted], meanwhile)
        counts.filtered += outcomes.count(Outcome.FILTERED)
        taken = [pair for pair, outcome in zip(wanted, outcomes, strict=True) if outcome is _IS_TAKEN]
        counts.delivered += len(taken)
        for received_at, number in Counter([record.received_at for record, _ in taken]).items():
            counts.latency[bucket_of((now - received_at) / 1000)] += number
        for record, call in taken:
            if not self._sampler.keeps(delivered=True, now=now):
                break
            self._sample(_job(record, call), _TAKEN, now)
        for (record, call), outcome in zip(wanted, outcomes, strict=True):
            if outcome in _REFUSED:
                self._bury(_job(record, call), _refusal(outcome, call), now)

    def _take_again(self, connection: Connection, jobs: list[Job], now: int) -> None:
        """Those that a person has sent again: each is as good as new."""
        records = [_record_of(job) for job in jobs]
        calls = [call for record in records for call in calls_in(record)]
        outcomes = self._applied(connection, calls)
        for job, call, outcome in zip(jobs, calls, outcomes, strict=True):
            self._ledger.drop_retry(job)
            if outcome in _REFUSED:
                self._bury(job, _refusal(outcome, call), now)
            else:
                self._ledger.counts(now).delivered += 1

    def _applied(
        self, connection: Connection, calls: list[Call], meanwhile: Callable[[], None] = _wait
    ) -> list[Outcome]:
        around = self._around
        return apply_safely(connection, calls, around.own_sources, meanwhile, public_sources=around.public_sources)

    def _bury(self, job: Job, verdict: Verdict, now: int) -> None:
        job.attempts += 1
        job.status, job.reason, job.response = verdict.status, verdict.reason, verdict.response
        self._ledger.put_dead(job, now)
        self._ledger.counts(now).failed += 1
        if self._sampler.keeps(delivered=False, now=now):
            self._sample(job, verdict, now)

    def _sample(self, job: Job, verdict: Verdict, now: int) -> None:
        event = job.event
        name = event.get("event") if event.get("type") == "track" else event.get("name")
        self._ledger.put_sample(
            {
                "at": now,
                "outcome": "delivered" if verdict.outcome == "delivered" else "failed",
                "message_id": job.message_id,
                "event_name": str(name or event.get("type", "")),
                "status": verdict.status,
                "reason": verdict.reason,
                "millis": 0,
                "request": f"To the contacts of this server\n\n{encode(event)[:4000].decode(errors='replace')}",
                "response": verdict.response,
            }
        )

    def _say(self, state: str, reason: str, now: int) -> None:
        if (state, reason) != self._said:
            self._said = (state, reason)
            self._ledger.put_state(state, reason, now, None)


_IS_TAKEN = Outcome.TAKEN  # an enum's member takes long to find
_REFUSED = frozenset({Outcome.MISSING, Outcome.FAULTY})
_TAKEN = Verdict("delivered", status=200)


def _refusal(outcome: Outcome, call: Call) -> Verdict:
    if outcome is Outcome.FAULTY:
        return Verdict("never", call.fault)
    return Verdict("never", MISSING, _BAD_REQUEST)


def _job(record: Record, call: Call) -> Job:
    try:
        event = event_of(record, call.item)
    except Exception:  # noqa: BLE001 - it cannot be read: then as it came
        event = {"body": bytes(call.raw).decode("utf-8", "replace")}
    size = len(memoryview(call.raw))
    return Job(record.position, call.item, record.source_id, record.received_at, user_of(event), event, size=size)


def _record_of(job: Job) -> Record:
    event = job.event
    # What could not be read is kept as its text, and is read anew.
    body = str(event["body"]).encode() if set(event) == {"body"} else encode(event)
    kind = str(event.get("type") or "track")
    return Record(job.position, job.received_at, job.source_id, kind, "", b"", body)


class InboxFollower:
    """Takes the calls that other servers made."""

    def __init__(self, store: Store, inbox: Log, clock: Callable[[], int] = now_micros) -> None:
        self._store, self._inbox, self._now = store, inbox, clock
        self._after: int | None = None
        self._forgot = 0

    def step(self) -> bool:
        """Take what is there next; whether there was anything."""
        if self._after is None:
            self._after = cursors.begun(self._store, INBOX, self._now())
        records = self._inbox.read(self._after, _READ_BYTES)
        if not records:
            return False
        now, upto = self._now(), records[-1].position
        mine = [record for record in records if record.kind in EVENT_TYPES]
        with self._store.write() as connection:
            fresh = self._fresh(connection, mine, now)
            apply_safely(connection, [call for record in fresh for call in calls_in(record)])
            if mine:
                connection.execute(queries.note_use({record.source_id for record in mine}, now))
            cursors.advance(connection, INBOX, upto, now)
        self._after = upto
        return True

    def _fresh(self, connection: Connection, records: list[Record], now: int) -> list[Record]:
        """Those that were not taken before: a server that got no answer calls again, with the same messageId."""
        if now - self._forgot > _SEEN_MICROS // 48:
            self._forgot = now
            connection.execute(queries.forget_seen(now - _SEEN_MICROS))
        hashes = {record.ids.hex(): record for record in reversed(records) if any(record.ids)}
        known = queries.seen(connection, hashes)
        queries.note_seen(connection, [one for one in hashes if one not in known], now)
        return [
            record
            for record in records
            if not any(record.ids) or (record.ids.hex() not in known and hashes[record.ids.hex()] is record)
        ]
