"""Acknowledged to committed in DuckDB: a backlog in the log, drained by the real worker processes."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import warehouse
from benchmarks.intake import memory_row
from benchmarks.machine import Memory, cpu_seconds
from benchmarks.report import Row
from benchmarks.whole import a_skywrite
from skywrite.kit.hashing import id_hashes
from skywrite.log.base import NewRecord
from skywrite.log.sqlite import SqliteLog

_APPENDED = 50  # requests a commit, as many as come together under load


def drain(quick: bool) -> Iterator[Row]:
    """Dedupe, observe and the warehouse, from a full log to the last commit."""
    count = 500_000 if quick else 5_000_000
    with tempfile.TemporaryDirectory(prefix="skywrite-bench-") as folder:
        read_json = warehouse.yardstick(Path(folder), min(count, 1_000_000))
    with a_skywrite() as skywrite:
        source = skywrite.add_source()
        fill(skywrite.data, source["id"], count)
        began = time.monotonic()
        worker = "worker", "--only"
        with skywrite.run(*worker, "warehouse") as loader, skywrite.run(*worker, "delivery") as decider:
            with Memory(loader, decider) as memory:
                skywrite.wait_until_loaded()
            seconds, cpu = time.monotonic() - began, cpu_seconds([loader, decider])
        schema = source["schema"]
        [[tracks, distinct]] = skywrite.query(f"select count(*), count(distinct id) from {schema}.tracks")
        [[others]] = skywrite.query(
            f"select (select count(*) from {schema}.pages) + (select count(*) from {schema}.identifies)"
        )
    assert tracks == distinct, "an event is in the warehouse twice"
    assert tracks + others == count, f"{tracks + others} of {count} events are in the warehouse"
    yield Row(
        what=f"acknowledged to committed in DuckDB, all tables, deduplicated, {count / 1e6:g} million events",
        figure=count / seconds, unit="events/s", at_least=150_000,
        yardstick="DuckDB's read_json, one table", yardstick_figure=read_json, ratio_at_least=0.5,
        note=f"from starting the workers; {cpu / count * 1e6:.1f} µs of CPU an event, dedupe and observe included",
    )  # fmt: skip
    yield memory_row("memory of the workers meanwhile", memory)


def fill(data: Path, source_id: str, count: int) -> None:
    """Put `count` realistic events into the log, a hundred a request, as the intake does."""
    import msgspec

    log = SqliteLog(data / "log", max_bytes=200 << 30)
    event = msgspec.defstruct("Event", [("messageId", str)])
    batch = msgspec.json.Decoder(msgspec.defstruct("Batch", [("batch", list[event])]))  # type: ignore[valid-type]
    records = []
    for body in warehouse.bodies(count):
        ids = id_hashes(source_id, (one.messageId for one in batch.decode(body).batch))
        records.append(NewRecord(time.time_ns() // 1000, source_id, "batch", "", ids, body))
        if len(records) == _APPENDED:
            log.append(records)
            records = []
    if records:
        log.append(records)
    log.close()
