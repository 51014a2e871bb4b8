import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skywrite.kit.errors import Later
from skywrite.warehouse.chunks import Pace
from skywrite.warehouse.engines.base import Busy
from skywrite.warehouse.engines.duckdb import DuckDB
from skywrite.warehouse.loader import Loader
from skywrite.warehouse.status import read_status, request_sync, wait_until_loaded
from skywrite.warehouse.values import text_of
from tests.support.build import a_batch, an_event
from tests.warehouse.support import Place, a_place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with a_place(tmp_path) as found:
        yield found


def track(number: int, **properties: Any) -> dict[str, Any]:
    return an_event(messageId=f"m{number}", properties=properties)


def test_what_was_sent_is_in_its_tables(place: Place) -> None:
    place.send(
        track(1, revenue=39.95, products=[{"sku": "a"}]),
        an_event(type="identify", messageId="m2", traits={"plan": "pro"}),
        an_event(type="page", messageId="m3", name="Home", properties={"url": "https://x.org/"}),
        an_event(type="group", messageId="m4", groupId="g1", traits={"name": "Acme"}),
        an_event(type="alias", messageId="m5", previousId="a1"),
        an_event(type="screen", messageId="m6", name="Main"),
    )
    place.loader().load_all()
    assert place.rows("SELECT id, event, event_text FROM shop.tracks") == [("m1", "order_completed", "Order Completed")]
    assert place.rows("SELECT revenue, products FROM shop.order_completed") == [(39.95, '[{"sku":"a"}]')]
    assert place.rows("SELECT user_id, plan FROM shop.identifies") == [("u1", "pro")]
    assert place.rows("SELECT id, plan, context_library_name FROM shop.users") == [("u1", "pro", "test")]
    assert place.rows("SELECT name, url, context_campaign_name FROM shop.pages") == [("Home", "https://x.org/", None)]
    assert place.rows("SELECT group_id, name FROM shop.groups") == [("g1", "Acme")]
    assert place.rows("SELECT id, name FROM shop.accounts") == [("g1", "Acme")]
    assert place.rows("SELECT previous_id, user_id FROM shop.aliases") == [("a1", "u1")]
    assert place.rows("SELECT name FROM shop.screens") == [("Main",)]


def test_times_are_those_of_the_reference(place: Place) -> None:
    place.send(track(1))
    place.loader().load_all()
    [row] = place.rows(
        "SELECT epoch_ms(received_at), epoch_ms(sent_at), epoch_ms(original_timestamp), epoch_ms(timestamp) "
        "FROM shop.tracks"
    )
    received, sent, original = 1_795_450_295_423, 1_795_450_295_000, 1_795_450_290_000
    assert row == (received, sent, original, received - (sent - original))


def test_each_load_goes_on_where_the_last_ended(place: Place) -> None:
    loader = place.loader()
    assert loader.load() is None
    assert not place.path.exists()
    place.send(track(1))
    assert loader.load() is not None
    assert loader.load() is None
    place.send(track(2))
    assert place.loader().load_all() == 2
    assert place.rows("SELECT id FROM shop.tracks ORDER BY id") == [("m1",), ("m2",)]
    assert place.positions == [0, 1, 1, 2]
    assert place.rows("SELECT id, events, rows, position, status FROM _skywrite.syncs ORDER BY id") == [
        (1, 1, 2, 1, "success"),
        (2, 1, 2, 2, "success"),
    ]


def test_an_sdks_retry_shows_in_no_table(place: Place) -> None:
    for _ in range(3):
        place.send(track(1), track(2), track(1))
    place.loader().load_all()
    assert place.rows("SELECT id FROM shop.tracks ORDER BY id") == [("m1",), ("m2",)]
    assert place.rows("SELECT sum(duplicates) FROM _skywrite.syncs") == [(7,)]


def identify(number: int, user: str, **traits: Any) -> dict[str, Any]:
    return an_event(type="identify", messageId=f"i{number}", userId=user, traits=traits)


