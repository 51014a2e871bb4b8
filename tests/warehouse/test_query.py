import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from skywrite.kit.errors import Later, Refused
from skywrite.warehouse import query
from skywrite.warehouse.query import NO_WAREHOUSE, run_query, syncs, tables
from tests.support.build import an_event
from tests.warehouse.support import Place, a_place


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with a_place(tmp_path_factory.mktemp("query")) as place:
        place.send(*[an_event(messageId=f"m{n}", properties={"n": n, "big": 2**60}) for n in range(5)])
        loader = place.loader()
        loader.load_all()
        place.send(an_event(messageId="last"))
        loader.load_all()
        yield place.path


def test_rows_come_with_their_columns_and_types(path: Path) -> None:
    answer = run_query(path, "SELECT id, n, received_at, uuid_ts IS NULL AS x FROM shop.order_completed ORDER BY id")
    assert [(column.name, column.type) for column in answer.columns] == [
        ("id", "VARCHAR"), ("n", "BIGINT"), ("received_at", "TIMESTAMP WITH TIME ZONE"), ("x", "BOOLEAN"),
    ]  # fmt: skip
    assert answer.rows[1] == ["m0", 0, "2026-11-23T16:11:35.423000Z", False]
    assert (len(answer.rows), answer.truncated) == (6, False)


def test_rows_are_cut_at_the_limit(path: Path) -> None:
    answer = run_query(path, "FROM shop.tracks", limit=2)
    assert (len(answer.rows), answer.truncated) == (2, True)


def test_what_json_cannot_say_comes_as_text(path: Path) -> None:
    answer = run_query(
        path,
        "SELECT max(big), 'nan'::DOUBLE, 1.5::DECIMAL(4, 2), DATE '2024-05-01', [1, NULL], {'a': TIME '10:20'}, "
        "'\\xAB'::BLOB, INTERVAL 3 DAY IS NULL, 170141183460469231731687303715884105727::HUGEINT "
        "FROM shop.order_completed",
    )
    [row] = answer.rows
    assert row[:8] == [str(2**60), "nan", "1.50", "2024-05-01", [1, None], {"a": "10:20:00"}, "ab", False]
    assert row[8] == "170141183460469231731687303715884105727"


def test_what_python_cannot_hold_comes_as_text(path: Path) -> None:
    answer = run_query(
        path,
        "SELECT * FROM (VALUES (1, TIMESTAMP 'infinity', TIMESTAMPTZ '-infinity', DATE '12000-01-01', "
        "DATE '0044-03-15 (BC)', [DATE 'infinity'], INTERVAL '1 month 3 days'), "
        "(2, TIMESTAMP '2024-05-01 10:20:30', NULL, DATE '2024-05-01', NULL, [DATE '2024-05-01'], NULL)) ORDER BY 1",
    )
    assert answer.rows == [
        [1, "infinity", "-infinity", "12000-01-01", "0044-03-15 (BC)", "[infinity]", "1 month 3 days"],
        [2, "2024-05-01T10:20:30", None, "2024-05-01", None, ["2024-05-01"], None],
    ]


def test_each_of_duckdbs_types_can_be_shown(path: Path) -> None:
    answer = run_query(path, "FROM test_all_types()")
    assert len(answer.rows) == 3
    assert all(len(row) == len(answer.columns) > 50 for row in answer.rows)


def test_an_answer_is_cut_at_its_size_and_says_so(path: Path) -> None:
    answer = run_query(path, "SELECT repeat('é', 50_000) AS wide FROM range(500)")
    assert len(answer.rows) == 79  # of 100,003 bytes each
    assert answer.truncated
    assert "Cut after 79 rows, at 8 MB" in answer.message


def test_long_values_are_cut_and_said_to_be(path: Path) -> None:
    answer = run_query(
        path, "SELECT repeat('é', 100_000), repeat('x', 3_000_000), [repeat('y', 200_000)], repeat('z', 60_000)::BLOB"
    )
    [[whole, long, nested, binary]] = answer.rows
    assert whole == "é" * 100_000
    assert long == "x" * 100_000 + "…"
    assert nested == '["' + "y" * 99_998 + "…"
    assert binary == "7a" * 50_000 + "…"
    assert (answer.truncated, answer.message) == (
        False, "Values are cut after 100,000 characters; those end in an ellipsis."
    )  # fmt: skip


def test_rows_without_a_place_in_memory_fill_only_a_part_of_the_disk(path: Path) -> None:
    [[size]] = run_query(path, "SELECT current_setting('max_temp_directory_size')").rows
    number, unit = size.split()
    assert float(number) * {"GiB": 1, "MiB": 1 / 1024, "KiB": 1 / 1024**2, "bytes": 0}[unit] <= 1


