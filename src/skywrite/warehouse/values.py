"""The five column types, which of them a JSON value has, and how a value goes into a column. Pure.

Reference: warehouse, section 4. Nothing is lost without a word: a value that does not fit, or fits only rounded, comes
back with the reason, under which it is kept among the discards.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from skywrite.kit import json
from skywrite.kit.time import to_micros

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?)?",
    re.ASCII,
)
# Numbers as JSON writes them: "007" is a code, not a number, and stays text.
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,18})", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_EXACT_DIGITS = 15  # what every double can hold of a decimal number
YEAR_1 = -62_135_596_800_000_000
_YEAR_9999_END = 253_402_300_799_999_999


class Kind(StrEnum):
    """A column's type, in Segment's words. OTHER is a type that only the owner of the warehouse can have chosen."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    FLOAT = "float"
    TIMESTAMP = "timestamp"
    VARCHAR = "varchar"
    OTHER = "other"


def text_of(value: Any) -> str:
    """A JSON value as a text column shows it: strings as sent, all else as compact JSON."""
    return value if isinstance(value, str) else json.encode(value).decode()


def micros_of(text: str) -> int | None:
    """µs since 1970 of a string in one of the timestamp forms of the reference, None for any other string.

    Digits beyond the microsecond are cut. Without a zone it is UTC.
    """
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, zone_hours, zone_minutes = found.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
    offset = (int(zone_hours or 0) * 60 + int(zone_minutes or 0)) * 60_000_000
    micros = to_micros(moment) + int((fraction or "0")[:6].ljust(6, "0")) + (offset if sign == "-" else -offset)
    return micros if YEAR_1 <= micros <= _YEAR_9999_END else None


def kind_of_all(values: Iterable[Any]) -> Kind | None:
    """The narrowest type that all of `values` share; None where each of them is null."""
    values = [value for value in values if value is not None]
    types = set(map(type, values))
    if not types:
        return None
    if types == {str}:
        is_time = micros_of(values[0]) is not None and all(micros_of(value) is not None for value in values)
        return Kind.TIMESTAMP if is_time else Kind.VARCHAR
    if types == {bool}:
        return Kind.BOOLEAN
    if types == {int} and min(values) >= INT64_MIN and max(values) <= INT64_MAX:
        return Kind.INTEGER
    return Kind.FLOAT if types <= {int, float} else Kind.VARCHAR


def cast(value: Any, kind: Kind) -> tuple[Any, str]:
    """What a column of this type holds of `value`, and "" or why that is not all of it.

    Timestamps come as µs since 1970. A value that cannot go in at all gives None and the reason.
    """
    if value is None:
        return None, ""
    return _CASTS[kind](value)


def cast_all(values: Sequence[Any], kind: Kind) -> tuple[list[Any], list[tuple[int, str]]]:
    """`cast` of each value; the second list holds the index and reason of those that lost something."""
    stored: list[Any] = []
    lost: list[tuple[int, str]] = []
    for index, value in enumerate(values):
        kept, reason = cast(value, kind)
        stored.append(kept)
        if reason:
            lost.append((index, reason))
    return stored, lost


def _misfit(value: Any, kind: Kind) -> tuple[None, str]:
    return None, f"{_word(value)} does not fit a column of type {kind.value}"


def _word(value: Any) -> str:
    words = {bool: "a boolean", int: "an integer", float: "a float", str: "this text", list: "an array"}
    return words.get(type(value), "an object")


def _to_boolean(value: Any) -> tuple[Any, str]:
    if isinstance(value, bool):
        return value, ""
    if isinstance(value, int | str) and str(value) in _BOOLEANS:
        return _BOOLEANS[str(value)], ""
    return _misfit(value, Kind.BOOLEAN)


_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def _to_integer(value: Any) -> tuple[Any, str]:
    number: int | None = None
    if (
        isinstance(value, int)
        or (isinstance(value, float) and value.is_integer())
        or (isinstance(value, str) and _INTEGER.fullmatch(value))
    ):
        number = int(value)
    if number is None or not INT64_MIN <= number <= INT64_MAX:
        return _misfit(value, Kind.INTEGER)
    return number, ""


def _to_float(value: Any) -> tuple[Any, str]:
    if isinstance(value, float):
        return value, ""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return _misfit(value, Kind.FLOAT)
    if not isinstance(value, int | str):
        return _misfit(value, Kind.FLOAT)
    try:
        number = float(value)
    except OverflowError:
        return _misfit(value, Kind.FLOAT)
    if number in (float("inf"), float("-inf")):
        return _misfit(value, Kind.FLOAT)
    if isinstance(value, int):
        return number, "" if int(number) == value else "rounded: a float holds 53 bits of a whole number"
    digits = sum(character.isdigit() for character in value)
    return number, "" if digits <= _EXACT_DIGITS else "rounded: a float holds 15 decimal digits"


def _to_timestamp(value: Any) -> tuple[Any, str]:
    micros = micros_of(value) if isinstance(value, str) else None
    if micros is None:
        return _misfit(value, Kind.TIMESTAMP)
    fraction = _TIMESTAMP.fullmatch(value).group(7) or ""  # type: ignore[union-attr]  # it matched above
    return micros, "rounded: a timestamp holds microseconds" if fraction[6:].strip("0") else ""


def _to_varchar(value: Any) -> tuple[Any, str]:
    return text_of(value), ""


def _to_other(value: Any) -> tuple[Any, str]:
    return _misfit(value, Kind.OTHER)


_CASTS = {
    Kind.BOOLEAN: _to_boolean,
    Kind.INTEGER: _to_integer,
    Kind.FLOAT: _to_float,
    Kind.TIMESTAMP: _to_timestamp,
    Kind.VARCHAR: _to_varchar,
    Kind.OTHER: _to_other,
}
