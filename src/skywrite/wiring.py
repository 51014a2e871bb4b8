"""The one place where everything is put together: parts are built from settings and handed to each other."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from skywrite.intake.intake import Intake, resend_event
from skywrite.kit.bell import Bell, Listener
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline.cursor_copy import CursorCopy
from skywrite.pipeline.decisions import Decisions
from skywrite.pipeline.feed import Feed
from skywrite.settings import Settings
from skywrite.store.engine import Store
from skywrite.store.tables import sources

if TYPE_CHECKING:
    from skywrite.warehouse.loader import Loader

WEB_FILES = Path(__file__).parent / "_web"  # the built UI and the browser SDK, see `make ui`


def open_log(settings: Settings) -> SqliteLog:
    """The event log; one for each thread that uses it."""
    return SqliteLog(settings.data / "log", segment_bytes=settings.log_segment_bytes, max_bytes=settings.log_max_bytes)


def open_inbox(settings: Settings) -> SqliteLog:
    """The log of what reaches contacts and channels from outside: opens, clicks, incoming mail, calls of others."""
    return SqliteLog(_inbox(settings), segment_bytes=settings.log_segment_bytes, max_bytes=settings.log_max_bytes)


def has_inbox(settings: Settings) -> bool:
    """Whether a server ever ran on this data folder: what is put into an inbox of nobody's is read by nobody."""
    return _inbox(settings).is_dir()


def _inbox(settings: Settings) -> Path:
    return settings.data / "inbox"


def open_decisions(settings: Settings) -> Decisions:
    """What dedupe has decided; one for each thread that reads it."""
    return Decisions(settings.data / "dedupe")


def open_bell(settings: Settings) -> Bell:
    """The bell that tells the other processes of news."""
    return Bell(settings.run / "bell")


def open_listener(settings: Settings, name: str) -> Listener:
    """An ear for the bell."""
    return Listener(settings.run / "bell", name)


@contextlib.contextmanager
def open_feed(settings: Settings, name: str) -> Iterator[Feed]:
    """The feed of one follower, closed at the end of the block."""
    with (
        contextlib.closing(open_log(settings)) as log,
        contextlib.closing(open_decisions(settings)) as decisions,
        contextlib.closing(open_listener(settings, name)) as listener,
    ):
        yield Feed(log, decisions, listener)


def schema_of(store: Store) -> Callable[[str], str]:
    """A function from a source's id to its warehouse schema; removed sources keep theirs."""
    known: dict[str, str] = {}

    def look(source_id: str) -> str:
        if source_id not in known:
            with store.read() as connection:
                known.update({row.id: row.schema for row in connection.execute(select(sources.c.id, sources.c.schema))})
        return known.get(source_id) or f"source_{source_id.lower()}"

    return look


def open_loader(settings: Settings, store: Store, feed: Feed, copy: CursorCopy | None = None) -> "Loader":
    """The warehouse's loader, which notes in `copy` how far it has come, or writes it down where there is none."""
    from skywrite.warehouse.engines.duckdb import DuckDB  # noqa: PLC0415 - DuckDB and Arrow are needed here only
    from skywrite.warehouse.loader import Loader  # noqa: PLC0415

    engine = DuckDB(settings.data / "warehouse.duckdb")
    on_position = copy.note if copy else CursorCopy(store, "warehouse").put
    pause = settings.warehouse_seconds
    return Loader(feed, engine, schema_of(store), settings.run, on_position=on_position, pause=pause)


def build_api(
    settings: Settings, store: Store, intake: Intake, is_stopping: Callable[[], bool], log_trouble: Callable[[], str]
) -> Any:
    """The management API and the UI, as an ASGI app."""
    from skywrite.api.app import create_app  # noqa: PLC0415 - only web processes have it
    from skywrite.api.parts import make_parts  # noqa: PLC0415
    from skywrite.pipeline.reader import Reader  # noqa: PLC0415

    reader = Reader(lambda: open_log(settings), lambda: open_decisions(settings))
    resend = functools.partial(resend_event, intake)
    parts = make_parts(
        settings, store, reader, resend=resend, ui=WEB_FILES / "ui", is_stopping=is_stopping, log_trouble=log_trouble
    )
    return create_app(parts)
