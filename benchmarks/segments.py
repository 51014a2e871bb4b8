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

from sqlalchemy import Connection, func, select, text

from benchmarks.report import Row, middle
from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.contacts.segments.check import read
from skywrite.contacts.segments.compile import members
from skywrite.kit.time import now_micros
from skywrite.settings import Settings
from skywrite.store.engine import Store, open_store

_DAY = 86_400_000_000
_FILL = {
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
    "messages": """INSERT INTO messages (id, key, contact_id, email, address, template_id, subject, is_transactional,
            state, reason, attempts, queued_at, due_at, opened_at)
        SELECT n, 'k' || n, n, 'p' || n || '@example.com', 'p' || n || '@example.com', 1 + n % 5, '', 0, 'sent', '', 1,
            :now, :now, CASE WHEN n % 10 < 3 THEN :now - abs(random() % (90 * :day)) END FROM series""",
}
_SERIES = "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :size)"


def fill(store: Store, size: int) -> None:
    """A population of `size` contacts."""
    for name, statement in _FILL.items():
        with store.write() as connection:
            into, found, rest = statement.partition("SELECT")
            whole = f"{into} {_SERIES} {found}{rest}" if "series" in statement else statement
            bound = {"size": size, "now": now_micros(), "day": _DAY}
            used = {key: value for key, value in bound.items() if f":{key}" in whole}
            began = time.monotonic()
            connection.execute(text(whole), used)
            print(f"{name}: {time.monotonic() - began:.1f} s")


def trait(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"type": "trait", "name": name, "op": op, "value": value}


def event(name: str, n: int, days: int, op: str = "at_least", **more: Any) -> dict[str, Any]:
    return {"type": "event", "name": name, "count": {"op": op, "n": n}, "when": {"type": "last", "n": days}, **more}


OPENED = {"type": "email", "activity": "opened", "when": {"type": "last", "n": 60}}
ON_LIST = {"type": "list", "list_id": 1}
SEGMENTS: dict[str, dict[str, Any]] = {
    "trait, events in 30 days, list": {"match": "all", "of": [trait("plan", "is", "pro"), event("Order Completed", 1, 30), ON_LIST]},
    "trait, 2 events in 30 days, mail opened": {"match": "all", "of": [trait("plan", "is", "free"), event("Product Viewed", 2, 30), OPENED]},
    "number, no event in 30 days, list": {"match": "all", "of": [trait("score", "greater", 50), event("Order Completed", 0, 30, "exactly"), ON_LIST]},
    "any of trait, event, mail opened": {"match": "any", "of": [trait("city", "is", "City 7"), event("Order Completed", 3, 30), OPENED]},
    "contains, not on list, not opened": {"match": "all", "of": [trait("city", "contains", "ty 1"), {**ON_LIST, "op": "off"}, {"type": "group", "match": "none", "of": [OPENED]}]},
}
