"""The mail server by real SMTP: who is let in, what ends a mail, and that 250 means kept."""

import asyncio
import contextlib
import smtplib
import socket
import ssl
import threading

import pytest
import uvloop

from skywrite.channels.email.observing.certificate import server_context
from skywrite.channels.email.observing.hits import KEPT_BYTES, mail_of
from skywrite.channels.email.observing.smtp_server import InboundServer, _Connection
from skywrite.channels.email.tokens import Purpose, StoredTokens
from skywrite.intake.commit import GroupCommit
from skywrite.kit.bell import Bell
from skywrite.log.sqlite import SqliteLog
from tests.support.observing import Observing


class Inbound:
    """The server on 127.0.0.1, in a thread; `mails` are those that it kept since `forget`."""

    def __init__(self, store, folder, *, max_bytes=1 << 30, **how):
        self.tokens = StoredTokens(store)
        self._folder, self._max_bytes, self._how = folder, max_bytes, how
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: uvloop.run(self._serve()))
        self._before = 0

    def __enter__(self):
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        inbox, bell = SqliteLog(self._folder / "inbox", max_bytes=self._max_bytes), Bell(self._folder / "bell")
        commit = GroupCommit(inbox, bell, self._loop)
        tls = server_context("", "", self._folder / "mail" / "certificate.pem", "in.example.com")
        server = InboundServer(self.tokens, commit, name="in.example.com", tls=tls, **self._how)
        await server.start("127.0.0.1", 0)
        self.port = server.port
        self._ready.set()
        await self._stop.wait()
        await server.close()
        commit.close()
        bell.close()
        inbox.close()

    def forget(self):
        self._before = max((record.position for record in self._records()), default=self._before)
        return self

    def _records(self):
        with contextlib.closing(SqliteLog(self._folder / "inbox")) as inbox:
            return inbox.read(self._before, 1 << 40)

    def mails(self):
        return [mail_of(record) for record in self._records()]

    def address(self, letter="r", message=7):
        purpose = {"b": Purpose.BOUNCE, "r": Purpose.REPLY, "u": Purpose.UNSUBSCRIBE}[letter]
        return f"{letter}{self.tokens.token(purpose, message)}@in.example.com"

    def client(self):
        return smtplib.SMTP("127.0.0.1", self.port, timeout=120)

    def talk(self, *sent: bytes, until: bytes = b"221") -> bytes:
        """Send bytes as they are, and read up to a line that begins so."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=120) as connection:
            for part in sent:
                connection.sendall(part)
            read = b""
            while b"\n" + until not in read:
                more = connection.recv(65536)
                if not more:
                    break
                read += more
            return read


@pytest.fixture(scope="module")
def served(shared_store, tmp_path_factory):
    with Inbound(shared_store, tmp_path_factory.mktemp("inbound")) as server:
        yield server


@pytest.fixture
def inbound(served):
    return served.forget()


def test_a_mail_for_a_token_is_kept_with_its_envelope(inbound):
    to = inbound.address()
    with inbound.client() as client:
        client.sendmail("ada@example.com", [to], "Subject: Hi\r\n\r\n.dots..\r\n. at the start\r\nend")
    ((head, raw),) = inbound.mails()
    assert (head.mail_from, head.rcpt_to, head.way) == ("ada@example.com", (to,), "smtp")
    assert raw == b"Subject: Hi\r\n\r\n.dots..\r\n. at the start\r\nend\r\n"
    assert head.size == len(raw) + 2  # as it was sent, its dots doubled


RECIPIENTS = {
    "a reply's": (lambda i: i.address("r"), 250),
    "a bounce's": (lambda i: i.address("b"), 250),
    "an unsubscribe's": (lambda i: i.address("u"), 250),
    "upper case": (lambda i: i.address("r").upper(), 250),
    "by plus": (lambda i: "inbox+" + i.address("r"), 250),
    "with a plus behind": (lambda i: i.address("r").replace("@", "+x@"), 250),
    "postmaster": (lambda _: "postmaster", 250),
    "Postmaster at a domain": (lambda _: "Postmaster@in.example.com", 250),
    "abuse": (lambda _: "abuse@in.example.com", 250),
    "fbl by plus": (lambda _: "fbl+yahoo@in.example.com", 250),
    "fbl behind a plus": (lambda _: "mail+fbl@in.example.com", 250),
    "nobody": (lambda _: "nobody@in.example.com", 550),
    "a bent token": (lambda i: i.address("r")[:-20] + "0@in.example.com", 550),
    "a reply's token at bounces": (lambda i: "b" + i.address("r")[1:], 550),
    "a token without its letter": (lambda i: i.address("r")[1:], 550),
    "empty": (lambda _: "", 501),
}


@pytest.mark.parametrize(("address", "code"), RECIPIENTS.values(), ids=RECIPIENTS)
def test_only_mailboxes_that_are_ours_are_taken(inbound, address, code):
    with inbound.client() as client:
        client.ehlo()
        client.mail("")
        answer = client.rcpt(address(inbound))
    assert answer[0] == code
    assert code != 550 or answer[1].startswith(b"5.1.1")
    assert inbound.mails() == []


def test_other_domains_are_refused_where_ours_are_named(shared_store, tmp_path):
    with Inbound(shared_store, tmp_path, domains=("in.example.com",)) as inbound, inbound.client() as client:
        client.ehlo()
        client.mail("")
        answers = [client.rcpt(address)[0] for address in ("postmaster@gmail.com", "postmaster@IN.example.com")]
    assert answers == [550, 250]


def test_while_nothing_can_be_kept_the_sender_is_asked_to_try_again(shared_store, tmp_path):
    with Inbound(shared_store, tmp_path, max_bytes=1) as inbound, inbound.client() as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail("", [inbound.address()], "Hi")
        assert refused.value.smtp_code == 451
        assert client.noop()[0] == 250


def test_commands_may_come_all_at_once_and_mails_behind_each_other(inbound):
    to = inbound.address().encode()
    mail = b"MAIL FROM:<>\r\nRCPT TO:<" + to + b">\r\nDATA\r\nSubject: %d\r\n\r\nx\r\n.\r\n"
    inbound.talk(b"EHLO me\r\n" + mail % 1 + mail % 2 + b"QUIT\r\n")
    assert [raw for _, raw in inbound.mails()] == [b"Subject: 1\r\n\r\nx\r\n", b"Subject: 2\r\n\r\nx\r\n"]


def test_who_is_named_twice_gets_a_mail_once(inbound):
    to = inbound.address()
    rcpts = "".join(f"RCPT TO:<{one}>\r\n" for one in (to, to, to.replace("in.", "IN.")))
    inbound.talk(f"EHLO me\r\nMAIL FROM:<>\r\n{rcpts}DATA\r\nSubject: x\r\n\r\nx\r\n.\r\nQUIT\r\n".encode())
    ((head, _),) = inbound.mails()
    assert head.rcpt_to == (to,)


SMUGGLING = [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r.\r\n", b"\n.\r", b"\r\n\x00.\r\n", b"\r\n.\r"]


@pytest.mark.parametrize("end", SMUGGLING)
def test_only_crlf_dot_crlf_ends_a_mail(inbound, end):
    to = inbound.address().encode()
    hidden = b"MAIL FROM:<admin@example.com>\r\nRCPT TO:<" + to + b">\r\nDATA\r\nSubject: smuggled\r\n\r\nx"
    start = b"EHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<" + to + b">\r\nDATA\r\n"
    inbound.talk(start + b"Subject: outer\r\n\r\nHi" + end + hidden + b"\r\n.\r\nQUIT\r\n")
    ((head, raw),) = inbound.mails()
    assert head.mail_from == ""
    assert b"smuggled" in raw


def test_an_end_in_pieces_is_an_end_and_an_empty_mail_is_one(inbound):
    to = inbound.address().encode()
    start = b"HELO me\r\nMAIL FROM:<>\r\nRCPT TO:<" + to + b">\r\nDATA\r\n"
    inbound.talk(
        start, b"x\r", b"\n", b".", b"\r", b"\n", b"MAIL FROM:<>\r\nRCPT TO:<" + to, b">\r\nDATA\r\n.\r\nQUIT\r\n"
    )
    assert [raw for _, raw in inbound.mails()] == [b"x\r\n", b""]


def test_of_a_large_mail_the_beginning_is_kept_and_one_beyond_50_mb_is_refused(inbound):
    to = inbound.address()
    with inbound.client() as client:
        client.sendmail("", [to], b"Subject: big\r\n\r\n" + b"x" * 70 + (b"y" * 70 + b"\r\n") * 40_000)
        assert client.mail("", [f"SIZE={51 << 20}"])[0] == 552
    ((head, raw),) = inbound.mails()
    assert (len(raw), head.size > 2 * KEPT_BYTES) == (KEPT_BYTES, True)


def test_a_bounce_of_fifty_mb_and_a_thousand_parts_is_one_bounce(shared_store, tmp_path):
    blocks = "\r\n".join(
        f"Final-Recipient: rfc822; {name}@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        for name in ("ada", *(f"p{number}" for number in range(999)))
    )
    head = (
        "From: MAILER-DAEMON@mx.example.net\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n"
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n{blocks}\r\n"
    )
    parts = "--x\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 1_000
    observing = Observing(shared_store, tmp_path)
    with Inbound(shared_store, tmp_path) as inbound, inbound.client() as client:
        raw = (head + parts).encode() + (b"y" * 998 + b"\r\n") * 49_000 + b"--x--\r\n"
        client.sendmail("", [observing.address("b")], raw)
    observing.observe()
    assert (observing.names(), observing.suppressions()) == (
        ["Email Bounced"],
        {("ada@example.com", "all", "hard_bounce")},
    )
    observing.close()


def test_a_sender_that_lies_about_its_size_is_found_out_at_the_end(inbound):
    to = inbound.address().encode()
    start = b"EHLO me\r\nMAIL FROM:<> SIZE=10\r\nRCPT TO:<" + to + b">\r\nDATA\r\n"
    answer = inbound.talk(start, *[b"x" * (1 << 20)] * 51, b"\r\n.\r\nQUIT\r\n")
    assert (b"\r\n552 5.3.4" in answer, inbound.mails()) == (True, [])


def test_who_sends_without_end_is_cut_off(inbound):
    to = inbound.address().encode()
    start = b"EHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<" + to + b">\r\nDATA\r\n"
    with socket.create_connection(("127.0.0.1", inbound.port), timeout=120) as connection:
        connection.sendall(start)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            connection.sendall(b"x" * (1 << 28))
    assert inbound.mails() == []


# ---- TLS ----


def test_a_mail_comes_in_tls_after_the_talk_has_begun_anew(inbound):
    with inbound.client() as client:
        client.ehlo()
        assert client.has_extn("starttls")
        client.mail("forgotten@example.com")
        client.starttls()
        assert client.mail("ada@example.com")[0] == 503  # RFC 3207, section 4.2: not greeted yet
        client.ehlo()
        assert not client.has_extn("starttls")
        assert client.docmd("STARTTLS")[0] == 503
        client.sendmail("ada@example.com", [inbound.address()], b"Subject: Hi\r\n\r\n" + b"x" * 70 + b"\r\n")
        client.sendmail("ada@example.com", [inbound.address()], "Subject: again\r\n\r\nx")
    assert [head.mail_from for head, _ in inbound.mails()] == ["ada@example.com"] * 2


def test_what_is_said_behind_starttls_in_the_clear_is_never_heard(inbound):
    """CVE-2011-0411: it must not be taken for something that was said in TLS."""
    to = inbound.address().encode()
    injected = b"EHLO evil\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<" + to + b">\r\n"
    with socket.create_connection(("127.0.0.1", inbound.port), timeout=120) as plain:
        plain.recv(1_000)
        plain.sendall(b"STARTTLS\r\n" + injected)
        assert plain.recv(1_000) == b"220 2.0.0 Go on in TLS\r\n"
        with anybody().wrap_socket(plain) as secure:
            secure.sendall(b"DATA\r\nNOOP\r\nQUIT\r\n")
            answers = b"".join(iter(lambda: secure.recv(1_000), b""))
    assert [line[:3] for line in answers.splitlines()] == [b"503", b"250", b"221"]
    assert inbound.mails() == []


def test_what_comes_in_the_clear_once_tls_should_begin_ends_the_connection(inbound):
    with socket.create_connection(("127.0.0.1", inbound.port), timeout=120) as plain:
        plain.recv(1_000)
        plain.sendall(b"STARTTLS\r\n")
        plain.recv(1_000)
        plain.sendall(b"EHLO evil\r\n" * 20)
        with contextlib.suppress(ConnectionResetError):
            assert b"250" not in b"".join(iter(lambda: plain.recv(1_000), b""))
    with inbound.client() as client:  # nobody else suffers
        assert client.noop()[0] == 250


def test_starttls_takes_no_words(inbound):
    assert b"\n501" in inbound.talk(b"STARTTLS now\r\nQUIT\r\n")


def test_a_letter_of_any_script_comes_from_any_script(inbound):
    to = inbound.address()
    with inbound.client() as client:
        client.ehlo()
        assert client.has_extn("smtputf8")
        assert client.has_extn("8bitmime")
        message = "Subject: Grüße\r\n\r\nüñí\r\n".encode()
        client.sendmail("jörg@bücher.example", [to], message, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
    ((head, raw),) = inbound.mails()
    assert (head.mail_from, raw) == ("jörg@bücher.example", message)


def anybody():
    """A client that encrypts to whoever it meets, as mail servers do."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


