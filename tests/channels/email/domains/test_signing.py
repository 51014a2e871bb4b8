"""Signing on the side: each mail by its domain's key, in the bytes that are sent."""

import asyncio

import dkim
import uvloop

from skywrite.channels.email.domains.dkim import load_key, new_key, public_record
from skywrite.channels.email.domains.signing import Signing, with_line_ends
from tests.support.mail_server import a_client, a_mail, a_server, told

PEM = new_key()
KEYS = {"example.com": load_key("example.com", "s1", PEM)}


def test_what_arrives_verifies() -> None:
    async def go():
        signing = Signing(KEYS)
        async with a_server() as server, a_client(server.port, means={"signing": signing}) as client:
            mails = [a_mail(number, signs_for="news.Example.com") for number in range(40)]
            found = await told(client, *mails, a_mail(41, signs_for="example.org"))
        signing.close()
        return found, server.mails

    found, mails = uvloop.run(go())
    assert {one.result for one in found} == {"taken"}
    record = public_record(PEM).encode()
    signed = [mail.content for mail in mails if mail.content.startswith(b"DKIM-Signature: ")]
    assert len(signed) == 40
    assert all(dkim.verify(content, dnsfunc=lambda name, timeout=5: record) for content in signed)


def test_a_client_that_closes_puts_off_what_is_being_signed() -> None:
    async def go():
        signing = Signing(KEYS)
        async with a_server() as server, a_client(server.port, means={"signing": signing}) as client:
            waiting = asyncio.ensure_future(
                told(client, *(a_mail(number, signs_for="example.com") for number in range(9)))
            )
            await asyncio.sleep(0)
            await client.close()
            found = await waiting
        signing.close()
        return found

    assert {one.result for one in uvloop.run(go())} == {"later"}


def test_every_line_ends_as_mail_s_do() -> None:
    assert with_line_ends(b"a\r\nb\r\n") == b"a\r\nb\r\n"
    assert with_line_ends(b"a\nb\r\n.\rc") == b"a\r\nb\r\n.\r\nc\r\n"
    assert with_line_ends(b"\r\n.\n") == b"\r\n.\r\n"
