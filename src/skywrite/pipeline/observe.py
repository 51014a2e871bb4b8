"""What was seen of each source: counts a minute, its events and their properties, and what was refused.

A follower like any other. Counts are of every event; the properties of an event are looked at in the first hundred
of it in each read and, beyond, in one of sixteen, whose counts are scaled up: so a flood costs little, and at common
rates every event is looked at.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct
from sqlalchemy import Connection

from skywrite.kit import json
from skywrite.log.base import Record
from skywrite.pipeline import queries
from skywrite.pipeline.seen_events import EventKey, Seen, SeenProperty

MAX_EVENTS = 4_000
MAX_PROPERTIES = 300
MAX_DEPTH = 8
_INSPECT_ALL = 100
_INSPECT_ONE_OF = 16
_MINUTE = 60_000_000
_TIMESTAMP = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?", re.IGNORECASE | re.ASCII
)

_NOTHING = Raw(b"{}")


class _Call(Struct):
    type: str | None = None
    event: str | None = None
    properties: Raw = _NOTHING
    traits: Raw = _NOTHING


class _Batch(Struct):
    batch: list[_Call]


_decode_call = msgspec.json.Decoder(_Call).decode
_decode_batch = msgspec.json.Decoder(_Batch).decode


class Tally:
    """What was seen in some records, to be added to what the store knows. Memory is bounded by the two limits."""

    def __init__(self, known: "Known") -> None:
        self._known = known
        self.minutes: dict[tuple[str, int], list[int]] = {}
        self.events: dict[EventKey, Seen] = {}
        self.properties: dict[tuple[EventKey, str], SeenProperty] = {}
        self.rejected: list[dict[str, Any]] = []

    def add(self, record: Record, duplicates: frozenset[int]) -> None:
        """Count one record."""
        minute = self.minutes.setdefault((record.source_id, record.received_at // _MINUTE), [0, 0, 0])
        if record.kind == "rejected":
            rejected = list(_rejections(record))
            self.rejected.extend(rejected)
            minute[1] += len(rejected)
            return
        calls = _calls_of(record)
        minute[2] += len(duplicates)
        minute[0] += len(calls) - len(duplicates)
        alike: dict[tuple[str, str], list[Raw]] = {}
        for item, call in enumerate(calls):
            if item not in duplicates:
                kind = (call.type or "") if record.kind == "batch" else record.kind
                sent = call.traits if kind in ("identify", "group") else call.properties
                alike.setdefault((kind, (call.event or "") if kind == "track" else ""), []).append(sent)
        for (kind, event), found in alike.items():
            self._add_events((record.source_id, kind, event), found, record.received_at)

    def _add_events(self, key: EventKey, raws: list[Raw], at: int) -> None:
        seen = self.events.get(key)
        if seen is None:
            if not self._known.admits_event(key):
                return
            seen = self.events[key] = Seen(at, at)
        for count, raw in enumerate(raws, seen.count + 1):
            if count <= _INSPECT_ALL:
                self._inspect(key, raw, at, 1)
            elif count % _INSPECT_ONE_OF == 0:
                self._inspect(key, raw, at, _INSPECT_ONE_OF)
        seen.add(at, len(raws))

    def _inspect(self, key: EventKey, raw: Raw, at: int, weight: int) -> None:
        for path, kind in paths_of(json.decode(raw)):
            seen = self.properties.get((key, path))
            if seen is None:
                if not self._known.admits_property(key, path):
                    continue
                seen = self.properties[key, path] = SeenProperty(at, at)
            seen.add(at, weight)
            seen.types.add(kind)


class Known:
    """Which events and properties a schema page lists, so that a flood of new names stays bounded."""

    def __init__(self) -> None:
        self._events: dict[str, set[EventKey]] = {}
        self._paths: dict[EventKey, set[str]] = {}

    def load(self, connection: Connection, source_ids: Iterable[str]) -> None:
        """Learn from the store what it lists of these sources, once each."""
        for source_id in source_ids:
            if source_id in self._events:
                continue
            self._events[source_id] = set()
            for key, path in queries.known_properties(connection, source_id):
                self._events[source_id].add(key)
                if path:
                    self._paths.setdefault(key, set()).add(path)

    def admits_event(self, key: EventKey) -> bool:
        """Whether an event is listed, or may be from now on."""
        return _admits(self._events.setdefault(key[0], set()), key, MAX_EVENTS)

    def admits_property(self, key: EventKey, path: str) -> bool:
        """The same of a property."""
        return _admits(self._paths.setdefault(key, set()), path, MAX_PROPERTIES)


def _calls_of(record: Record) -> list[_Call]:
    return _decode_batch(record.body).batch if record.kind == "batch" else [_decode_call(record.body)]


def _admits(listed: set[Any], name: Any, limit: int) -> bool:
    if name in listed:
        return True
    if len(listed) >= limit:
        return False
    listed.add(name)
    return True


def _rejections(record: Record) -> Iterator[dict[str, Any]]:
    for rejected in json.decode(record.body):
        yield {
            "source_id": record.source_id,
            "position": record.position,
            "item": rejected["item"],
            "received_at": record.received_at,
            "code": rejected["code"],
            "reason": rejected["reason"],
            "body": rejected["body"],
        }


def paths_of(value: Any, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every leaf of an object with its path and type; items of an array appear as `name.$`."""
    if isinstance(value, dict) and depth < MAX_DEPTH:
        for key, below in value.items():
            yield from paths_of(below, f"{prefix}.{key}" if prefix else key, depth + 1)
    elif isinstance(value, list) and depth < MAX_DEPTH:
        yield prefix, "array"
        for below in value[:10]:
            yield from paths_of(below, f"{prefix}.$", depth + 1)
    elif prefix:
        yield prefix, type_of(value)


def type_of(value: Any) -> str:
    """What a schema page calls the type of a JSON value."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return "timestamp" if value[:4].isdigit() and _TIMESTAMP.fullmatch(value) else "text"
    names = {bool: "boolean", int: "integer", float: "float", dict: "object", list: "array"}
    return names[type(value)]