WRONG = {
    "too early": (b"RCPT TO:<postmaster>\r\n", b"503"),
    "DATA without recipients": (b"EHLO me\r\nMAIL FROM:<>\r\nDATA\r\n", b"503"),
    "MAIL twice": (b"EHLO me\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\n", b"503"),
    "MAIL before EHLO": (b"MAIL FROM:<>\r\n", b"503"),
    "no path": (b"EHLO me\r\nMAIL TO:<>\r\n", b"501"),
    "an unknown word": (b"TURN\r\n", b"502"),
    "a bare LF in a command": (b"NOOP\nQUIT\r\n", b"500"),
    "no command at all": (b"\x80\x00\r\n", b"500"),
    "a line without end": (b"x" * 10_000, b"500"),
    "error after error": (b"x\r\n" * 30, b"421"),
    "command after command": (b"NOOP\r\n" * 201, b"421"),
}


@pytest.mark.parametrize(("sent", "code"), WRONG.values(), ids=WRONG)
def test_what_is_no_smtp_is_told_so(inbound, sent, code):
    assert b"\n" + code in inbound.talk(sent + b"QUIT\r\n" * (code != b"421"), until=code)


@pytest.mark.parametrize(
    ("sent", "limit"),
    [(b"", "idle_seconds"), (b"EHLO me\r\nMAIL FROM:<>\r\n", "idle_seconds"), (b"NOOP\r\n", "most_seconds")],
)
def test_who_says_nothing_or_stays_for_ever_is_parted_from(shared_store, tmp_path, sent, limit):
    with Inbound(shared_store, tmp_path, **{limit: 0.05}) as inbound:
        assert b"421 4.4.2" in inbound.talk(sent, until=b"421")


