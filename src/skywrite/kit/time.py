"""Time as integers: microseconds since 1970, UTC."""

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now_micros() -> int:
    """The wall clock in µs since 1970."""
    return time.time_ns() // 1000


def iso_millis(micros: int) -> str:
    """`micros` as ISO 8601 with milliseconds and Z, the form in which Segment stores every time."""
    return (_EPOCH + timedelta(microseconds=micros)).isoformat(timespec="milliseconds")[:-6] + "Z"


def to_datetime(micros: int) -> datetime:
    """`micros` as an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def to_micros(moment: datetime) -> int:
    """An aware datetime as µs since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
