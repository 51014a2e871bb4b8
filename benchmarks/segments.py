"""Segments on one million contacts: recounted from nothing, and ten of them kept true while events come in.

The population is made by SQLite itself, so that it stands in a minute: three traits a contact, three million events
over ninety days, a list of half of them, and a mail to each of which three in ten were opened.
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from benchmarks.report import Row, middle, show
from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.contacts.segments.check import read
from skywrite.contacts.segments.compile import members
from skywrite.contacts.segments.keeper import FOLLOWER, Keeper
from skywrite.contacts.segments.model import Group
from skywrite.contacts.segments.service import Segments
from skywrite.kit.time import now_micros
from skywrite.pipeline.cursors import cursor
from skywrite.settings import Settings
from skywrite.store.contact_tables import activities, contacts
from skywrite.store.engine import Store, open_store

_DAY = 86_400_000_000
_FILL: dict[str, str] = {
    "contacts": """INSERT INTO contacts (id, email, email_key, user_id, traits, created_at, updated_at, seen_at)
        SELECT n, 'p' || n || '@example.com', 'p' || n || '@example.com', 'u' || n,
            json_object('plan', 'pro', 'city', 'Lyon', 'score', n % 100, 'about', hex(zeroblob(60))),
            :now - abs(random() % (700 * :day)), :now, :now - abs(random() % (90 * :day)) FROM series""",
    "traits": """INSERT INTO contact_traits (contact_id, name, item, text, number)
        SELECT n, name, 0, CASE name WHEN 'plan' THEN (CASE abs(random() % 3) WHEN 0 THEN 'pro' ELSE 'free' END)
            WHEN 'city' THEN 'City ' || abs(random() % 500) ELSE CAST(n * 7919 % 100 AS TEXT) END,
            CASE name WHEN 'score' THEN n * 7919 % 100 END
        FROM series, (SELECT 'city' AS name UNION ALL SELECT 'plan' UNION ALL SELECT 'score')""",
    "identities": """INSERT INTO identities (kind, value, contact_id) SELECT 1, 'u' || n, n FROM series""",
    "activities": """INSERT INTO activities (contact_id, at, kind, name, data)
        SELECT 1 + abs(random() % :size), :now - (90 * :day / (3 * :size)) * (3 * :size - (n * 3 + each)), 'track',
            CASE WHEN random() % 3 = 0 THEN 'Order Completed' ELSE 'Product Viewed' END,
            json_object('properties', json_object('revenue', abs(random() % 500)))
        FROM series, (SELECT 0 AS each UNION ALL SELECT 1 UNION ALL SELECT 2)""",
    "list": "INSERT INTO lists (id, name, created_at) VALUES (1, 'Newsletter', :now)",
    "members": "INSERT INTO list_members (list_id, contact_id, added_at) SELECT 1, n, :now FROM series WHERE n % 2 = 0",
    "messages": """INSERT INTO messages (id, key, origin, contact_id, email, address, template_id, subject,
            is_transactional, state, reason, attempts, queued_at, due_at, opened_at)
        SELECT n, 'k' || n, 'broadcast', n, 'p' || n || '@example.com', 'p' || n || '@example.com', 1 + n % 5, '',
            0, 'sent', '', 1, :now, :now,
            CASE WHEN n % 10 < 3 THEN :now - abs(random() % (90 * :day)) END FROM series""",
}
_SERIES = "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :size)"


def fill(store: Store, size: int) -> None:
    """A population of `size` contacts."""
    for statement in _FILL.values():
        with store.write() as connection:
            into, found, rest = statement.partition("SELECT")
            whole = f"{into} {_SERIES} {found}{rest}" if "series" in statement else statement
            bound = {"size": size, "now": now_micros(), "day": _DAY}
            used = {key: value for key, value in bound.items() if f":{key}" in whole}
            connection.execute(text(whole), used)


def trait(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"type": "trait", "name": name, "op": op, "value": value}


def event(name: str, n: int, days: int, op: str = "at_least", **more: Any) -> dict[str, Any]:
    return {"type": "event", "name": name, "count": {"op": op, "n": n}, "when": {"type": "last", "n": days}, **more}


OPENED = {"type": "email", "activity": "opened", "when": {"type": "last", "n": 60}}
ON_LIST = {"type": "list", "list_id": 1}
FREE, PRO = trait("plan", "is", "free"), trait("plan", "is", "pro")
SEGMENTS: dict[str, list[dict[str, Any]]] = {
    "a trait, events in 30 days, a list": [PRO, event("Order Completed", 1, 30), ON_LIST],
    "a trait, 2 events in 30 days, mail opened": [FREE, event("Product Viewed", 2, 30), OPENED],
    "a number, no event in 30 days, a list": [
        trait("score", "greater", 50), event("Order Completed", 0, 30, "exactly"), ON_LIST,
    ],
    "a text in a trait, not on a list, mail not opened": [
        trait("city", "contains", "ty 1"), {**ON_LIST, "op": "off"}, {"type": "group", "match": "none", "of": [OPENED]},
    ],
}  # fmt: skip
KEPT = [
    *SEGMENTS.values(),
    [event("Order Completed", 1, 7)],
    [event("Product Viewed", 3, 14), PRO],
    [event("Order Completed", 1, 1, where=[{"name": "revenue", "op": "greater", "value": 100}])],
    [PRO, event("Product Viewed", 1, 2), event("Order Completed", 0, 30, "exactly")],
    [ON_LIST, event("Order Completed", 2, 60)],
    [OPENED, event("Product Viewed", 1, 3)],
]


def definition(conditions: list[dict[str, Any]]) -> Group:
    return read({"match": "all", "of": conditions})


def recount(store: Store, conditions: list[dict[str, Any]], runs: int) -> Iterator[float]:
    """Seconds of each count from nothing."""
    for _ in range(runs):
        with store.read() as connection:
            began = time.monotonic()
            counted = select(func.count()).select_from(members(definition(conditions), now_micros()).subquery())
            connection.execute(counted).scalar_one()
            yield time.monotonic() - began


def send(store: Store, size: int, rate: int, seconds: float) -> int:
    """Events of random contacts, so many a second, as whoever applies them writes them: ten transactions a second."""
    chance, sent, began = random.Random(7), 0, time.monotonic()
    while time.monotonic() - began < seconds:
        now = now_micros()
        happened = [
            Activity(
                chance.randrange(1, size + 1), now, Kind.TRACK,
                chance.choice(["Order Completed", "Product Viewed", "Button Clicked"]),
                {"properties": {"revenue": chance.randrange(500)}}, source_id="src_1",
            )
            for _ in range(rate // 10)
        ]  # fmt: skip
        with store.write() as connection:
            add_activities(connection, happened)
        sent += len(happened)
        time.sleep(max(0.0, began + sent / rate - time.monotonic()))
    return sent


def lags(store: Store, stop: threading.Event) -> Iterator[float]:
    """How old the oldest activity is that the keeper has not followed, in seconds; looked at ten times a second."""
    behind = select(func.min(activities.c.at))
    while not stop.wait(0.1):
        with store.read() as connection:
            position = cursor(connection, FOLLOWER) or 0
            oldest = connection.execute(behind.where(activities.c.id > position)).scalar()
            yield 0.0 if oldest is None else (now_micros() - oldest) / 1_000_000


def keep(store: Store, size: int, rate: int, seconds: float) -> Iterator[Row]:
    """Ten segments built, then kept true while events come in."""
    made = Segments(store)
    for number, conditions in enumerate(KEPT):
        made.add(f"Kept {number}", definition(conditions))
    keeper, began = Keeper(store), time.monotonic()
    while keeper.step():
        pass
    yield Row(what="ten segments built from nothing", figure=time.monotonic() - began, unit="s")
    stop, seen = threading.Event(), []

    def run() -> None:
        while not stop.is_set():
            if not keeper.step():
                stop.wait(0.1)

    def look() -> None:
        seen.extend(lags(store, stop))

    threads = [threading.Thread(target=run), threading.Thread(target=look)]
    for thread in threads:
        thread.start()
    sent = send(store, size, rate, seconds)
    stop.set()
    for thread in threads:
        thread.join()
    note = f"{sent / seconds:,.0f} events/s for {seconds:g} s; {size:,} contacts"
    yield Row(what="ten segments kept true, the longest behind", figure=max(seen), unit="s", at_most=5, note=note)
    yield Row(what="the middle of it", figure=middle(seen), unit="s")


@contextmanager
def population(size: int, folder: Path | None) -> Iterator[Store]:
    """A store with so many contacts: in `folder`, where it may be there already, or in one that goes away."""
    with tempfile.TemporaryDirectory(prefix="skywrite-segments-") as made:
        store = open_store(Settings(data=folder or Path(made)))
        with store.read() as connection:
            there = connection.execute(select(func.count(contacts.c.id))).scalar_one()
        if not there:
            fill(store, size)
        yield store
        store.close()


def measure(size: int, rate: int, seconds: float, folder: Path | None = None) -> Iterator[Row]:
    """Recounted and kept."""
    with population(size, folder) as store:
        for name, conditions in SEGMENTS.items():
            found = list(recount(store, conditions, 3))
            yield Row(what=f"recounted: {name}", figure=middle(found), unit="s", at_most=2, note=f"{size:,} contacts")
        yield from keep(store, size, rate, seconds)


def segments(quick: bool) -> Iterator[Row]:
    """Segments of three conditions recounted from nothing, and ten kept true."""
    yield from measure(100_000 if quick else 1_000_000, 2_000, 5 if quick else 20)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--rate", type=int, default=2_000, help="events a second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--folder", type=Path, help="where the population is kept for another run")
    given = parser.parse_args()
    show(list(measure(given.contacts, given.rate, given.seconds, given.folder)))
