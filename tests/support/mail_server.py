"""An SMTP server that does as it is told, well or badly, in the caller's own loop; and a client opened for a test."""

import asyncio
import contextlib
import re
import ssl
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator

from msgspec import Struct

from skywrite.channels.email.carrying import Outcome, Outgoing
from skywrite.channels.email.dns import Dns
from skywrite.channels.email.providers.base import Means
from skywrite.channels.email.providers.smtp.client import SmtpClient
from skywrite.channels.email.providers.smtp.limits import Limits, Patience
from skywrite.channels.email.providers.smtp.provider import Smtp, fixed_routes

DROP = "drop"  # the connection is cut, without an answer
HANG = "hang"  # no answer, the connection stays
ALL = ("PIPELINING", "8BITMIME", "SIZE 1000000", "DSN", "SMTPUTF8", "ENHANCEDSTATUSCODES")
PATIENT = Patience(connect=60, greeting=60, command=60, data=60, block=60, dot=60, idle=60)
QUICK_PAUSE = Limits(connections=2, mails_a_second=0, pause_seconds=30)
CONTENT = b"From: ada@example.com\r\nTo: bob@example.net\r\nSubject: News\r\n\r\nHello.\r\n"


class Taken(Struct):
    """A mail that the server took, as it was on the wire but for the doubled dots."""

    mail: str  # the words behind MAIL FROM:
    rcpt: str
    content: bytes
    in_tls: bool

    @property
    def sender(self) -> str:
        return _address(self.mail)

    @property
    def recipient(self) -> str:
        return _address(self.rcpt)


def _address(words: str) -> str:
    """The address in what stands behind MAIL FROM: or RCPT TO:."""
    return re.match(r"\s*<([^>]*)>", words)[1]


class MailServer:
    """`says` has what is answered, by command in lower case.

    It is a text for ever, a list of which each is said once, or for `rcpt` and `dot` a function of the recipient's
    address, whose "" is a yes.
    """

    def __init__(self, *, offers=ALL, tls: ssl.SSLContext | None = None, logins=(), most=1_000_000, **says) -> None:
        self.offers, self.tls, self.logins = offers, tls, logins
        self.most = most  # mails that one connection may bring
        self.says = {"greeting": "220 here", **says}
        self.mails: list[Taken] = []
        self.commands: list[str] = []
        self.connections = 0
        self._news = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.port = 0
        self.together = 0  # the most commands that came in one piece
        self.writers: set[asyncio.StreamWriter] = set()

    async def until(self, command: str) -> None:
        """Wait until a client has said this line."""
        while command not in self.commands:
            self._news.clear()
            await self._news.wait()

    def hear(self, line: str) -> None:
        """A client said a line."""
        self.commands.append(line)
        self._news.set()

    @property
    def got(self) -> Counter[str]:
        """How many mails were taken for each recipient."""
        return Counter(taken.recipient for taken in list(self.mails))

    def cut(self) -> None:
        """Cut every connection; from any thread."""
        self.loop.call_soon_threadsafe(lambda: [writer.transport.abort() for writer in self.writers])

    def said(self, command: str, usual: str, recipient: str = "") -> str:
        """What is said to a command now."""
        told = self.says.get(command, usual)
        if callable(told):
            return told(recipient) or usual
        if isinstance(told, list):
            return told.pop(0) if told else usual
        return told

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self.writers.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, EOFError):
            await _Talk(self, reader, writer).go()
        writer.close()
        self.writers.discard(writer)


