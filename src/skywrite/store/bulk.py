"""Many rows into a table at the speed of the engine's own door: SQLAlchemy's costs more than the engine's work."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table


def insert_rows(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of these columns in the transaction of `connection`.

    No type is applied: text must be `storable` (a key's `short_key`), JSON encoded. Raises IntegrityError for a row
    that is there already.
    """
    if not rows:
        return
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "postgresql":
        cursor = cast("Any", connection.connection.cursor())
        with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(names))
    connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', list(rows))  # noqa: S608 - our own names
