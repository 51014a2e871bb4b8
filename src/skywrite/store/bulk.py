"""Many rows at once: look up by a long list of keys, write by the quickest way that the engine has."""

import itertools
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    any_,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.exc import OperationalError


def among(connection: Connection, column: ColumnElement[Any], values: Collection[int] | Collection[str]) -> Any:
    """A condition: the column's value is one of `values`, of whatever number. Texts must be storable as they are."""
    if connection.dialect.name == "postgresql":
        kind = Text() if isinstance(next(iter(values), 0), str) else BigInteger()
        return column == any_(literal(list(values), ARRAY(kind)))
    listed = msgspec.json.encode(list(values)).decode()
    return column.in_(select(func.json_each(listed).table_valued("value").c.value))


def plain_rows(connection: Connection, query: Select[Any]) -> Sequence[tuple[Any, ...]]:
    """What a query finds, as the driver has it: for thousands of rows half the work, and no type is converted."""
    with connection.execute(query) as result:
        rows: Sequence[tuple[Any, ...]] = result.cursor.fetchall() if result.cursor is not None else []
    return rows


S = TypeVar("S", bound=msgspec.Struct)


def structs(connection: Connection, query: Select[Any], kind: type[S]) -> list[S]:
    """What a query finds, as Structs (`array_like`) whose fields are its columns, in their order; none is binary.

    SQLite gives all of it as one JSON text: row by row, its driver lets go of Python at each, and a busy thread beside
    takes it each time.
    """
    if connection.dialect.name != "sqlite":
        return msgspec.convert(plain_rows(connection, query), list[kind])  # type: ignore[valid-type]
    one: ColumnElement[str] = literal_column(f"json_array({', '.join(kind.__struct_fields__)})")
    whole = select(func.json_group_array(one)).select_from(query.subquery())
    return _decoder(kind).decode(connection.execute(whole).scalar_one())


@cache
def _decoder(kind: type[S]) -> "msgspec.json.Decoder[list[S]]":
    return msgspec.json.Decoder(list[kind], strict=False)  # type: ignore[valid-type] # 0 and 1 are false and true


def make_room(connection: Connection) -> None:
    """Let this connection keep what it reads and writes in memory, as who writes much to large indexes needs.

    SQLite keeps 2 MB by itself, and copies its WAL into its file after 4 MB: the same pages again and again. With this
    a batch of events took a quarter of the time.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size = -65536")
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 16000")


Rows = Sequence[tuple[Any, ...]]
_CHUNKS = (3_200, 400, 50)  # rows of one statement,
_MOST_VALUES = 32_766  # in which SQLite takes so many values


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Insert rows whose values are what the database is to hold: JSON as text, keys short enough."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f'COPY "{table.name}" ({names}) FROM STDIN', rows)
        return
    _write_many(connection, f'INSERT INTO "{table.name}" ({names}) VALUES ', "", len(columns), rows)  # noqa: S608 - our names


def insert_new(connection: Connection, table: Table, columns: Sequence[str], rows: Rows, *, unique: str) -> None:
    """The same for rows of which some may be there: one whose `unique` column is known stays as it is."""
    if not rows:
        return
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    names, places = ", ".join(f'"{name}"' for name in columns), ", ".join([mark] * len(columns))
    command = f'INSERT INTO "{table.name}" ({names}) VALUES ({places}) ON CONFLICT ("{unique}") DO NOTHING'  # noqa: S608 - our names
    connection.exec_driver_sql(command, list(rows))


def put_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Rows, *, key: Sequence[str]) -> None:
    """The same for rows of which some may be there by their `key`: these get the new values."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    same = ", ".join(f'"{name}"' for name in key)
    command = f'INSERT INTO "{table.name}" ({names}) VALUES '  # noqa: S608 - our names
    end = f" ON CONFLICT ({same}) DO UPDATE SET {changes}"
    if connection.dialect.name == "postgresql":
        places = ", ".join(["%s"] * len(columns))
        connection.exec_driver_sql(f"{command}({places}){end}", list(rows))
    else:
        _write_many(connection, command, end, len(columns), rows)


def _write_many(connection: Connection, command: str, end: str, width: int, rows: Rows) -> None:
    """Run an INSERT of SQLite's; `command` and `end` are what stands before and behind its rows."""
    place = f"({', '.join('?' * width)})"
    done = 0
    # Many rows a statement: so Python is free for other threads until all of them are written.
    for most in _CHUNKS:
        size = min(most, _MOST_VALUES // width)
        whole = ", ".join([place] * size) if len(rows) - done >= size else ""
        while len(rows) - done >= size:
            values = tuple(itertools.chain.from_iterable(rows[done : done + size]))
            connection.exec_driver_sql(command + whole + end, values)
            done += size
    if done < len(rows):
        connection.exec_driver_sql(command + place + end, list(rows[done:]))


def _copy(connection: Connection, command: str, rows: Rows) -> None:
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)
    except (
        connection.dialect.loaded_dbapi.OperationalError
    ) as error:  # SQLAlchemy has not seen it: so say it as it would
        raise OperationalError(command, None, error) from error


def update_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Rows, *, once: Collection[str] = ()
) -> None:
    """Give rows new values, as `insert_rows` takes them: each is the values of `columns` and, last, the row's id.

    What stands in a column of `once` already stays.
    """
    if not rows:
        return
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    changes = ", ".join(
        f'"{name}" = coalesce("{name}", {mark})' if name in once else f'"{name}" = {mark}' for name in columns
    )
    connection.exec_driver_sql(f'UPDATE "{table.name}" SET {changes} WHERE id = {mark}', list(rows))  # noqa: S608 - our names


def delete_rows(connection: Connection, table: Table, columns: Sequence[str], keys: Rows) -> None:
    """Delete the rows whose `columns` are these keys."""
    if not keys:
        return
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    same = " AND ".join(f'"{name}" = {mark}' for name in columns)
    connection.exec_driver_sql(f'DELETE FROM "{table.name}" WHERE {same}', list(keys))  # noqa: S608 - our names
