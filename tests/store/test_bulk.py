import pytest
from msgspec import Struct
from sqlalchemy import func, select

from skywrite.store import bulk
from skywrite.store.contact_tables import contact_changes, contact_traits, sync_keys
from skywrite.store.engine import Store
from skywrite.store.mail_tables import messages


def test_of_rows_that_are_there_nothing_changes(store: Store) -> None:
    columns = ("id", "key", "created_at")
    with store.write() as connection:
        bulk.insert_new(connection, sync_keys, columns, [], unique="key")
        bulk.insert_new(connection, sync_keys, columns, [("a", "bench-1", 1)], unique="key")
        bulk.insert_new(connection, sync_keys, columns, [("b", "bench-1", 2), ("c", "bench-2", 2)], unique="key")
        found = connection.execute(select(sync_keys.c.id).where(sync_keys.c.key.like("bench-%"))).scalars()
        assert sorted(found) == ["a", "c"]


@pytest.mark.parametrize("count", [0, 1, 400, 3_200, 7_061])
def test_rows_of_any_number_are_inserted_in_their_order(sqlite_store: Store, count: int) -> None:
    with sqlite_store.write() as connection:
        bulk.insert_rows(connection, contact_changes, ("contact_id",), [(number,) for number in range(count)])
        found = bulk.plain_rows(connection, select(contact_changes.c.contact_id).order_by(contact_changes.c.id))
    assert found == [(number,) for number in range(count)]


def test_many_wide_rows_are_inserted_too(sqlite_store: Store) -> None:
    columns = [column.name for column in messages.columns if not column.nullable]
    assert len(columns) * 3_200 > 32_766
    values = {"origin": "api", "is_transactional": False, "state": "sent", **dict.fromkeys(("email", "address"), "a@x")}
    rows = [tuple(str(n) if name == "key" else values.get(name, n) for name in columns) for n in range(1, 3_300)]
    with sqlite_store.write() as connection:
        bulk.insert_rows(connection, messages, columns, rows)
        assert bulk.plain_rows(connection, select(func.count(), func.max(messages.c.attempts))) == [(3_299, 3_299)]


def test_a_row_that_is_put_takes_the_place_of_its_key_s(store: Store) -> None:
    columns, key = ("contact_id", "name", "item", "text", "number"), ("contact_id", "name", "item")
    with store.write() as connection:
        bulk.put_rows(connection, contact_traits, columns, [], key=key)
        bulk.put_rows(connection, contact_traits, columns, [(1, "a", 0, "x", 1.0), (1, "b", 0, "y", None)], key=key)
        bulk.put_rows(connection, contact_traits, columns, [(1, "a", 0, "z", None), (2, "a", 0, "w", 2.0)], key=key)
        found = bulk.plain_rows(connection, select(contact_traits).order_by(*contact_traits.primary_key))
    assert [tuple(row) for row in found] == [(1, "a", 0, "z", None), (1, "b", 0, "y", None), (2, "a", 0, "w", 2.0)]


class _Read(Struct, array_like=True):
    id: int
    address: str
    broadcast_id: int | None
    is_transactional: bool


def test_rows_are_read_as_structs(store: Store) -> None:
    columns = [column.name for column in messages.columns if not column.nullable]
    values = {"origin": "api", "state": "sent", "email": "a@x", "address": 'é "\n\x1f'}
    rows = [
        tuple({**values, "key": str(n), "is_transactional": n == 2}.get(name, n) for name in columns) for n in (1, 2)
    ]
    chosen = select(messages.c.id, messages.c.address, messages.c.broadcast_id, messages.c.is_transactional)
    with store.write() as connection:
        assert bulk.structs(connection, chosen, _Read) == []
        bulk.insert_rows(connection, messages, columns, rows)
        found = bulk.structs(connection, chosen.order_by(messages.c.id.desc()).limit(2), _Read)
    assert found == [_Read(2, values["address"], None, True), _Read(1, values["address"], None, False)]


@pytest.mark.parametrize("count", [1, 400, 3_611])
def test_rows_of_any_number_are_put(store: Store, count: int) -> None:
    columns, key = ("contact_id", "name", "item", "text", "number"), ("contact_id", "name", "item")
    with store.write() as connection:
        for text, first in (("old", 0), ("new", 1)):  # all but one are there by then, and one is new
            rows = [(number, "a", 0, text, None) for number in range(first, first + count)]
            bulk.put_rows(connection, contact_traits, columns, rows, key=key)
        found = bulk.plain_rows(connection, select(contact_traits.c.text).order_by(contact_traits.c.contact_id))
    assert [text for (text,) in found] == ["old", *["new"] * count]


def test_what_is_set_once_stays(store: Store) -> None:
    with store.write() as connection:
        bulk.insert_rows(connection, sync_keys, ("id", "key", "created_at"), [("a", "x", 1), ("b", "y", 1)])
        for at in (5, 6):
            values = [(at, at, one) for one in ("a", "b")]
            bulk.update_rows(connection, sync_keys, ("used_at", "expires_at"), values, once=("used_at",))
        row = connection.execute(select(sync_keys).where(sync_keys.c.id == "a")).one()
        assert (row.used_at, row.expires_at) == (5, 6)
