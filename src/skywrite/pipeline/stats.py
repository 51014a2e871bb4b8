"""Counts a minute, histograms by powers of two, and which attempts are kept as samples. Pure."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, field

from skywrite.pipeline.pace import Pace

MINUTE = 60_000_000
BUCKETS = 28  # the last one begins at 2^27 ms, a day and a half
Count = Literal["delivered", "retried", "failed", "filtered"]


def bucket_of(millis: float) -> int:
    """The histogram's place for a duration: 0 is under 1 ms, n is from 2^(n-1) up to 2^n ms."""
    return min(int(millis).bit_length(), BUCKETS - 1) if millis > 0 else 0


def percentile(histogram: Sequence[int], share: float) -> float | None:
    """The value in ms below which `share` of those counted lie, evenly spread within a bucket; None without any."""
    total = sum(histogram)
    if not total:
        return None
    wanted = share * total
    for place, count in enumerate(histogram):
        if count and wanted <= count:
            low, high = (0.0, 1.0) if place == 0 else (2.0 ** (place - 1), 2.0**place)
            return low + (high - low) * wanted / count
        wanted -= count
    return 2.0 ** (len(histogram) - 1)


def joined(first: Sequence[int], second: Sequence[int]) -> list[int]:
    """The sum of two histograms, whatever their lengths."""
    length = max(len(first), len(second))
    left = [*first, *[0] * (length - len(first))]
    right = [*second, *[0] * (length - len(second))]
    return [one + other for one, other in zip(left, right, strict=True)]


class Counts(Struct):
    """What happened in one minute."""

    delivered: int = 0
    retried: int = 0
    failed: int = 0
    filtered: int = 0
    latency: list[int] = field(default_factory=lambda: [0] * BUCKETS)  # accepted to delivered
    response: list[int] = field(default_factory=lambda: [0] * BUCKETS)  # request to answer

    def add(self, other: "Counts") -> None:
        """Count in what another counted."""
        self.delivered += other.delivered
        self.retried += other.retried
        self.failed += other.failed
        self.filtered += other.filtered
        self.latency = joined(self.latency, other.latency)
        self.response = joined(self.response, other.response)


class Sampler:
    """Says which attempts are kept: a few a second of each kind, so that the newest are always at hand."""

    def __init__(self, pace: Pace) -> None:
        self._every = {True: 1e6 / pace.samples_a_second, False: 2e5 / pace.samples_a_second}
        self._next = {True: 0.0, False: 0.0}

    def keeps(self, *, delivered: bool, now: int) -> bool:
        """Whether this attempt is kept; one that is counts against those after it."""
        due = self._next[delivered]
        if now < due:
            return False
        # A quiet time is saved up for a burst of two seconds.
        self._next[delivered] = max(due, now - 2_000_000) + self._every[delivered]
        return True
