"""The mail server for what comes back: it takes mail for our tokens and keeps it in the inbox before it says 250."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable, Iterable
from typing import cast

import structlog

from skywrite.channels.email.observing.addresses import mailbox
from skywrite.channels.email.observing.hits import Incoming, mail_record
from skywrite.channels.email.observing.smtp_session import Mail, Reply, Session
from skywrite.channels.email.tokens import Tokens
from skywrite.intake.commit import GroupCommit
from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros

log = structlog.get_logger()
_MOST_CONNECTIONS = 400
_MOST_OF_ONE_HOST = 40
_IDLE_SECONDS = 300.0  # RFC 5321 section 4.5.3.2.7
_MOST_SECONDS = 3_600.0  # of one connection: who sends a letter a minute holds its place no longer
_HANDSHAKE_SECONDS = 30.0
_UNKNOWN = "550 5.1.1 There is no such mailbox here"


def taker(tokens: Tokens, domains: Iterable[str] = ()) -> Callable[[str], str]:
    """A function from a recipient's address to the reply that refuses it, "" where it is taken."""
    ours = {domain.lower() for domain in domains}

    def refusal(address: str) -> str:
        domain = address.rpartition("@")[2].lower() if "@" in address else ""
        if ours and domain and domain not in ours:
            return "550 5.7.1 Mail for that domain is not taken here"
        return "" if mailbox(address, tokens) is not None else _UNKNOWN

    return refusal


class InboundServer:
    """Its connections. `start` begins to listen; `port` is then the port that it has. TLS is offered where there is
    a context for it.
    """

    def __init__(
        self,
        tokens: Tokens,
        commit: GroupCommit,
        *,
        name: str,
        domains: Iterable[str] = (),
        tls: ssl.SSLContext | None = None,
        idle_seconds: float = _IDLE_SECONDS,
        most_seconds: float = _MOST_SECONDS,
    ) -> None:
        self.knows = taker(tokens, domains)
        self.name = name
        self.tls = tls
        self.idle_seconds, self.most_seconds = idle_seconds, most_seconds
        self.hosts: Counter[str] = Counter()
        self.port = 0
        self._commit = commit
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()

    async def start(self, host: str, port: int) -> None:
        """Listen. Raises OSError where the port is taken."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), host, port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Take no more, and part from who is connected."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.leave()

    def keep(self, mail: Mail, ip: str, done: Callable[[Later | None], None]) -> None:
        """Make a mail durable."""
        head = Incoming(mail.mail_from, mail.rcpt_to, "smtp", mail.size)
        self._commit.submit([mail_record(head, mail.parts, ip, now_micros())], done)

    def admits(self, connection: "_Connection", host: str) -> bool:
        """Whether there is room for another connection."""
        if len(self._connections) >= _MOST_CONNECTIONS or self.hosts[host] >= _MOST_OF_ONE_HOST:
            return False
        self._connections.add(connection)
        self.hosts[host] += 1
        return True

    def forget(self, connection: "_Connection", host: str) -> None:
        """A connection has ended."""
        if connection in self._connections:
            self._connections.discard(connection)
            self.hosts[host] -= 1
            if self.hosts[host] <= 0:
                del self.hosts[host]


class _Connection(asyncio.Protocol):
    """A session on a socket."""

    _transport: asyncio.Transport

    def __init__(self, server: InboundServer) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._session = Session(server.name, server.knows, offers_tls=server.tls is not None)
        self._host = ""
        self._idle: asyncio.TimerHandle | None = None
        self._most: asyncio.TimerHandle | None = None
        self._securing: asyncio.Task[None] | None = None
        self._is_full = False  # of replies that the client does not read
        self._is_busy = False  # with a mail that is being kept, or with the beginning of TLS

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast("asyncio.Transport", transport)  # which uvloop's is without being one
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._host = peer[0] if peer else ""
        if not self._server.admits(self, self._host):
            self._write(Reply("421 4.7.0 Too many connections; try again later", closes=True))
            return
        self._most = self._loop.call_later(self._server.most_seconds, self._end_long)
        self._write(self._session.greeting)
        self._wait()

    def data_received(self, data: bytes) -> None:
        self._wait()
        self._go_on(self._session.take(data))

    def pause_writing(self) -> None:
        """Who does not read what is answered is not heard either."""
        self._is_full = True
        self._hear_or_not()

    def resume_writing(self) -> None:
        """It reads again."""
        self._is_full = False
        self._hear_or_not()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        for timer in (self._idle, self._most):
            if timer is not None:
                timer.cancel()
        self._server.forget(self, self._host)

    def leave(self) -> None:
        """Say good bye, as the server goes down."""
        self._write(Reply("421 4.3.2 The server is going down", closes=True))

    def _go_on(self, said: Iterable[Reply | Mail]) -> None:
        for one in said:
            if isinstance(one, Reply):
                self._write(one)
                if one.secures:
                    self._is_busy = True
                    self._hear_or_not()
                    self._securing = self._loop.create_task(self._secure())
            else:
                self._is_busy = True
                self._hear_or_not()
                self._server.keep(one, self._host, self._kept)

    async def _secure(self) -> None:
        """Begin TLS. What came in the clear behind STARTTLS, and is not thrown away yet, makes the handshake fail."""
        assert self._server.tls is not None
        try:
            transport = await self._loop.start_tls(
                self._transport, self, self._server.tls, server_side=True, ssl_handshake_timeout=_HANDSHAKE_SECONDS
            )
        except OSError:  # ssl's errors and timeouts are
            self._transport.abort()
            return
        if transport is not None:
            self._transport, self._is_busy, self._is_full = transport, False, False
            self._session.secured()

    def _kept(self, failure: Later | None) -> None:
        if failure is not None:
            log.warning("an incoming mail could not be kept", reason=str(failure))
        if self._transport.is_closing():
            return
        self._is_busy = False
        self._hear_or_not()
        self._go_on(self._session.kept(failure is None))

    def _hear_or_not(self) -> None:
        if self._transport.is_closing():
            return
        if self._is_full or self._is_busy:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _write(self, reply: Reply) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(reply.text.encode() + b"\r\n")
        if reply.closes:
            self._transport.close()

    def _wait(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = self._loop.call_later(self._server.idle_seconds, self._end_idle)

    def _end_idle(self) -> None:
        if self._is_full or self._transport.is_closing():  # it does not read: nothing that is said would end it
            self._transport.abort()
            return
        self._write(Reply("421 4.4.2 Nothing came for too long", closes=True))

    def _end_long(self) -> None:
        self._write(Reply("421 4.4.2 This has taken too long", closes=True))
