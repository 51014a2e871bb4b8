"""A lean HTTP/1.1 client: kept-alive connections, a time limit, no redirects, and only addresses that were judged.

It carries a request and gives back an answer or a failure; it retries nothing, save that a kept-alive connection
which the peer closed just as we wrote to it is replaced once.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable

from skywrite.kit.addresses import resolve
from skywrite.kit.errors import Refused
from skywrite.kit.http import Failure, Origin, Request, Response, origin_of, to_wire
from skywrite.kit.http_connection import Connection

Done = Callable[[Response | Failure], None]
_NAME_SECONDS = 5.0  # how long an answer of the resolver serves for further connections
_IDLE_SECONDS = 15.0  # below the minute after which most servers hang up themselves


class _Exchange:
    """One request on its way."""

    __slots__ = ("connecting", "connection", "deadline", "done", "is_fresh", "origin", "wire")

    def __init__(self, origin: Origin, wire: bytes, done: Done, deadline: float) -> None:
        self.origin = origin
        self.wire = wire
        self.done = done
        self.deadline = deadline
        self.connection: Connection | None = None
        self.connecting: asyncio.Task[None] | None = None
        self.is_fresh = False


class HttpClient:
    """Sends requests, each within `timeout` seconds. The caller bounds how many go at once."""

    def __init__(self, *, allow_private: bool, timeout: float = 10.0, tls: ssl.SSLContext | None = None) -> None:
        self._allow_private = allow_private
        self._timeout = timeout
        self._tls = tls
        self._idle: dict[tuple[str, str, int], list[Connection]] = {}
        self._active: dict[Connection | _Exchange, _Exchange] = {}
        self._names: dict[tuple[str, int], tuple[float, asyncio.Future[list[str]]]] = {}
        self._sweeper: asyncio.TimerHandle | None = None
        self._is_closed = False

    async def send(self, request: Request) -> Response | Failure:
        """Send one request and wait for what comes of it."""
        answer: asyncio.Future[Response | Failure] = asyncio.get_running_loop().create_future()
        self.start(request, lambda result: None if answer.done() else answer.set_result(result))
        return await answer

    def start(self, request: Request, done: Done) -> None:
        """Send one request; `done` is called once, later, with what came of it. Raises Refused for a bad request."""
        origin = origin_of(request.url)
        exchange = _Exchange(origin, to_wire(request, origin), done, time.monotonic() + self._timeout)
        connection = self._take_idle(origin)
        if connection is None:
            self._connect(exchange)
        else:
            self._carry(exchange, connection)
        if self._sweeper is None:
            self._sweep_later()

    def close(self) -> None:
        """Hang up everywhere; what is on its way ends as a failure."""
        self._is_closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        for exchange in list(self._active.values()):
            self._expire(exchange, Failure("ECONNABORTED", "Skywrite is stopping."))
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()

    # ---- connections ----

    def _take_idle(self, origin: Origin) -> Connection | None:
        connections = self._idle.get(origin.key)
        while connections:
            connection = connections.pop()
            if connection.is_open:
                return connection
        return None

    def _carry(self, exchange: _Exchange, connection: Connection) -> None:
        exchange.connection = connection
        self._active[connection] = exchange
        connection.send(exchange.wire)

    def _connect(self, exchange: _Exchange) -> None:
        exchange.is_fresh = True
        self._active[exchange] = exchange
        exchange.connecting = asyncio.get_running_loop().create_task(self._connect_and_send(exchange))

    async def _connect_and_send(self, exchange: _Exchange) -> None:
        try:
            connection = await self._open(exchange.origin)
        except (Refused, OSError, ValueError) as error:
            self._active.pop(exchange, None)
            exchange.done(_failure_of(error, exchange.origin))
            return
        self._active.pop(exchange, None)
        self._carry(exchange, connection)

    async def _open(self, origin: Origin) -> Connection:
        loop = asyncio.get_running_loop()
        tls = self._tls_context() if origin.scheme == "https" else None
        problem: OSError = OSError("The name has no address.")
        for address in await self._addresses(origin):
            try:
                _, connection = await loop.create_connection(
                    lambda: Connection(self._answered),
                    address,
                    origin.port,
                    ssl=tls,
                    server_hostname=origin.host if tls else None,
                )
            except OSError as error:
                problem = error
            else:
                return connection
        raise problem

    async def _addresses(self, origin: Origin) -> list[str]:
        key = (origin.host, origin.port)
        until, found = self._names.get(key, (0.0, None))
        if found is None or time.monotonic() > until or (found.done() and found.exception() is not None):
            found = asyncio.ensure_future(resolve(*key, allow_private=self._allow_private))
            found.add_done_callback(lambda done: done.cancelled() or done.exception())  # the askers may be gone
            self._names[key] = time.monotonic() + _NAME_SECONDS, found
        return await asyncio.shield(found)

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    # ---- endings ----

    def _answered(self, connection: Connection, result: Response | Failure) -> None:
        exchange = self._active.pop(connection, None)
        if exchange is None:
            return
        if isinstance(result, Failure) and connection.used and not exchange.is_fresh and _hung_up(connection, result):
            self._connect(exchange)  # it had closed before it read: ask again on a connection of our own making
            return
        if connection.is_open and not self._is_closed:
            self._idle.setdefault(exchange.origin.key, []).append(connection)
        exchange.done(result)

    def _expire(self, exchange: _Exchange, failure: Failure) -> None:
        if exchange.connection is not None and exchange.connection in self._active:
            exchange.is_fresh = True  # an end by us is no reason to ask again
            exchange.connection.abort(failure)
            return
        if self._active.pop(exchange, None) is not None and exchange.connecting is not None:
            exchange.connecting.cancel()
            exchange.done(failure)

    # ---- time ----

    def _sweep_later(self) -> None:
        pause = min(0.5, self._timeout / 4) if self._active else 1.0
        self._sweeper = asyncio.get_running_loop().call_later(pause, self._sweep)

    def _sweep(self) -> None:
        now = time.monotonic()
        for exchange in [exchange for exchange in self._active.values() if exchange.deadline <= now]:
            self._expire(exchange, Failure("ETIMEDOUT", f"No answer came within {self._timeout:g} seconds."))
        for key, connections in list(self._idle.items()):
            kept = [connection for connection in connections if self._is_worth_keeping(connection, now)]
            if kept:
                self._idle[key] = kept
            else:
                del self._idle[key]
        self._sweeper = None
        if (self._active or self._idle) and not self._is_closed:
            self._sweep_later()

    def _is_worth_keeping(self, connection: Connection, now: float) -> bool:
        if now - connection.idle_since > _IDLE_SECONDS:
            connection.close()
        return connection.is_open


def _hung_up(connection: Connection, result: Failure) -> bool:
    return result.code == "ECONNRESET" and not connection.has_answer_begun


def _failure_of(error: Refused | OSError | ValueError, origin: Origin) -> Failure:
    where = origin.authority
    match error:
        case Refused():
            return Failure("EACCES", str(error))
        case socket.gaierror():
            return Failure("ENOTFOUND", f"The name {origin.host} cannot be found.")
        case ssl.SSLCertVerificationError():
            return Failure("ECERT", f"The certificate of {where} is not valid: {error.verify_message}.")
        case ssl.SSLError():
            return Failure("ETLS", f"No secure connection to {where}: {error.reason or 'the handshake failed'}.")
        case ConnectionRefusedError():
            return Failure("ECONNREFUSED", f"{where} refuses connections.")
        case ConnectionResetError():
            return Failure("ECONNRESET", f"{where} closed the connection as it was opened.")
        case TimeoutError():
            return Failure("ETIMEDOUT", f"{where} does not take connections.")
        case ValueError():  # a name that is none
            return Failure("ENOTFOUND", f"The name {origin.host} cannot be looked up: {error}.")
    return Failure("EHOSTUNREACH", f"{where} cannot be reached: {error.strerror or error}.")
