"""The intake: one event a request and a hundred, durable, beside nginx answering a fixed 200 to the same requests."""

import contextlib
import time
from collections.abc import Iterator

from msgspec import Struct

from benchmarks.load import flood
from benchmarks.machine import Memory, cpu_seconds, family, nginx, syncs_per_second
from benchmarks.report import Row, middle
from benchmarks.whole import a_skywrite

_ROUNDS = 3


class _Kind(Struct, frozen=True):
    name: str
    script: str
    connections: int
    events: int  # a request
    at_least: float
    ratio_at_least: float | None


_SINGLE = _Kind("one event a request, durable, 64 connections", "single.lua", 64, 1, 20_000, 1 / 3)
_BATCH = _Kind("100 events a request, durable, 12 connections", "batch.lua", 12, 100, 200_000, None)


def single(quick: bool) -> Iterator[Row]:
    """One event a request: the web process alone, then with everything running."""
    yield from _measure(_SINGLE, quick, whole=False)
    yield from _measure(_SINGLE, quick, whole=True)


def batch(quick: bool) -> Iterator[Row]:
    """A hundred events a request: the web process alone, then with everything running."""
    yield from _measure(_BATCH, quick, whole=False)
    yield from _measure(_BATCH, quick, whole=True)


def _measure(kind: _Kind, quick: bool, *, whole: bool) -> Iterator[Row]:
    seconds = 3 if quick else 8
    ours, theirs, cpu, answered, memory = [], [], 0.0, 0, None
    with nginx() as other, a_skywrite() as skywrite, contextlib.ExitStack() as stack:
        key = skywrite.add_source()["write_keys"][0]
        pid = stack.enter_context(skywrite.up() if whole else skywrite.web())
        flood(skywrite.base_url, kind.script, key=key, prefix="warm", connections=4, seconds=1)
        time.sleep(0.5)  # what wrk did not wait for is committed too
        before, held = cpu_seconds(family(pid)), skywrite.events()
        with Memory(pid) as memory:
            for number in range(_ROUNDS):
                run = {"key": key, "prefix": f"run{number}", "connections": kind.connections, "seconds": seconds}
                theirs.append(flood(other, kind.script, **run).rate * kind.events)
                found = flood(skywrite.base_url, kind.script, **run)
                assert not found.errors, f"{found.errors} requests failed"
                ours.append(found.rate * kind.events)
                answered += found.requests
        cpu = cpu_seconds(family(pid)) - before
        kept = skywrite.events() - held
        syncs = syncs_per_second(skywrite.data)
    _check(kind, answered, kept)
    yield Row(
        what=f"{kind.name}; {'everything running' if whole else 'web process'}",
        figure=middle(ours), unit="events/s", at_least=kind.at_least,
        yardstick="nginx, fixed 200", yardstick_figure=middle(theirs), ratio_at_least=kind.ratio_at_least,
        note=f"{kept:,} in the log, {answered * kind.events:,} acknowledged; {cpu / kept * 1e6:.0f} µs of CPU an "
        f"event; the disk syncs 32 KB {syncs:,.0f} times a second",
    )  # fmt: skip
    if whole:
        yield memory_row(f"memory of all processes, {kind.name.partition(',')[0]}", memory)


def memory_row(what: str, memory: Memory) -> Row:
    """The most memory that was used, and whether it stayed level."""
    peak = memory.peak
    return Row(
        what=what, figure=peak.pss, unit="MiB", at_most=1024,
        note=f"PSS; RSS {peak.rss:,.0f} MiB; the last third stands at {memory.growth:.0%} of the middle one",
    )  # fmt: skip


def _check(kind: _Kind, answered: int, kept: int) -> None:
    """Every acknowledged event is there, and beside them at most what wrk did not wait for at the end of a run."""
    least = answered * kind.events
    most = least + _ROUNDS * kind.connections * kind.events
    assert least <= kept <= most, f"{least} events were acknowledged, {kept} are in the log"
