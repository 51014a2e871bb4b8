import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.events.time import corrected, parse_time
from skywrite.kit.time import iso_millis

NOON = 1_795_435_200_000_000  # 2026-11-23T12:00:00Z


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2026-11-23T12:00:00.000Z", NOON),
        ("2026-11-23T12:00:00.123456+00:00", NOON + 123_456),
        ("2026-11-23T12:00:00.123456789Z", NOON + 123_456),
        ("2026-11-23T14:00:00+02:00", NOON),
        ("2026-11-23T14:00:00+0200", NOON),
        ("2026-11-23T12:00:00", NOON),
        ("2026-11-23 12:00:00", NOON),
        ("2026-11-23", NOON - 12 * 3600 * 1_000_000),
        ("2015-2-02T00:30:12.984Z", 1_422_837_012_984_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        *[(edge, None) for edge in ("9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00", "0001-1-1T00:00+05:00")],
        *[(bad, None) for bad in ("", "yesterday", "2026-13-01", "2026-02-30T00:00:00Z", None, 5, 1.5, [], {})],
    ],
)
def test_every_form_on_the_wire_is_read(text, micros):
    assert parse_time(text) == micros


@pytest.mark.parametrize(
    ("received", "sent", "original", "moment"),
    [
        (NOON, None, None, NOON),
        (NOON, NOON - 5, None, NOON),
        (NOON, None, NOON - 9, NOON - 9),
        (NOON, NOON - 3_600_000_000, NOON - 3_610_000_000, NOON - 10_000_000),  # a clock an hour slow
        (NOON, NOON, 0, 0),  # an import of history
        (NOON, 0, 10, NOON + 10),  # spoofed: the future is documented as possible
        (NOON, 253_402_300_799_000_000, -62_135_596_800_000_000, NOON),  # no calendar holds it
    ],
)
def test_the_clock_is_corrected(received, sent, original, moment):
    assert corrected(received, sent, original) == moment


@given(st.integers(min_value=-62_135_596_800_000, max_value=253_402_300_799_999))
def test_what_is_written_reads_back(millis):
    assert parse_time(iso_millis(millis * 1000)) == millis * 1000