def test_many_mails_of_one_connection_are_not_too_many_commands(inbound):
    mail = f"MAIL FROM:<>\r\nRCPT TO:<{inbound.address()}>\r\nDATA\r\n\r\n.\r\n".encode()
    inbound.talk(b"EHLO me\r\n" + mail * 80 + b"QUIT\r\n")
    assert len(inbound.mails()) == 80


class Wire(asyncio.Transport):
    """The server's end of a connection, as its protocol has it."""

    def __init__(self):
        super().__init__()
        self.is_read, self.aborted = True, asyncio.Event()

    def write(self, data):
        pass

    def pause_reading(self):
        self.is_read = False

    def resume_reading(self):
        self.is_read = True

    def is_closing(self):
        return self.aborted.is_set()

    def abort(self):
        self.aborted.set()


def test_who_does_not_read_the_answers_is_not_heard_and_parted_from(inbound):
    async def talk():
        kept = []
        server = InboundServer(inbound.tokens, None, name="in.example.com", idle_seconds=0.05)
        server.keep = lambda _mail, _host, done: kept.append(done)
        connection, wire = _Connection(server), Wire()
        connection.connection_made(wire)
        mail = f"EHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<{inbound.address()}>\r\nDATA\r\n\r\n.\r\n"
        connection.data_received(mail.encode())
        seen = [wire.is_read]  # a mail is being kept
        connection.pause_writing()
        kept[0](None)
        seen.append(wire.is_read)  # it is kept, but the answers are not read
        connection.resume_writing()
        seen.append(wire.is_read)
        connection.pause_writing()
        seen.append(wire.is_read)
        await wire.aborted.wait()
        return seen

    assert uvloop.run(asyncio.wait_for(talk(), 20)) == [False, False, True, False]


def test_recipients_beyond_twenty_are_put_off(inbound):
    with inbound.client() as client:
        client.ehlo()
        client.mail("")
        answers = [client.rcpt(inbound.address("r", number))[0] for number in range(22)]
    assert answers == [250] * 20 + [452] * 2


def test_too_many_connections_of_one_host_are_put_off(inbound):
    with contextlib.ExitStack() as opened:
        greetings = []
        for _ in range(41):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", inbound.port), timeout=120))
            greetings.append(connection.recv(100)[:3])
    assert greetings == [b"220"] * 40 + [b"421"]
