from skywrite.warehouse.catalog import Catalog, Limits, NewColumn, NewTable
from skywrite.warehouse.columns import PAGE_COLUMNS
from skywrite.warehouse.values import Kind


def test_a_table_is_planned_with_its_own_columns() -> None:
    catalog = Catalog({}, Limits())
    assert catalog.columns("s", "pages").keys() >= set(PAGE_COLUMNS)
    assert {"event", "event_text"} <= catalog.columns("s", "signed_up").keys()
    assert set(catalog.columns("s", "users")) == {"id", "received_at", "uuid_ts"}
    assert [change.table for change in catalog.take_changes() if isinstance(change, NewTable)] == [
        "pages",
        "signed_up",
        "users",
    ]
    assert catalog.take_changes() == []


def test_a_column_is_planned_once() -> None:
    catalog = Catalog({("s", "t"): {"id": Kind.VARCHAR}}, Limits())
    assert catalog.add("s", "t", "a", Kind.INTEGER)
    assert catalog.columns("s", "t") == {"id": Kind.VARCHAR, "a": Kind.INTEGER}
    assert catalog.take_changes() == [NewColumn("s", "t", "a", Kind.INTEGER)]


def test_a_full_table_takes_no_more_columns() -> None:
    catalog = Catalog({("s", "t"): {"id": Kind.VARCHAR}}, Limits(columns=1))
    assert not catalog.add("s", "t", "a", Kind.INTEGER)


def test_only_event_tables_count_towards_a_sources_limit() -> None:
    catalog = Catalog({("s", "tracks"): {}, ("s", "one"): {}, ("other", "x"): {}}, Limits(tables=2))
    assert catalog.has_room_for("s", "two")
    catalog.columns("s", "two")
    assert not catalog.has_room_for("s", "three")
    assert catalog.has_room_for("s", "one")
    assert catalog.has_room_for("s", "users")
    assert catalog.has_room_for("other", "three")
