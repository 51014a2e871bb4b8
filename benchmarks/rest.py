"""What it costs to begin, and to have nothing to do."""

import time
from collections.abc import Iterator

from benchmarks.machine import Memory, cpu_seconds, family
from benchmarks.report import Row, middle
from benchmarks.whole import a_skywrite


def start(quick: bool) -> Iterator[Row]:
    """From an empty folder to ready, and again on what is there."""
    first: list[float] = []
    second: list[float] = []
    with a_skywrite() as skywrite, skywrite.up():
        pass  # not counted: it leaves Python's bytecode behind, as an installation by pip does
    for _ in range(1 if quick else 3):
        with a_skywrite() as skywrite:
            for found in (first, second):
                began = time.monotonic()
                with skywrite.up():
                    found.append(time.monotonic() - began)
    yield Row(what="start from nothing to ready, installed", figure=middle(first), unit="s", at_most=3)
    yield Row(what="the second start", figure=middle(second), unit="s", at_most=3)


def idle(quick: bool) -> Iterator[Row]:
    """No traffic at all, with a source, a destination and a warehouse."""
    seconds = 5 if quick else 20
    with a_skywrite(private_destinations="true") as skywrite:
        skywrite.add_webhook(skywrite.add_source(), "http://127.0.0.1:9/")
        with skywrite.up() as pid:
            time.sleep(4)
            pids = family(pid)
            before = cpu_seconds(pids)
            with Memory(pid) as memory:
                time.sleep(seconds)
            used = (cpu_seconds(pids) - before) / seconds
    yield Row(
        what="CPU of all processes with no traffic", figure=used * 100, unit="% of a core", at_most=1,
        note=f"{len(pids)} processes over {seconds} s",
    )  # fmt: skip
    yield Row(what="their memory then", figure=memory.peak.pss, unit="MiB", note=f"RSS {memory.peak.rss:,.0f} MiB")
