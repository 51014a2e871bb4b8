import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.events.time import parse_time
from skywrite.warehouse.pieces import times_of
from skywrite.warehouse.values import micros_of

near_times = st.from_regex(
    r"\A[0-29]\d{3}-[01]\d-[0-3]\d[T t][0-2]\d(:[0-6]\d(:[0-6]\d([.,]\d{0,7})?)?)?([+-]\d\d(:?\d\d)?)?[Zz]?\Z"
)


def assert_read_alike(text: str) -> None:
    """Times read by the column are those that are read one by one, in a column of the warehouse and on the wire."""
    times = times_of([None, text])
    if times is not None:
        assert times[1].value == micros_of(text) == parse_time(text)


@given(near_times)
def test_a_column_of_times_is_read_as_each_time_is(text: str) -> None:
    assert_read_alike(text)


@pytest.mark.parametrize(
    "text",
    ["0000-01-01T00:00:00.000Z", "2024-05-01T10Z", "2024-05-01T10+02:00:00Z", "2024-05-01T10:20:60Z",
     "2024-05-01T24:00:00Z", "2024-02-30T10:20:30Z", "2024-05-01 10:20:30Z", "2024-05-01T10:20:30.1234567Z"],
)  # fmt: skip
def test_an_odd_time_is_read_alike_or_left_to_the_other_way(text: str) -> None:
    assert_read_alike(text)


def test_the_usual_forms_are_read_by_the_column() -> None:
    texts = ["2024-05-01T10:20:30Z", None, "2024-05-01T10:20:30.5Z", "2024-05-01T10:20:30.123456Z"]
    times = times_of(texts)
    assert times is not None
    assert [time.value for time in times] == [text and micros_of(text) for text in texts]


def test_a_column_of_nulls_has_no_time() -> None:
    times = times_of([None, None])
    assert times is not None
    assert times.null_count == 2
