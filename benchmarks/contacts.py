"""Events applied to contacts: from the log through the AutopilotHQ destination's follower, committed with its cursor.

Four tracks to one identify, of some thousands of users who are known by then, as they come from an SDK in batches.

    python -m benchmarks contacts
"""

import gc
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.report import Row
from skywrite.contacts.following import Around, Follower
from skywrite.contacts.sync_keys import SyncKeys
from skywrite.destinations.service import Destinations, routes
from skywrite.kit.hashing import id_hashes
from skywrite.kit.time import now_micros
from skywrite.log.base import NewRecord
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline.dedupe import Dedupe
from skywrite.settings import Settings
from skywrite.sources.service import Sources
from skywrite.store.engine import open_store
from skywrite.wiring import open_feed

_BATCH = 100
_USERS = 20_000
_EVENTS = ("Order Completed", "Product Viewed", "Signed Up")


def contacts(quick: bool) -> Iterator[Row]:
    """Events applied to contacts"""
    with tempfile.TemporaryDirectory(prefix="skywrite-bench-") as folder:
        bench = Bench(Path(folder))
        try:
            bench.fill(40_000)  # so that most users are known
            bench.run()
            count = 60_000 if quick else 300_000
            bench.fill(count)
            seconds, cpu = bench.run()
        finally:
            bench.close()
    note = f"{count:,} events of {_USERS:,} users; {count / cpu:,.0f} a second of CPU"
    yield Row(what="events applied to contacts", figure=count / seconds, unit="events/s", at_least=50_000, note=note)


class Bench:
    """A log, and a destination's follower."""

    def __init__(self, data: Path) -> None:
        settings = Settings(data=data)
        self._store = open_store(settings)
        self._log = SqliteLog(data / "log")
        self._dedupe = Dedupe(self._log, data / "dedupe")
        self._source = Sources(self._store).add("python", "Bench")
        key = SyncKeys(self._store).all()[0].key
        made = Destinations(self._store, lambda: 0)
        made.add("autopilothq", "People", [self._source.id], {"apiKey": key})
        self._numbers = itertools.count()
        self._opened = open_feed(settings, "contacts")
        self._feed = self._opened.__enter__()
        self._follower = Follower(self._store, self._feed, routes(self._store)[0], key, Around())

    def fill(self, count: int) -> None:
        """Append events."""
        batches = [[event(next(self._numbers)) for _ in range(_BATCH)] for _ in range(count // _BATCH)]
        self._log.append([self._record(batch) for batch in batches])
        while self._dedupe.step():
            pass

    def run(self) -> tuple[float, float]:
        """Apply them; the seconds that it took, and those of CPU."""
        gc.set_threshold(50_000, 20, 100)  # as the role does,
        sys.setswitchinterval(0.001)  # and this
        began, cpu = time.perf_counter(), time.process_time()
        while self._follower.step():
            pass
        return time.perf_counter() - began, time.process_time() - cpu

    def close(self) -> None:
        """Release everything."""
        self._follower.close()
        self._opened.__exit__(None, None, None)
        self._dedupe.close()
        self._log.close()
        self._store.close()

    def _record(self, batch: list[dict[str, Any]]) -> NewRecord:
        body = msgspec.json.encode({"batch": batch, "sentAt": "2026-11-23T16:11:31.000Z"})
        ids = id_hashes(self._source.id, [one["messageId"] for one in batch])
        return NewRecord(now_micros(), self._source.id, "batch", "", ids, body)


def event(number: int) -> dict[str, Any]:
    """One in five an identify, the rest tracks."""
    user = number * 7919 % _USERS
    common = {
        "userId": f"user-{user}",
        "anonymousId": f"browser-{user}",
        "messageId": f"message-{number:09d}",
        "timestamp": "2026-11-23T16:11:30.000Z",
        "context": {"library": {"name": "analytics-python", "version": "2.4.0"}, "locale": "de-DE"},
    }
    if number % 5 == 0:
        traits = {
            "email": f"user-{user}@example.com",
            "name": "Ada L",
            "plan": _EVENTS[number % 3],
            "visits": number % 97,
        }
        return common | {"type": "identify", "traits": traits | {"address": {"city": "Rome"}}}
    properties = {"revenue": 39.95, "currency": "EUR", "products": [{"sku": "G-32", "quantity": 1}]}
    return common | {"type": "track", "event": _EVENTS[number % 3], "properties": properties}
