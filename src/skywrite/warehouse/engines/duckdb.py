"""The embedded warehouse: one DuckDB file. All of DuckDB's SQL for loading is here."""

# ruff: noqa: S608 - SQL takes no parameters for names; every name goes through _quoted

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from msgspec.structs import replace

from skywrite.kit.sql_words import RESERVED
from skywrite.warehouse.blocks import SetAside
from skywrite.warehouse.catalog import DISCARDS, Change, Limits, NewTable
from skywrite.warehouse.engines.base import Size
from skywrite.warehouse.engines.duckdb_errors import explained, is_of_the_place
from skywrite.warehouse.history import Sync
from skywrite.warehouse.naming import Spelling
from skywrite.warehouse.pieces import ORDER
from skywrite.warehouse.values import Kind

OWN_SCHEMA = "_skywrite"
_CATALOG = "warehouse"  # in every name: a schema may be called as a catalog is

TYPES = {
    Kind.BOOLEAN: "BOOLEAN",
    Kind.INTEGER: "BIGINT",
    Kind.FLOAT: "DOUBLE",
    Kind.TIMESTAMP: "TIMESTAMPTZ",
    Kind.VARCHAR: "VARCHAR",
}
# What DuckDB calls a type -> what goes into such a column. Anything else its owner chose, and we leave it alone.
_KINDS = {
    "BOOLEAN": Kind.BOOLEAN,
    "BIGINT": Kind.INTEGER,
    "HUGEINT": Kind.INTEGER,
    "DOUBLE": Kind.FLOAT,
    "TIMESTAMP WITH TIME ZONE": Kind.TIMESTAMP,
    "VARCHAR": Kind.VARCHAR,
}

_OWN_TABLES = f"""
CREATE SCHEMA IF NOT EXISTS {OWN_SCHEMA};
CREATE TABLE IF NOT EXISTS {OWN_SCHEMA}.cursor (position BIGINT NOT NULL, updated_at TIMESTAMPTZ NOT NULL);
CREATE SEQUENCE IF NOT EXISTS {OWN_SCHEMA}.sync_ids;
CREATE TABLE IF NOT EXISTS {OWN_SCHEMA}.syncs (
    id BIGINT NOT NULL, started_at TIMESTAMPTZ NOT NULL, millis BIGINT NOT NULL, status VARCHAR NOT NULL,
    events BIGINT NOT NULL, rows BIGINT NOT NULL, duplicates BIGINT NOT NULL, discards BIGINT NOT NULL,
    position BIGINT NOT NULL, error VARCHAR NOT NULL, notices VARCHAR[] NOT NULL);
CREATE TABLE IF NOT EXISTS {OWN_SCHEMA}.set_aside (
    position BIGINT NOT NULL, item BIGINT NOT NULL, source_id VARCHAR NOT NULL, received_at TIMESTAMPTZ NOT NULL,
    reason VARCHAR NOT NULL, body VARCHAR NOT NULL);
"""

# A quarter of DuckDB's own: each commit rewrites the last row group of each table that it touched, and an open
# transaction keeps one of each in memory.
_ROW_GROUP = 30_720


class DuckDB:
    """The DuckDB file at `path`. `memory` and `threads` bound what a load may use."""

    spelling = Spelling(127, RESERVED)

    def __init__(self, path: Path, *, memory: str = "256MB", threads: int = 1, limits: Limits | None = None) -> None:
        self.path = path
        self.limits = limits or Limits()
        self._config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "threads": threads,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }

    def is_not_now(self, error: BaseException) -> bool:
        """Whether an error of a session comes from the place (disk, lock), not from the rows."""
        return is_of_the_place(error)

    def is_too_much(self, error: BaseException) -> bool:
        """Whether an error says that fewer rows at once might do."""
        return isinstance(error, duckdb.OutOfMemoryException)

    @contextlib.contextmanager
    def session(self) -> Iterator["DuckDBSession"]:
        """The file opened for a load, and closed after it, so that others can open it in between.

        Raises Busy while another process has it open, Unwritable when it can't be opened for writing.
        """
        connection = duckdb.connect(config=self._config)
        try:
            with explained(self.path):
                connection.execute("SET TimeZone = 'UTC'")
                connection.execute(
                    f"ATTACH {_text_literal(str(self.path))} AS {_CATALOG} (ROW_GROUP_SIZE {_ROW_GROUP})"
                )
                connection.execute(f"USE {_CATALOG}")
                yield DuckDBSession(connection, self.path)
        finally:
            with contextlib.suppress(duckdb.Error):
                connection.close()