class _Talk:
    def __init__(self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.in_tls = writer.get_extra_info("ssl_object") is not None
        self.mail = self.rcpt = ""
        self.taken = 0

    async def answer(self, said: str) -> None:
        if said == DROP:
            self.writer.transport.abort()
            raise EOFError
        if said == HANG:
            await asyncio.Event().wait()
        self.writer.write(said.encode() + b"\r\n")
        await self.writer.drain()

    async def go(self) -> None:
        await self.answer(self.server.said("greeting", "220 here"))
        while True:
            line = (await self.reader.readuntil(b"\r\n")).decode().rstrip("\r\n")
            self.server.together = max(self.server.together, 1 + bytes(self.reader._buffer).count(b"\r\n"))
            self.server.hear(line)
            word = line.split(" ")[0].split(":")[0].lower()
            await getattr(self, f"on_{word}", self.on_unknown)(line)

    async def on_unknown(self, line: str) -> None:
        await self.answer("500 what?")

    async def on_ehlo(self, line: str) -> None:
        tls = ("STARTTLS",) if self.server.tls and not self.in_tls else ()
        lines = [
            "me",
            *self.server.offers,
            *tls,
            *([f"AUTH {' '.join(self.server.logins)}"] if self.server.logins else []),
        ]
        usual = "\r\n".join(f"250{'-' if at < len(lines) - 1 else ' '}{line}" for at, line in enumerate(lines))
        await self.answer(self.server.said("ehlo", usual))

    async def on_helo(self, line: str) -> None:
        await self.answer("250 me")

    async def on_starttls(self, line: str) -> None:
        said = self.server.said("starttls", "220 go")
        await self.answer(said)
        if said.startswith("220"):
            await self.writer.start_tls(self.server.tls)
            self.in_tls = True

    async def on_auth(self, line: str) -> None:
        if line == "AUTH LOGIN":
            for question in ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"):
                await self.answer(question)
                self.server.commands.append((await self.reader.readuntil(b"\r\n")).decode().strip())
        await self.answer(self.server.said("auth", "235 in"))

    async def on_mail(self, line: str) -> None:
        if self.taken >= self.server.most:
            await self.answer("421 4.7.0 enough of you")
            raise EOFError
        said = self.server.said("mail", "503 nested" if self.mail else "250 2.1.0 ok")
        if said.startswith("250"):
            self.mail = line.partition(":")[2]
        await self.answer(said)

    async def on_rcpt(self, line: str) -> None:
        words = line.partition(":")[2]
        said = self.server.said("rcpt", "250 2.1.5 ok", _address(words)) if self.mail else "503 no MAIL"
        if said.startswith("250"):
            self.rcpt = words
        await self.answer(said)

    async def on_rset(self, line: str) -> None:
        self.mail = self.rcpt = ""
        await self.answer("250 ok")

    async def on_quit(self, line: str) -> None:
        await self.answer(self.server.said("quit", "221 bye"))
        raise EOFError

    async def on_data(self, line: str) -> None:
        said = self.server.said("data", "354 go") if self.rcpt else self.server.said("data_without", "503 no RCPT")
        await self.answer(said)
        if not said.startswith("354"):
            return
        if self.server.says.get("content") == DROP:
            await self.answer(DROP)
        content = b""
        while (row := await self.reader.readuntil(b"\r\n")) != b".\r\n":
            content += row[1:] if row.startswith(b".") else row
        taken = Taken(self.mail, self.rcpt, content, self.in_tls)
        is_real, self.mail, self.rcpt = bool(self.rcpt), "", ""
        said = self.server.said("dot", "250 2.0.0 taken", taken.recipient if is_real else "")
        if is_real and said.startswith("250"):
            self.server.mails.append(taken)
            self.taken += 1
        await self.answer(said)


@contextlib.asynccontextmanager
async def a_server(*, implicit: bool = False, **how) -> AsyncIterator[MailServer]:
    """A server on loopback that does as `MailServer` is told."""
    server = MailServer(**how)
    context = server.tls if implicit else None
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=1 << 26, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for writer in list(server.writers):
            writer.transport.abort()
        await asyncio.sleep(0)


@contextlib.contextmanager
def a_running_server(**how) -> Iterator[MailServer]:
    """The same in a thread of its own, for callers without a loop."""
    ready, ended = threading.Event(), threading.Event()
    found = []

    async def serve() -> None:
        async with a_server(**how) as server:
            found.append(server)
            ready.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield found[0]
    finally:
        ended.set()
        thread.join()


@contextlib.asynccontextmanager
async def a_client(port: int, *, means=None, patience=PATIENT, limits=QUICK_PAUSE, dns=None, smtp_port=25, **settings):
    """A client of the relay at `port`, or with `mode="direct"`."""
    base = {"host": "127.0.0.1", "port": port, "tls": "none"} | settings
    found = Smtp.configured(base)
    given = {"helo": "localhost", "dns": dns or Dns(["127.0.0.1"]), "allow_private": True}
    client = SmtpClient(
        found.settings, Means(**given | (means or {})), fixed=fixed_routes(found.settings.routes),
        patience=patience, port=smtp_port, relay_limits=limits,
    )  # fmt: skip
    try:
        yield client
    finally:
        await client.close()


def a_mail(number: int = 1, **fields) -> Outgoing:
    """A mail to u<number>@example.net."""
    return Outgoing(
        **{"id": number, "sender": f"b{number}@bounce.example.com", "recipient": f"u{number}@example.net"}
        | {"content": CONTENT}
        | fields
    )


async def told(client: SmtpClient, *mails: Outgoing) -> list[Outcome]:
    """What became of each, in order; that none is told twice is seen to."""
    futures = [asyncio.get_running_loop().create_future() for _ in mails]
    for mail, future in zip(mails, futures, strict=True):
        client.submit(mail, future.set_result)  # a second outcome would raise InvalidStateError
    return await asyncio.wait_for(asyncio.gather(*futures), 120)


async def sent(server: MailServer, *mails: Outgoing, **how) -> list[Outcome]:
    """What becomes of mails that a client of its own sends there."""
    async with a_client(server.port, **how) as client:
        return await told(client, *(mails or [a_mail()]))
