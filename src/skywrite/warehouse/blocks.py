"""A block of log records -> Arrow tables, one for each table of the warehouse: reads, plans the columns, casts. No I/O.

A block is small enough for the processor's cache; a load is made of many.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa
from msgspec import Struct
from msgspec.structs import replace

from skywrite.events.batch import Split, normalise, split
from skywrite.kit import json
from skywrite.log.base import Record
from skywrite.warehouse.calls import ALL_ITEMS, Item, Taken
from skywrite.warehouse.catalog import DISCARD_COLUMNS, DISCARDS, Catalog, Change
from skywrite.warehouse.columns import CALL_COLUMNS, NAMELESS, Row, rows_of
from skywrite.warehouse.naming import Spelling
from skywrite.warehouse.pieces import ARROW_TYPES, ORDER, Piece, Values, piece_of, places_of, texts_of
from skywrite.warehouse.quick import SourceReader
from skywrite.warehouse.values import Kind, cast_all, kind_of_all, text_of
from skywrite.warehouse.wanted import is_wanted

FULL_TABLE = "the table is full: it has as many columns as are allowed"
FULL_SCHEMA = "the source has as many event tables as are allowed"
_OF_MANY_NAMES = frozenset({FULL_TABLE, NAMELESS})
_MOST_READERS = 200
_UPSERTED = frozenset({"users", "accounts"})


class SetAside(Struct, frozen=True):
    """An event that could not be read, and why."""

    position: int
    item: int
    source_id: str
    received_at: int
    reason: str
    body: bytes


class Block(Struct):
    """What some records give: what must be made first, rows for each table, and what was counted on the way."""

    changes: list[Change]
    tables: dict[tuple[str, str], pa.Table]
    aside: list[SetAside]
    events: int
    duplicates: int
    discards: int
    notices: Counter[str]


class BlockReader:
    """Reads blocks. Keeps for each source what its events look like.

    `schema_of` gives the schema of a source id; `plain` switches the quick way off, for tests that compare the two.
    """

    def __init__(self, schema_of: Callable[[str], str], spelling: Spelling, *, plain: bool = False) -> None:
        self._schema_of = schema_of
        self._spelling = spelling
        self._plain = plain
        self._readers: dict[str, SourceReader] = {}

    def read(self, taken: Sequence[Taken], catalog: Catalog, loaded_at: int) -> Block:
        """The rows of these records. `catalog` learns of the new tables and columns; `loaded_at` is µs since 1970."""
        block = Block([], {}, [], 0, sum(len(skip) for _, skip in taken), 0, Counter())
        sources: dict[str, list[Taken]] = {}
        for record, skip in taken:
            if record.kind != "rejected":
                sources.setdefault(record.source_id, []).append((record, skip))
        for source_id, records in sources.items():
            pieces = self._pieces(source_id, records, block)
            _Assembler(self._schema_of(source_id), catalog, loaded_at, block).add(pieces)
        block.changes = catalog.take_changes()
        return block

    def _pieces(self, source_id: str, records: list[Taken], block: Block) -> list[Piece]:
        pieces: list[Piece] = []
        left = [(record, ALL_ITEMS) for record, _ in records]
        if not self._plain:
            try:
                pieces, left = self._reader(source_id).read(records)
            except (ValueError, RecursionError):  # a record that is no batch at all: the plain way finds out which
                self._readers.pop(source_id, None)
        block.events += sum(piece.count for piece in pieces if piece.table in _EVENT_ONCE)
        skips = {record.position: skip for record, skip in records}
        return pieces + self._plain_pieces(left, skips, block)

    def _reader(self, source_id: str) -> SourceReader:
        reader = self._readers.pop(source_id, None) or SourceReader(self._spelling)
        self._readers[source_id] = reader
        if len(self._readers) > _MOST_READERS:
            del self._readers[next(iter(self._readers))]
        return reader

    def _plain_pieces(self, left: Iterable[Item], skips: dict[int, Any], block: Block) -> list[Piece]:
        rows: dict[str, list[Row]] = {}
        places: dict[str, list[int]] = {}
        for record, items in _by_record(left):
            for item, event in _normal_events(record, items, skips[record.position], block):
                try:
                    made = rows_of(event, self._spelling)
                except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
                    block.aside.append(_set_aside(record, item, error, json.encode(event)))
                    continue
                block.events += 1
                for row in made:
                    rows.setdefault(row.table, []).append(row)
                    places.setdefault(row.table, []).append(int(places_of(record.position, item)))
        return [piece_of(table, rows[table], places[table]) for table in rows]


_EVENT_ONCE = frozenset({"tracks", "identifies", "groups", "pages", "screens", "aliases"})
_ALL = frozenset({ALL_ITEMS})


def _by_record(left: Iterable[Item]) -> list[tuple[Record, set[int]]]:
    found: dict[int, tuple[Record, set[int]]] = {}
    for record, item in left:
        found.setdefault(record.position, (record, set()))[1].add(item)
    return [found[position] for position in sorted(found)]


def _normal_events(record: Record, items: set[int], skip: Any, block: Block) -> Iterable[tuple[int, dict[str, Any]]]:
    """Each of a record's events in normal form; one that has none is set aside with its reason."""
    try:
        parts = split_mended(record)
    except (ValueError, RecursionError) as error:
        block.aside.append(_set_aside(record, 0, error, record.body))
        return
    for item, raw in enumerate(parts.events):
        if item in skip or not (items == _ALL or item in items):
            continue
        try:
            event = json.decode(raw)
            if b"\\u0000" in bytes(raw):
                event = without_nul(event)
            event = normalise(event, record, item, parts.call, parts.envelope)
            if is_wanted(_said_of_warehouses(event)):
                yield item, event
        except (ValueError, RecursionError, LookupError, TypeError, AttributeError, OverflowError) as error:
            block.aside.append(_set_aside(record, item, error, bytes(raw)))


