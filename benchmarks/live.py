"""How soon, at a steady 1,000 events a second: to the 200, to the debugger, to the webhook, to a row."""

import asyncio
import contextlib
import json
import time
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime

import aiohttp

from benchmarks import webhook
from benchmarks.intake import memory_row
from benchmarks.load import Pacer, share
from benchmarks.machine import Memory, cpu_seconds, family
from benchmarks.report import Row
from benchmarks.whole import Skywrite, a_skywrite
from skywrite.log.sqlite import SqliteLog

_RATE = 1000


def live(quick: bool) -> Iterator[Row]:
    """Everything at once: intake, debugger, webhook and warehouse, on one steady stream."""
    seconds = 8 if quick else 20
    with webhook.receiver() as port, a_skywrite(private_destinations="true") as skywrite:
        source = skywrite.add_source()
        skywrite.add_webhook(source, f"http://127.0.0.1:{port}/")
        token = skywrite.cli("token", "add", "bench")["secret"]
        pacer = Pacer(skywrite.base_url, source["write_keys"][0], _RATE)
        with skywrite.up() as pid:
            before = cpu_seconds(family(pid))
            with Memory(pid) as memory:
                shown = asyncio.run(_run(skywrite, token, source["id"], pacer, seconds))
                skywrite.wait_until_loaded()
                time.sleep(2)
            hooked = webhook.report(port)
            cpu = cpu_seconds(family(pid)) - before
            rows = _until_rows(skywrite, token)
    assert hooked["distinct"] == len(pacer.due), f"{hooked['distinct']} of {len(pacer.due)} events came to the webhook"
    assert not hooked["misordered"], f"{hooked['misordered']} events came out of order"
    assert not pacer.refused, f"{pacer.refused} events were refused"
    yield _row("due to its 200", _shares(pacer.waited), None)
    note = f"{len(shown):,} shown, the rest counted as skipped"
    yield _row("accepted to shown in the debugger", _shares(shown), 1000, note)
    yield _row("accepted to the webhook's receiver", (hooked["p50"], hooked["p99"]), 1000)
    yield _row("accepted to a row in the warehouse", _shares(rows), None, "a load begins two seconds after the last")
    yield Row(
        what="CPU for a million events end to end, to a webhook and the warehouse", unit="s",
        figure=cpu / len(pacer.due) * 1e6, note=f"one event a request, at {_RATE} a second",
    )  # fmt: skip
    yield memory_row(f"memory of all processes at {_RATE} events/s", memory)


def _shares(waited: list[float]) -> tuple[float, float]:
    return share(waited, 0.5), share(waited, 0.99)


def _row(what: str, waited: tuple[float, float], at_most: float | None, note: str = "") -> Row:
    middle = f"p50 {waited[0] * 1000:.0f} ms"
    return Row(
        what=f"{what}, p99 at {_RATE} events/s", figure=waited[1] * 1000, unit="ms", at_most=at_most,
        note=f"{middle}; {note}" if note else middle,
    )  # fmt: skip


async def _run(skywrite: Skywrite, token: str, source_id: str, pacer: Pacer, seconds: float) -> list[float]:
    """Send the stream while the debugger is watched; how long each event that it showed had been accepted then."""
    shown: list[float] = []
    watching = asyncio.ensure_future(_watch(skywrite, token, source_id, shown))
    await asyncio.sleep(1)
    await pacer.run(seconds)
    await asyncio.sleep(1)
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    return shown


async def _watch(skywrite: Skywrite, token: str, source_id: str, shown: list[float]) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{skywrite.base_url}/api/v1/sources/{source_id}/debugger/live"
    timeout = aiohttp.ClientTimeout(total=None)
    async with (
        aiohttp.ClientSession(headers=headers, timeout=timeout, read_bufsize=1 << 22) as session,
        session.get(url) as answer,
    ):
        answer.raise_for_status()
        data = b""
        async for line in answer.content:
            if line.startswith(b"data:"):
                data += line[5:].strip()
            elif data and not line.strip():
                now, events, data = time.time(), json.loads(data)["events"], b""
                shown += [now - datetime.fromisoformat(event["received_at"]).timestamp() for event in events]


def _until_rows(skywrite: Skywrite, token: str) -> list[float]:
    """For each request, the seconds from its arrival to the end of the load that brought it into the warehouse."""
    syncs = skywrite.get("/api/v1/warehouse/syncs?limit=100", token)
    ends = sorted(
        (sync["position"], datetime.fromisoformat(sync["started_at"]).timestamp() + sync["millis"] / 1000)
        for sync in syncs
    )
    positions = [position for position, _ in ends]
    log = SqliteLog(skywrite.data / "log")
    waited = [
        ends[bisect_left(positions, record.position)][1] - record.received_at / 1e6 for record in log.ids(0, 1 << 30)
    ]
    log.close()
    return waited
