"""Delivery to a webhook's receiver on this machine, one event a request, in order per user.

Fills a real log, runs the real delivery in a process of its own against a receiver in another, and prints events a
second beside aiohttp's client posting the same bodies flat out in the same run.

    python benchmarks/webhook.py --events 100000 --users 5000
    python benchmarks/webhook.py --kill 3         # kill -9 the delivery so often on the way; shows the repeats
    python benchmarks/webhook.py --rate 1000      # accepted to the receiver, at a steady rate
    python benchmarks/webhook.py --dead 2         # beside so many destinations that never answer
    python benchmarks/webhook.py --worker         # by the worker process, which dedupes and observes meanwhile
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import uvloop

from skywrite.destinations.running import run_delivery
from skywrite.destinations.service import Destinations
from skywrite.events.batch import events_of
from skywrite.kit.bell import Bell
from skywrite.kit.hashing import id_hash
from skywrite.kit.time import now_micros
from skywrite.log.base import NewRecord
from skywrite.pipeline.dedupe import Dedupe
from skywrite.settings import Settings
from skywrite.sources.service import Sources
from skywrite.store.engine import open_store
from skywrite.wiring import open_feed, open_log

_HERE = Path(__file__).parent
_CHUNK = 1000


def event(number: int, users: int) -> dict[str, Any]:
    """An event of some 700 bytes, such as an SDK sends."""
    return {
        "type": "track",
        "event": "Order Completed",
        "userId": f"user-{number % users}",
        "messageId": f"message-{number:09d}",
        "timestamp": "2026-11-23T16:11:30.000Z",
        "sentAt": "2026-11-23T16:11:31.000Z",
        "properties": {
            "n": number + 1,
            "order_id": f"order-{number}",
            "revenue": 39.95,
            "currency": "EUR",
            "products": [{"product_id": "p1", "sku": "G-32", "name": "Monopoly", "price": 19, "quantity": 1}],
        },
        "context": {
            "library": {"name": "analytics-python", "version": "2.4.0"},
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari",
            "ip": "203.0.113.9",
            "locale": "de-DE",
            "page": {"path": "/checkout", "url": "https://shop.example/checkout", "title": "Checkout"},
        },
    }


def record(number: int, users: int, source_id: str) -> NewRecord:
    """A single call's record."""
    body = event(number, users)
    ids = id_hash(source_id, body["messageId"])
    return NewRecord(now_micros(), source_id, "track", "", ids, msgspec.json.encode(body))


