"""A webhook's receiver for measuring: uvloop and httptools, answers 204, and checks the order of each user's events.

It is told nothing about Skywrite: events carry `properties.n`, which must grow for each user. A GET answers with
its counts as JSON, the latencies being those since the last GET. `python receiver.py PORT` prints the port and
serves until the process ends.
"""

import asyncio
import json
import sys
import time
from datetime import datetime
from typing import Any, cast

import httptools
import msgspec
import uvloop

_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class _Properties(msgspec.Struct):
    n: int = 0


class _Event(msgspec.Struct, rename="camel"):
    user_id: str = ""
    message_id: str = ""
    received_at: datetime | None = None
    properties: _Properties = msgspec.field(default_factory=_Properties)


_decode = msgspec.json.Decoder(_Event).decode


class Tally:
    """What came in."""

    def __init__(self) -> None:
        self.requests = 0
        self.repeats = 0
        self.misordered = 0
        self.last: dict[str, int] = {}
        self.seen: set[str] = set()
        self.first_at = self.last_at = 0.0
        self.latencies: list[float] = []

    def take(self, body: bytes) -> None:
        """Count one request's event."""
        event = _decode(body)
        self.requests += 1
        self.last_at = time.time()
        self.first_at = self.first_at or self.last_at
        if event.received_at is not None:
            self.latencies.append(self.last_at - event.received_at.timestamp())
        if event.message_id in self.seen:
            self.repeats += 1
            return
        self.seen.add(event.message_id)
        if event.properties.n <= self.last.get(event.user_id, 0):
            self.misordered += 1
        self.last[event.user_id] = event.properties.n

    def report(self) -> dict[str, Any]:
        """What came in so far."""
        return {
            "requests": self.requests,
            "distinct": len(self.seen),
            "repeats": self.repeats,
            "misordered": self.misordered,
            "seconds": self.last_at - self.first_at,
            "p50": _share(self.latencies, 0.5),
            "p99": _share(self.latencies, 0.99),
        }


def _share(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))] if values else 0.0


class Receiver(asyncio.Protocol):
    """One connection."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._parser = httptools.HttpRequestParser(self)
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way back."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name

    def data_received(self, data: bytes) -> None:
        """Parse."""
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Keep a piece."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Answer."""
        if self._parser.get_method() == b"POST":
            self._tally.take(b"".join(self._body))
            self._body = []
            self._transport.write(_ANSWER)
        else:
            body = json.dumps(self._tally.report()).encode()
            self._tally.latencies.clear()
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))


async def _serve(port: int) -> None:
    tally = Tally()
    server = await asyncio.get_running_loop().create_server(lambda: Receiver(tally), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