def test_users_hold_the_latest_of_each_trait(place: Place) -> None:
    loader = place.loader()
    place.send(identify(1, "u1", plan="free", age=30), identify(2, "u2", plan="free"), identify(3, "u1", plan="pro"))
    loader.load_all()
    assert place.rows("SELECT id, plan, age FROM shop.users ORDER BY id") == [("u1", "pro", 30), ("u2", "free", None)]
    place.send(identify(4, "u1", plan=None, city="Oslo"), identify(5, "u3"))
    loader.load_all()
    assert place.rows("SELECT id, plan, age, city FROM shop.users ORDER BY id") == [
        ("u1", "pro", 30, "Oslo"),
        ("u2", "free", None, None),
        ("u3", None, None, None),
    ]


@pytest.mark.parametrize(
    ("first", "then", "stored", "lost"),
    [
        (1, 2.5, [1, None], "2.5"),
        (1, "x", [1, None], "x"),
        (True, "yes", [True, None], "yes"),
        (1.5, 2, [1.5, 2.0], None),
        ("a", 7, ["a", "7"], None),
        (1, 3.0, [1, 3], None),
        (1, {"b": 1}, [1, None], None),
    ],
)
def test_a_value_that_does_not_fit_is_kept_among_the_discards(
    place: Place, first: Any, then: Any, stored: list[Any], lost: str | None
) -> None:
    loader = place.loader()
    place.send(track(1, a=first))
    loader.load_all()
    place.send(track(2, a=then))
    loader.load_all()
    assert [row[0] for row in place.rows("SELECT a FROM shop.order_completed ORDER BY id")] == stored
    status = read_status(place.run)
    assert status.discards == (lost is not None)
    if lost is not None:
        assert place.rows("SELECT table_name, row_id, column_name, column_value FROM shop._discards") == [
            ("order_completed", "m2", "a", lost)
        ]
        assert status.last_sync is not None
        assert "shop.order_completed.a" in status.last_sync.notices[0]


def test_a_column_of_the_owners_own_type_loses_nothing(place: Place) -> None:
    loader = place.loader()
    place.send(track(1, a="x"))
    loader.load_all()
    with duckdb.connect(place.path) as connection:
        connection.execute("ALTER TABLE shop.order_completed ALTER a TYPE DATE USING NULL")
        connection.execute("ALTER TABLE shop.order_completed ALTER received_at TYPE VARCHAR")
    place.send(track(2, a="2024-05-01"))
    loader.load_all()
    assert place.rows("SELECT received_at FROM shop.order_completed WHERE id = 'm2'") == [("2026-11-23T16:11:35.423Z",)]
    assert place.rows("SELECT row_id, column_value FROM shop._discards") == [("m2", "2024-05-01")]


ODD_NAMES = [
    "users",
    "../x",
    '"; drop table tracks; --',
    "x" * 2000,
    "🎉💰",
    "a\x00b",
    "SELECT",
    "1st",
    "'",
    "_skywrite",
]


