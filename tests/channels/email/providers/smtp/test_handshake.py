"""Until a server takes mails: TLS of each kind, logins, and servers that are old or false."""

import asyncio
import base64

import pytest
import uvloop
from aiosmtpd.smtp import SMTP, AuthResult

from tests.support.certificates import an_authority
from tests.support.mail_server import ALL, a_client, a_mail, a_server, sent, told

PLAIN = "AUTH PLAIN " + base64.b64encode(b"\0ada\0secret word").decode()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A server's TLS, and the file that it is verified by."""
    return an_authority(tmp_path_factory.mktemp("ca"))


def outcome(how, **settings):
    """What becomes of one mail at a server that does so, and the server."""

    async def go():
        async with a_server(**how) as server:
            (found,) = await sent(server, **settings)
            return found, server

    return uvloop.run(go())


class TestTls:
    @pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "implicit"])
    def test_mails_go_in_it_where_the_certificate_is_good(self, authority, implicit) -> None:
        kind = "implicit" if implicit else "starttls"
        found, server = outcome({"tls": authority[0], "implicit": implicit}, tls=kind, ca_file=authority[1])
        assert found.result == "taken"
        assert server.mails[0].in_tls

    @pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "implicit"])
    def test_a_strange_certificate_is_refused(self, authority, implicit) -> None:
        kind = "implicit" if implicit else "starttls"
        found, server = outcome({"tls": authority[0], "implicit": implicit}, tls=kind)
        assert (found.result, found.stage) == ("later", "tls")
        assert "certificate" in found.reason
        assert server.mails == []

    def test_where_it_is_needed_and_not_offered_nothing_goes(self) -> None:
        found, _ = outcome({}, tls="starttls")
        assert (found.result, found.stage) == ("later", "tls")
        assert "offers no TLS" in found.reason

    def test_a_relay_with_opportunistic_tls_uses_it_unverified(self, authority) -> None:
        found, server = outcome({"tls": authority[0]}, tls="opportunistic")
        assert found.result == "taken"
        assert server.mails[0].in_tls

    def test_straight_to_a_server_with_broken_tls_it_goes_without(self) -> None:
        async def go():
            async with a_server(offers=(*ALL, "STARTTLS"), starttls="454 not now") as server:
                routes = [f"*=127.0.0.1:{server.port}"]
                async with a_client(25, mode="direct", routes=routes) as client:
                    return await told(client, a_mail(), a_mail(2)), server

        found, server = uvloop.run(go())
        assert {one.result for one in found} == {"taken"}
        assert server.commands.count("STARTTLS") == 1

    def test_that_it_is_broken_is_forgotten_in_the_end(self) -> None:
        async def go():
            async with a_server(offers=(*ALL, "STARTTLS"), starttls="454 not now") as server:
                routes = [f"*=127.0.0.1:{server.port}"]
                async with a_client(25, mode="direct", routes=routes) as client:
                    client._broken_tls["mx.long.ago"] = 1.0
                    await told(client, a_mail())
                    return list(client._broken_tls)

        assert uvloop.run(go()) == ["127.0.0.1"]

    def test_words_slipped_in_before_it_are_not_believed(self, authority) -> None:
        found, server = outcome(
            {"tls": authority[0], "starttls": "220 go\r\n250 evil"}, tls="starttls", ca_file=authority[1]
        )
        assert (found.result, server.mails) == ("later", [])


class TestLogin:
    def test_plain_is_said_in_one_line(self) -> None:
        found, server = outcome({"logins": ("LOGIN", "PLAIN")}, user="ada", password="secret word")
        assert found.result == "taken"
        assert PLAIN in server.commands

    def test_login_is_said_where_there_is_no_plain(self) -> None:
        found, server = outcome({"logins": ("LOGIN", "CRAM-MD5")}, user="ada", password="secret word")
        assert found.result == "taken"
        at = server.commands.index("AUTH LOGIN")
        assert [base64.b64decode(word) for word in server.commands[at + 1 : at + 3]] == [b"ada", b"secret word"]

    def test_a_wrong_password_puts_mails_off_and_is_not_shown(self) -> None:
        found, _ = outcome({"logins": ("PLAIN",), "auth": "535 5.7.8 bad"}, user="ada", password="secret word")
        assert (found.result, found.stage, found.code) == ("later", "auth", 535)
        assert "secret" not in str(found)

    def test_a_server_with_other_ways_alone_is_told_so(self) -> None:
        found, _ = outcome({"logins": ("GSSAPI",)}, user="ada", password="secret word")
        assert (found.stage, "GSSAPI" in found.reason) == ("auth", True)


def test_a_server_that_knows_no_ehlo_is_greeted_with_helo() -> None:
    found, server = outcome({"ehlo": "502 what?"})
    assert found.result == "taken"
    assert "HELO localhost" in server.commands
    assert " SIZE=" not in server.mails[0].mail


class _Keeps:
    def __init__(self) -> None:
        self.envelopes = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.envelopes.append(envelope)
        return "250 2.0.0 kept"


def test_another_s_server_takes_mails_in_tls_after_a_login(authority) -> None:
    def check(server, session, envelope, mechanism, login):
        return AuthResult(success=login.login == b"ada" and login.password == b"secret word")

    keeps = _Keeps()
    how = {"tls_context": authority[0], "require_starttls": True, "authenticator": check, "auth_required": True}

    async def go():
        server = await asyncio.get_running_loop().create_server(lambda: SMTP(keeps, **how), "127.0.0.1", 0)
        login = {"tls": "starttls", "ca_file": authority[1], "user": "ada", "password": "secret word"}
        async with server, a_client(server.sockets[0].getsockname()[1], **login) as client:
            return await told(client, *map(a_mail, range(20)))

    found = uvloop.run(go())
    assert {one.result for one in found} == {"taken"}
    assert {rcpt for kept in keeps.envelopes for rcpt in kept.rcpt_tos} == {f"u{n}@example.net" for n in range(20)}