@contextlib.contextmanager
def receiver() -> Iterator[int]:
    """A receiver process; its port."""
    with subprocess.Popen([sys.executable, str(_HERE / "receiver.py"), "0"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def report(port: int) -> dict[str, Any]:
    """What a receiver has counted."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
        return dict(json.load(answer))


def deliverer(data: Path, *, worker: bool = False) -> subprocess.Popen[bytes]:
    """The real delivery in a process of its own, or the whole worker that dedupes and observes beside it."""
    if worker:
        command = [sys.executable, "-m", "skywrite", "worker", "--only", "delivery", "--data", str(data)]
        return subprocess.Popen(command, env=os.environ | {"SKYWRITE_PRIVATE_DESTINATIONS": "true"})
    return subprocess.Popen([sys.executable, __file__, "--deliver", str(data)])


async def deliver(data: Path) -> None:
    """What that process runs."""
    settings = Settings(data=data, private_destinations=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with open_feed(settings, "delivery") as feed:
        await run_delivery(settings, open_store(settings), feed, stop)


class Bench:
    """A data folder with a source and a webhook to `port`; it dedupes itself where no worker does."""

    def __init__(self, data: Path, port: int, dead: int = 0, *, worker: bool = False) -> None:
        self.settings = Settings(data=data, private_destinations=True)
        self.store = open_store(self.settings)
        self.log = open_log(self.settings)
        self.source = Sources(self.store).add("python", "Bench")
        self.dedupe = None if worker else Dedupe(self.log, data / "dedupe")
        self.bell = Bell(self.settings.run / "bell")
        self.deaf = [socket.create_server(("127.0.0.1", 0), backlog=4096) for _ in range(dead)]
        hooks = Destinations(self.store, self.log.head, allow_private=True)
        hooks.add("webhook", "Hook", [self.source.id], {"url": f"http://127.0.0.1:{port}/"})
        for place, deaf in enumerate(self.deaf):
            hooks.add(
                "webhook", f"Dead {place}", [self.source.id], {"url": f"http://127.0.0.1:{deaf.getsockname()[1]}/"}
            )

    def append(self, numbers: range, users: int) -> None:
        """Accept events, one a request, and decide them."""
        self.log.append([record(number, users, self.source.id) for number in numbers])
        while self.dedupe is not None and self.dedupe.step():
            pass
        self.bell.ring()


def measure_delivery(events: int, users: int, kills: int, dead: int, *, worker: bool) -> dict[str, Any]:
    """Deliver a full log; the receiver's report."""
    with tempfile.TemporaryDirectory() as folder, receiver() as port:
        bench = Bench(Path(folder), port, dead, worker=worker)
        for first in range(0, events, _CHUNK):
            bench.append(range(first, min(first + _CHUNK, events)), users)
        process = deliverer(Path(folder), worker=worker)
        try:
            marks = [events * (place + 1) // (kills + 1) for place in range(kills)]
            while (seen := report(port))["distinct"] < events:
                if marks and seen["distinct"] >= marks[0]:
                    marks.pop(0)
                    process.kill()
                    process.wait()
                    process = deliverer(Path(folder), worker=worker)
                time.sleep(0.2)
            cpu = _cpu_seconds(process.pid)
            process.terminate()
            process.wait()
            return report(port) | {"cpu": cpu}
        finally:
            process.kill()


def measure_latency(rate: int, seconds: int, users: int, *, worker: bool) -> dict[str, Any]:
    """Accept events at a steady rate while they are delivered; the receiver's report."""
    with tempfile.TemporaryDirectory() as folder, receiver() as port:
        bench = Bench(Path(folder), port, worker=worker)
        process = deliverer(Path(folder), worker=worker)
        try:
            bench.append(range(users), users)
            while report(port)["distinct"] < users:
                time.sleep(0.1)
            sent, began = users, time.monotonic()
            while sent < rate * seconds + users:
                due = users + int((time.monotonic() - began) * rate)
                if due > sent:
                    bench.append(range(sent, due), users)
                    sent = due
                time.sleep(0.005)
            time.sleep(2)
            return report(port)
        finally:
            process.terminate()
            process.wait()


async def _post_all(port: int, bodies: list[bytes]) -> None:
    todo = iter(bodies)
    headers = {
        "content-type": "application/json",
        "webhook-id": "x",
        "webhook-timestamp": "1",
        "webhook-signature": "v1,x",
    }

    async def worker(session: aiohttp.ClientSession) -> None:
        for body in todo:
            async with session.post(f"http://127.0.0.1:{port}/", data=body, headers=headers) as answer:
                await answer.read()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:
        await asyncio.gather(*[worker(session) for _ in range(64)])


def measure_aiohttp(events: int, users: int) -> dict[str, Any]:
    """The yardstick: the same bodies, made before, posted by aiohttp's client on uvloop as fast as it goes."""
    with receiver() as port:
        bodies = [
            msgspec.json.encode(one)
            for number in range(events)
            for _, one in events_of(_Read(number + 1, record(number, users, "src")))
        ]
        uvloop.run(_post_all(port, bodies))
        return report(port)


class _Read:
    """A record as `events_of` wants it."""

    def __init__(self, position: int, new: NewRecord) -> None:
        self.position = position
        self.received_at, self.source_id, self.kind, self.ip = new.received_at, new.source_id, new.kind, new.ip
        self.body = new.body


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=5_000)
    parser.add_argument("--kill", type=int, default=0)
    parser.add_argument("--dead", type=int, default=0)
    parser.add_argument("--rate", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--worker", action="store_true")
    parser.add_argument("--deliver", type=Path)
    chosen = parser.parse_args()
    if chosen.deliver:
        uvloop.run(deliver(chosen.deliver))
    elif chosen.rate:
        seen = measure_latency(chosen.rate, chosen.seconds, min(chosen.users, 500), worker=chosen.worker)
        print(
            f"accepted to the receiver at {chosen.rate}/s: p50 {seen['p50'] * 1000:.0f} ms, "
            f"p99 {seen['p99'] * 1000:.0f} ms; {seen['misordered']} out of order, {seen['repeats']} repeats"
        )
    else:
        seen = measure_delivery(chosen.events, chosen.users, chosen.kill, chosen.dead, worker=chosen.worker)
        yard = measure_aiohttp(min(chosen.events, 50_000), chosen.users)
        ours, theirs = seen["distinct"] / seen["seconds"], yard["distinct"] / yard["seconds"]
        print(f"delivered to a webhook   {ours:>9,.0f} events/s   (CPU of the delivery {seen['cpu']:.1f} s)")
        print(f"aiohttp's client alone   {theirs:>9,.0f} requests/s")
        print(f"ratio                    {ours / theirs:>9.2f}")
        print(f"out of order             {seen['misordered']:>9,}")
        print(f"repeats                  {seen['repeats']:>9,} after {chosen.kill} kill -9")


if __name__ == "__main__":
    main()