def _said_of_warehouses(event: dict[str, Any]) -> Any:
    said = event.get("integrations")
    return said.get("Warehouses") if isinstance(said, dict) else None


def split_mended(record: Record) -> Split:
    """`split`, also for a body that only a tolerant reader takes."""
    try:
        return split(record)
    except ValueError:  # lone surrogates: no strict reader takes them
        return split(replace(record, body=json.encode(json.decode(record.body))))


def _set_aside(record: Record, item: int, error: Exception, body: bytes) -> SetAside:
    reason = f"{type(error).__name__}: {error}"
    return SetAside(record.position, item, record.source_id, record.received_at, reason, body)


def without_nul(value: Any) -> Any:
    """A JSON value with the NUL characters taken out of every string, which no warehouse stores."""
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [without_nul(item) for item in value]
        case dict():
            return {key.replace("\0", ""): without_nul(item) for key, item in value.items()}
    return value


class _Assembler:
    """Turns the pieces of one source into Arrow tables, and what got no column into rows of discards."""

    def __init__(self, schema: str, catalog: Catalog, loaded_at: int, block: Block) -> None:
        self._schema = schema
        self._catalog = catalog
        self._loaded_at = loaded_at
        self._block = block
        self._lost: list[tuple[str, str, str, str, str, Any]] = []  # as in _discards, less uuid_ts

    def add(self, pieces: list[Piece]) -> None:
        """Put the pieces into the block."""
        tables: dict[str, list[Piece]] = {}
        for piece in pieces:
            tables.setdefault(piece.table, []).append(piece)
        for table, parts in tables.items():
            if self._catalog.has_room_for(self._schema, table):
                self._block.tables[self._schema, table] = self._table(table, parts)
            else:
                self._lose_table(parts)
        if self._lost:
            self._catalog.need_discards(self._schema)
            self._block.tables[self._schema, DISCARDS] = self._discards()
            self._block.discards += len(self._lost)

    def _table(self, table: str, pieces: list[Piece]) -> pa.Table:
        known = self._catalog.columns(self._schema, table)
        names = dict.fromkeys(name for piece in pieces for name in piece.columns if name != ORDER)
        columns: dict[str, pa.ChunkedArray] = {}
        for name in names:
            kind = known.get(name) or self._new_column(table, name, pieces)
            if kind is not None and kind is not Kind.OTHER:
                columns[name] = pa.chunked_array(
                    [self._array(piece, name, kind) for piece in pieces], ARROW_TYPES[kind]
                )
            elif kind is Kind.OTHER:
                self._lose_column(pieces, name, "the column's type is none that Skywrite fills")
        total = sum(piece.count for piece in pieces)
        if known.get("uuid_ts") is Kind.TIMESTAMP:
            columns["uuid_ts"] = pa.chunked_array([_repeated(self._loaded_at, total)])
        if table in _UPSERTED:
            columns[ORDER] = pa.chunked_array([_order(piece) for piece in pieces])
        for piece in pieces:
            for row, discard in piece.discards:
                self._lose(piece, row, discard.column, discard.value, discard.reason)
        return pa.table(columns)

    def _new_column(self, table: str, name: str, pieces: list[Piece]) -> Kind | None:
        values = [value for piece in pieces if name in piece.columns for _, value in _filled(piece, name)]
        kind = kind_of_all(values)
        if kind is None or self._catalog.add(self._schema, table, name, kind):
            return kind
        self._lose_column(pieces, name, FULL_TABLE)
        return None

    def _array(self, piece: Piece, name: str, kind: Kind) -> pa.Array:
        if name not in piece.columns:
            return pa.nulls(piece.count, ARROW_TYPES[kind])
        values, start = piece.columns[name]
        whole = values.array(kind)
        if whole is not None:
            return whole.slice(start, piece.count)
        items = values.slice(start, piece.count)
        if kind is Kind.VARCHAR:
            return pa.array(texts_of(items), pa.string())
        stored, lost = cast_all(items, kind)
        for row, reason in lost:
            self._lose(piece, row, name, items[row], reason)
        return pa.array(stored, ARROW_TYPES[kind])

    def _lose(self, piece: Piece, row: int, column: str, value: Any, reason: str) -> None:
        row_id = _cell(piece, "id", row)
        received = _cell(piece, "received_at", row)
        self._lost.append((piece.table, row_id, column, text_of(value), reason, received))
        # Some reasons meet names without end, which must not make notices without end.
        if reason != FULL_SCHEMA:
            named = "" if reason in _OF_MANY_NAMES else f".{column}"
            self._block.notices[f"{self._schema}.{piece.table}{named}: {reason}"] += 1

    def _lose_column(self, pieces: list[Piece], name: str, reason: str) -> None:
        for piece in pieces:
            if name in piece.columns:
                for row, value in _filled(piece, name):
                    self._lose(piece, row, name, value, reason)

    def _lose_table(self, pieces: list[Piece]) -> None:
        """Keep the properties of events whose table can't be made; the rest of each event is in `tracks`."""
        in_tracks = {*CALL_COLUMNS, "event", "event_text", ORDER}
        for name in dict.fromkeys(name for piece in pieces for name in piece.columns):
            if name not in in_tracks and not name.startswith("context_"):
                self._lose_column([piece for piece in pieces if name in piece.columns], name, FULL_SCHEMA)
        self._block.notices[f"{self._schema}: {FULL_SCHEMA}"] += sum(piece.count for piece in pieces)

    def _discards(self) -> pa.Table:
        columns = list(zip(*self._lost, strict=True))
        arrays = [Values(values).array(kind) for values, kind in zip(columns, DISCARD_COLUMNS.values(), strict=False)]
        arrays.append(_repeated(self._loaded_at, len(self._lost)))
        return pa.table(arrays, names=list(DISCARD_COLUMNS))


def _filled(piece: Piece, name: str) -> Iterable[tuple[int, Any]]:
    values, start = piece.columns[name]
    return values.filled(start, piece.count)


def _cell(piece: Piece, name: str, row: int) -> Any:
    values, start = piece.columns[name]
    return values.one(start + row)


def _order(piece: Piece) -> pa.Array:
    values, start = piece.columns[ORDER]
    return pa.array(values.slice(start, piece.count), pa.int64())


def _repeated(micros: int, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(micros, pa.int64()), count).cast(ARROW_TYPES[Kind.TIMESTAMP])
