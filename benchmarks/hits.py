"""Opens and clicks: flat out and paced, while another program holds the store, and how soon a click is told."""

import contextlib
import shutil
import sqlite3
import subprocess
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import text

from benchmarks.load import share
from benchmarks.machine import cpu_seconds, family, nginx, syncs_per_second
from benchmarks.report import Row, middle
from benchmarks.whole import Skywrite, a_skywrite
from skywrite.channels.email.tokens import Purpose, StoredTokens, Tokens
from skywrite.kit.time import now_micros
from skywrite.log.sqlite import SqliteLog
from skywrite.settings import Settings
from skywrite.store.engine import open_store

_ROUNDS = 3
_CONNECTIONS, _PACED_CONNECTIONS = 64, 256
_PATHS = 20_000
_PACED_RATE, _CLICK_RATE = 2_000, 300
_TARGET = "https://shop.example.com/products/wool-socks?utm_source=newsletter&utm_medium=email&utm_campaign=autumn"
_CONTACTS = """WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :size)
    INSERT INTO contacts (id, email, email_key, traits, created_at, updated_at, seen_at)
    SELECT n, 'p' || n || '@example.com', 'p' || n || '@example.com', '{}', :at, :at, :at FROM series"""
_MESSAGES = """INSERT INTO messages (id, key, origin, contact_id, email, address, subject, is_transactional, state,
        reason, attempts, queued_at, due_at, sent_at, delivered_at)
    SELECT id, 'k' || id, 'broadcast', id, email, email, 'Hello', 0, 'delivered', '', 1, :at, :at, :at, :at
    FROM contacts"""


class _Run(Struct):
    """What wrk saw; times in ms."""

    requests: int
    seconds: float
    errors: int
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests answered a second."""
        return self.requests / self.seconds


def hits(quick: bool) -> Iterator[Row]:
    """The open pixel and the click's redirect, and what becomes of a click."""
    yield from _doors(quick)
    yield from _told(10 if quick else 30)


# ---- the doors ----


def _doors(quick: bool) -> Iterator[Row]:
    with nginx() as other, a_skywrite() as skywrite:
        paths = _write_paths(skywrite.data)
        with skywrite.web() as pid:
            for kind, file in paths.items():
                yield _flat_out(kind, file, other, skywrite, pid, 3 if quick else 8)
            for kind, file in paths.items():
                yield _paced(kind, file, other, skywrite, pid, 4 if quick else 10)
            with _locked(skywrite.data / "skywrite.db"):
                what = "click while another program holds the store"
                yield _paced(what, paths["click"], other, skywrite, pid, 3 if quick else 5)


def _flat_out(kind: str, file: Path, other: str, skywrite: Skywrite, pid: int, seconds: float) -> Row:
    _hit(skywrite.base_url, file, 1)
    time.sleep(0.5)  # what wrk did not wait for is committed too
    cpu, held = cpu_seconds(family(pid)), _kept(skywrite.data)
    ours, theirs, answered = [], [], 0
    for _ in range(_ROUNDS):
        theirs.append(_hit(other, file, seconds, is_checked=False).rate)
        run = _hit(skywrite.base_url, file, seconds)
        ours.append(run.rate)
        answered += run.requests
    time.sleep(0.5)
    kept = _kept(skywrite.data) - held
    used = cpu_seconds(family(pid)) - cpu
    most = answered + (_ROUNDS + 1) * _CONNECTIONS  # what wrk did not wait for, the warming up's too
    assert answered <= kept <= most, f"{answered} were answered, {kept} are in the inbox"
    return Row(
        what=f"{kind}, durable, {_CONNECTIONS} connections; web process", figure=middle(ours), unit="req/s",
        at_least=15_000, yardstick="nginx, fixed 200", yardstick_figure=middle(theirs),
        note=f"{used / kept * 1e6:.0f} µs of CPU each; {kept:,} in the inbox, {answered:,} answered; "
        f"the disk syncs 32 KB {syncs_per_second(skywrite.data):,.0f} times a second",
    )  # fmt: skip


def _paced(kind: str, file: Path, other: str, skywrite: Skywrite, pid: int, seconds: float) -> Row:
    theirs = _hit(other, file, seconds, _PACED_CONNECTIONS, _PACED_RATE, is_checked=False)
    cpu = cpu_seconds(family(pid))
    ours = _hit(skywrite.base_url, file, seconds, _PACED_CONNECTIONS, _PACED_RATE)
    used = (cpu_seconds(family(pid)) - cpu) / ours.seconds
    return _p99_row(kind, ours, theirs, f"{used:.0%} of a core")


def _p99_row(what: str, run: _Run, other: _Run, note: str) -> Row:
    """Nginx beside it tells what of the time is the machine's and the client's."""
    return Row(
        what=f"{what}, p99 at {_PACED_RATE:,} req/s", figure=run.p99, unit="ms", at_most=20,
        yardstick="nginx, fixed 200, p99", yardstick_figure=other.p99,
        note=f"p50 {run.p50:.1f} ms, nginx's {other.p50:.1f} ms; {run.rate:,.0f} req/s; {note}",
    )  # fmt: skip


