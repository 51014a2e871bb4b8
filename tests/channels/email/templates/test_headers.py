import email.policy
from email.parser import Parser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.channels.email.templates.headers import clean, mailbox, route, unstructured


@given(st.text(max_size=400))
def test_a_subject_comes_back_in_one_header_of_short_lines(value: str) -> None:
    line = f"Subject: {unstructured('Subject', value)}\r\nTo: a@b.c\r\n\r\n"
    assert all(len(each) <= 78 for each in line.split("\r\n"))
    parsed = Parser(policy=email.policy.default).parsestr(line)
    assert parsed.keys() == ["Subject", "To"]
    assert "".join(str(parsed["Subject"]).split()) == "".join(clean(value).split())


@pytest.mark.parametrize(
    ("name", "address", "written"),
    [
        ("", "a@b.example", "a@b.example"),
        ("Ann", "a@b.example", "Ann <a@b.example>"),
        ("Ann, of Quay", "a@b.example", '"Ann, of Quay" <a@b.example>'),
        ('A "b"', "a@b.example", '"A \\"b\\"" <a@b.example>'),
        ("Zoë", "a@b.example", "=?utf-8?B?Wm/Dqw==?=\r\n <a@b.example>"),
        ("Ann\r\nBcc: x@y.z", "a@b.example", '"Ann Bcc: x@y.z" <a@b.example>'),
    ],
)
def test_a_mailbox_is_quoted_as_it_needs(name: str, address: str, written: str) -> None:
    assert mailbox(name, address) == written


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("zoë@bücher.example", "zoë@xn--bcher-kva.example"),
        ("a@b.example\r\nBcc: c@d.example", "aBcc:c@d.example"),
        ("a@b.example>, <c@d.example", "ab.example@d.example"),
        ("plain+tag@b.example", "plain+tag@b.example"),
    ],
)
def test_an_address_is_one_address(address: str, written: str) -> None:
    assert "\r" not in route(address)
    assert route(address).count("<") == 0
    if "d.example" not in address:
        assert route(address) == written
