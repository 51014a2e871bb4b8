"""How fast the warehouse loads: realistic events in a real log, deduplicated, by the real loader into DuckDB.

The yardstick, in the same run: DuckDB's own read_json of the same events into one table, with all cores.
Run: python benchmarks/warehouse.py --events 1000000
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_START = datetime(2026, 3, 1, tzinfo=UTC)
_AGENTS = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
)
_BATCH = 100
_TEMPLATES = 20_000  # distinct events; each is sent again and again under a new messageId


def event(chance: random.Random, number: int) -> dict[str, Any]:
    """One event as the Node SDK sends it, about 700 bytes: a shop's tracks, pages and identifies."""
    moment = (_START + timedelta(milliseconds=number)).isoformat(timespec="milliseconds")[:-6] + "Z"
    user = f"user-{chance.randrange(100_000)}"
    path = f"/shop/{chance.randrange(500)}"
    page = {
        "path": path,
        "url": f"https://shop.example.com{path}",
        "title": "Shop",
        "referrer": "https://www.google.com/",
    }
    common: dict[str, Any] = {
        "userId": user,
        "anonymousId": f"@@@@@@@@@@@@@@@@{chance.getrandbits(64):016x}",
        "timestamp": moment,
        "integrations": {},
        "context": {
            "library": {"name": "@segment/analytics-node", "version": "2.3.0"},
            "ip": f"10.1.{chance.randrange(255)}.{chance.randrange(255)}",
            "userAgent": chance.choice(_AGENTS),
            "locale": "en-GB",
            "page": page,
        },
        "messageId": f"node-next-{1_772_366_400_000 + number}-@@@@@@@@@@@@@@@@",
        "_metadata": {"nodeVersion": "22.1.0", "jsRuntime": "node"},
    }
    return common | _call(chance, number, user, moment, page)


def _call(chance: random.Random, number: int, user: str, moment: str, page: dict[str, Any]) -> dict[str, Any]:
    kind = chance.random()
    product = f"p{chance.randrange(10_000)}"
    if kind < 0.35:
        properties: dict[str, Any] = {
            "product_id": product, "sku": f"SKU-{chance.randrange(9999)}", "name": "A fine thing",
            "price": round(chance.random() * 100, 2), "quantity": chance.randrange(1, 5), "currency": "EUR",
            "category": "Games",
        }  # fmt: skip
        return {"type": "track", "event": "Product Viewed", "properties": properties}
    if kind < 0.5:
        properties = {"button": "buy", "position": chance.randrange(10), "isPrimary": True}
        return {"type": "track", "event": "Button Clicked", "properties": properties}
    if kind < 0.6:
        basket = [{"product_id": product, "price": 9.99, "quantity": n + 1} for n in range(chance.randrange(1, 4))]
        properties = {"orderId": f"o{number}", "total": 49.5, "revenue": chance.randrange(500), "products": basket}
        return {"type": "track", "event": "Order Completed", "properties": properties}
    if kind < 0.7:
        properties = {"cart_id": f"c{number}", "items": chance.randrange(9), "viewed_at": moment}
        return {"type": "track", "event": "Cart Viewed", "properties": properties}
    if kind < 0.9:
        return {"type": "page", "name": "Product", "properties": {**page, "search": ""}}
    traits = {"email": f"{user}@example.com", "firstName": "Ann", "plan": "pro", "age": chance.randrange(18, 80),
              "address": {"city": "Oslo", "street": "Main 1"}}  # fmt: skip
    return {"type": "identify", "traits": traits}


def bodies(count: int) -> Iterator[bytes]:
    """`count` events in requests of 100, as the intake writes them to the log."""
    chance = random.Random(7)
    templates = [json.dumps(event(chance, number), separators=(",", ":")).encode() for number in range(_TEMPLATES)]
    for first in range(0, count, _BATCH):
        events = [
            templates[number % _TEMPLATES].replace(b"@@@@@@@@@@@@@@@@", b"%016x" % (number * 2654435761 % 2**64))
            for number in range(first, min(first + _BATCH, count))
        ]
        yield b'{"batch":[' + b",".join(events) + b'],"sentAt":"2026-03-01T12:00:00.000Z","writeKey":"a-key"}'


