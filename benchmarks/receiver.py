"""A webhook's receiver for measuring: uvloop and httptools, answers 204, and checks the order of each user's events.

It is told nothing about Skywrite: events carry `properties.n`, which must grow for each user. A GET answers with
its counts as JSON; `run(port, ready)` serves until the process ends.
"""

import asyncio
import json
import sys
import time
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
    received_at: str = ""
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
        self.latencies: list[float] = []

    def take(self, body: bytes) -> None:
        event = _decode(body)
        self.requests += 1
        if event.message_id in self.seen:
            self.repeats += 1
            return
        self.seen.add(event.message_id)
        if event.properties.n <= self.last.get(event.user_id, 0):
            self.misordered += 1
        self.last[event.user_id] = event.properties.n

    def report(self) -> dict[str, Any]:
        return {
            "requests": self.requests,
            "distinct": len(self.seen),
            "repeats": self.repeats,
            "misordered": self.misordered,
            "at": time.monotonic(),
        }


class Receiver(asyncio.Protocol):
    """One connection."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._parser = httptools.HttpRequestParser(self)
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        if self._parser.get_method() == b"POST":
            self._tally.take(b"".join(self._body))
            self._body = []
            self._transport.write(_ANSWER)
        else:
            body = json.dumps(self._tally.report()).encode()
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))


async def _serve(port: int) -> None:
    tally = Tally()
    server = await asyncio.get_running_loop().create_server(lambda: Receiver(tally), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
