"""The set of ids seen in a window of time: 16 bytes an id, in sorted runs, on disk but for the newest.

A day at 1,000 events/s is 86 million ids: 1.4 GB of run files, read by way of the page cache. Ids are looked up by
the batch, in numpy; a run is dropped when all of it is older than the window.
"""

import contextlib
import os
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Words = NDArray[np.uint64]
_MERGE_LIMIT = 8_000_000  # a merge holds some 40 bytes an id in memory


class Run(Struct, frozen=True, eq=False):
    """Sorted ids: `high` is sorted, `low` goes with it. `first_at` and `last_at` bound when they came, in µs."""

    high: Words
    low: Words
    first_at: int
    last_at: int
    upto: int  # the log position that it reaches
    name: str = ""  # its file; "" while only in memory


def sorted_run(high: Words, low: Words, first_at: int, last_at: int, upto: int) -> Run:
    """A run of ids in any order."""
    order = np.argsort(high, kind="stable")
    return Run(high[order], low[order], first_at, last_at, upto)


def merged(runs: list[Run]) -> Run:
    """One run of several."""
    return sorted_run(
        np.concatenate([run.high for run in runs]),
        np.concatenate([run.low for run in runs]),
        min(run.first_at for run in runs),
        max(run.last_at for run in runs),
        max(run.upto for run in runs),
    )


def holds(run: Run, high: Words, low: Words) -> NDArray[np.bool_]:
    """For each id, whether the run has it. Quickest when `high` is sorted."""
    found = np.zeros(len(high), dtype=bool)
    at = np.searchsorted(run.high, high)
    live = np.flatnonzero(at < len(run.high))
    # Runs of equal high words longer than one are duplicates or chance meetings: walk them together.
    while len(live):
        live = live[run.high[at[live]] == high[live]]
        found[live] |= run.low[at[live]] == low[live]
        live = live[~found[live]]
        at[live] += 1
        live = live[at[live] < len(run.high)]
    return found


def repeats(high: Words, low: Words) -> NDArray[np.bool_]:
    """For each id, whether the same id stands earlier in the list."""
    order = np.lexsort((low, high))  # stable: of equal ids the earliest comes first
    same = (high[order][1:] == high[order][:-1]) & (low[order][1:] == low[order][:-1])
    found = np.zeros(len(high), dtype=bool)
    found[order[1:][same]] = True
    return found


def mergeable(runs: list[Run]) -> list[Run]:
    """The newest runs that are worth merging into one: neighbours of like size, within the limit. [] for none."""
    tail: list[Run] = []
    total = 0
    for run in reversed(runs):
        if len(tail) >= 4 and len(run.high) > 2 * total:
            break
        if total + len(run.high) > _MERGE_LIMIT:
            break
        tail.append(run)
        total += len(run.high)
    return tail[::-1] if len(tail) >= 4 else []


def save_run(folder: Path, run: Run) -> Run:
    """Write a run to its own file, durably, and give it back read from there."""
    name = f"{run.upto:020d}-{len(run.high)}.ids"
    partial = folder / f"{name}.partial"
    with partial.open("wb") as file:
        file.write(np.ascontiguousarray(run.high).data)
        file.write(np.ascontiguousarray(run.low).data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / name)
    return load_run(folder, name, run.first_at, run.last_at, run.upto)


def load_run(folder: Path, name: str, first_at: int, last_at: int, upto: int) -> Run:
    """A saved run, mapped and not read."""
    count = int(name.removesuffix(".ids").split("-")[1])
    words: Any = np.memmap(folder / name, dtype=np.uint64, mode="r", shape=(2, count))
    plain = np.asarray(words)
    return Run(plain[0], plain[1], first_at, last_at, upto, name)


def drop_run(folder: Path, name: str) -> None:
    """Delete a run's file."""
    with contextlib.suppress(FileNotFoundError):
        (folder / name).unlink()
