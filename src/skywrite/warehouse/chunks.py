"""What a load is made of: records -> chunks that one insert takes each, and what was counted on the way."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa
from msgspec import Struct, field

from skywrite.kit.hashing import ID_BYTES
from skywrite.warehouse.blocks import Block, BlockReader, SetAside
from skywrite.warehouse.calls import Taken
from skywrite.warehouse.catalog import Catalog, Change
from skywrite.warehouse.engines.base import Session
from skywrite.warehouse.history import Sync

UPSERTED = frozenset({"users", "accounts"})
_MOST_NOTICES = 50


class Pace(Struct, frozen=True):
    """How much at once. A block fits the processor's cache; a chunk is one insert; a load is one transaction."""

    block_bytes: int = 1_500_000
    block_events: int = 4_000
    chunk_bytes: int = 24_000_000
    chunk_cells: int = 5_000_000
    load_events: int = 500_000
    load_seconds: float = 6.0
    gap_seconds: float = 0.05  # between two loads of a backlog, for readers that wait


class Chunk(Struct):
    """What one insert takes."""

    changes: list[Change]
    tables: dict[tuple[str, str], list[pa.Table]]
    aside: list[SetAside]


class Tally(Struct):
    """What a load has done so far."""

    started_at: int
    position: int
    records: int = 0
    events: int = 0
    rows: int = 0
    duplicates: int = 0
    discards: int = 0
    aside: int = 0
    notices: Counter[str] = field(default_factory=Counter)

    def sync(self, now: int) -> Sync:
        """The history row of this load."""
        notices = [f"{text} ({count})" for text, count in self.notices.most_common(_MOST_NOTICES)]
        if self.aside:
            notices.insert(0, f"{self.aside} events could not be loaded; they are in _skywrite.set_aside.")
        return Sync(
            started_at=self.started_at,
            millis=(now - self.started_at) // 1000,
            status="partial" if self.aside else "success",
            events=self.events,
            rows=self.rows,
            duplicates=self.duplicates,
            discards=self.discards,
            position=self.position,
            error="",
            notices=notices,
        )


def read_chunk(reader: BlockReader, taken: Sequence[Taken], catalog: Catalog, tally: Tally, pace: Pace) -> Chunk:
    """The next chunk: all of `taken`, or fewer where the tables are so wide that they would fill the memory."""
    chunk = Chunk([], {}, [])
    widths: dict[tuple[str, str], set[str]] = {}
    for records in _in_blocks(taken, pace):
        block = reader.read(records, catalog, tally.started_at)
        _add(chunk, block)
        _count(tally, block)
        tally.records += len(records)
        tally.position = records[-1][0].position
        if _cells_of(chunk, block, widths) > pace.chunk_cells:
            break
    return chunk


def write(session: Session, chunk: Chunk) -> None:
    """Write a chunk into the open transaction."""
    session.change(chunk.changes)
    for (schema, table), parts in chunk.tables.items():
        rows = parts[0] if len(parts) == 1 else pa.concat_tables(parts, promote_options="default")
        if table in UPSERTED:
            session.merge(schema, table, rows)
        else:
            session.append(schema, table, rows)
    session.put_aside(chunk.aside)


def _in_blocks(taken: Sequence[Taken], pace: Pace) -> Iterator[list[Taken]]:
    block: list[Taken] = []
    size = events = 0
    for one in taken:
        block.append(one)
        size += len(one[0].body)
        events += len(one[0].ids) // ID_BYTES
        if size > pace.block_bytes or events > pace.block_events:
            yield block
            block, size, events = [], 0, 0
    if block:
        yield block


def _cells_of(chunk: Chunk, block: Block, widths: dict[tuple[str, str], set[str]]) -> int:
    """How many cells the chunk has, nulls counted; `widths` gathers the columns of its tables."""
    for place, rows in block.tables.items():
        widths.setdefault(place, set()).update(rows.column_names)
    return sum(len(widths[place]) * sum(part.num_rows for part in parts) for place, parts in chunk.tables.items())


def _add(chunk: Chunk, block: Block) -> None:
    chunk.changes += block.changes
    chunk.aside += block.aside
    for place, rows in block.tables.items():
        chunk.tables.setdefault(place, []).append(rows)


def _count(tally: Tally, block: Block) -> None:
    tally.events += block.events
    tally.rows += sum(rows.num_rows for (_, table), rows in block.tables.items() if table != "_discards")
    tally.duplicates += block.duplicates
    tally.discards += block.discards
    tally.aside += len(block.aside)
    tally.notices.update(block.notices)
