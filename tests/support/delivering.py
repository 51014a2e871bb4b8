"""A real log, dedupe, store and delivery, small enough for a test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from skywrite.destinations.running import run_delivery
from skywrite.destinations.service import Destinations, StoredDestination
from skywrite.kit.bell import Bell, Listener
from skywrite.kit.time import now_micros
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline import cursors, dead_letters, delivery_queries
from skywrite.pipeline.decisions import Decisions
from skywrite.pipeline.dedupe import Dedupe
from skywrite.pipeline.feed import Feed
from skywrite.pipeline.pace import HOUR, Pace
from skywrite.settings import Settings
from skywrite.sources.service import Sources
from skywrite.store.engine import Store
from tests.support.build import a_batch, a_new_record, an_event
from tests.support.receiver import Receiver

QUICK = Pace(
    timeout=30.0,
    retry_base=0.05,
    retry_cap=0.2,
    probe_base=0.05,
    probe_cap=0.2,
    commit=0.02,
    straggler=0.2,
    drain=30.0,
    look=0.1,
)


class Plant:
    """Sources, destinations and what lies between. `send` appends events as the intake would."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings = msgspec.structs.replace(settings, private_destinations=True)
        self.store = store
        self.log = SqliteLog(settings.data / "log")
        self.dedupe = Dedupe(self.log, settings.data / "dedupe")
        self.bell = Bell(settings.run / "bell")
        self.sources = Sources(store)
        self.source = self.sources.add("python", "App")
        self.destinations = Destinations(store, self.log.head, allow_private=True)

    def close(self) -> None:
        self.bell.close()
        self.dedupe.close()
        self.log.close()

    def webhook(self, receiver: Receiver | str, name: str = "Hook", **settings: Any) -> StoredDestination:
        url = receiver if isinstance(receiver, str) else receiver.url
        return self.destinations.add("webhook", name, [self.source.schema], {"url": url} | settings)

    def send(self, *events: dict[str, Any], source_id: str = "", **fields: Any) -> None:
        """Events in one batch; `fields` are the batch's own."""
        body = a_batch(*events, **fields)
        self.log.append([a_new_record(body, source_id=source_id or self.source.id, at=now_micros())])
        while self.dedupe.step():
            pass
        self.bell.ring()

    def send_each(self, count: int, users: int = 5, start: int = 0) -> list[str]:
        """`count` events of a few users, one a request; their messageIds."""
        names = [f"m{number}" for number in range(start, start + count)]
        records = [
            a_new_record(a_batch(numbered(number, users)), source_id=self.source.id, at=now_micros())
            for number in range(start, start + count)
        ]
        self.log.append(records)
        while self.dedupe.step():
            pass
        self.bell.ring()
        return names

    @contextlib.asynccontextmanager
    async def delivering(self, pace: Pace = QUICK) -> AsyncIterator[None]:
        """The real delivery at work within the block."""
        log, decisions = SqliteLog(self.settings.data / "log"), Decisions(self.settings.data / "dedupe")
        feed = Feed(log, decisions, Listener(self.settings.run / "bell", "delivery"))
        stop = asyncio.Event()
        task = asyncio.create_task(run_delivery(self.settings, self.store, feed, stop, pace=pace))
        try:
            yield
        finally:
            stop.set()
            await task
            feed.listener.close()
            decisions.close()
            log.close()

    # ---- what a page would read ----

    def dead(self, destination: StoredDestination) -> list[dead_letters.DeadLetter]:
        return dead_letters.listed(self.store, destination.id, limit=10_000)

    def state(self, destination: StoredDestination) -> tuple[str, str]:
        with self.store.read() as connection:
            row = connection.execute(delivery_queries.state(destination.id)).one_or_none()
        return (row.state, row.reason) if row is not None else ("", "")

    def waiting(self, destination: StoredDestination) -> int:
        with self.store.read() as connection:
            rows = connection.execute(delivery_queries.count_retries()).all()
        return sum(row.waiting for row in rows if row.destination_id == destination.id)

    def cursor(self, destination: StoredDestination) -> int | None:
        with self.store.read() as connection:
            return connection.execute(cursors.cursor_of(f"destination:{destination.id}")).scalar()

    def counted(self, destination: StoredDestination) -> dict[str, int]:
        with self.store.read() as connection:
            rows = connection.execute(delivery_queries.minutes([destination.id], 0)).all()
        return {
            name: sum(getattr(row, name) for row in rows) for name in ("delivered", "retried", "failed", "filtered")
        }

    def samples(self, destination: StoredDestination) -> list[Any]:
        with self.store.read() as connection:
            return connection.execute(delivery_queries.samples(destination.id, 1000)).all()


def numbered(number: int, users: int = 5, **fields: Any) -> dict[str, Any]:
    """The event of a number, of one of a few users."""
    return an_event(messageId=f"m{number}", userId=f"u{number % users}", properties={"n": number}, **fields)


def window(seconds: float, **changes: Any) -> Pace:
    """The quick pace with a retry window of so many seconds."""
    return msgspec.structs.replace(QUICK, window=int(seconds / 3600 * HOUR), **changes)