class DuckDBSession:
    """One connection during one load."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._merging: dict[tuple[str, str], str] = {}  # temporary table of each users table
        self._is_ready = bool(
            _one(connection, f"SELECT count(*) FROM duckdb_schemas() WHERE {_OURS} AND schema_name = ?", OWN_SCHEMA)
        )

    def position(self) -> int:
        """The position of the last record whose rows are committed, 0 when there was none yet."""
        if not self._is_ready:
            return 0
        return int(_one(self._connection, f"SELECT coalesce(max(position), 0) FROM {OWN_SCHEMA}.cursor"))

    def tables(self) -> Mapping[tuple[str, str], dict[str, Kind]]:
        """The columns of every table of every source, by schema and table."""
        rows = self._connection.execute(
            "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
            f"WHERE {_OURS} AND NOT internal AND schema_name <> ? ORDER BY schema_name, table_name, column_index",
            [OWN_SCHEMA],
        ).fetchall()
        found: dict[tuple[str, str], dict[str, Kind]] = {}
        for schema, table, column, kind in rows:
            found.setdefault((schema, table), {})[column] = _KINDS.get(kind, Kind.OTHER)
        return found

    def begin(self) -> None:
        """Start the transaction."""
        self._merging = {}
        self._connection.execute("BEGIN")
        if not self._is_ready:
            self._connection.execute(_OWN_TABLES)

    def change(self, changes: Sequence[Change]) -> None:
        """Make tables and columns, in the order given."""
        for change in changes:
            if isinstance(change, NewTable):
                columns = ", ".join(f"{_quoted(name)} {TYPES[kind]}" for name, kind in change.columns.items())
                self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_CATALOG}.{_quoted(change.schema)}")
                self._connection.execute(f"CREATE TABLE {_named(change.schema, change.table)} ({columns})")
            else:
                self._connection.execute(
                    f"ALTER TABLE {_named(change.schema, change.table)} "
                    f"ADD COLUMN {_quoted(change.column)} {TYPES[change.kind]}"
                )

    def append(self, schema: str, table: str, rows: pa.Table) -> None:
        """Add the rows of an Arrow table, whose columns all exist."""
        columns = ", ".join(map(_quoted, rows.column_names))
        self._insert(f"INTO {_named(schema, table)} ({columns}) SELECT {columns}", rows)

    def merge(self, schema: str, table: str, rows: pa.Table) -> None:
        """Keep these rows of `users` or `accounts` for the commit."""
        place = (schema, table)
        if place not in self._merging:
            self._merging[place] = f"__merging_{len(self._merging)}"
            columns = ", ".join(f"{_quoted(field.name)} {_ARROW_TYPES[field.type]}" for field in rows.schema)
            self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {self._merging[place]} ({columns})")
        temp = self._merging[place]
        known = set(self._columns_of(temp))
        for field in rows.schema:
            if field.name not in known:
                kind = _ARROW_TYPES[field.type]
                self._connection.execute(f"ALTER TABLE {temp} ADD COLUMN {_quoted(field.name)} {kind}")
        self._insert(f"INTO {temp} BY NAME SELECT *", rows)

    def _insert(self, into: str, skywrite_rows: pa.Table) -> None:  # noqa: ARG002
        # DuckDB finds the Arrow table by this variable's name. A registered one would live until the commit, as the
        # transaction keeps the view that was dropped.
        self._connection.execute(f"INSERT {into} FROM skywrite_rows")

    def put_aside(self, events: Sequence[SetAside]) -> None:
        """Keep events that can't be loaded, with their reasons."""
        rows = [
            (event.position, event.item, event.source_id, event.received_at, event.reason, _text(event.body))
            for event in events
        ]
        if rows:
            self._connection.executemany(
                f"INSERT INTO {OWN_SCHEMA}.set_aside VALUES (?, ?, ?, make_timestamptz(?), ?, ?)",
                rows,
            )

    def settle(self) -> None:
        """Write now what `merge` has kept."""
        for (schema, table), temp in self._merging.items():
            self._merge_now(schema, table, temp)
        self._merging = {}

    def commit(self, sync: Sync) -> Sync:
        """Commit the rows, the position and the history row in one transaction; the sync with its id."""
        self.settle()
        number = int(_one(self._connection, f"SELECT nextval('{OWN_SCHEMA}.sync_ids')"))
        self._connection.execute(f"DELETE FROM {OWN_SCHEMA}.cursor")
        self._connection.execute(f"INSERT INTO {OWN_SCHEMA}.cursor VALUES (?, now())", [sync.position])
        self._connection.execute(
            f"INSERT INTO {OWN_SCHEMA}.syncs VALUES (?, make_timestamptz(?), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                number, sync.started_at, sync.millis, sync.status, sync.events, sync.rows, sync.duplicates,
                sync.discards, sync.position, sync.error, list(sync.notices),
            ],
        )  # fmt: skip
        self._connection.execute("COMMIT")
        self._is_ready = True
        return replace(sync, id=number)

    def rollback(self) -> None:
        """Undo what was written since `begin`."""
        with contextlib.suppress(duckdb.Error):  # after some errors DuckDB has rolled back by itself
            self._connection.execute("ROLLBACK")

    def size(self) -> Size:
        """How much is stored."""
        tables, rows = self._connection.execute(
            f"SELECT count(*), coalesce(sum(estimated_size), 0) FROM duckdb_tables() "
            f"WHERE {_OURS} AND NOT internal AND NOT temporary AND schema_name <> ? AND table_name <> ?",
            [OWN_SCHEMA, DISCARDS],
        ).fetchall()[0]
        discards = _one(
            self._connection,
            f"SELECT coalesce(sum(estimated_size), 0) FROM duckdb_tables() WHERE {_OURS} AND table_name = ?",
            DISCARDS,
        )
        aside = _one(self._connection, f"SELECT count(*) FROM {OWN_SCHEMA}.set_aside")
        return Size(int(tables), int(rows), int(discards), int(aside), self._path.stat().st_size)

    def _merge_now(self, schema: str, table: str, temp: str) -> None:
        """Replace the rows of all ids in `temp`: the latest value of each column, or the one that was there.

        Deleting and inserting is quicker than an UPDATE, which rewrites every block that holds one of the ids.
        """
        named = _named(schema, table)
        columns = [_quoted(name) for name in self._columns_of(named)]
        latest = [_quoted(name) for name in self._columns_of(temp) if name not in ("id", ORDER)]
        reduced = ", ".join(f"arg_max({name}, {_quoted(ORDER)}) AS {name}" for name in latest)
        merged = ", ".join(_merged(name, latest) for name in columns)
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {temp}_done AS SELECT {merged} "
            f"FROM (SELECT id, {reduced} FROM {temp} GROUP BY id) s LEFT JOIN {named} u ON u.id = s.id"
        )
        self._connection.execute(f"DELETE FROM {named} WHERE id IN (SELECT id FROM {temp}_done)")
        self._connection.execute(f"INSERT INTO {named} ({', '.join(columns)}) SELECT * FROM {temp}_done")
        self._connection.execute(f"DROP TABLE {temp}; DROP TABLE {temp}_done")

    def _columns_of(self, named: str) -> list[str]:
        return [row[0] for row in self._connection.execute(f"DESCRIBE {named}").fetchall()]


_OURS = "database_name = current_database()"
_ARROW_TYPES = {
    pa.bool_(): "BOOLEAN",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.timestamp("us", "UTC"): "TIMESTAMPTZ",
    pa.string(): "VARCHAR",
}


def _merged(column: str, latest: Sequence[str]) -> str:
    """A column of `users` after the merge: the new value, else the one that was there."""
    if column == '"id"':
        return "s.id"
    return f"coalesce(s.{column}, u.{column})" if column in latest else f"u.{column}"


def _one(connection: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> Any:
    return connection.execute(sql, list(values)).fetchall()[0][0]


def _text_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _named(schema: str, table: str) -> str:
    return f"{_CATALOG}.{_quoted(schema)}.{_quoted(table)}"


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace").replace("\0", "")
