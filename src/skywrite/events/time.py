"""Times on the wire, and Segment's correction for a wrong device clock."""

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LOOSE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE | re.ASCII,
)
_FIRST = -62_135_596_800_000_000  # the year 1
_LAST = 253_402_300_799_999_999  # the end of 9999


def parse_time(value: object) -> int | None:
    """A time of the wire as µs since 1970, or None where it is no time.

    Takes every form that the SDKs send (reference: tracking API, section 3): Z, offsets, none (then UTC), three to
    nine decimals, date only, days and months without a leading zero.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return _in_calendar(_parse_loose(value))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return _in_calendar((moment - _EPOCH) // _MICROSECOND)


def _in_calendar(micros: int | None) -> int | None:
    # An offset may lead out of the years that the text itself stays within.
    return micros if micros is not None and _FIRST <= micros <= _LAST else None


def _parse_loose(text: str) -> int | None:
    found = _LOOSE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    micros = (fraction or "")[:6].ljust(6, "0")
    try:
        moment = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int(micros),
            UTC,
        )
    except ValueError:
        return None
    return (moment - _EPOCH) // _MICROSECOND - _offset(zone or "Z")


def _offset(zone: str) -> int:
    if zone in "Zz":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return (-minutes if zone[0] == "-" else minutes) * 60_000_000


def corrected(received: int, sent: int | None, original: int | None) -> int:
    """`receivedAt - (sentAt - originalTimestamp)`: when it happened, by the server's clock. All in µs.

    Without `sent` no skew is known and `original` stands; without `original` it is `received`. A result that no
    calendar holds (years 1 to 9999) falls back to `received`.
    """
    if original is None:
        return received
    if sent is None:
        return original
    moment = received - (sent - original)
    return moment if _FIRST <= moment <= _LAST else received
