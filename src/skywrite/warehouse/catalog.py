"""What the warehouse holds by now, table by table, and what a batch must add to it first. Pure.

The catalog runs ahead of the warehouse: a column exists here from the moment a batch plans it, and in the warehouse
when that batch's transaction commits. After a failure it is thrown away and read anew.
"""

from collections.abc import Mapping

from msgspec import Struct

from skywrite.warehouse.columns import CALL_COLUMNS, OBJECT_COLUMNS, PAGE_COLUMNS, TIME_COLUMNS
from skywrite.warehouse.naming import OWN_TABLES
from skywrite.warehouse.values import Kind

DISCARDS = "_discards"
DISCARD_COLUMNS = {
    "table_name": Kind.VARCHAR,
    "row_id": Kind.VARCHAR,
    "column_name": Kind.VARCHAR,
    "column_value": Kind.VARCHAR,
    "reason": Kind.VARCHAR,
    "received_at": Kind.TIMESTAMP,
    "uuid_ts": Kind.TIMESTAMP,
}


class Limits(Struct, frozen=True):
    """How wide a warehouse may grow."""

    tables: int = 5_000  # event tables a source
    columns: int = 1_000  # columns a table


class NewTable(Struct, frozen=True):
    """A table to be made, and its schema where that is missing."""

    schema: str
    table: str
    columns: dict[str, Kind]


class NewColumn(Struct, frozen=True):
    """A column to be added to a table that exists."""

    schema: str
    table: str
    column: str
    kind: Kind


Change = NewTable | NewColumn


class Catalog:
    """The tables of every schema with their columns' types, and the changes planned since `take_changes`."""

    def __init__(self, known: Mapping[tuple[str, str], dict[str, Kind]], limits: Limits) -> None:
        self._tables = {place: dict(columns) for place, columns in known.items()}
        self._limits = limits
        self._changes: list[Change] = []
        self._event_tables: dict[str, int] = {}
        for schema, table in self._tables:
            self._count(schema, table)

    def known(self) -> dict[tuple[str, str], dict[str, Kind]]:
        """A copy of the columns of every table, those that are planned included."""
        return {place: dict(columns) for place, columns in self._tables.items()}

    def has_room_for(self, schema: str, table: str) -> bool:
        """Whether this table exists, or may still be made."""
        return (
            (schema, table) in self._tables
            or table in OWN_TABLES
            or self._event_tables.get(schema, 0) < self._limits.tables
        )

    def columns(self, schema: str, table: str) -> Mapping[str, Kind]:
        """The columns of a table, which is planned with its own columns where it is missing."""
        known = self._tables.get((schema, table))
        return known if known is not None else self._plan_table(schema, table, _first_columns(table))

    def add(self, schema: str, table: str, column: str, kind: Kind) -> bool:
        """Plan a column; False where the table is full."""
        columns = self._tables[schema, table]
        if len(columns) >= self._limits.columns:
            return False
        columns[column] = kind
        self._changes.append(NewColumn(schema, table, column, kind))
        return True

    def need_discards(self, schema: str) -> None:
        """Plan a schema's table of discards where it is missing."""
        if (schema, DISCARDS) not in self._tables:
            self._plan_table(schema, DISCARDS, DISCARD_COLUMNS)

    def take_changes(self) -> list[Change]:
        """The changes planned since the last call, in the order in which they must be made."""
        changes, self._changes = self._changes, []
        return changes

    def _plan_table(self, schema: str, table: str, columns: dict[str, Kind]) -> dict[str, Kind]:
        self._tables[schema, table] = dict(columns)
        self._changes.append(NewTable(schema, table, dict(columns)))
        self._count(schema, table)
        return self._tables[schema, table]

    def _count(self, schema: str, table: str) -> None:
        if table not in OWN_TABLES and table != DISCARDS:
            self._event_tables[schema] = self._event_tables.get(schema, 0) + 1


def _first_columns(table: str) -> dict[str, Kind]:
    names: tuple[str, ...] = OBJECT_COLUMNS if table in ("users", "accounts") else CALL_COLUMNS
    if table == "tracks" or table not in OWN_TABLES:
        names = (*names, "event", "event_text")
    elif table == "pages":
        names = (*names, *PAGE_COLUMNS)
    return {name: Kind.TIMESTAMP if name in TIME_COLUMNS else Kind.VARCHAR for name in names}
