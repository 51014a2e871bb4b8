"""The hot path: uvicorn's HTTP protocol, with what SDKs post answered here, without a task or a scope per request.

Doors of other rooms may answer GETs below prefixes of theirs in the same way (`Door`). Anything that is neither a
plain POST to a path of the tracking API nor such a GET goes on to uvicorn and the ASGI app; so does one that is
pipelined behind a request still under way. SDKs send the same head again and again, so a head that
was parsed is remembered by its bytes: a request that comes whole behind a known head is not parsed at all. Of a GET
for a door the path is always another, so its headers are remembered without the first line.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from msgspec import Struct
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from skywrite.intake import answers
from skywrite.intake.addresses import TrustedProxies
from skywrite.intake.intake import Intake, Request
from skywrite.intake.limits import MAX_BODY_BYTES, too_large
from skywrite.intake.paths import CALLS, SHORT

_NEVER = object()
_VISIT = object()
_USED = (b"authorization", b"content-encoding", b"content-length", b"expect", b"origin", b"x-forwarded-for")
_HEAD_TOO_LARGE = "The request's headers are too large."
_NO_HTTP = "This is no valid HTTP/1.1 request: its request line, a header or the framing of its body is wrong."
_TOO_SLOW = "The request's body did not come in time; try again."
_UNFIT = b"transfer-encoding"
_LENGTHS = frozenset(len(name) for name in (*_USED, _UNFIT))
_OFFER = b"\r\nupgrade:"
_WHOLE_OFFER = re.compile(rb"\r\nupgrade:[^\r\n]*(?=\r\n)", re.IGNORECASE)
_MOST_OFFER_BYTES = 256
_HARD_LIMIT = 64 << 20  # a body beyond this is not even read to its end
_MOST_HEAD_BYTES = 64 * 1024  # of a request line and headers that are not complete yet
_HEADS = 4096  # how many heads are remembered, and of what size
_HEAD_BYTES = 2048
_PLAIN_GET = re.compile(rb"GET (/[\w./-]+) HTTP/1\.1\r\n")


class Visit(Struct, frozen=True):
    """A GET that a door answers: its path with its query, and its headers by their names in lower case."""

    url: bytes
    headers: Mapping[bytes, bytes]


class Door(Protocol):
    """Answers the GETs of some paths without a task for each."""

    prefixes: tuple[bytes, ...]

    def visit(self, visit: Visit, ip: str, send: Callable[[bytes], None]) -> None:
        """Take a request from `ip`; `send` is called once, now or later, with a whole HTTP/1.1 answer."""


class _NoDoor:
    prefixes: tuple[bytes, ...] = ()

    def visit(self, visit: Visit, ip: str, send: Callable[[bytes], None]) -> None:
        raise NotImplementedError


class _Exchange:
    """The request of a connection that is answered here; to uvicorn it looks like a cycle that is under way."""

    __slots__ = ("body", "disconnected", "keep_alive", "protocol", "request", "response_complete", "size")
    message_event = asyncio.Event()  # uvicorn sets it when the connection is lost; nobody waits
    request: Request | Visit

    def __init__(self, protocol: "TrackingProtocol") -> None:
        self.protocol = protocol
        self.body: list[bytes] = []
        self.size = 0
        self.keep_alive = True
        self.disconnected = False
        self.response_complete = True

    def begin(self, request: Request | Visit, keep_alive: bool) -> None:
        """Take the connection's next request; the one before has its answer."""
        self.request = request
        self.keep_alive = keep_alive
        self.response_complete = False

    def answer(self, status: int, body: bytes, after: float) -> None:
        """Answer with a JSON body."""
        origin = self.request.origin if isinstance(self.request, Request) else b""
        if body is answers.SUCCESS_BODY and not origin:
            self.send(answers.SUCCESS)
        else:
            self.send(answers.http_answer(status, body, origin=origin, after=after))

    def send(self, whole: bytes) -> None:
        """Write a whole answer and make the connection ready for the next request."""
        self.response_complete = True
        protocol = self.protocol
        transport = protocol.transport
        if self.disconnected or transport.is_closing():
            return
        transport.write(whole)
        if not self.keep_alive:
            transport.close()
        elif protocol.pipeline:
            protocol.on_response_complete()
        else:
            protocol.rest()


