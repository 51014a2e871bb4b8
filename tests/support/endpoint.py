"""A webhook's receiver in a thread of its own, for real Skywrites: it notes what arrives and answers as it is told."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
_REASONS = {200: "OK", 400: "Bad Request", 410: "Gone", 429: "Too Many Requests", 500: "Internal Server Error"}


@dataclass(frozen=True)
class Delivery:
    """One request that arrived, whatever it was answered."""

    headers: dict[str, str]
    raw: bytes

    @property
    def id(self) -> str:
        """Its webhook-id."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """The event that it carries."""
        return json.loads(self.raw)


def status(code: int, body: bytes = b"") -> bytes:
    """An answer of a status."""
    return b"HTTP/1.1 %d %s\r\ncontent-length: %d\r\n\r\n%s" % (code, _REASONS[code].encode(), len(body), body)


GARBAGE = b"\x16\x03\x01 this is no HTTP at all\r\n\r\n"
HANG = b""  # no answer, while the connection stays open


class Endpoint:
    """Listens on 127.0.0.1. `deliveries` holds what came, in order of arrival; `answer` decides what is said."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.answer: Callable[[Delivery], bytes] = lambda _: _OK
        self.url = ""
        self._ids: set[str] = set()
        self._read = 0  # how many of the deliveries `_ids` knows
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="endpoint")

    def __enter__(self):
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def say(self, answer: bytes) -> None:
        """Answer everything so from now on."""
        self.answer = lambda _: answer

    def events(self) -> list[dict[str, Any]]:
        """The events of all that arrived."""
        return [delivery.event for delivery in list(self.deliveries)]

    def message_ids(self) -> set[str]:
        """The messageIds of all that arrived."""
        new = self.deliveries[self._read :]
        self._read += len(new)
        self._ids.update(delivery.event["messageId"] for delivery in new)
        return self._ids

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._take_connection, "127.0.0.1", 0, limit=1 << 20)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        self._ready.set()
        await self._end.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        ended = (OSError, asyncio.IncompleteReadError, asyncio.CancelledError)
        with contextlib.suppress(*ended), contextlib.closing(writer):
            while True:
                delivery = await _request(reader)
                self.deliveries.append(delivery)
                said = self.answer(delivery)
                if said == HANG:
                    await asyncio.Event().wait()
                writer.write(said)
                await writer.drain()
                if said == GARBAGE:
                    return


async def _request(reader: asyncio.StreamReader) -> Delivery:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = [line.partition(":") for line in head.split("\r\n")[1:] if line]
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    return Delivery(headers, await reader.readexactly(int(headers.get("content-length", 0))))
