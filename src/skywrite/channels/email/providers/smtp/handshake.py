"""From nothing to a connection that takes mails: connect, greeting, EHLO, TLS, login."""

import asyncio
import base64
import ipaddress
import ssl
from collections.abc import Callable
from functools import cache
from typing import Literal

from msgspec import Struct

from skywrite.channels.email.carrying import Stage
from skywrite.channels.email.providers.smtp.connection import Connection
from skywrite.channels.email.providers.smtp.job import Failed
from skywrite.channels.email.providers.smtp.limits import Patience
from skywrite.channels.email.providers.smtp.replies import Reply
from skywrite.channels.email.providers.smtp.wire import offers_of

Tls = Literal["none", "opportunistic", "encrypted", "starttls", "implicit"]
"""`opportunistic`: where offered, unverified; `encrypted`: needed, unverified; the last two: needed and verified."""

_VERIFIED = ("starttls", "implicit")


class Server(Struct, frozen=True):
    """Where to connect to, and what to say first."""

    host: str  # its name, also in certificates
    address: str  # where that is
    port: int
    tls: Tls
    helo: str
    user: str = ""
    password: str = ""
    ca_file: str = ""  # further authorities that are trusted; "" for the system's


class BrokenTls(Failed):
    """The server offers TLS and can't do it; without, it might take mail."""


async def open_connection(server: Server, patience: Patience, make: Callable[[], Connection]) -> Connection:
    """A connection that is greeted and logged in. Raises Failed, BrokenTls where TLS alone stood in the way."""
    connection = await _connected(server, patience, make)
    try:
        greeting = await connection.greeting(patience.greeting)
        _need(greeting, 220, Stage.CONNECT, server)
        await _hello(connection, server, patience)
        is_safe = server.tls == "implicit" or await _secured(connection, server, patience)
        if server.user:
            await _login(connection, server, patience, is_safe=is_safe)
    except BaseException:
        connection.abort()
        raise
    return connection


async def _connected(server: Server, patience: Patience, make: Callable[[], Connection]) -> Connection:
    context = _context(server.tls, server.ca_file) if server.tls == "implicit" else None
    named = server.host if context is not None else None
    try:
        async with asyncio.timeout(patience.connect):
            _, connection = await asyncio.get_running_loop().create_connection(
                make, server.address, server.port, ssl=context, server_hostname=named
            )
    except TimeoutError:
        reason = f"{server.host} did not answer within {patience.connect:g} seconds."
        raise Failed(Stage.CONNECT, reason, host=server.host) from None
    except OSError as error:
        stage = Stage.TLS if isinstance(error, ssl.SSLError) else Stage.CONNECT
        raise Failed(stage, f"{server.host} can't be reached: {_told(error)}", host=server.host) from error
    return connection


async def _hello(connection: Connection, server: Server, patience: Patience) -> None:
    reply = await connection.ask(f"EHLO {server.helo}\r\n".encode(), Stage.HELO, patience.command)
    connection.offers = offers_of(reply.lines)
    if reply.code in (500, 502, 504, 550):  # so old that it knows no EHLO
        reply = await connection.ask(f"HELO {server.helo}\r\n".encode(), Stage.HELO, patience.command)
        connection.offers = {}
    _need(reply, 250, Stage.HELO, server)


async def _secured(connection: Connection, server: Server, patience: Patience) -> bool:
    """Begin TLS as far as it is wanted and offered; say whether it is on."""
    if server.tls == "none":
        return False
    if "STARTTLS" not in connection.offers:
        if server.tls != "opportunistic":
            raise Failed(Stage.TLS, f"{server.host} offers no TLS, which is needed.", host=server.host)
        return False
    broken = BrokenTls if server.tls == "opportunistic" else Failed
    reply = await connection.ask(b"STARTTLS\r\n", Stage.TLS, patience.command)
    if reply.code != 220:
        raise broken(Stage.TLS, reply.words, reply, server.host)
    try:
        await connection.start_tls(_context(server.tls, server.ca_file), patience.connect)
    except (OSError, TimeoutError) as error:
        raise broken(Stage.TLS, f"TLS with {server.host} failed: {_told(error)}", host=server.host) from error
    await _hello(connection, server, patience)  # what was said before TLS may have been somebody else's (RFC 3207)
    return True


async def _login(connection: Connection, server: Server, patience: Patience, *, is_safe: bool) -> None:
    if not is_safe and not is_loopback(server.address):
        raise Failed(Stage.AUTH, "The password is not sent without TLS.", host=server.host)
    ways = connection.offers.get("AUTH", "").split()
    user, password = server.user.encode(), server.password.encode()
    if "PLAIN" in ways or not ways:
        answers = [(b"AUTH PLAIN " + base64.b64encode(b"\0" + user + b"\0" + password), "AUTH PLAIN …")]
    elif "LOGIN" in ways:
        answers = [
            (b"AUTH LOGIN", "AUTH LOGIN"),
            (base64.b64encode(user), "…"),
            (base64.b64encode(password), "…"),
        ]
    else:
        reason = f"{server.host} offers no login that Skywrite knows (PLAIN or LOGIN), but {', '.join(ways)[:200]}."
        raise Failed(Stage.AUTH, reason, host=server.host)
    for count, (answer, shown) in enumerate(answers, 1):
        reply = await connection.ask(answer + b"\r\n", Stage.AUTH, patience.command, shown)
        _need(reply, 235 if count == len(answers) else 334, Stage.AUTH, server)


def _need(reply: Reply, code: int, stage: Stage, server: Server) -> None:
    if reply.code != code:
        raise Failed(stage, reply.words, reply, server.host)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, where nobody listens in."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


@cache
def _context(tls: Tls, ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if tls not in _VERIFIED:  # mail servers' certificates prove little without MTA-STS or DANE, and keep eyes out still
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif ca_file:
        context.load_verify_locations(ca_file)
    return context


def _told(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}."
    return f"{getattr(error, 'strerror', None) or error or type(error).__name__}."
