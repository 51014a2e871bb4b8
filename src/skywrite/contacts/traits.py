"""Traits: what an identify changes in them, and the rows by which they are searched. Pure."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from skywrite.contacts.controls import LIST, SESSION
from skywrite.events.time import parse_time
from skywrite.store.types import key

Traits = dict[str, Any]
Row = tuple[str, float | None]  # the beginning of the value as text; its number
Rows = dict[tuple[str, int], Row]  # by path, and place in an array

MAX_DEPTH = 3
MAX_ITEMS = 50
CONTROLS = frozenset({"email", "_NewEmail", LIST, SESSION})  # these are no traits; the address has a column of its own
_LARGEST = 1 << 1000


def changed(traits: Traits, given: Mapping[str, Any]) -> Traits | None:
    """The traits with those that are given: null takes one away. None where nothing changes by it."""
    news = {
        name: value
        for name, value in given.items()
        if name not in CONTROLS and (value is None or name not in traits or not _same(traits[name], value))
    }
    gone = [name for name, value in news.items() if value is None]
    if not news or (len(gone) == len(news) and not any(name in traits for name in gone)):
        return None
    after = traits | news
    for name in gone:
        del after[name]
    return after


def united(kept: Traits, other: Traits) -> Traits:
    """The traits of two contacts that become one: those of the one that stays, and what only the other had."""
    return {**other, **kept}


def _same(first: object, second: object) -> bool:
    # True is 1 to Python, and 1 is 1.0: to others they are not.
    if type(first) is type(second) and isinstance(first, str):
        return first == second
    return type(first) is type(second) and msgspec.json.encode(first) == msgspec.json.encode(second)


def difference(before: Traits, after: Traits) -> tuple[list[tuple[str, int]], Rows]:
    """The keys of the rows that go, and the rows that are new or changed."""
    if not any("." in name for name in before) and not any("." in name for name in after):
        # Paths cannot meet: so only what changed need be looked at.
        before, after = (
            {name: value for name, value in before.items() if name not in after or after[name] is not value},
            {name: value for name, value in after.items() if name not in before or before[name] is not value},
        )
    old, new = rows(before), rows(after)
    return [at for at in old if at not in new], {at: row for at, row in new.items() if old.get(at) != row}


def rows(traits: Traits) -> Rows:
    """Every scalar to the third level by its path; an array's first items are numbered, whatever they hold below."""
    found: Rows = {}
    for name, value in traits.items():
        for path, item, scalar in _scalars(name, value, 0, 1):
            place = (key(path), item)
            if place not in found:
                found[place] = row_of(scalar)
    return found


def _scalars(path: str, value: Any, item: int, depth: int) -> Iterator[tuple[str, int, Any]]:
    if isinstance(value, dict):
        if depth < MAX_DEPTH:
            for name, below in value.items():
                yield from _scalars(f"{path}.{name}", below, item, depth + 1)
    elif isinstance(value, list):
        for place, below in enumerate(value[:MAX_ITEMS]):
            if not isinstance(below, list):
                yield from _scalars(path, below, place, depth)
    elif value is not None:
        yield path, item, value


def row_of(value: Any) -> Row:
    """A scalar as a row has it: its text, and its number where it is one, a boolean, or an ISO date (then µs)."""
    if isinstance(value, str):
        number = parse_time(value) if value[:4].isdigit() and value[4:5] == "-" else None
        return key(value), None if number is None else float(number)
    if isinstance(value, bool):
        return ("true" if value else "false"), float(value)
    number = value if not isinstance(value, int) or abs(value) < _LARGEST else None
    if isinstance(number, float) and not math.isfinite(number):
        number = None
    return key(msgspec.json.encode(value).decode() if not isinstance(value, int) else str(value)), (
        None if number is None else float(number)
    )
