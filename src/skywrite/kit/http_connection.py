"""One kept-alive HTTP/1.1 connection: a request out, an answer in, one at a time. It decides nothing about retries.

Some 35 µs an exchange where aiohttp's client takes 90: no task, no stream and no header objects in between.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, cast

import httptools

from skywrite.kit.http import Failure, Response

BODY_LIMIT = 64 << 10  # what is kept of an answer's body; one that goes on costs its connection
_HEAD_LIMIT = 64 << 10
_GARBAGE = Failure("EPROTO", "The answer is not HTTP.")

Answered = Callable[["Connection", Response | Failure], None]


class Connection(asyncio.Protocol):
    """`answered` is called once for each `send`, with the answer or what went wrong instead."""

    def __init__(self, answered: Answered) -> None:
        self._answered = answered
        self._parser: Any = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._busy = False
        self.used = False  # whether it has carried an exchange before: then the peer may just have hung up
        self.idle_since = 0.0
        self._reset()

    def _reset(self) -> None:
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._size = 0
        self._is_complete = False
        self._keeps = False
        self._is_overlong = False

    @property
    def is_open(self) -> bool:
        """Whether it can carry another exchange."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def has_answer_begun(self) -> bool:
        """Whether a byte of the present exchange's answer has come."""
        return self._size > 0

    def send(self, wire: bytes) -> None:
        """Begin an exchange."""
        assert self._transport is not None
        self._reset()
        self._busy = True
        self._transport.write(wire)

    def abort(self, failure: Failure) -> None:
        """End the present exchange now, with its answer if the head has come, else with `failure`."""
        self._finish(self._response() or failure, keep=False)

    def close(self) -> None:
        """Hang up; an exchange that was going on is not answered."""
        self._busy = False
        if self._transport is not None:
            self._transport.close()

    # ---- asyncio.Protocol ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way out."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name

    def data_received(self, data: bytes) -> None:
        """Parse what came; finish when the answer is whole, or longer than we care to read."""
        if not self._busy:
            self.close()
            return
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            # Broken after a whole answer, that answer stands; broken within it, its status is worth nothing.
            self._finish((self._is_complete and self._response()) or _GARBAGE, keep=False)
            return
        if self._is_complete:
            self._finish(self._response() or _GARBAGE, keep=self._keeps)
        elif self._is_overlong or (not self._status and self._size > _HEAD_LIMIT):
            self._finish(self._response() or _GARBAGE, keep=False)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        """The peer hung up: with an answer whose end that was, or without one."""
        if self._busy:
            reason = "The connection was closed before an answer came."
            self._finish(self._response() or Failure("ECONNRESET", reason), keep=False)

    def eof_received(self) -> bool:
        """Close our side as well."""
        return False

    # ---- httptools ----

    def on_message_begin(self) -> None:
        """A second answer to one request: the first stands, and this connection can't be trusted any more."""
        if self._is_complete:
            self._is_overlong = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        if self._is_complete:
            return
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """From here the status is known."""
        if self._is_complete:
            return
        self._status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        """Keep the body's beginning."""
        if self._is_complete:
            return
        if self._size <= BODY_LIMIT + _HEAD_LIMIT:
            self._body.append(body)
        if sum(map(len, self._body)) > BODY_LIMIT or self._size > BODY_LIMIT + _HEAD_LIMIT:
            self._is_overlong = True

    def on_message_complete(self) -> None:
        """The answer is whole, unless it only said to go on."""
        if self._is_complete:
            return
        if 100 <= self._status < 200:
            self._status = 0
            self._headers = {}
        else:
            self._is_complete = True
            self._keeps = self._parser.should_keep_alive()  # the parser knows only here: it forgets the lengths next

    # ---- ending ----

    def _response(self) -> Response | None:
        if self._status < 200:
            return None
        return Response(self._status, self._headers, b"".join(self._body)[:BODY_LIMIT])

    def _finish(self, result: Response | Failure, *, keep: bool) -> None:
        if not self._busy:
            return
        self._busy = False
        if keep and not self._is_overlong and self.is_open:
            self.used = True
            self.idle_since = time.monotonic()
        elif self._transport is not None:
            self._transport.abort()
        self._answered(self, result)