def test_odd_event_names_stop_nothing(place: Place) -> None:
    place.send(*[an_event(event=name, messageId=f"m{n}", properties={name: n}) for n, name in enumerate(ODD_NAMES)])
    place.send_body(
        b'{"batch":[{"type":"track","event":"\\ud800 lone","userId":"u","messageId":"l","properties":{"a":"\\udfff"}}]}'
    )
    place.loader().load_all()
    kept = dict(place.rows("SELECT id, event_text FROM shop.tracks"))
    assert kept == {f"m{n}": name.replace("\x00", "") for n, name in enumerate(ODD_NAMES)} | {"l": "\ufffd lone"}
    assert place.rows("SELECT a FROM shop.lone") == [("\ufffd",)]
    tables = {row[0] for row in place.rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'shop'")}
    assert {"_users", "x", "drop_table_tracks", "_select", "_1st", "skywrite"} <= tables


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.text(max_size=8), json_values, max_size=5), min_size=1, max_size=8))
def test_any_json_loads_and_every_value_can_be_found_again(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[dict[str, Any]]
) -> None:
    with a_place(tmp_path_factory.mktemp("any")) as place:
        place.send(*[track(number) | {"properties": payload} for number, payload in enumerate(payloads)])
        place.loader().load_all()
        found: dict[str, list[str]] = {}
        with duckdb.connect(place.path, read_only=True) as connection:
            cursor = connection.execute(
                "SELECT * EXCLUDE (received_at, sent_at, timestamp, original_timestamp, uuid_ts) "
                "FROM shop.order_completed"
            )
            names = [column[0] for column in cursor.description or ()]
            for row in cursor.fetchall():
                found[row[names.index("id")]] = [_shown(value) for value in row if value is not None]
            if connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = '_discards'").fetchall():
                for row_id, value in connection.execute("SELECT row_id, column_value FROM shop._discards").fetchall():
                    found[row_id].append(_shown(value))
        assert place.rows("SELECT count(*) FROM _skywrite.set_aside") == [(0,)]
        for number, payload in enumerate(payloads):
            for leaf in _leaves(json.loads(json.dumps(payload).replace("\\u0000", ""))):
                assert _shown(leaf) in found[f"m{number}"]


def _leaves(value: dict[str, Any]) -> Iterator[Any]:
    for inner in value.values():
        if isinstance(inner, dict):
            yield from _leaves(inner)
        elif inner is not None:
            yield inner


