"""A loader on a folder of its own: a real log, real decisions, a real DuckDB file."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from skywrite.kit.bell import Listener
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline.decisions import Decisions
from skywrite.pipeline.dedupe import Dedupe
from skywrite.pipeline.feed import Feed
from skywrite.warehouse.chunks import Pace
from skywrite.warehouse.engines.duckdb import DuckDB
from skywrite.warehouse.loader import Loader
from tests.support.build import a_batch, a_new_record


class Place:
    """A data folder with a log, and what loads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "warehouse.duckdb"
        self.run = folder / "run"
        self.log = SqliteLog(folder / "log")
        self.dedupe = Dedupe(self.log, folder / "dedupe")
        self.listener = Listener(self.run / "bell", "test")
        self.feed = Feed(self.log, Decisions(folder / "dedupe"), self.listener)
        self.positions: list[int] = []

    def send(self, *events: dict[str, Any], **kwargs: Any) -> int:
        """One batch request, accepted and decided; its position."""
        return self.send_body(json.dumps(a_batch(*events)).encode(), **kwargs)

    def send_body(self, body: bytes, **kwargs: Any) -> int:
        """One batch request of these very bytes."""
        try:
            record = a_new_record(json.loads(body), **kwargs)
        except (ValueError, AttributeError):
            record = a_new_record(body, **kwargs)
        position = self.log.append([type(record)(*(getattr(record, f) for f in record.__struct_fields__[:-1]), body)])
        while self.dedupe.step():
            pass
        return position

    def loader(self, *, pace: Pace | None = None, engine: DuckDB | None = None, **kwargs: Any) -> Loader:
        """A loader as the worker builds it."""
        engine = engine or DuckDB(self.path)
        return Loader(
            self.feed, engine, lambda _: "shop", self.run, on_position=self.positions.append, pace=pace, **kwargs
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a user's own DuckDB shell reads."""
        with duckdb.connect(self.path, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def close(self) -> None:
        self.listener.close()
        self.dedupe.close()
        self.log.close()


@contextlib.contextmanager
def a_place(folder: Path) -> Iterator[Place]:
    place = Place(folder)
    try:
        yield place
    finally:
        place.close()
