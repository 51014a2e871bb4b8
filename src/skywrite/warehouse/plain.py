"""A query's rows as JSON can say them, cut where they are too much for a page. Only for the query's own process."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from datetime import time as clock_time
from typing import Any

import msgspec
from msgspec import Struct

LARGEST_CELL = 100_000  # characters
LARGEST_ANSWER = 8_000_000  # bytes of JSON
_BATCH = 2048
_SAFE = 2**53  # beyond it a browser's numbers lose digits


class Cut(Struct):
    """Rows, and what was left out of them."""

    rows: list[list[Any]]
    has_more: bool = False
    is_too_large: bool = False
    has_cut_cells: bool = False

    @property
    def message(self) -> str:
        """A sentence on what is left out for its size, "" where nothing is."""
        said = []
        if self.is_too_large:
            megabytes = LARGEST_ANSWER // 1_000_000
            said.append(f"Cut after {len(self.rows)} rows, at {megabytes} MB; ask for fewer columns or shorter values.")
        if self.has_cut_cells:
            said.append(f"Values are cut after {LARGEST_CELL:,} characters; those end in an ellipsis.")
        return " ".join(said)


def first_rows(cursor: Any, limit: int) -> Cut:
    """The first `limit` rows of a DuckDB cursor, as far as they fit.

    They come through Arrow, as DuckDB's own conversion of times with a zone asks for one more package.
    """
    cut = Cut([])
    size = 0
    for row in _rows(cursor.to_arrow_reader(min(limit + 1, _BATCH))):
        if len(cut.rows) == limit:
            cut.has_more = True
            break
        short = [_short(value) for value in row]
        size += len(msgspec.json.encode(short)) + 1
        if size > LARGEST_ANSWER:
            cut.has_more = cut.is_too_large = True
            break
        cut.has_cut_cells = cut.has_cut_cells or any(
            value is not given for value, given in zip(short, row, strict=True)
        )
        cut.rows.append(short)
    return cut


def _rows(batches: Iterable[Any]) -> Iterator[list[Any]]:
    for batch in batches:
        # Of large values only one row at a time is turned into Python's.
        step = batch.num_rows if batch.nbytes <= LARGEST_ANSWER else 1
        for start in range(0, batch.num_rows, step):
            columns = [_items(column) for column in batch.slice(start, step).columns]
            for row in zip(*columns, strict=True):
                yield [_plain(value) for value in row]


def _items(column: Any) -> list[Any]:
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_interval(column.type):
        return _texts(column)
    try:
        items: list[Any] = column.to_pylist()
    except (ValueError, ArithmeticError):  # a date or time that Python cannot hold is among them
        items = [_item(value, text) for value, text in zip(column, _texts(column), strict=True)]
    return items


def _item(value: Any, text: str) -> Any:
    try:
        return value.as_py()
    except (ValueError, ArithmeticError):
        return text


def _texts(column: Any) -> list[Any]:
    """DuckDB's own words for values."""
    import duckdb  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("given", pa.table({"value": column}))
        return [text for (text,) in connection.execute("SELECT CAST(value AS VARCHAR) FROM given").fetchall()]


def _plain(value: Any) -> Any:
    """A value as JSON can say it: times in ISO 8601, what JSON has no word for as text."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if -_SAFE <= value <= _SAFE else str(value)
        case float():
            return value if value == value and abs(value) != float("inf") else str(value)  # noqa: PLR0124
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat()
        case date() | clock_time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
    return str(value)


def _short(value: Any) -> Any:
    """A plain value itself, or the beginning of its text where that is too long."""
    text = value
    if isinstance(value, list | dict):
        text = msgspec.json.encode(value).decode()
    if isinstance(text, str) and len(text) > LARGEST_CELL:
        return text[:LARGEST_CELL] + "…"
    return value