def _shown(value: Any) -> str:
    """A value as one text, whatever column it is in: 1, 1.0 and "1" are one, and so are true and 1."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return text_of(value)
    try:
        return repr(float(value))
    except (TypeError, ValueError, OverflowError):
        return str(value)


@pytest.mark.parametrize("schema", ["warehouse", "memory", "order", "x_warehouse"])
def test_a_schema_may_be_called_as_anything(place: Place, schema: str) -> None:
    place.send(track(1, n=1), an_event(type="identify", messageId="m2", traits={"a": 1}))
    Loader(place.feed, DuckDB(place.path), lambda _: schema, place.run).load_all()
    for table in ("tracks", "order_completed", "identifies", "users"):
        assert place.rows(f'SELECT count(*) FROM warehouse."{schema}".{table}') == [(1,)]


def test_a_poison_event_is_put_aside_alone(place: Place) -> None:
    loader = place.loader()
    place.send(track(0))
    loader.load_all()
    with duckdb.connect(place.path) as connection:  # an owner's rule that one event breaks
        connection.execute("DROP TABLE shop.order_completed")
        connection.execute("CREATE TABLE shop.order_completed (id VARCHAR, n BIGINT CHECK (n <> 13))")
    for first in range(1, 40, 4):
        place.send(*[track(number, n=number) for number in range(first, first + 4)])
    loader.load_all()
    assert place.rows("SELECT count(*), count(*) FILTER (n = 13) FROM shop.order_completed") == [(39, 0)]
    assert place.rows("SELECT count(*) FROM shop.tracks") == [(40,)]
    [(position, item, reason, body)] = place.rows("SELECT position, item, reason, body FROM _skywrite.set_aside")
    assert (position, item) == (5, 0)
    assert "CHECK" in reason
    assert json.loads(body)["messageId"] == "m13"
    assert place.rows("SELECT count(*) FROM _skywrite.syncs WHERE status = 'partial'") == [(1,)]
    assert read_status(place.run).set_aside == 1


def test_a_table_that_refuses_every_other_row_costs_few_loads(place: Place) -> None:
    loader = place.loader()
    place.send(track(0, n=0))
    loader.load_all()
    with duckdb.connect(place.path) as connection:
        connection.execute("DROP TABLE shop.order_completed")
        connection.execute("CREATE TABLE shop.order_completed (id VARCHAR, n BIGINT CHECK (n % 2 = 0))")
    for number in range(1, 400):
        place.send(track(number, n=number))
    loader.load_all()
    assert place.rows("SELECT count(*) FROM shop.tracks") == [(200,)]
    assert place.rows("SELECT count(*) FROM _skywrite.set_aside") == [(200,)]
    [(loads,)] = place.rows("SELECT count(*) FROM _skywrite.syncs")
    assert loads <= 5


def test_rows_that_only_clash_with_one_another_are_put_aside(place: Place) -> None:
    loader = place.loader()
    place.send(track(0, n=0))
    loader.load_all()
    with duckdb.connect(place.path) as connection:
        connection.execute("DROP TABLE shop.order_completed")
        connection.execute("CREATE TABLE shop.order_completed (id VARCHAR, n BIGINT UNIQUE)")
    place.send(*[track(number, n=number // 2) for number in range(10, 20)])
    loader.load_all()
    assert place.rows("SELECT count(*), count(DISTINCT n) FROM shop.order_completed") == [(5, 5)]
    assert place.rows("SELECT count(*) FROM _skywrite.set_aside") == [(5,)]


def test_a_record_that_cannot_be_read_is_put_aside_alone(place: Place) -> None:
    def schema_of(source: str) -> str:
        if source == "src_odd":
            raise ValueError("nobody thought of this one")
        return "shop"

    for number in range(20):
        place.send(track(number), track(100 + number), source_id="src_odd" if number in (0, 11) else "src_1")
    loader = Loader(place.feed, DuckDB(place.path), schema_of, place.run)
    loader.load_all()
    assert place.rows("SELECT count(*) FROM shop.tracks") == [(36,)]
    aside = place.rows("SELECT position, item, reason FROM _skywrite.set_aside ORDER BY ALL")
    assert aside == [(position, item, "nobody thought of this one") for position in (1, 12) for item in (0, 1)]


HOLDER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "reads")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.flow
@pytest.mark.parametrize("how", ["reads", "writes"])
def test_a_load_waits_for_a_program_that_holds_the_file(place: Place, how: str) -> None:
    place.send(track(1))
    place.loader().load_all()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(place.path), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        place.send(track(2))
        with pytest.raises(Busy, match=f"PID {holder.pid}"):
            place.loader().load()
        stop = threading.Event()
        with a_place(place.folder) as other:
            runner = threading.Thread(target=lambda: other.loader(pause=0.05).run(stop))
            runner.start()
            _until(lambda: read_status(place.run).state == "waiting")
            assert f"PID {holder.pid}" in read_status(place.run).reason
            holder.communicate()
            assert wait_until_loaded(place.run, 2, timeout=120).position == 2
            stop.set()
            runner.join()
    assert place.rows("SELECT count(*) FROM shop.tracks") == [(2,)]


def _until(happened: Any) -> None:
    end = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_sync_that_is_asked_for_does_not_wait_for_the_pause(place: Place) -> None:
    stop = threading.Event()
    place.send(track(1))
    runner = threading.Thread(target=lambda: place.loader(pause=3600.0).run(stop))
    runner.start()
    wait_until_loaded(place.run, 1, timeout=120)
    with a_place(place.folder) as other:
        position = other.send(track(2))
    with pytest.raises(Later, match="up to position 1 of 2"):
        wait_until_loaded(place.run, position, timeout=0)
    request_sync(place.run)
    assert wait_until_loaded(place.run, position, timeout=120).position == position
    stop.set()
    runner.join()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told_and_got_over(place: Place) -> None:
    place.send(track(1))
    place.folder.chmod(0o500)
    try:
        with pytest.raises(Later, match="can't be written"):
            place.loader().load()
    finally:
        place.folder.chmod(0o700)
    assert place.loader().load_all() == 1


def test_a_path_that_can_not_be_written_is_told_and_got_over(place: Place) -> None:
    place.send(track(1))
    engine = DuckDB(place.folder / "missing" / "warehouse.duckdb")
    with pytest.raises(Later, match="can't be written"):
        place.loader(engine=engine).load()
    (place.folder / "missing").mkdir()
    assert place.loader(engine=engine).load_all() == 1


CHILD = """
import sys
from pathlib import Path
from tests.warehouse.support import a_place
from skywrite.warehouse.chunks import Pace
with a_place(Path(sys.argv[1])) as place:
    print("ready", flush=True)
    place.loader(pace=Pace(load_events=400, chunk_bytes=30_000, gap_seconds=0)).load_all()
    print("done", flush=True)
