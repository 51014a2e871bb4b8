"""A target becomes a Location: byte for byte where a header allows it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skywrite.channels.email.observing.targets import location

AS_THEY_ARE = [
    "https://example.com",
    "http://example.com:8080/a%20b/?q=%C3%A9&q=2#x;y",
    "https://user@example.com/it's(fine)!",
    "HTTPS://EXAMPLE.COM/{a}|b",
    "http://[2001:db8::1]/x",
]
MENDED = {
    'https://example.com/?q="x"': "https://example.com/?q=%22x%22",
    "https://example.com/a b": "https://example.com/a%20b",
    "https://example.com/é?ü=<1>": "https://example.com/%C3%A9?%C3%BC=%3C1%3E",
    "https://bücher.example/é%41": "https://xn--bcher-kva.example/%C3%A9%41",
    "https://bücher.example:444/": "https://xn--bcher-kva.example:444/",
}
REFUSED = [
    *("", "javascript:alert(1)", "//evil.example", "/local", "ftp://example.com/"),
    *("https://example.com/\r\nSet-Cookie: a=b", "https://exa mple.com/é", "https:///é", "https://-.é-/"),
]


@pytest.mark.parametrize("target", AS_THEY_ARE)
def test_what_a_header_may_hold_stays_as_it_is(target):
    assert location(target) == target


@pytest.mark.parametrize(("target", "expected"), MENDED.items())
def test_what_it_may_not_hold_is_encoded(target, expected):
    assert location(target) == expected


@pytest.mark.parametrize("target", REFUSED)
def test_what_is_no_web_address_leads_nowhere(target):
    assert location(target) is None


@settings(max_examples=50)
@given(st.text().map(lambda rest: "https://example.com/" + rest))
def test_whatever_the_target_no_header_can_be_smuggled_in(target):
    found = location(target)
    assert found is None or (found.isascii() and found.isprintable() and " " not in found)
