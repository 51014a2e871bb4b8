import contextlib
import json as plain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.kit.json import decode

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(values)
def test_what_json_can_say_is_read_as_it_is(value):
    assert decode(plain.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (rb'"\ud800"', "�"),
        (rb'"a\udc00b"', "a�b"),
        (rb'{"\ud800":"\ud83d\ude00"}', {"�": "😀"}),
        (b"[1e999,-1e999,1e-999]", ["1e999", "-1e999", 0.0]),
        (b"[" + b"9" * 400 + b".5]", ["9" * 400 + ".5"]),
        (b"[-" + b"9" * 400 + b"]", [-(10**400 - 1)]),
        (b"[1e999," + b"9" * 400 + b"]", ["1e999", 10**400 - 1]),
        (b"[-" + b"9" * 5_000 + b"]", ["-" + "9" * 5_000]),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
    ],
)
def test_what_only_a_lenient_reader_takes_is_mended(text, value):
    assert decode(text) == value


@pytest.mark.parametrize("text", [b"", b"{", b"NaN", b"[Infinity]", b"01", b'"\xff"', b"{'a':1}", b"nul"])
def test_what_is_no_json_is_an_error(text):
    with pytest.raises(ValueError):  # noqa: PT011 - of which there are several kinds
        decode(text)


@given(st.binary(max_size=40))
def test_any_bytes_are_a_value_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        decode(text)
