"""Replies cut out of bytes: however they come, whatever they are."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.channels.email.providers.smtp.replies import NotSmtp, Replies

TALK = b"220 here\r\n250-me\r\n250-SIZE 100\r\n250 DSN\r\n250 2.1.0 ok\n550-5.1.1 No such\r\n550 5.1.1 user\r\n354\r\n"
KNOWN = [
    (220, "", "here"),
    (250, "", "me SIZE 100 DSN"),
    (250, "2.1.0", "ok"),
    (550, "5.1.1", "No such user"),
    (354, "", ""),
]


def heard(*pieces):
    replies = Replies()
    return [(one.code, one.enhanced, one.text) for piece in pieces for one in replies.feed(piece)]


def test_lines_of_one_reply_are_joined() -> None:
    assert heard(TALK) == KNOWN
    assert heard(TALK, TALK) == KNOWN * 2  # known lines are as new ones


@given(cuts=st.lists(st.integers(0, len(TALK)), max_size=6).map(sorted))
def test_it_does_not_matter_how_they_are_cut(cuts) -> None:
    pieces = [TALK[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(TALK)], strict=True)]
    assert heard(*pieces) == KNOWN


@given(data=st.binary(max_size=300))
def test_any_bytes_are_replies_or_refused(data) -> None:
    with contextlib.suppress(NotSmtp):
        assert all(200 <= code < 600 for code, _, _ in heard(data))


@pytest.mark.parametrize(
    "data", [b"hello\r\n", b"99 x\r\n", b"650 x\r\n", b"2500 x\r\n", b"250x\r\n", b"x" * 5000, b"250-a\r\n" * 300]
)
def test_what_is_none_is_refused(data) -> None:
    with pytest.raises(NotSmtp):
        heard(data)


def test_an_enhanced_code_of_another_class_is_none() -> None:
    assert heard(b"250 5.1.1 odd\r\n") == [(250, "", "5.1.1 odd")]
