"""Measure, and print one table: `python -m benchmarks [NAME...] [--quick] [--save]`."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator

from rich.console import Console

from benchmarks.contacts import contacts
from benchmarks.drain import drain
from benchmarks.hook import hook
from benchmarks.intake import batch, single
from benchmarks.live import live
from benchmarks.machine import busy_seconds, own_seconds
from benchmarks.mail import mail
from benchmarks.report import Row, save, show
from benchmarks.rest import idle, start
from benchmarks.segments import segments

Measure = Callable[[bool], Iterator[Row]]
BENCHMARKS: dict[str, Measure] = {
    "single": single,
    "batch": batch,
    "warehouse": drain,
    "webhook": hook,
    "contacts": contacts,
    "mail": mail,
    "live": live,
    "start": start,
    "idle": idle,
    "segments": segments,
}
_NOISE = 0.1


def main() -> int:
    """Run the benchmarks that are named, or all; 1 when one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}; all when none")
    parser.add_argument("--quick", action="store_true", help="shorter runs, for a first look")
    parser.add_argument("--save", action="store_true", help="keep the table under benchmarks/results")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    console, rows, failed = Console(stderr=True), [], False
    for name in chosen.names or BENCHMARKS:
        busy, own = busy_seconds(), own_seconds()
        began = time.monotonic()
        try:
            with console.status(f"Measuring {name}: {BENCHMARKS[name].__doc__}"):
                rows += list(BENCHMARKS[name](chosen.quick))
        except Exception:  # noqa: BLE001 - the others are worth having
            console.print_exception()
            failed = True
        others = max(0.0, busy_seconds() - busy - own_seconds() + own) / (time.monotonic() - began)
        if others > _NOISE:
            console.print(f"While {name} was measured, other processes took {others:.0%} of a core.")
    show(rows)
    if chosen.save:
        save(rows)
    return int(failed)


sys.exit(main())