def fill(folder: Path, count: int) -> int:
    """Append `count` events to a log in `folder` and let dedupe decide them all; the bytes of their JSON."""
    import msgspec

    from skywrite.kit.hashing import id_hashes
    from skywrite.log.base import NewRecord
    from skywrite.log.sqlite import SqliteLog
    from skywrite.pipeline.dedupe import Dedupe

    log = SqliteLog(folder / "log", max_bytes=200 << 30)
    head = msgspec.json.Decoder(msgspec.defstruct("B", [("batch", list[msgspec.defstruct("E", [("messageId", str)])])]))
    size, records = 0, []
    for number, body in enumerate(bodies(count)):
        ids = id_hashes("src_shop", (call.messageId for call in head.decode(body).batch))
        records.append(NewRecord(1_772_366_400_000_000 + number * 1000, "src_shop", "batch", "", ids, body))
        size += len(body)
        if len(records) == 200:
            log.append(records)
            records = []
    if records:
        log.append(records)
    dedupe = Dedupe(log, folder / "dedupe")
    while dedupe.step():
        pass
    dedupe.flush()
    dedupe.close()
    log.close()
    return size


def load(folder: Path) -> dict[str, float]:
    """Load everything in the log of `folder`; the figures of this very process."""
    from skywrite.kit.bell import Listener
    from skywrite.log.sqlite import SqliteLog
    from skywrite.pipeline.decisions import Decisions
    from skywrite.pipeline.feed import Feed
    from skywrite.warehouse.engines.duckdb import DuckDB
    from skywrite.warehouse.loader import Loader

    log, decisions = SqliteLog(folder / "log"), Decisions(folder / "dedupe")
    listener = Listener(folder / "run" / "bell", "bench")
    loader = Loader(
        Feed(log, decisions, listener), DuckDB(folder / "warehouse.duckdb"), lambda _: "shop", folder / "run"
    )
    memory = _Memory()
    began, cpu = time.perf_counter(), time.process_time()
    loader.load_all()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    listener.close()
    return {"seconds": seconds, "cpu": cpu, "peak_mib": memory.stop(), "file_mib": _mib(folder / "warehouse.duckdb")}


class _Memory:
    """Watches this process's resident memory, once each 50 ms."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self.samples: list[float] = []
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stopped.wait(0.05):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self.samples.append(pages * resource.getpagesize() / 2**20)

    def stop(self) -> float:
        self._stopped.set()
        self._thread.join()
        return max(self.samples, default=0.0)


def yardstick(folder: Path, count: int) -> float:
    """DuckDB's read_json of the same events, one a line, into one table: events a second."""
    import duckdb
    import msgspec

    lines = folder / "events.json"
    with lines.open("wb") as file:
        decode = msgspec.json.Decoder(msgspec.defstruct("B", [("batch", list[msgspec.Raw])])).decode
        for body in bodies(count):
            file.writelines(bytes(raw) + b"\n" for raw in decode(body).batch)
    with duckdb.connect(folder / "yardstick.duckdb") as connection:
        began = time.perf_counter()
        connection.execute(
            "CREATE TABLE events AS SELECT * FROM read_json(?, format='newline_delimited')", [str(lines)]
        )
        connection.execute("CHECKPOINT")
        seconds = time.perf_counter() - began
    lines.unlink()
    (folder / "yardstick.duckdb").unlink()
    return count / seconds


def measure(count: int) -> dict[str, float]:
    """All figures for `count` events, the loader in a process of its own."""
    folder = Path(tempfile.mkdtemp(prefix="skywrite-bench-"))
    try:
        read_json = yardstick(folder, min(count, 1_000_000))
        size = fill(folder, count)
        out = subprocess.run(
            [sys.executable, __file__, "--load", str(folder)], check=True, stdout=subprocess.PIPE, text=True
        ).stdout
        found: dict[str, float] = json.loads(out.splitlines()[-1])
        rate = count / found["seconds"]
        return {"bytes_an_event": size / count, "events_per_second": rate, "read_json_per_second": read_json,
                "ratio": rate / read_json, "cpu_micros_an_event": found["cpu"] / count * 1e6, **found}  # fmt: skip
    finally:
        shutil.rmtree(folder)


def _mib(path: Path) -> float:
    return path.stat().st_size / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.load:
        print(json.dumps(load(options.load)))
        return
    for name, figure in measure(options.events).items():
        print(f"{name:22} {figure:14,.2f}")


if __name__ == "__main__":
    main()
