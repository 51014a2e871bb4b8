"""Load: wrk flat out (a closed loop), and events at a steady rate, due whether or not the last was answered."""

import asyncio
import base64
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

_HERE = Path(__file__).parent
_TICK_SECONDS = 0.002


class Flood(Struct):
    """What wrk saw."""

    requests: int
    seconds: float
    errors: int

    @property
    def rate(self) -> float:
        """Requests answered a second."""
        return self.requests / self.seconds


def flood(url: str, script: str, *, key: str, prefix: str, connections: int, seconds: float) -> Flood:
    """Run wrk with one of the scripts beside this file; `prefix` makes the ids of this run its own."""
    program = shutil.which("wrk") or "/usr/bin/wrk"
    options = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
    done = subprocess.run(
        [program, *options, "-s", str(_HERE / script), url, "--", basic(key), prefix],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    result = next(line for line in done.stdout.splitlines() if line.startswith("RESULT")).split()
    return Flood(int(result[1]), int(result[2]) / 1e6, int(result[3]))


def basic(key: str) -> str:
    """The Authorization header of a write key."""
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


class Pacer:
    """Posts single events at a steady rate over many connections; remembers when each was due and when answered."""

    def __init__(self, base_url: str, key: str, rate: int, *, users: int = 500, prefix: str = "paced") -> None:
        address = urlsplit(base_url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._head = f"POST /v1/track HTTP/1.1\r\nHost: bench\r\nAuthorization: {basic(key)}\r\nContent-Length: "
        self._rate, self._users, self._prefix = rate, users, prefix
        self.due: dict[str, float] = {}
        self.waited: list[float] = []  # from when an event was due to its 200
        self.refused = 0

    async def run(self, seconds: float, connections: int = 64) -> None:
        """Send `rate * seconds` events."""
        queue: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue()
        senders = [asyncio.ensure_future(self._send(queue)) for _ in range(connections)]
        began, sent, count = time.time(), 0, round(self._rate * seconds)
        while sent < count:
            due = min(count, int((time.time() - began) * self._rate) + 1)
            for number in range(sent, due):
                name = f"{self._prefix}-{number}"
                self.due[name] = began + number / self._rate
                queue.put_nowait((name, self._request(name, number)))
            sent = due
            await asyncio.sleep(_TICK_SECONDS)
        for _ in senders:
            queue.put_nowait(None)
        await asyncio.gather(*senders)

    def _request(self, name: str, number: int) -> bytes:
        event = {
            "userId": f"user-{number % self._users}",
            "event": "Order Completed",
            "messageId": name,
            "properties": {"n": number + 1, "revenue": 39.95, "currency": "EUR", "orderId": f"order-{number}"},
            "context": {"library": {"name": "analytics-python", "version": "2.4.0"}, "locale": "en-GB"},
        }
        body = msgspec.json.encode(event)
        return f"{self._head}{len(body)}\r\n\r\n".encode() + body

    async def _send(self, queue: asyncio.Queue[tuple[str, bytes] | None]) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        while (one := await queue.get()) is not None:
            name, request = one
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))
            self.waited.append(time.time() - self.due[name])
            self.refused += not head.startswith(b"HTTP/1.1 200")
        writer.close()


def share(values: list[float], part: float) -> float:
    """The value that `part` of all do not exceed."""
    return sorted(values)[int(part * (len(values) - 1))] if values else float("nan")
