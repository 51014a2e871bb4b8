"""The periods that overviews show, and how they are cut into buckets. Pure."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

Period = Literal["10m", "1h", "24h", "7d"]
_CUTS: dict[str, tuple[int, int]] = {"10m": (10, 1), "1h": (60, 1), "24h": (96, 15), "7d": (84, 120)}
_MINUTE = 60_000_000
DAY_MINUTES = 24 * 60


class Buckets(Struct, frozen=True):
    """`count` buckets of `step` minutes from minute `first`; the last one holds now."""

    first: int
    step: int
    count: int

    def starts(self) -> Iterator[tuple[int, int]]:
        """Each bucket's number and its beginning in µs."""
        for number in range(self.count):
            yield number, (self.first + number * self.step) * _MINUTE


def buckets_of(period: Period, now: int) -> Buckets:
    """The buckets of a period that ends at `now`, in µs; their bounds are the clock's."""
    count, step = _CUTS[period]
    last = minute_of(now) // step * step
    return Buckets(last - (count - 1) * step, step, count)


def minute_of(micros: int) -> int:
    """The minute of a moment, counted from 1970."""
    return micros // _MINUTE
