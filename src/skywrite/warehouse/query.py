"""SQL on the warehouse for a person: read-only, bounded in time, memory, disk and answer, in a process of its own.

The web process never imports DuckDB: `run_query` and its like start `python -m skywrite.warehouse.query`, hand it a
request on stdin and read a JSON answer. The child opens the file read-only, cuts DuckDB off from everything outside
it, and waits for a load that is under way. It runs statements that read and no others: DuckDB lets a COPY write to the
very file that it has open for reading, and to its WAL.
"""

import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from skywrite.kit.errors import Later, Refused
from skywrite.warehouse.history import Sync
from skywrite.warehouse.plain import first_rows

NO_WAREHOUSE = "The warehouse is empty: its file is made by the first load, a few seconds after the first event."
_STARTING_SECONDS = 20.0  # beyond the query's own time, for the process and for a load to end
_LOOK_SECONDS = 0.05
_BLOCK_BYTES = 262_144
_GROUP_ROWS = 122_880
_MOST_PIECES = 3_000  # a column's in one group of rows, some 60 µs each to look at; meanwhile no load begins
_MEMORY = "512MB"
_READS_ONLY = (
    "Only a statement that reads can be run here: SELECT, FROM, WITH, VALUES, TABLE, DESCRIBE, SHOW, SUMMARIZE, PIVOT, "
    "or EXPLAIN of one of these."
)
_PIVOTS = frozenset({"pivot", "pivot_wider", "unpivot", "pivot_longer", "from", "select", "with"})
_WORD = re.compile(r"\w*")
_MOST_DISK = 1 << 30  # for what does not fit into memory, and never more than an eighth of what is free


class Column(Struct, frozen=True):
    """A column's name and DuckDB's name of its type."""

    name: str
    type: str


class Answer(Struct, frozen=True):
    """A query's rows, cut at the limit. `message` says why there are none, or what was cut for its size."""

    columns: list[Column]
    rows: list[list[Any]]
    truncated: bool
    millis: int
    message: str = ""


class TableSize(Struct, frozen=True):
    """A table of a source. `bytes` is None in a warehouse where counting them would take long."""

    schema: str
    name: str
    rows: int
    columns: list[Column]
    bytes: int | None = None


class _Request(Struct):
    kind: Literal["query", "tables", "syncs"]
    path: str
    sql: str = ""
    limit: int = 0
    before: int | None = None
    timeout: float = 30.0
    patience: float = 15.0  # for a load that is under way


class _Reply(Struct):
    answer: msgspec.Raw = msgspec.Raw(b"null")
    refused: str = ""
    later: str = ""


def run_query(path: Path, sql: str, limit: int = 500, timeout: float = 30.0) -> Answer:
    """The first `limit` rows of `sql`, run read-only on the warehouse at `path`.

    Raises Refused with DuckDB's own words where the SQL is wrong or takes longer than `timeout` seconds, and Later
    while a load or another program holds the file.
    """
    if not path.exists():
        return Answer([], [], truncated=False, millis=0, message=NO_WAREHOUSE)
    return msgspec.json.decode(_ask(_Request("query", str(path), sql, limit, timeout=timeout)), type=Answer)


def tables(path: Path) -> list[TableSize]:
    """Every table of every source, with its rows and columns; [] before the first load. Raises Later as `run_query`."""
    if not path.exists():
        return []
    return msgspec.json.decode(_ask(_Request("tables", str(path))), type=list[TableSize])


def syncs(path: Path, before: int | None = None, limit: int = 50) -> list[Sync]:
    """The latest loads, newest first, those with an id below `before`. Raises Later as `run_query`."""
    if not path.exists():
        return []
    return msgspec.json.decode(_ask(_Request("syncs", str(path), limit=limit, before=before)), type=list[Sync])


