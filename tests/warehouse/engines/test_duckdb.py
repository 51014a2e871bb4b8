from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from skywrite.kit.sql_words import RESERVED
from skywrite.warehouse.catalog import NewColumn, NewTable
from skywrite.warehouse.engines.base import Busy, Unwritable
from skywrite.warehouse.engines.duckdb import DuckDB
from skywrite.warehouse.history import Sync
from skywrite.warehouse.pieces import ORDER
from skywrite.warehouse.values import Kind

SYNC = Sync(1_795_450_295_423_000, 5, "success", 1, 1, 0, 0, 7, "", ["a notice"])


@pytest.fixture
def engine(tmp_path: Path) -> DuckDB:
    return DuckDB(tmp_path / "it's a warehouse.duckdb")


def test_the_reserved_words_are_duckdbs() -> None:
    with duckdb.connect() as connection:
        words = connection.execute("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'")
        assert {row[0] for row in words.fetchall()} == RESERVED


def test_what_is_not_committed_is_not_there(engine: DuckDB) -> None:
    with engine.session() as session:
        session.begin()
        session.change([NewTable("s", "t", {"id": Kind.VARCHAR})])
        session.append("s", "t", pa.table({"id": ["x"]}))
    with engine.session() as session:
        assert (session.tables(), session.position()) == ({}, 0)
        session.begin()
        session.change([NewTable("s", "t", {"id": Kind.VARCHAR})])
        session.rollback()
        assert session.tables() == {}


def test_every_kind_of_column_is_read_back_as_it_was_made(engine: DuckDB) -> None:
    kinds = {kind.value: kind for kind in Kind if kind is not Kind.OTHER}
    with engine.session() as session:
        session.begin()
        session.change([NewTable("s", 'odd "t"', {"id": Kind.VARCHAR})])
        session.change([NewColumn("s", 'odd "t"', name, kind) for name, kind in kinds.items()])
        assert session.commit(SYNC).id == 1
        assert session.tables() == {("s", 'odd "t"'): {"id": Kind.VARCHAR, **kinds}}
        assert session.position() == 7


def test_merging_keeps_the_latest_value_of_each_column(engine: DuckDB) -> None:
    columns = {"id": Kind.VARCHAR, "plan": Kind.VARCHAR, "age": Kind.INTEGER}

    def rows(**values: list[object]) -> pa.Table:
        kinds = {"id": pa.string(), "plan": pa.string(), "age": pa.int64(), ORDER: pa.int64()}
        return pa.table({name: pa.array(items, kinds[name]) for name, items in values.items()})

    with engine.session() as session:
        session.begin()
        session.change([NewTable("s", "users", columns)])
        session.merge("s", "users", rows(id=["u", "u", "v"], plan=["b", "a", "c"], **{ORDER: [2, 1, 3]}))
        session.merge("s", "users", rows(id=["u"], age=[30], **{ORDER: [4]}))
        session.commit(SYNC)
        session.begin()
        session.merge("s", "users", rows(id=["u", "w"], plan=[None, "d"], **{ORDER: [5, 6]}))
        session.commit(SYNC)
    with duckdb.connect(engine.path) as connection:
        found = connection.execute("FROM s.users ORDER BY id").fetchall()
    assert found == [("u", "b", 30), ("v", "c", None), ("w", "d", None)]


def test_size_leaves_out_skywrites_own_tables(engine: DuckDB) -> None:
    with engine.session() as session:
        session.begin()
        session.change([NewTable("s", "t", {"id": Kind.VARCHAR})])
        session.append("s", "t", pa.table({"id": ["x", "y"]}))
        session.commit(SYNC)
        size = session.size()
    assert (size.tables, size.rows, size.discards) == (1, 2, 0)
    assert size.bytes > 0


def test_a_file_that_is_no_warehouse_is_not_touched(engine: DuckDB) -> None:
    engine.path.write_bytes(b"somebody's notes " * 1000)
    with pytest.raises(Unwritable, match="can't be written"), engine.session():
        pass
    assert engine.path.read_bytes().startswith(b"somebody's notes")


def test_busy_is_something_to_wait_for() -> None:
    assert Busy("x").after > 0
