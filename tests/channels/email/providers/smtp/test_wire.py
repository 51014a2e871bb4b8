"""What goes over the wire: contents that end where they end, parameters that mean what they say."""

from hypothesis import given
from hypothesis import strategies as st

from skywrite.channels.email.providers.smtp.wire import content_lines, offers_of, xtext


def received(wire):
    """What a server makes of it: everything before the first line of a dot, dots undoubled."""
    content, end, rest = (b"\r\n" + wire).partition(b"\r\n.\r\n")
    assert (end, rest) == (b"\r\n.\r\n", b"")
    return content.replace(b"\r\n.", b"\r\n")[2:] + b"\r\n"


@given(lines=st.lists(st.text("ab. \t", max_size=5).map(str.encode), max_size=12))
def test_any_content_ends_once_and_comes_out_as_it_was(lines) -> None:
    content = b"".join(line + b"\r\n" for line in lines) or b"\r\n"
    assert received(content_lines(content)) == content


@given(text=st.text(max_size=20))
def test_xtext_is_plain_and_says_the_same(text) -> None:
    told = xtext(text)
    assert told.isascii()
    assert not set(told) & set(" =\r\n")
    back, at = bytearray(), 0
    while at < len(told):
        step = 3 if told[at] == "+" else 1
        back += bytes.fromhex(told[at + 1 : at + 3]) if step == 3 else told[at].encode()
        at += step
    assert back.decode() == text


def test_what_a_server_offers() -> None:
    lines = ("mx.example.com greets you", "pipelining", "SIZE 1000", "AUTH=LOGIN", "AUTH PLAIN", "")
    assert offers_of(lines) == {"PIPELINING": "", "SIZE": "1000", "AUTH": "LOGIN PLAIN", "": ""}
