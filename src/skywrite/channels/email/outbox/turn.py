"""One turn of the sender at the store: what came to its end is recorded, broadcasts come along, the next are claimed.

All of it is one transaction, so that hundreds of mails share one commit.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.channels.email.carrying import Outcome
from skywrite.channels.email.outbox import queries
from skywrite.channels.email.outbox.advance import advance
from skywrite.channels.email.outbox.broadcasts import Broadcast, of_states
from skywrite.channels.email.outbox.claim import Lane, claim, claimed_before
from skywrite.channels.email.outbox.kept import read_rules
from skywrite.channels.email.outbox.model import Claimed
from skywrite.channels.email.outbox.record import Ended, put_back, record, recover
from skywrite.channels.email.outbox.throttle import Throttle
from skywrite.kit.time import now_micros
from skywrite.store.bulk import make_room
from skywrite.store.engine import Store

_LONGEST_WAIT = 1.0
_LONGEST_QUIET = 5.0  # where nothing is committed meanwhile, and no broadcast is to come along


class Taken(Struct, frozen=True):
    """What a turn gave: messages to send, and in how many seconds another turn may give more."""

    messages: list[Claimed]
    wait: float


class Turns:
    """The sender's turns at the store; used in one thread.

    `is_current` says whether the channel is still set up as the sender has it: from the change on nothing more is
    claimed, so that no mail of after it goes the old way. `now` gives the time in µs, `steady` in seconds.
    """

    def __init__(
        self,
        store: Store,
        *,
        is_current: Callable[[Connection], bool] = lambda _: True,
        now: Callable[[], int] = now_micros,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._is_current, self._now, self._steady = store, is_current, now, steady
        self._throttle = Throttle()
        self._claims = 0
        self._news, self._quiet_until = store.news(), 0  # in µs

    def turn(self, ended: Sequence[Ended], wanted: int) -> Taken:
        """Record these, and claim up to `wanted` messages. Raises Later: then nothing of it has happened, or all."""
        if not ended and not self._news.any() and (left := self._quiet_until - self._now()) > 0:
            return Taken([], min(_LONGEST_WAIT, left / 1_000_000))
        with self._store.write() as connection:
            make_room(connection)
            rules, now = read_rules(connection), self._now()
            if ended:
                record(connection, ended, rules=rules)
            if wanted <= 0 or not self._is_current(connection):
                return Taken([], _LONGEST_WAIT)
            has_more = advance(connection, now=now)
            running = of_states(connection, "running")
            claimed = claim(connection, self._lanes(running, wanted), wanted, now=now, rules=rules)
            wait = 0.0 if has_more or claimed else self._wait(connection, running, now)
            is_quiet = wait > 0 and not of_states(connection, "running", "scheduled")
        if is_quiet:
            self._quiet_until = now + int(wait * 1_000_000)
            self._news.seen()
        self._count(running, claimed)
        return Taken(claimed, min(wait, _LONGEST_WAIT))

    def nameless(self, ids: Collection[int]) -> list[Claimed]:
        """Those of these that a sender held when it died and whose subject nobody noted."""
        with self._store.read() as connection:
            return claimed_before(connection, ids)

    def recover(self, left: Mapping[int, Outcome | None], subjects: Mapping[int, str]) -> int:
        """What a sender that died left behind; see `record.recover`. Gives how many there were."""
        with self._store.write() as connection:
            return len(recover(connection, left, subjects, now=self._now(), rules=read_rules(connection)))

    def put_back(self, ids: Sequence[int]) -> None:
        """Queue again what was claimed and not sent."""
        with self._store.write() as connection:
            put_back(connection, ids, now=self._now())

    def _lanes(self, running: list[Broadcast], wanted: int) -> list[Lane]:
        """What is beside broadcasts goes first; they share what is left, within their rates; each is first by turns."""
        lanes = [Lane(None, wanted)]
        share = max(1, wanted // max(1, len(running)))
        self._claims += 1
        first = self._claims % max(1, len(running))
        for one in running[first:] + running[:first]:
            limit = share
            if one.per_second is not None:
                limit = min(share, self._throttle.allowance(one.id, one.per_second, self._steady()))
            if limit:
                lanes.append(Lane(one.id, limit))
        return lanes

    def _count(self, running: list[Broadcast], claimed: list[Claimed]) -> None:
        limited = {one.id for one in running if one.per_second is not None}
        for message in claimed:
            if message.broadcast_id in limited:
                self._throttle.took(message.broadcast_id, 1)

    def _wait(self, connection: Connection, running: list[Broadcast], now: int) -> float:
        """Until the next is due, or may go by its broadcast's rate."""
        waits = [_LONGEST_QUIET]
        for lane in (None, *(one.id for one in running)):
            for state in queries.WAITING:
                due = connection.execute(queries.next_due(lane, state)).scalar()
                if due is not None:
                    waits.append((due - now) / 1_000_000)
        waits = [max(0.05, wait) for wait in waits]
        waits += [
            max(0.02, self._throttle.wait(one.id, one.per_second)) for one in running if one.per_second is not None
        ]
        return min(waits)