def _ask(request: _Request) -> msgspec.Raw:
    try:
        done = subprocess.run(  # our own interpreter, the request goes by stdin
            [sys.executable, "-m", "skywrite.warehouse.query"],
            input=msgspec.json.encode(request),
            capture_output=True,
            timeout=request.timeout + _STARTING_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(_too_slow(request.timeout), where="sql") from error
    try:
        reply = msgspec.json.decode(done.stdout, type=_Reply)
    except msgspec.DecodeError as error:  # killed, most likely by the kernel for its memory
        raise Refused(
            f"The query's process ended with {done.returncode}; it may have needed too much memory."
        ) from error
    if reply.later:
        raise Later(reply.later)
    if reply.refused:
        raise Refused(reply.refused, where="sql")
    return reply.answer


_TOO_MUCH = f"The query needs more memory than its {_MEMORY}; ask for less, or open the file yourself."


def _too_slow(timeout: float) -> str:
    return f"The query took longer than {timeout:g} seconds and was stopped; ask for less, or open the file yourself."


# ---- the child ------------------------------------------------------------------------------------------------------


def main() -> None:
    """Answer the one request on stdin."""
    import duckdb  # noqa: PLC0415  # only here, in the child

    request = msgspec.json.decode(sys.stdin.buffer.read(), type=_Request)
    try:
        reply = _Reply(answer=msgspec.Raw(msgspec.json.encode(_answered(request))))
    except duckdb.InterruptException:
        reply = _Reply(refused=_too_slow(request.timeout))
    except Later as error:
        reply = _Reply(later=str(error))
    except duckdb.OutOfMemoryException:
        reply = _Reply(refused=_TOO_MUCH)
    except (Refused, duckdb.Error) as error:
        reply = _Reply(refused=_sentence(str(error)))
    except Exception as error:  # noqa: BLE001 - the process's edge: whatever it is, the answer is a sentence
        reply = _Reply(refused=_sentence(f"The answer can't be shown: {str(error) or type(error).__name__}"))
    sys.stdout.buffer.write(msgspec.json.encode(reply))


def _answered(request: _Request) -> Any:
    connection = _open(request)
    try:
        match request.kind:
            case "query":
                return _query(connection, request)
            case "tables":
                return _tables(connection)
            case "syncs":
                return _syncs(connection, request)
    finally:
        connection.close()


def _open(request: _Request) -> Any:
    import duckdb  # noqa: PLC0415

    free = shutil.disk_usage(Path(request.path).parent).free
    limits: dict[str, Any] = {
        "memory_limit": _MEMORY,
        "max_temp_directory_size": f"{min(_MOST_DISK, free // 8)}B",
        "threads": 2,
    }
    end = time.monotonic() + request.patience
    while True:
        try:
            connection = duckdb.connect(request.path, read_only=True, config=limits)
            break
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise
            if time.monotonic() > end:
                raise Later("Another program has the warehouse open for writing; try again when it is done.") from error
            time.sleep(_LOOK_SECONDS)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _query(connection: Any, request: _Request) -> Answer:
    began = time.monotonic()
    watch = threading.Timer(request.timeout, connection.interrupt)
    watch.start()
    try:
        cursor = connection.execute(_only_statement(connection, request.sql))
        columns = [Column(name, str(kind)) for name, kind, *_ in cursor.description or ()]
        found = first_rows(cursor, request.limit)
    finally:
        watch.cancel()
    millis = int((time.monotonic() - began) * 1000)
    return Answer(columns, found.rows, truncated=found.has_more, millis=millis, message=found.message)


def _only_statement(connection: Any, sql: str) -> Any:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise Refused(f"One statement is run at a time; this text has {len(statements)}.")
    if not _reads(connection, sql, statements[0].type.name):
        raise Refused(_READS_ONLY)
    return statements[0]


def _reads(connection: Any, sql: str, kind: str) -> bool:
    """Whether a statement of this kind can do nothing but read."""
    words = _words(sql)
    if words[0][1] == "explain":  # EXPLAIN ANALYZE runs what it explains
        explained = sql[_explained(sql, words) :]
        inner = connection.extract_statements(explained)
        return len(inner) == 1 and inner[0].type.name != "EXPLAIN" and _reads(connection, explained, inner[0].type.name)
    if kind == "MULTI":  # a PIVOT that looks its columns up; a COPY or CREATE TABLE of one is MULTI too
        return words[0][1] in _PIVOTS
    return kind == "SELECT"


def _words(sql: str) -> list[tuple[int, str]]:
    """Where each token begins that is no comment, and its word, "" for one that is none."""
    import duckdb  # noqa: PLC0415

    starts = [start for start, kind in duckdb.tokenize(sql) if kind != duckdb.token_type.comment]
    return [(start, _WORD.match(sql, start)[0].lower()) for start in starts]  # type: ignore[index] # it always matches


def _explained(sql: str, words: list[tuple[int, str]]) -> int:
    """Where in an EXPLAIN the statement begins that it explains."""
    rest = iter(words[1:])
    start, word = next(rest, (len(sql), ""))
    if word == "analyze":
        start, word = next(rest, (len(sql), ""))
    elif sql[start : start + 1] == "(":
        while sql[start : start + 1] != ")" and start < len(sql):
            start, word = next(rest, (len(sql), ""))
        start, word = next(rest, (len(sql), ""))
    return start


def _tables(connection: Any) -> list[TableSize]:
    found = connection.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name <> '_skywrite' ORDER BY schema_name, table_name, column_index"
    ).fetchall()
    counted = connection.execute(
        "SELECT schema_name, table_name, estimated_size FROM duckdb_tables() WHERE NOT internal"
    ).fetchall()
    sizes = {(schema, table): rows for schema, table, rows in counted}
    columns: dict[tuple[str, str], list[Column]] = {}
    for schema, table, column, kind in found:
        columns.setdefault((schema, table), []).append(Column(column, kind))
    places = [place for place in columns if place in sizes]
    pieces = sum((sizes[place] // _GROUP_ROWS + 1) * len(columns[place]) for place in places)
    is_told = pieces <= _MOST_PIECES
    return [
        TableSize(*place, sizes[place], columns[place], _bytes(connection, *place) if is_told else None)
        for place in places
    ]


def _bytes(connection: Any, schema: str, table: str) -> int:
    """The bytes of the blocks that hold any of a table; what it has only in the WAL is not counted."""
    name = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, table))
    [[blocks]] = connection.execute(
        "SELECT count(DISTINCT block) FROM (SELECT unnest(list_append(additional_block_ids, block_id)) AS block "
        "FROM pragma_storage_info(?) WHERE persistent) WHERE block >= 0",
        [name],
    ).fetchall()
    return int(blocks) * _BLOCK_BYTES


def _syncs(connection: Any, request: _Request) -> list[dict[str, Any]]:
    cursor = connection.execute(
        "SELECT id, epoch_us(started_at) AS started_at, millis, status, events, rows, duplicates, discards, position, "
        "error, notices FROM _skywrite.syncs WHERE id < ? ORDER BY id DESC LIMIT ?",
        [request.before or 2**62, request.limit],
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _sentence(message: str) -> str:
    text = message.strip()
    return text if text.endswith((".", "!", "?", "^")) else f"{text}."


if __name__ == "__main__":
    main()
