"""How SQLite finds what is asked for: the plan of every query that is run."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import event

from skywrite.store.engine import Store


@contextlib.contextmanager
def planned(store: Store) -> Iterator[list[str]]:
    """The steps of the plans of all that is read in the block, there when it has ended; for a store on SQLite."""
    asked: list[tuple[str, tuple[object, ...]]] = []
    steps: list[str] = []

    def note(_connection, _cursor, statement, parameters, _context, is_many):
        if not is_many and statement.startswith(("SELECT", "DELETE", "UPDATE", "INSERT", "WITH")):
            asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield steps
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    with store.read() as connection:
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps += [row[3] for row in plan]