class TrackingProtocol(HttpToolsProtocol):
    """See the module. `intake`, `proxies` and `door` are set on a subclass by `tracking_protocol`."""

    intake: Intake
    proxies: TrustedProxies
    door: Door
    heads: dict[bytes, tuple[Request, int]]  # what a head's bytes mean, and the length of the body behind it
    tails: dict[bytes, dict[bytes, bytes]]  # what the headers' bytes of a GET mean, from its first line's end
    _call: Any = _NEVER
    _exchange: _Exchange | None = None  # of the request that the parser is in, where it is answered here
    _is_between = True  # the parser is between two requests, the last of which was answered here; nothing is held
    _held: bytes = b""  # the end of what was received, of a head, that may be the beginning of an offer to upgrade
    _data: bytes = b""  # what was received last, if the request that the parser is in begins it
    _peer = ""
    _rests_since = 0.0
    _is_in_head = True  # the headers of the request that is being received are not complete
    _head_bytes = 0
    # When the request that is being received began, or, once its headers are in and it is not answered here, when its
    # last bytes came; 0 when none is received.
    _incomplete_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As uvicorn has it."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._own = _Exchange(self)
        self._incomplete_since = self.loop.time()
        self._peer = self.client[0] if self.client else ""

    def connection_lost(self, exc: Exception | None) -> None:
        """As uvicorn has it, for a request that is answered here too."""
        self._own.disconnected = True
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a whole request behind a known head at once; parse all else."""
        if self._is_between and self._own.response_complete:
            end = data.find(b"\r\n\r\n") + 4
            known = self.heads.get(data[:end])
            if known is not None and len(data) == end + known[1]:
                self._incomplete_since = 0.0
                self.cycle = self._own  # type: ignore[assignment]
                self._own.begin(known[0], keep_alive=True)
                self._handle(known[0], data[end:])
                return
            if end == len(data) and self._visited(data):
                return
            self._data = data
        if self._is_in_head:
            self._head_bytes += len(data)
            data = self._without_offer(data)
        elif self._exchange is None and self._incomplete_since:
            self._incomplete_since = self.loop.time()  # an upload to the API may take as long as it goes on
        super().data_received(data)
        self._data = b""
        if self._is_in_head and self._head_bytes > _MOST_HEAD_BYTES and not self.transport.is_closing():
            self._end(431, _HEAD_TOO_LARGE)

    def _visited(self, data: bytes) -> bool:
        """Whether a head was a GET for the door with known headers, and is answered."""
        line = _PLAIN_GET.match(data)
        if line is None or not line[1].startswith(self.door.prefixes):
            return False
        headers = self.tails.get(data[line.end() :])
        if headers is None:
            return False
        visit = Visit(line[1], headers)
        self._incomplete_since = 0.0
        self.cycle = self._own  # type: ignore[assignment]
        self._own.begin(visit, keep_alive=True)
        self._handle(visit, b"")
        return True

    def _without_offer(self, data: bytes) -> bytes:
        """The same part of a head without an offer to speak another protocol, as Java's client and curl make.

        The parser would stop where the body begins. What may be the beginning of an offer is held back for the rest.
        """
        if self._held:
            data, self._held = self._held + data, b""
        end = data.find(b"\r\n\r\n")
        head = data if end < 0 else data[: end + 2]
        if _OFFER in head.lower():
            data = _WHOLE_OFFER.sub(b"", head) + data[len(head) :]
        if end < 0 and (cut := _sure_bytes(data)) < len(data):
            data, self._held = data[:cut], data[cut:]
            self._is_between = False
        return data

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's sentence, in plain text
        """Answer what is no HTTP in the form of all other answers."""
        self._end(400, _NO_HTTP)

    def _end(self, status: int, why: str) -> None:
        self.transport.write(answers.http_answer(status, answers.error_body("bad_request", why), is_last=True))
        self.transport.close()

    def close_if_stalled(self, before: float) -> None:
        """Close the connection if its request is not whole, and stalled since `before`, in the loop's time.

        An event's request stalls when it is not whole since then, any other when none of its bytes came since.
        """
        if not 0 < self._incomplete_since < before:
            return
        exchange = self._exchange
        if exchange is not None and not exchange.response_complete:
            exchange.keep_alive = False
            exchange.answer(408, answers.error_body("bad_request", _TOO_SLOW), 0)
        elif self._waits_for_us():
            self._incomplete_since = self.loop.time()
        else:
            self.transport.close()

    def _waits_for_us(self) -> bool:
        """Whether what is missing is held up here: the app has yet to read what came, or an answer is under way."""
        cycle = self.cycle
        is_answering = cycle is not None and not cycle.response_complete
        return self.flow.read_paused or (is_answering and (self._is_in_head or cycle.response_started))

    def rest(self) -> None:
        """Nothing is under way: close the connection if that lasts. One timer a connection, not one a request."""
        self._rests_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection if it has rested long enough, else look again when it may have."""
        self.timeout_keep_alive_task = None
        left = self._rests_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        elif self._own.response_complete:
            super().timeout_keep_alive_handler()

    # ---- the parser's callbacks ----

    def on_message_begin(self) -> None:
        """Put off uvicorn's scope until the path is known."""
        self._call = _NEVER
        self._exchange = None
        self._is_between = False
        self._incomplete_since = self.loop.time()
        self.url = b""

    def on_url(self, url: bytes) -> None:
        """Choose the way by the path; a path that comes in pieces is left to uvicorn."""
        if not self.url:
            if url in CALLS and self.parser.get_method() == b"POST":
                self._call = CALLS[url]
                self.url = url
                self.headers = []
                return
            if url.startswith(self.door.prefixes) and self.parser.get_method() == b"GET":
                self._call = _VISIT
                self.url = url
                self.headers = []
                return
            super().on_message_begin()
        elif self._call is not _NEVER:
            self._hand_over()
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the header; only a few of them matter here."""
        if self._call is _NEVER:
            super().on_header(name, value)
        else:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Begin an exchange, or hand over what needs more than a plain POST."""
        self._is_in_head = False
        self._head_bytes = 0
        if self._call is not _NEVER:
            self._begin()
        if self._call is _NEVER:
            super().on_headers_complete()

    def _begin(self) -> None:
        is_visit = self._call is _VISIT
        found = {name.lower(): value for name, value in self.headers if is_visit or len(name) in _LENGTHS}
        cycle = self.cycle
        is_busy = cycle is not None and not cycle.response_complete
        parser = self.parser
        if is_busy or b"expect" in found or parser.should_upgrade() or parser.get_http_version() != "1.1":
            self._hand_over()
        elif is_visit:
            if self._data and parser.should_keep_alive() and _UNFIT not in found and b"content-length" not in found:
                self._remember_tail(found)
            self._begin_exchange(Visit(self.url, found), parser.should_keep_alive())
        else:
            self._begin_call(found)

    def _begin_call(self, found: dict[bytes, bytes]) -> None:
        authorization, encoding, length, _, origin, forwarded = [found.get(name, b"") for name in _USED]
        request = Request(self._call, authorization, encoding, self.url in SHORT, origin, forwarded)
        keep_alive = self.parser.should_keep_alive()
        if self._data and keep_alive and length.isdigit() and _UNFIT not in found:
            self._remember(request, int(length))
        self._begin_exchange(request, keep_alive)

    def _begin_exchange(self, request: Request | Visit, keep_alive: bool) -> None:
        exchange = self._exchange = self._own
        exchange.begin(request, keep_alive)
        exchange.body, exchange.size = [], 0
        self.cycle = exchange  # type: ignore[assignment]

    def _remember(self, request: Request, length: int) -> None:
        head = self._plain_head(b"POST ")
        if head:
            if len(self.heads) >= _HEADS:
                self.heads.clear()
            self.heads[head] = request, length

    def _remember_tail(self, headers: dict[bytes, bytes]) -> None:
        head = self._plain_head(b"GET ")
        if head:
            if len(self.tails) >= _HEADS:
                self.tails.clear()
            self.tails[head[head.index(b"\n") + 1 :]] = headers

    def _plain_head(self, method: bytes) -> bytes:
        """The head to know again, if it is exactly the bytes up to the first empty line; else nothing."""
        head = self._data[: self._data.find(b"\r\n\r\n", 0, _HEAD_BYTES) + 4]
        is_plain = head.startswith(method) and head.count(b"\n") == head.count(b"\r\n") == len(self.headers) + 2
        return head if is_plain else b""

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
        self._is_in_head = True
        self._incomplete_since = 0.0
        self._data = b""  # what follows in it is not at its beginning
        if exchange is None:
            super().on_message_complete()
            return
        self._is_between = True
        if exchange.response_complete:
            return
        if exchange.size > MAX_BODY_BYTES:
            self._refuse_size(exchange)
        else:
            parts, exchange.body = exchange.body, []
            self._handle(exchange.request, parts[0] if len(parts) == 1 else b"".join(parts))

    def _handle(self, request: Request | Visit, body: bytes) -> None:
        if isinstance(request, Visit):
            ip = self._client(request.headers.get(b"x-forwarded-for", b""))
            self.door.visit(request, ip, self._own.send)
        else:
            self.intake.handle(request, self._client(request.forwarded), body, self._own.answer)

    def _client(self, forwarded: bytes) -> str:
        return self.proxies.client(self._peer, forwarded) if forwarded else self._peer

    def _refuse_size(self, exchange: _Exchange) -> None:
        exchange.answer(400, answers.error_body("bad_request", str(too_large(MAX_BODY_BYTES + 1))), 0)


def _sure_bytes(data: bytes) -> int:
    """How many bytes of an unfinished head come before what may turn out to be an offer, or the head's end."""
    line = data.rfind(b"\r\n")
    if line >= 0 and len(data) - line <= _MOST_OFFER_BYTES:
        begun = data[line:].lower()
        if begun.startswith(_OFFER) or _OFFER.startswith(begun) or begun == b"\r\n\r":
            return line
    return len(data) - data.endswith(b"\r")


def tracking_protocol(intake: Intake, proxies: TrustedProxies, door: Door | None = None) -> type[TrackingProtocol]:
    """A protocol class for uvicorn's `http` setting that serves `intake`, and `door` where there is one."""
    parts = {"intake": intake, "proxies": proxies, "door": door or _NoDoor(), "heads": {}, "tails": {}}
    return type("BoundTrackingProtocol", (TrackingProtocol,), parts)
