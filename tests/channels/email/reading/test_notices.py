"""Bounces that follow no standard: each writer's manner gives its recipients, codes and class."""

import pytest

from skywrite.channels.email.reading import read
from tests.channels.email.reading.samples import NOTICES


@pytest.mark.parametrize(("mail", "kind", "expected"), [row[1:] for row in NOTICES], ids=[row[0] for row in NOTICES])
def test_it_says_who_was_not_reached_and_why(mail, kind, expected):
    found = read(mail)
    assert found.kind == kind
    assert [(each.address, each.status, each.smtp_reply, each.bounce_class) for each in found.recipients] == expected


@pytest.mark.parametrize("ending", [b"\r\n", b"\r", b"\n"], ids=["CRLF", "CR", "LF"])
@pytest.mark.parametrize(("mail", "expected"), [row[1::2] for row in NOTICES[:6]], ids=[row[0] for row in NOTICES[:6]])
def test_line_ends_change_nothing(mail, expected, ending):
    found = read(mail.rstrip(b"\n").replace(b"\n", ending))
    assert [each.address for each in found.recipients] == [row[0] for row in expected]
