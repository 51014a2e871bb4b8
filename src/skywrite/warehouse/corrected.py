"""The times of many events at once, corrected as `events.batch.normalise` and `columns` correct one's. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skywrite.events.time import parse_time
from skywrite.warehouse.columns import BELIEVED_SKEW
from skywrite.warehouse.pieces import Moments, Values, times_of

_BELIEVED = int(BELIEVED_SKEW.total_seconds() * 1_000_000)
_FIRST, _LAST = -62_135_596_800_000_000, 253_402_300_799_999_999  # the years 1 to 9999


def corrected_times(fields: dict[str, Sequence[Any]], received: Any, batch_sent: tuple[Any, Any]) -> dict[str, Values]:
    """The three corrected times of each event, as `events.batch.normalise` and `columns` have them."""
    sent, has_sent = _micros(fields["sentAt"])
    sent, has_sent = np.where(has_sent, sent, batch_sent[0]), has_sent | batch_sent[1]
    stated, has_stated = _micros(fields["timestamp"])
    original, has_original = _micros(fields["originalTimestamp"])
    is_final = has_original & has_stated
    original = np.where(has_original, original, stated)
    has_original |= has_stated
    skewed = received - (sent - original)
    skewed = np.where((skewed >= _FIRST) & (skewed <= _LAST), skewed, received)
    moment = np.where(has_original, np.where(has_sent, skewed, original), received)
    moment = np.where(is_final, stated, moment)
    original = np.where(has_original, original, np.where(has_sent, sent, received))
    received, sent = to_millis(received), to_millis(sent)
    sent = np.where(has_sent & (np.abs(sent - received) <= _BELIEVED), sent, received)
    return {
        "sent_at": Moments(sent),
        "timestamp": Moments(to_millis(moment)),
        "original_timestamp": Moments(to_millis(original)),
    }


def to_millis(micros: Any) -> Any:
    """Times in µs, cut to the millisecond."""
    return micros // 1000 * 1000


def of_each_event(micros: list[int | None], owners: Any) -> tuple[Any, Any]:
    """The time of each event's record, and whether it has one; `owners` are the numbers of the records."""
    values, valid = _masked(micros)
    return values[owners], valid[owners]


def _micros(given: Sequence[Any]) -> tuple[Any, Any]:
    """Times of the wire as µs, and whether each is one."""
    array = times_of(given)
    if array is None:
        return _masked([parse_time(value) for value in given])
    valid = array.is_valid().to_numpy(zero_copy_only=False)
    return array.cast("int64").fill_null(0).to_numpy(), valid


def _masked(micros: Sequence[int | None]) -> tuple[Any, Any]:
    valid = np.array([value is not None for value in micros], bool)
    return np.array([value or 0 for value in micros], np.int64), valid
