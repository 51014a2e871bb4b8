import pytest

from skywrite.contacts.addresses import folded

CASES = [
    ("Ada@Example.COM", "ada@example.com"),
    (" ada@example.com\n", "ada@example.com"),
    ("ada@bücher.example", "ada@bücher.example"),
    ('"a@b"@example.com', '"a@b"@example.com'),
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