def _hit(
    url: str, file: Path, seconds: float, connections: int = _CONNECTIONS, rate: int = 0, *,
    is_checked: bool = True, from_many: bool = False,
) -> _Run:  # fmt: skip
    """Run wrk on the paths of a file, at a rate where one is given. It does not follow redirects."""
    program = shutil.which("wrk") or "/usr/bin/wrk"
    pause = round(connections / rate * 1000) if rate else 0
    options = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
    script = Path(__file__).parent / "hits.lua"
    done = subprocess.run(
        [program, *options, "-s", str(script), url, "--", str(file), str(pause), str(int(from_many))],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    said = next(line for line in done.stdout.splitlines() if line.startswith("RESULT")).split()
    requests, micros, errors, p50, p99 = map(int, said[1:])
    assert not (is_checked and errors), f"{errors} requests failed"
    return _Run(requests, micros / 1e6, errors, p50 / 1000, p99 / 1000)


def _write_paths(data: Path) -> dict[str, Path]:
    """A file of pixels and one of links, of as many messages."""
    store = open_store(Settings(data=data))
    tokens = StoredTokens(store)
    store.close()
    return {
        "open pixel": _written(data / "opens", [_pixel(tokens, number) for number in range(1, _PATHS)]),
        "click": _written(data / "clicks", [tokens.links(number).path("l1", _TARGET) for number in range(1, _PATHS)]),
    }


def _pixel(tokens: Tokens, number: int) -> str:
    return f"/o/{tokens.token(Purpose.OPEN, number)}.gif"


def _written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def _kept(data: Path) -> int:
    """How many hits the inbox has ever held."""
    with contextlib.closing(SqliteLog(data / "inbox")) as inbox:
        return inbox.head()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Another program holds a database's write lock while the block lasts."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


# ---- what becomes of a click ----


def _told(seconds: float) -> Iterator[Row]:
    with a_skywrite(trusted_proxies="127.0.0.1") as skywrite:
        source = skywrite.cli("source", "add", "autopilothq", "--name", "Mail")
        file = _write_population(skywrite.data, round(_CLICK_RATE * seconds * 1.3))
        with skywrite.up() as pid, _watched(skywrite.data / "skywrite.db") as shown:
            cpu = cpu_seconds(family(pid))
            run = _hit(skywrite.base_url, file, seconds, _CONNECTIONS, _CLICK_RATE, from_many=True)
            rows = _until_rows(skywrite, source["id"], run.requests)
            used = cpu_seconds(family(pid)) - cpu
    assert len(shown) >= run.requests, f"{run.requests} clicks were answered, {len(shown)} are on the timeline"
    spent = f"{used / run.requests * 1e3:.2f} ms of CPU each, all told"
    yield _told_row("click to the timeline", list(shown.values()), 1, spent)
    yield _told_row("click to a row in the warehouse", rows, 10, f"{len(rows):,} rows; each click was held first")


def _told_row(what: str, waited: list[float], at_most: float, note: str) -> Row:
    return Row(
        what=f"{what}, p99 at {_CLICK_RATE} clicks/s", figure=share(waited, 0.99), unit="s", at_most=at_most,
        note=f"p50 {share(waited, 0.5):.2f} s; {note}",
    )  # fmt: skip


def _write_population(data: Path, size: int) -> Path:
    """So many people who got a mail a day ago; a file with a link of each."""
    store = open_store(Settings(data=data))
    with store.write() as connection:
        bound = {"size": size, "at": now_micros() - 86_400_000_000}
        connection.execute(text(_CONTACTS), bound)
        connection.execute(text(_MESSAGES), {"at": bound["at"]})
    tokens = StoredTokens(store)
    store.close()
    return _written(data / "links", [tokens.links(number).path("l1", _TARGET) for number in range(1, size + 1)])


@contextlib.contextmanager
def _watched(path: Path) -> Iterator[dict[int, float]]:
    """For each message, the seconds from its click to the first that the timeline says of it, within 50 ms."""
    shown: dict[int, float] = {}
    stop = threading.Event()

    def watch() -> None:
        after = 0
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None)) as connection:
            while not stop.wait(0.05):
                rows = connection.execute(
                    "SELECT id, message_id, at FROM activities WHERE id > ? AND name LIKE 'Email Click%'", (after,)
                ).fetchall()
                now = time.time()
                for identifier, message, at in rows:
                    after = identifier
                    shown.setdefault(message, now - at / 1e6)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield shown
    finally:
        stop.set()
        thread.join()


def _until_rows(skywrite: Skywrite, source_id: str, count: int) -> list[float]:
    """For each click, the seconds to the end of the load that brought it into the warehouse."""
    deadline = time.monotonic() + 60
    while len(_clicks(skywrite.data, source_id)) < count and time.monotonic() < deadline:
        time.sleep(0.5)
    skywrite.wait_until_loaded()
    time.sleep(1)
    token = skywrite.cli("token", "add", "bench")["secret"]
    ends = sorted(
        (sync["position"], datetime.fromisoformat(sync["started_at"]).timestamp() + sync["millis"] / 1000)
        for sync in skywrite.get("/api/v1/warehouse/syncs?limit=100", token)
    )
    positions = [position for position, _ in ends]
    found = _clicks(skywrite.data, source_id)
    assert len(found) >= count, f"{count} clicks were answered, {len(found)} became events"
    (loaded,) = skywrite.query("SELECT count(DISTINCT id) FROM mail.email_clicked")
    assert loaded[0] == len(found), f"{loaded[0]} of {len(found)} are in the warehouse"
    return [ends[bisect_left(positions, position)][1] - at for position, at in found]


def _clicks(data: Path, source_id: str) -> list[tuple[int, float]]:
    """The position in the log and the time of each click's event."""
    with contextlib.closing(SqliteLog(data / "log")) as log:
        records = [record for record in log.read(0, 1 << 30) if record.source_id == source_id]
    return [
        (record.position, datetime.fromisoformat(event["timestamp"]).timestamp())
        for record in records
        for event in _events(record.body)
        if event.get("event") == "Email Clicked"
    ]


def _events(body: bytes) -> list[dict[str, Any]]:
    return list(msgspec.json.decode(body)["batch"])