"""


@pytest.mark.flow
def test_kill_9_loses_no_event_and_doubles_none(place: Place) -> None:
    chance = random.Random(3)
    for first in range(0, 6000, 50):
        place.send(*[track(n, n=n) if n % 5 else identify(n, f"u{n % 70}", n=n) for n in range(first, first + 50)])
    kills = 0
    while True:
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(place.folder)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            if kills < 8:
                time.sleep(chance.uniform(0.0, 0.25))
                child.send_signal(signal.SIGKILL)
                kills += 1
                continue
            assert child.stdout.readline() == "done\n"
            break
    assert place.rows("SELECT count(*), count(DISTINCT id) FROM shop.tracks") == [(4800, 4800)]
    assert place.rows("SELECT count(*), count(DISTINCT n) FROM shop.order_completed") == [(4800, 4800)]
    assert place.rows("SELECT count(*) FROM shop.identifies") == [(1200,)]
    latest = {f"u{n % 70}": n for n in range(0, 6000, 5)}
    assert dict(place.rows("SELECT id, n FROM shop.users")) == latest
    assert place.rows("SELECT sum(events), max(position) FROM _skywrite.syncs") == [(6000, 120)]


def test_a_backlog_is_loaded_in_several_transactions(place: Place) -> None:
    for first in range(0, 400, 20):
        place.send(*[track(n, n=n, **({"late": 1} if n > 300 else {})) for n in range(first, first + 20)])
    place.loader(pace=Pace(load_events=100, chunk_bytes=8_000, block_bytes=3_000)).load_all()
    assert place.rows("SELECT count(*), count(late) FROM shop.order_completed") == [(400, 99)]
    assert place.rows("SELECT count(*) > 2, sum(events) FROM _skywrite.syncs") == [(True, 400)]


def test_a_table_that_is_dropped_while_the_loader_reads_ahead_is_made_again(place: Place) -> None:
    for first in range(0, 200, 20):
        place.send(*[track(n, n=n) for n in range(first, first + 20)])
    loader = place.loader(pace=Pace(load_events=60, chunk_bytes=8_000))
    loader.load()
    with duckdb.connect(place.path) as connection:
        [(gone,)] = connection.execute("SELECT count(*) FROM shop.order_completed").fetchall()
        connection.execute("DROP TABLE shop.order_completed")
    loader.load_all()
    assert place.rows("SELECT count(*) FROM shop.order_completed") == [(200 - gone,)]
    assert place.rows("SELECT count(*) FROM shop.tracks") == [(200,)]


def test_a_record_that_is_no_json_is_put_aside(place: Place) -> None:
    place.send_body(b"not json at all")
    place.send(track(1))
    place.loader().load_all()
    assert place.rows("SELECT body FROM _skywrite.set_aside") == [("not json at all",)]
    assert place.rows("SELECT id FROM shop.tracks") == [("m1",)]


def test_refused_events_are_not_loaded(place: Place) -> None:
    place.send_body(json.dumps([{"item": 0, "reason": "x", "body": "{}"}]).encode(), kind="rejected")
    place.send_body(json.dumps(a_batch(track(1))).encode())
    place.loader().load_all()
    assert place.rows("SELECT count(*) FROM shop.tracks") == [(1,)]
