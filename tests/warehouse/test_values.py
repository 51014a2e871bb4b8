import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.warehouse.values import Kind, cast, kind_of_all, micros_of, text_of

TIMES = {
    "2024-05-01": 1714521600_000000,
    "2024-05-01T10:20": 1714558800_000000,
    "2024-05-01 10:20:30": 1714558830_000000,
    "2024-05-01T10:20:30.123456Z": 1714558830_123456,
    "2024-05-01T10:20:30.5": 1714558830_500000,
    "2024-05-01T10:20:30+0200": 1714551630_000000,
    "2024-05-01T10:20:30-05:30": 1714578630_000000,
    "2024-05-01T10:20:30+02": 1714551630_000000,
}
NO_TIMES = [
    "2024-05", "20240501", "2024-05-01T10", "05/01/2024", "May 1 2024", "1714550400", "2024-13-01", "2024-02-30",
    "10:20", "", "2024-05-01Z", " 2024-05-01", "2024-05-01\n", "0000-01-01",
    "2024-05-01T24:00", "\uff12\uff10\uff12\uff14-05-01",
    "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
]  # fmt: skip


@pytest.mark.parametrize(("text", "micros"), TIMES.items())
def test_a_time_of_the_reference_is_a_timestamp(text: str, micros: int) -> None:
    assert micros_of(text) == micros


@pytest.mark.parametrize("text", NO_TIMES)
def test_any_other_string_is_text(text: str) -> None:
    assert micros_of(text) is None
    assert kind_of_all([text]) is Kind.VARCHAR


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([None, None], None),
        ([True, None], Kind.BOOLEAN),
        ([1, -(2**63)], Kind.INTEGER),
        ([2**63], Kind.FLOAT),
        ([1.0], Kind.FLOAT),
        ([1, 2.5], Kind.FLOAT),
        ([True, 1], Kind.VARCHAR),
        (["2024-05-01", "2024-05-01T10:20Z"], Kind.TIMESTAMP),
        (["2024-05-01", "soon"], Kind.VARCHAR),
        (["true"], Kind.VARCHAR),
        (["12"], Kind.VARCHAR),
        ([""], Kind.VARCHAR),
        ([[1]], Kind.VARCHAR),
        ([1, "1"], Kind.VARCHAR),
    ],
)
def test_a_new_column_has_the_narrowest_type_of_its_values(values: list[Any], kind: Kind | None) -> None:
    assert kind_of_all(values) is kind


LOST = "lost"
CASTS = [
    (1, Kind.FLOAT, 1.0),
    (True, Kind.FLOAT, 1.0),
    ("2.50", Kind.FLOAT, 2.5),
    ("2,5", Kind.FLOAT, LOST),
    ("1e999", Kind.FLOAT, LOST),
    (10**400, Kind.FLOAT, LOST),
    (3.0, Kind.INTEGER, 3),
    (3.5, Kind.INTEGER, LOST),
    ("12", Kind.INTEGER, 12),
    ("007", Kind.INTEGER, LOST),
    ("twelve", Kind.INTEGER, LOST),
    (True, Kind.INTEGER, 1),
    (2**63, Kind.INTEGER, LOST),
    (1e300, Kind.INTEGER, LOST),
    (1, Kind.BOOLEAN, True),
    (0, Kind.BOOLEAN, False),
    (2, Kind.BOOLEAN, LOST),
    ("true", Kind.BOOLEAN, True),
    ("yes", Kind.BOOLEAN, LOST),
    (True, Kind.VARCHAR, "true"),
    (1.0, Kind.VARCHAR, "1.0"),
    (7, Kind.VARCHAR, "7"),
    (["é", {"a": 1}], Kind.VARCHAR, '["é",{"a":1}]'),
    ([], Kind.VARCHAR, "[]"),
    ("2024-05-01", Kind.VARCHAR, "2024-05-01"),
    ("2024-05-01", Kind.TIMESTAMP, 1714521600_000000),
    ("soon", Kind.TIMESTAMP, LOST),
    (1714521600, Kind.TIMESTAMP, LOST),
    ([1], Kind.INTEGER, LOST),
    ("x", Kind.OTHER, LOST),
]


@pytest.mark.parametrize(("value", "kind", "stored"), CASTS)
def test_a_value_goes_into_its_column_or_says_why_not(value: Any, kind: Kind, stored: Any) -> None:
    kept, reason = cast(value, kind)
    if stored is LOST:
        assert kept is None
        assert "does not fit" in reason
    else:
        assert (kept, type(kept), reason) == (stored, type(stored), "")


@pytest.mark.parametrize(
    ("value", "kind"),
    [(2**60 + 1, Kind.FLOAT), ("0.12345678901234567890", Kind.FLOAT), ("2024-05-01T10:20:30.1234567Z", Kind.TIMESTAMP)],
)
def test_a_value_that_is_rounded_says_so(value: Any, kind: Kind) -> None:
    kept, reason = cast(value, kind)
    assert kept is not None
    assert reason.startswith("rounded")


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@given(st.lists(scalars, min_size=1), st.sampled_from([kind for kind in Kind if kind is not Kind.OTHER]))
def test_no_value_is_lost_without_a_word(values: list[Any], kind: Kind) -> None:
    for value in values:
        kept, reason = cast(value, kind)
        assert (kept is None) <= (value is None or bool(reason))
        if kept is not None and not reason and kind in (Kind.INTEGER, Kind.FLOAT) and not isinstance(value, str):
            assert kept == value
        if kept is not None and kind is Kind.VARCHAR:
            assert kept == text_of(value)


@given(st.lists(scalars, min_size=1))
def test_values_fit_the_type_that_was_made_for_them(values: list[Any]) -> None:
    kind = kind_of_all(values)
    if kind is not None:
        for value in values:
            kept, reason = cast(value, kind)
            assert kept is not None or value is None or abs(value) > 1e308
            assert not reason or math.isfinite(value)