def test_what_needs_too_much_memory_is_told(path: Path) -> None:
    with pytest.raises(Refused, match="more memory than its 512MB"):
        run_query(path, "SELECT list(repeat('x', 10_000) || range) FROM range(100_000_000)")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT nothing FROM shop.tracks", "nothing"),
        ("selct 1", "syntax error"),
        ("SELECT 1; SELECT 2", "One statement"),
        ("", "One statement"),
        ("DROP TABLE shop.tracks", "that reads"),
        ("INSERT INTO shop.tracks (id) VALUES ('x')", "that reads"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
        ("SELECT * FROM read_text('/etc/passwd')", "disabled"),
        ("COPY shop.tracks TO '/tmp/skywrite-stolen.csv'", "that reads"),
        ("ATTACH '/tmp/skywrite-other.duckdb'", "that reads"),
        ("SET enable_external_access = true", "that reads"),
        ("SET memory_limit = '100GB'", "that reads"),
        ("INSTALL httpfs", "that reads"),
    ],
)
def test_what_is_wrong_or_forbidden_is_refused_with_a_reason(path: Path, sql: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        run_query(path, sql)
    assert refused.value.where == "sql"


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to '{path}' (use_tmp_file false)",
        "copy (select 'x'::blob) to '{path}.wal' (format blob)",
        "/* /* */ from */ copy (pivot (select 1 a) on a) to '{path}' (use_tmp_file false)",
        "copy (pivot (select 1 a) on a) to '{path}' (use_tmp_file false)",
        "explain analyze copy (select 1) to '{path}' (use_tmp_file false)",
        "explain (analyze, format json) copy (select 1) to '{path}' (use_tmp_file false)",
        "explain analyze /* ( */ copy (select 1) to '{path}' (use_tmp_file false)",
        "create temp table t as select 1",
        "pragma database_list",
        "attach ':memory:' as m",
        "checkpoint",
        "begin",
        "set threads = 1",
        "export database '{path}'",
        "call pragma_version()",
        "prepare p as copy (select 1) to '{path}'",
        "explain",
    ],
)
def test_what_does_not_only_read_is_refused_and_changes_nothing(path: Path, sql: str) -> None:
    before = path.read_bytes()
    with pytest.raises(Refused):
        run_query(path, sql.format(path=path))
    assert path.read_bytes() == before
    assert not path.with_name(f"{path.name}.wal").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "-- of all\nselect 1",
        "(select 1)",
        "values (1)",
        "table shop.tracks",
        "describe shop.tracks",
        "show all tables",
        "summarize shop.tracks",
        "from shop.tracks select id",
        "with a as (select 1 as b) pivot a on b",
        "pivot shop.tracks on event using count(*)",
        "explain select 1",
        "explain analyze select 1",
        "explain (format json) select 1;",
        "explain pivot shop.tracks on event",
    ],
)
def test_whatever_only_reads_may_run(path: Path, sql: str) -> None:
    assert run_query(path, sql).columns


def test_an_endless_query_is_stopped(path: Path) -> None:
    with pytest.raises(Refused, match=r"longer than 0\.5 seconds"):
        run_query(path, "SELECT count(*) FROM range(1000000000) a, range(1000000000) b", timeout=0.5)


def test_tables_are_listed_with_their_sizes(path: Path) -> None:
    found = {(table.schema, table.name): table for table in tables(path)}
    assert set(found) == {("shop", "tracks"), ("shop", "order_completed")}
    assert found["shop", "tracks"].rows == 6
    assert ("big", "BIGINT") in [(column.name, column.type) for column in found["shop", "order_completed"].columns]


def test_a_table_s_bytes_are_its_blocks_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute('CREATE SCHEMA "my shop"')
        connection.execute(
            """CREATE TABLE "my shop"."a ""large"" one" AS SELECT hash(i) AS x FROM range(500_000) r(i)"""
        )
        connection.execute('CREATE TABLE "my shop".empty (x INTEGER)')
    found = {table.name: table.bytes for table in tables(path)}
    assert found["empty"] == 0
    assert 4_000_000 <= (found['a "large" one'] or 0) <= path.stat().st_size


def test_a_large_warehouse_is_not_kept_from_its_loads_by_counting(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "_MOST_PIECES", 3)
    with duckdb.connect(path, read_only=True) as connection:
        assert {table.bytes for table in query._tables(connection)} == {None}


def test_syncs_are_listed_newest_first(path: Path) -> None:
    assert [(sync.id, sync.events, sync.status) for sync in syncs(path)] == [(2, 1, "success"), (1, 5, "success")]
    assert [sync.id for sync in syncs(path, before=2)] == [1]
    assert [sync.id for sync in syncs(path, limit=1)] == [2]


def test_before_the_first_load_there_is_nothing_and_a_sentence(tmp_path: Path) -> None:
    missing = tmp_path / "warehouse.duckdb"
    assert run_query(missing, "SELECT 1").message == NO_WAREHOUSE
    assert (tables(missing), syncs(missing)) == ([], [])


HOLDER = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@pytest.mark.flow
def test_a_query_waits_for_a_load_under_way(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(Later, match="open for writing"):
            query._open(query._Request("query", str(path), patience=0.1))
        holder.communicate()
    assert run_query(path, "SELECT count(*) FROM shop.tracks").rows == [[6]]


def test_the_web_process_needs_no_engine_to_ask() -> None:
    code = (
        "import sys, skywrite.warehouse.query, skywrite.warehouse.status; "
        "print([name for name in ('duckdb', 'pyarrow', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_place_can_be_opened_by_its_owner_between_loads(tmp_path: Path) -> None:
    with a_place(tmp_path) as place:
        _load_and_look(place)


def _load_and_look(place: Place) -> None:
    loader = place.loader()
    for number in range(3):
        place.send(an_event(messageId=f"m{number}"))
        loader.load_all()
        with duckdb.connect(place.path) as connection:
            connection.execute(f"CREATE VIEW v{number} AS SELECT id FROM shop.tracks")
            assert connection.execute(f"SELECT count(*) FROM v{number}").fetchall() == [(number + 1,)]
