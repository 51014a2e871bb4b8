"""Signing: each mail by its domain's key, in the bytes that are sent."""

import dkim
import uvloop

from skywrite.channels.email.domains.dkim import load_key, new_key, public_record
from skywrite.channels.email.domains.signing import Signing, with_line_ends
from tests.support.mail_server import CONTENT, a_mail, a_server, sent

PEM = new_key()
SIGNING = Signing({"example.com": load_key("example.com", "s1", PEM)})


def test_what_arrives_verifies() -> None:
    async def go():
        mails = [a_mail(number, content=SIGNING.signed(CONTENT, "news.Example.com")) for number in range(40)]
        async with a_server() as server:
            return await sent(server, *mails), server.mails

    found, mails = uvloop.run(go())
    assert {one.result for one in found} == {"taken"}
    assert len(mails) == 40
    record = public_record(PEM).encode()
    assert all(dkim.verify(mail.content, dnsfunc=lambda name, timeout=5: record) for mail in mails)


def test_a_domain_without_a_key_signs_nothing() -> None:
    assert not SIGNING.signs_for("example.org")
    assert SIGNING.signed(CONTENT, "example.org") == with_line_ends(CONTENT)
    assert Signing().signed(CONTENT, "example.com") == with_line_ends(CONTENT)


def test_every_line_ends_as_mail_s_do() -> None:
    assert with_line_ends(b"a\r\nb\r\n") == b"a\r\nb\r\n"
    assert with_line_ends(b"a\nb\r\n.\rc") == b"a\r\nb\r\n.\r\nc\r\n"
    assert with_line_ends(b"\r\n.\n") == b"\r\n.\r\n"
