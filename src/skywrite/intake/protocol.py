"""The hot path: uvicorn's HTTP protocol, with what SDKs post answered here, without a task or a scope per request.

Anything that is not a plain POST to a path of the tracking API goes on to uvicorn and the ASGI app; so does such a
POST when it is pipelined behind a request still under way. A single process takes twice as many events so as it
took through an application interface (measured by `make bench`).
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from skywrite.intake import answers
from skywrite.intake.addresses import TrustedProxies
from skywrite.intake.intake import Intake, Request
from skywrite.intake.limits import MAX_BODY_BYTES, too_large
from skywrite.intake.paths import CALLS, SHORT

_NEVER = object()
_HEADER_LENGTHS = frozenset(len(name) for name in ("authorization", "content-encoding", "origin", "x-forwarded-for"))
_EXPECT = len("expect")
_HARD_LIMIT = 64 << 20  # a body beyond this is not even read to its end


class _Exchange:
    """One request that is answered here; to uvicorn it looks like a cycle that is under way."""

    __slots__ = ("body", "disconnected", "keep_alive", "origin", "protocol", "request", "response_complete", "size")
    message_event = asyncio.Event()  # uvicorn sets it when the connection is lost; nobody waits

    def __init__(self, protocol: "TrackingProtocol", request: Request, origin: bytes, keep_alive: bool) -> None:
        self.protocol = protocol
        self.request = request
        self.origin = origin
        self.keep_alive = keep_alive
        self.body: list[bytes] = []
        self.size = 0
        self.disconnected = False
        self.response_complete = False

    def answer(self, status: int, body: bytes, after: float) -> None:
        """Write the answer and make the connection ready for the next request."""
        self.response_complete = True
        if self.disconnected or self.protocol.transport.is_closing():
            return
        if body is answers.SUCCESS_BODY and not self.origin:
            self.protocol.transport.write(answers.SUCCESS)
        else:
            self.protocol.transport.write(answers.http_answer(status, body, origin=self.origin, after=after))
        if self.keep_alive:
            self.protocol.on_response_complete()
        else:
            self.protocol.transport.close()


class TrackingProtocol(HttpToolsProtocol):
    """See the module. `intake` and `proxies` are set on a subclass by `tracking_protocol`."""

    intake: Intake
    proxies: TrustedProxies
    _call: Any = _NEVER
    _exchange: _Exchange | None = None

    def on_message_begin(self) -> None:
        """Put off uvicorn's scope until the path is known."""
        self._call = _NEVER
        self._exchange = None
        self.url = b""

    def on_url(self, url: bytes) -> None:
        """Choose the way by the path; a path that comes in pieces is left to uvicorn."""
        if not self.url:
            if url in CALLS and self.parser.get_method() == b"POST":
                self._call = CALLS[url]
                self.url = url
                self.headers = []
                return
            super().on_message_begin()
        elif self._call is not _NEVER:
            self._hand_over()
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the header; only four of them matter here."""
        if self._call is _NEVER:
            super().on_header(name, value)
        else:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Begin an exchange, or hand over what needs more than a plain POST."""
        if self._call is not _NEVER:
            self._begin()
        if self._call is _NEVER:
            super().on_headers_complete()

    def _begin(self) -> None:
        found: dict[bytes, bytes] = {}
        for name, value in self.headers:
            if len(name) in _HEADER_LENGTHS:
                found[name.lower()] = value
            if len(name) == _EXPECT and name.lower() == b"expect":
                self._hand_over()
                return
        cycle = self.cycle
        is_busy = cycle is not None and not cycle.response_complete
        if is_busy or self.parser.should_upgrade() or self.parser.get_http_version() != "1.1":
            self._hand_over()
            return
        request = Request(
            self._call,
            found.get(b"authorization", b""),
            found.get(b"content-encoding", b""),
            self.proxies.client(self.client[0] if self.client else "", found.get(b"x-forwarded-for", b"")),
            self.url in SHORT,
        )
        self._exchange = _Exchange(self, request, found.get(b"origin", b""), self.parser.should_keep_alive())
        self.cycle = self._exchange  # type: ignore[assignment]

    def _hand_over(self) -> None:
        """Give the request, as far as it was read, to uvicorn."""
        url, headers = self.url, self.headers
        self._call = _NEVER
        super().on_message_begin()
        super().on_url(url)
        for name, value in headers or ():
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Gather the body; beyond the limit it is counted and not kept."""
        exchange = self._exchange
        if exchange is None:
            super().on_body(body)
            return
        exchange.size += len(body)
        if exchange.size <= MAX_BODY_BYTES:
            exchange.body.append(body)
        elif exchange.size > _HARD_LIMIT and not exchange.response_complete:
            exchange.keep_alive = False
            self._refuse_size(exchange)

    def on_message_complete(self) -> None:
        """The request is whole: hand it to the intake."""
        exchange = self._exchange
        if exchange is None:
            super().on_message_complete()
        elif exchange.response_complete:
            return
        elif exchange.size > MAX_BODY_BYTES:
            self._refuse_size(exchange)
        else:
            parts = exchange.body
            self.intake.handle(exchange.request, parts[0] if len(parts) == 1 else b"".join(parts), exchange.answer)

    def _refuse_size(self, exchange: _Exchange) -> None:
        exchange.answer(400, answers.error_body("bad_request", str(too_large(MAX_BODY_BYTES + 1))), 0)


def tracking_protocol(intake: Intake, proxies: TrustedProxies) -> type[TrackingProtocol]:
    """A protocol class for uvicorn's `http` setting that serves `intake`."""
    return type("BoundTrackingProtocol", (TrackingProtocol,), {"intake": intake, "proxies": proxies})
