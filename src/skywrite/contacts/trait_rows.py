"""Traits as rows of `contact_traits`: scalars by their path, an array's items numbered. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from skywrite.kit.time import to_micros

_LONGEST_TEXT = 200
_DEEPEST = 5
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?")


class TraitRow(NamedTuple):
    """One scalar of a contact's traits."""

    name: str  # its path, "address.city"
    item: int  # which of an array's items
    text: str  # its beginning
    number: float | None  # a number's value, a boolean as 0 or 1, a date's µs since 1970


def trait_rows(traits: Mapping[str, Any]) -> list[TraitRow]:
    """The rows of one contact's traits; null has none, and so has what lies deeper than five objects."""
    if all(isinstance(value, str) for value in traits.values()):  # most are flat, and of text
        return [TraitRow(name, 0, value[:_LONGEST_TEXT], number_of(value)) for name, value in traits.items()]
    rows = {(row.name, row.item): row for key, value in traits.items() for row in _rows(key, value, 1)}
    return list(rows.values())


def _rows(name: str, value: Any, depth: int) -> Iterator[TraitRow]:
    if isinstance(value, dict):
        if depth < _DEEPEST:
            for key, inner in value.items():
                yield from _rows(f"{name}.{key}", inner, depth + 1)
    elif isinstance(value, list):
        for item, inner in enumerate(value):
            if isinstance(inner, str | bool | int | float):
                yield TraitRow(name, item, text_of(inner), number_of(inner))
    elif value is not None:
        yield TraitRow(name, 0, text_of(value), number_of(value))


def text_of(value: str | float) -> str:
    """A scalar's text, as a search compares it."""
    if isinstance(value, str):
        return value[:_LONGEST_TEXT]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def number_of(value: str | float) -> float | None:
    """A scalar's number, None where it has none: see `TraitRow`."""
    if not isinstance(value, str):
        try:
            return float(value)
        except OverflowError:
            return None
    return _moment(value) if value[:4].isdecimal() else None


@lru_cache(maxsize=8192)
def _moment(value: str) -> float | None:
    """The µs of a date's text; of many contacts the same days are asked for."""
    if not _DATE.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return float(to_micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC)))
