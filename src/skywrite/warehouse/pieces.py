"""Rows on their way into tables, in columns: values with their row numbers, and their Arrow arrays. Pure."""

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from skywrite.kit.time import iso_millis
from skywrite.warehouse.columns import Discard, Row
from skywrite.warehouse.values import YEAR_1, Kind, text_of

ARROW_TYPES = {
    Kind.BOOLEAN: pa.bool_(),
    Kind.INTEGER: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.TIMESTAMP: pa.timestamp("us", "UTC"),
    Kind.VARCHAR: pa.string(),
}
# Of texts of this length that end in Z, Arrow reads as a time only what micros_of reads, and reads it alike.
_PLAIN_TIME_LENGTHS = len("2024-05-01T10:20:30Z"), len("2024-05-01T10:20:30.123456Z")
_REFUSED = (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError)


class Values:
    """One column of JSON values, turned into an Arrow array at most once a type."""

    __slots__ = ("_arrays", "_present", "items")

    def __init__(self, items: Sequence[Any], present: Sequence[int] | None = None) -> None:
        self.items = items
        self._present = present  # the numbers of those that may be other than null, where that is known
        self._arrays: dict[Kind, pa.Array | None] = {}

    def array(self, kind: Kind) -> pa.Array | None:
        """All values as an array of this type; None where one of them must be cast by itself."""
        if kind not in self._arrays:
            self._arrays[kind] = self._converted(kind)
        return self._arrays[kind]

    def slice(self, start: int, count: int) -> Sequence[Any]:
        """`count` of the JSON values, from number `start`."""
        return self.items if count == len(self.items) else self.items[start : start + count]

    def filled(self, start: int, count: int) -> Iterator[tuple[int, Any]]:
        """Each value that is not null among `count` from number `start`, with its row there.

        A flood of names that are each sent once makes thousands of columns; then most of a column is null.
        """
        numbers = range(start, start + count) if self._present is None else self._present
        for number in numbers:
            if self.items[number] is not None:
                yield number - start, self.items[number]

    def one(self, number: int) -> Any:
        """The JSON value with this number."""
        return self.items[number]

    def only(self, start: int, kept: Sequence[bool]) -> "Values":
        """The values of the rows that are marked in `kept`."""
        return Values(list(compress(self.slice(start, len(kept)), kept)))

    def _converted(self, kind: Kind) -> pa.Array | None:
        if kind is Kind.TIMESTAMP:
            return times_of(self.items)
        if kind is Kind.OTHER or (kind is Kind.INTEGER and float in set(map(type, self.items))):
            return None  # Arrow would cut a float without a word
        try:
            return pa.array(self.items, ARROW_TYPES[kind])
        except _REFUSED:
            return pa.array(texts_of(self.items), pa.string()) if kind is Kind.VARCHAR else None


class Moments(Values):
    """A column of times that Skywrite made itself."""

    __slots__ = ("_moments",)

    def __init__(self, micros: Any) -> None:
        super().__init__(())
        self._moments = pa.array(micros, pa.int64()).cast(ARROW_TYPES[Kind.TIMESTAMP])

    def array(self, kind: Kind) -> pa.Array | None:
        """The times, where the column is one of times."""
        return self._moments if kind is Kind.TIMESTAMP else super().array(kind)

    def slice(self, start: int, count: int) -> Sequence[Any]:
        """The times as strings, for a column whose owner made it one of text."""
        return [iso_millis(value) for value in self._moments.slice(start, count).cast(pa.int64()).to_pylist()]

    def filled(self, start: int, count: int) -> Iterator[tuple[int, Any]]:
        """Each of the times as a string, with its row."""
        return enumerate(self.slice(start, count))

    def one(self, number: int) -> Any:
        """The time with this number, as a string."""
        return iso_millis(self._moments[number].value)

    def only(self, start: int, kept: Sequence[bool]) -> "Moments":
        """The times of the rows that are marked in `kept`."""
        return Moments(self._moments.slice(start, len(kept)).cast(pa.int64()).filter(pa.array(kept)))

    def _converted(self, kind: Kind) -> pa.Array | None:  # noqa: ARG002  # only times are at hand as an array
        return None


def texts_of(items: Sequence[Any]) -> list[str | None]:
    """Each value as a text column holds it."""
    return [item if item is None or type(item) is str else text_of(item) for item in items]


def times_of(items: Sequence[Any]) -> pa.Array | None:
    """Strings in the form that nearly all SDKs send, or nulls, as timestamps; None where one is something else."""
    if items.count(None) == len(items):
        return pa.nulls(len(items), ARROW_TYPES[Kind.TIMESTAMP])
    try:
        texts = pa.array(items, pa.string())
        lengths = pc.min_max(pc.binary_length(texts))
        shortest, longest = _PLAIN_TIME_LENGTHS
        if lengths["min"].as_py() < shortest or lengths["max"].as_py() > longest:
            return None
        if not pc.all(pc.ends_with(texts, "Z")).as_py():
            return None
        times = pc.cast(texts, ARROW_TYPES[Kind.TIMESTAMP])
    except _REFUSED:
        return None
    return times if pc.min(times).value >= YEAR_1 else None


class Piece(Struct):
    """Some rows of one table: each column's values, with the number of the first that is this piece's."""

    table: str
    count: int
    columns: dict[str, tuple[Values, int]]
    discards: list[tuple[int, Discard]]  # with the number of the row


def piece_of(table: str, rows: Sequence[Row], places: Sequence[int]) -> Piece:
    """Rows of the plain way as a piece. `places` orders them as the log does."""
    cells: dict[str, list[Any]] = {}
    present: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for name, value in row.values.items():
            if name not in cells:
                cells[name] = [None] * len(rows)
                present[name] = []
            cells[name][number] = value
            present[name].append(number)
    columns: dict[str, tuple[Values, int]] = {name: (Values(cells[name], present[name]), 0) for name in cells}
    columns[ORDER] = (Values(list(places)), 0)
    discards = [(number, discard) for number, row in enumerate(rows) for discard in row.discards]
    return Piece(table, len(rows), columns, discards)


ORDER = "$order"  # not a column: where in the log a row comes from, by which the latest trait wins
ITEM_BITS = 20


def places_of(positions: Any, items: Any) -> Any:
    """The order of events in the log as one number each, from their records' positions and their items."""
    return (np.asarray(positions, np.int64) << ITEM_BITS) | np.asarray(items, np.int64)
