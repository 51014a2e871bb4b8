"""Traits as rows of `contact_traits`, by which they are searched: the one place that decides what is found. Pure.

Each scalar has a row, by its path and its place in an array. What lies deeper than `MAX_DEPTH` objects, or behind an
array's first `MAX_ITEMS`, is kept with the contact and has no row.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from skywrite.events.time import parse_time
from skywrite.store.types import key

Row = tuple[str, float | None]  # the value as text, a long one as a key holds it; its number
Rows = dict[tuple[str, int], Row]  # by path ("address.city") and place in an array

MAX_DEPTH = 5
MAX_ITEMS = 50
_LARGEST_WHOLE = 1e15  # a float beyond it is written with an exponent, as JavaScript does


def rows_of(traits: Mapping[str, Any]) -> Rows:
    """The rows of one contact's traits; null has none. A name that holds a dot itself goes before a path like it."""
    found: Rows = {}
    for name, value in traits.items():
        if isinstance(value, str):  # as most are
            found[key(name), 0] = key(value), number_of(value) if value[4:5] == "-" else None
            continue
        if isinstance(value, int | float):
            found[key(name), 0] = key(text_of(value)), number_of(value)
            continue
        for path, item, scalar in _scalars(name, value, 0, 1):
            if path is name or path not in traits:
                found.setdefault((key(path), item), (key(text_of(scalar)), number_of(scalar)))
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


def text_of(value: str | float) -> str:
    """A scalar's text, as a person types it: 3 and 3.0 are the same number, and the same text."""
    if isinstance(value, str):
        return value
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_WHOLE:
        return str(int(value))
    return str(value)


def number_of(value: str | float) -> float | None:
    """A number's value, a boolean as 0 or 1, the µs since 1970 of an ISO date; None where it is none of these."""
    if isinstance(value, str):
        moment = parse_time(value) if value[4:5] == "-" and value[:4].isdigit() else None
        return None if moment is None else float(moment)
    try:
        return float(value)
    except OverflowError:
        return None
