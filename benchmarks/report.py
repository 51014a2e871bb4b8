"""What is measured, as rows; the table that is printed, and the same as Markdown and JSON."""

import json
import os
import platform
import time
from pathlib import Path
from statistics import median
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from rich.console import Console
from rich.table import Table

_RESULTS = Path(__file__).parent / "results"


class Row(Struct, kw_only=True):
    """One figure, and what was hoped for. `at_least` or `at_most` is the aim, `ratio_at_least` that of the ratio."""

    what: str
    figure: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    yardstick: str = ""
    yardstick_figure: float | None = None
    ratio_at_least: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The figure as a part of its yardstick's."""
        return self.figure / self.yardstick_figure if self.yardstick_figure else None

    @property
    def aim(self) -> str:
        """What was hoped for, in words."""
        parts = []
        if self.at_least is not None:
            parts.append(f"{figure_text(self.at_least, self.unit)} or more")
        if self.at_most is not None:
            parts.append(f"under {figure_text(self.at_most, self.unit)}")
        if self.ratio_at_least is not None:
            parts.append(f"{self.ratio_at_least:.0%} of it")
        return "; ".join(parts)

    @property
    def verdict(self) -> str:
        """Met, or by how much it was missed."""
        shares = []
        if self.at_least is not None:
            shares.append(self.figure / self.at_least)
        if self.at_most is not None:
            shares.append(self.at_most / max(self.figure, 1e-9))
        if self.ratio_at_least is not None and self.ratio is not None:
            shares.append(self.ratio / self.ratio_at_least)
        if not shares:
            return ""
        return "met" if min(shares) >= 1 else f"missed by {1 - min(shares):.0%}"


def figure_text(figure: float, unit: str) -> str:
    """A figure with as many digits as it deserves."""
    if figure >= 1000:
        return f"{figure:,.0f} {unit}"
    return f"{figure:.3g} {unit}"


def cells(row: Row) -> list[str]:
    """A row's cells."""
    yardstick = f"{row.yardstick}: {figure_text(row.yardstick_figure, row.unit)}" if row.yardstick_figure else ""
    ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
    return [row.what, figure_text(row.figure, row.unit), yardstick, ratio, row.aim, row.verdict, row.note]


HEADINGS = ["what", "figure", "yardstick, same run", "ratio", "aim", "", "note"]


def show(rows: list[Row]) -> None:
    """Print the table."""
    table = Table(title=_machine(), title_justify="left", pad_edge=False)
    for place, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if place in (1, 3) else "left", overflow="fold")
    for row in rows:
        colour = "green" if row.verdict == "met" else "yellow" if row.verdict else ""
        table.add_row(*cells(row), style=colour)
    console = Console()
    (console if console.is_terminal else Console(width=200)).print(table)


def markdown(rows: list[Row]) -> str:
    """The table in Markdown, its machine above it."""
    lines = [_machine(), "", "| " + " | ".join(HEADINGS) + " |", "| " + " | ".join("---" for _ in HEADINGS) + " |"]
    return "\n".join([*lines, *("| " + " | ".join(cells(row)) + " |" for row in rows)]) + "\n"


def save(rows: list[Row]) -> None:
    """Keep the table under benchmarks/results, as Markdown and as JSON."""
    _RESULTS.mkdir(exist_ok=True)
    name = time.strftime("%Y-%m-%d-%H%M")
    (_RESULTS / f"{name}.md").write_text(markdown(rows))
    found: list[dict[str, Any]] = [asdict(row) | {"ratio": row.ratio, "verdict": row.verdict} for row in rows]
    (_RESULTS / f"{name}.json").write_text(json.dumps({"machine": _machine(), "rows": found}, indent=1) + "\n")


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in _read("/proc/cpuinfo").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = next(
        (int(line.split()[1]) for line in _read("/proc/meminfo").splitlines() if line.startswith("MemTotal")), 0
    )
    return (
        f"{os.cpu_count()} cores ({model}), {memory >> 20} GiB, Linux {platform.release()}, "
        f"Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}"
    )


def _read(path: str) -> str:
    return Path(path).read_text() if Path(path).exists() else ""


def middle(values: list[float]) -> float:
    """The median: one slow run out of three does not show."""
    return median(values)
