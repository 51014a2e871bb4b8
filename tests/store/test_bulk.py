from sqlalchemy import select

from skywrite.store import bulk
from skywrite.store.contact_tables import sync_keys
from skywrite.store.engine import Store


def test_of_rows_that_are_there_nothing_changes(store: Store) -> None:
    columns = ("id", "key", "created_at")
    with store.write() as connection:
        bulk.insert_new(connection, sync_keys, columns, [], unique="key")
        bulk.insert_new(connection, sync_keys, columns, [("a", "bench-1", 1)], unique="key")
        bulk.insert_new(connection, sync_keys, columns, [("b", "bench-1", 2), ("c", "bench-2", 2)], unique="key")
        found = connection.execute(select(sync_keys.c.id).where(sync_keys.c.key.like("bench-%"))).scalars()
        assert sorted(found) == ["a", "c"]


def test_what_is_set_once_stays(store: Store) -> None:
    with store.write() as connection:
        bulk.insert_rows(connection, sync_keys, ("id", "key", "created_at"), [("a", "x", 1), ("b", "y", 1)])
        for at in (5, 6):
            values = [(at, at, one) for one in ("a", "b")]
            bulk.update_rows(connection, sync_keys, ("used_at", "expires_at"), values, once=("used_at",))
        row = connection.execute(select(sync_keys).where(sync_keys.c.id == "a")).one()
        assert (row.used_at, row.expires_at) == (5, 6)
