"""`skywrite warehouse ...`: SQL on the embedded warehouse, loads, and how it does."""

import threading
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from skywrite.cli.common import COMMON, Common, say, warn, with_times
from skywrite.kit.errors import Later, Refused
from skywrite.kit.lock import exclusive
from skywrite.kit.time import iso_millis
from skywrite.pipeline.dedupe import Dedupe
from skywrite.settings import Settings
from skywrite.store.engine import open_store
from skywrite.warehouse.status import Status, read_status, request_sync
from skywrite.wiring import open_bell, open_feed, open_loader, open_log

app = App(name="warehouse")
_QUERY_SECONDS = 300.0
_LOOK_SECONDS = 0.05
_ALL_ROWS = 1 << 31


@app.command
def query(
    sql: str,
    /,
    *,
    limit: Annotated[int, Parameter(alias="-n")] = 1000,
    common: Common = COMMON,
) -> None:
    """Run SQL on the warehouse, read-only.

    Parameters
    ----------
    sql
        Such as "select event, count(*) from my_source.tracks group by all".
    limit
        At most so many rows; 0 for all that fit into 8 MB.

    """
    from skywrite.warehouse.query import run_query  # noqa: PLC0415

    if limit < 0:
        raise Refused("--limit must be at least 0.", where="limit")
    limit = limit or _ALL_ROWS
    found = run_query(common.settings.data / "warehouse.duckdb", sql, limit, _QUERY_SECONDS)
    columns = [column.name for column in found.columns]
    keys = _told_apart(columns)
    value = [dict(zip(keys, row, strict=True)) for row in found.rows]
    if common.json or found.columns:
        common.show(value, "rows", columns, found.rows)
    tell = warn if common.json else say
    if found.message:
        tell(found.message)
    if found.truncated and len(found.rows) == limit:
        tell(f"There are more than {limit} rows; --limit shows more, --limit 0 all.")


@app.command
def sync(*, timeout: float = 600.0, common: Common = COMMON) -> None:
    """Load now; ends when all that was acknowledged before is in the warehouse.

    Parameters
    ----------
    timeout
        How many seconds to wait at most.

    """
    settings = common.settings
    with closing(open_log(settings)) as log:
        head = log.head()
    begun = read_status(settings.run).position
    with _progress() as progress:
        task = progress.add_task("Loading", total=max(0, head - begun))
        until = time.monotonic() + timeout
        _decide(settings)
        _load(settings, head)
        request_sync(settings.run)
        with closing(open_bell(settings)) as bell:
            bell.ring()
        while (said := read_status(settings.run)).position < head:
            progress.update(task, completed=said.position - begun)
            if time.monotonic() > until:
                why = said.reason or f"it has come to record {said.position:,} of {head:,}."
                raise Later(f"The warehouse is not up to date after {timeout:g} seconds: {why}")
            time.sleep(_LOOK_SECONDS)
        progress.update(task, completed=max(0, head - begun))
    common.done(_value(said), f"The warehouse is up to date: {said.rows:,} rows in {said.tables:,} tables.")


@app.command
def status(*, common: Common = COMMON) -> None:
    """Show how the warehouse does."""
    settings = common.settings
    said = read_status(settings.run)
    with closing(open_log(settings)) as log:
        head = log.head()
    path = (settings.data / "warehouse.duckdb").resolve()
    value = {
        "path": str(path),
        "state": said.state,
        "reason": said.reason,
        "position": said.position,
        "head": head,
        "lag": max(0, head - said.position),
        "bytes": said.bytes,
        "tables": said.tables,
        "rows": said.rows,
        "discards": said.discards,
        "set_aside": said.set_aside,
        "last_sync": _value(said)["last_sync"],
    }
    last = said.last_sync
    told = f"{iso_millis(last.started_at)}: {last.events:,} events, {last.status}" if last else "-"
    common.show_one(
        value,
        [
            ("file", path),
            ("state", f"{said.state}: {said.reason}" if said.reason else said.state),
            ("records waiting", f"{max(0, head - said.position):,}"),
            ("tables", f"{said.tables:,}"),
            ("rows", f"{said.rows:,}"),
            ("discards", f"{said.discards:,}"),
            ("events set aside", f"{said.set_aside:,}"),
            ("bytes", f"{said.bytes:,}"),
            ("last sync", told),
        ],
    )


def _told_apart(names: Sequence[str]) -> list[str]:
    """The same names, but for those that came before already: they get a number, as DuckDB gives them in a table."""
    found: list[str] = []
    for name in names:
        free, number = name, 0
        while free in found or (number and free in names):
            number += 1
            free = f"{name}_{number}"
        found.append(free)
    return found


def _value(said: Status) -> dict[str, Any]:
    last = with_times(said.last_sync, "started_at") if said.last_sync else None
    return with_times(said, "updated_at") | {"last_sync": last}


def _decide(settings: Settings) -> None:
    """Where no worker does it, decide which events are duplicates."""
    with exclusive(settings.run / "dedupe.lock", _at_once()) as held:
        if not held:
            return
        with closing(open_log(settings)) as log:
            dedupe = Dedupe(log, settings.data / "dedupe", window_hours=settings.dedupe_hours)
            with closing(dedupe):
                while dedupe.step():
                    pass


def _load(settings: Settings, head: int) -> None:
    """Where no worker does it, load."""
    with exclusive(settings.run / "warehouse.lock", _at_once()) as held:
        if not held:
            return
        with closing(open_store(settings)) as store, open_feed(settings, "sync") as feed:
            loader = open_loader(settings, store, feed)
            while read_status(settings.run).position < head and loader.load() is not None:
                pass


def _at_once() -> threading.Event:
    """For a lock that is tried, not waited for."""
    tried = threading.Event()
    tried.set()
    return tried


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("records"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
