import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from skywrite.contacts.addresses import address_key, folded

CASES = [
    ("Ada@Example.COM", "ada@example.com"),
    (" ada@example.com\n", "ada@example.com"),
    ("ada@bücher.example", "ada@bücher.example"),
    ('"a@b"@example.com', '"a@b"@example.com'),
    ("Ada.B+News@Example.com.", "ada.b+news@example.com"),
    ("ada@XN--BCHER-KVA.example", "ada@bücher.example"),
    ("ada@bu\u0308cher.example", "ada@bücher.example"),
    ("ada@straße.example", "ada@straße.example"),
    ("ada@xn--a.example", "ada@xn--a.example"),
    ("ada", ""),
    ("@example.com", ""),
    ("ada@", ""),
    ("ada @example.com", ""),
    ("ada\x00@example.com", ""),
    ("a" * 320 + "@example.com", ""),
    (None, ""),
    (5, ""),
    ({"email": "ada@example.com"}, ""),
]


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_an_address_is_folded_or_is_none(given, expected):
    assert folded(given) == expected


@drawn(st.text(max_size=30) | st.from_regex(r"[a-zA-Z.+]{1,5}@(xn--)?[a-zA-Zäß0-9-]{1,9}[.]?", fullmatch=True))
def test_what_is_folded_stays_as_it_is(text):
    assert address_key(address_key(text)) == address_key(text)
