import pytest
from sqlalchemy import select

from skywrite.intake.accept import accept
from skywrite.kit.bell import Listener
from skywrite.kit.time import now_micros
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline import cursors, queries
from skywrite.pipeline.decisions import Decisions
from skywrite.pipeline.dedupe import Dedupe
from skywrite.pipeline.feed import Feed
from skywrite.pipeline.observe import MAX_EVENTS, MAX_PROPERTIES, paths_of
from skywrite.pipeline.upkeep import forget, trim
from skywrite.pipeline.watch import Watch
from skywrite.settings import Settings
from skywrite.store.tables import rejections, schema_events, schema_properties, source_minutes
from tests.support.build import A_MOMENT, a_batch, a_new_record, an_event

DAY = 24 * 3600 * 1_000_000
MINUTE = A_MOMENT // 60_000_000


class Pipe:
    def __init__(self, store, folder):
        self.store = store
        self.log = SqliteLog(folder / "log", segment_bytes=1 << 16)
        self.dedupe = Dedupe(self.log, folder / "dedupe")
        self.feed = Feed(SqliteLog(folder / "log"), Decisions(folder / "dedupe"), Listener(folder / "bell", "test"))

    def send(self, *events, source_id="src_1", at=A_MOMENT):
        import json

        self.log.append(accept(None, source_id, json.dumps(a_batch(*events)).encode(), "", at).records)

    def watch(self):
        while self.dedupe.step():
            pass
        watch = Watch(self.feed, self.store)
        while watch.step():
            pass

    def rows(self, table):
        with self.store.read() as connection:
            return [row._asdict() for row in connection.execute(select(table).order_by(*table.primary_key))]


@pytest.fixture
def pipe(store, tmp_path):
    pipe = Pipe(store, tmp_path)
    yield pipe
    pipe.feed.listener.close()


def test_events_are_counted_by_minute_whatever_became_of_them(pipe):
    pipe.send(an_event(messageId="a"), an_event(messageId="b"), an_event(messageId="a"), an_event(event=5))
    pipe.send(an_event(messageId="c"), at=A_MOMENT + 60_000_000)
    pipe.watch()
    counts = [(row["minute"], row["accepted"], row["rejected"], row["duplicates"]) for row in pipe.rows(source_minutes)]
    assert counts == [(MINUTE, 2, 1, 1), (MINUTE + 1, 1, 0, 0)]


def test_it_says_whether_more_may_wait_than_one_step_takes(pipe):
    for number in range(40):
        pipe.send(*[an_event(messageId=f"{number}-{item}", filler="x" * 30_000) for item in range(16)])
    while pipe.dedupe.step():
        pass
    watch = Watch(pipe.feed, pipe.store)
    behind = [watch.is_behind for _ in range(9) if watch.step()]
    assert (behind[0], behind[-1]) == (True, False)


def test_counting_goes_on_where_it_stopped(pipe):
    for name in "abc":
        pipe.send(an_event(messageId=name))
        pipe.watch()
    assert [row["accepted"] for row in pipe.rows(source_minutes)] == [3]
    [seen] = pipe.rows(schema_events)
    assert (seen["type"], seen["event"], seen["count"]) == ("track", "Order Completed", 3)


def test_properties_have_their_types_and_times(pipe):
    pipe.send(an_event(messageId="a", properties={"n": 1, "at": "2026-01-01", "who": {"name": "x"}}))
    pipe.send(an_event(messageId="b", properties={"n": 1.5, "items": [{"sku": "s"}]}), at=A_MOMENT + 5)
    pipe.watch()
    found = {row["path"]: (row["types"], row["count"]) for row in pipe.rows(schema_properties)}
    assert found == {
        "n": (["float", "integer"], 2),
        "at": (["timestamp"], 1),
        "who.name": (["text"], 1),
        "items": (["array"], 1),
        "items.$.sku": (["text"], 1),
    }
    [n] = [row for row in pipe.rows(schema_properties) if row["path"] == "n"]
    assert (n["first_seen"], n["last_seen"]) == (A_MOMENT, A_MOMENT + 5)


def test_traits_are_an_identify_s_properties(pipe):
    pipe.send({"type": "identify", "userId": "u", "traits": {"plan": "pro"}})
    pipe.watch()
    assert [(row["type"], row["event"], row["path"]) for row in pipe.rows(schema_properties)] == [
        ("identify", "", "plan")
    ]


def test_refused_events_are_kept_with_reason_and_body(pipe):
    pipe.send(an_event(event=5, userId="u\0"))
    pipe.watch()
    [kept] = pipe.rows(rejections)
    assert (kept["code"], kept["item"], kept["received_at"]) == ("event_not_string", 0, A_MOMENT)
    assert '"Order Completed"' not in kept["body"]
    assert "userId" in kept["body"]


def test_a_flood_of_names_is_bounded_and_everything_is_still_counted(pipe):
    for begin in range(0, MAX_EVENTS + 200, 1000):
        pipe.send(*[an_event(event=f"e{n}", messageId=f"m{n}", properties=None) for n in range(begin, begin + 1000)])
    pipe.send(an_event(properties={f"p{n}": n for n in range(MAX_PROPERTIES + 50)}, messageId="p"), source_id="src_2")
    pipe.watch()
    assert len([row for row in pipe.rows(schema_events) if row["source_id"] == "src_1"]) == MAX_EVENTS
    assert len(pipe.rows(schema_properties)) == MAX_PROPERTIES
    assert sum(row["accepted"] for row in pipe.rows(source_minutes)) == 5001
    pipe.send(an_event(event="one more", messageId="x"))
    pipe.watch()
    assert len([row for row in pipe.rows(schema_events) if row["source_id"] == "src_1"]) == MAX_EVENTS


def test_what_every_follower_has_read_is_dropped_when_it_is_old(pipe, tmp_path):
    for n in range(40):
        pipe.log.append([a_new_record(bytes(9_000), at=A_MOMENT + n)])
    settings = Settings(data=tmp_path, log_max_hours=0)
    with pipe.store.write() as connection:
        for follower in ("dedupe", "observe", "warehouse"):
            cursors.start_cursor(connection, follower, 40, 1)
    with pipe.store.write() as connection:
        cursors.start_cursor(connection, "warehouse", 3, 2)
    assert trim(pipe.log, pipe.store, settings).freed == 0 or pipe.log.status().oldest <= 4
    with pipe.store.write() as connection:
        cursors.start_cursor(connection, "warehouse", 40, 3)
    assert trim(pipe.log, pipe.store, settings).freed > 0
    assert pipe.log.read(0, 1 << 30)


@pytest.mark.parametrize("bound", ["number", "size"])
def test_of_refused_events_only_the_newest_are_kept(pipe, bound):
    pipe.send(*[an_event(event=5, userId=f"u{n}") for n in range(5)])
    pipe.send(an_event(event=5), source_id="src_2")
    pipe.watch()
    each = len(pipe.rows(rejections)[0]["body"])
    with pipe.store.write() as connection:
        queries.forget_many(connection, *((2, 1 << 40) if bound == "number" else (100, 2 * each)))
    kept = pipe.rows(rejections)
    assert [(row["source_id"], row["item"]) for row in kept] == [("src_1", 3), ("src_1", 4), ("src_2", 0)]


def test_a_record_that_cannot_be_looked_at_holds_up_nobody(pipe):
    pipe.log.append([a_new_record(b"no json")])
    pipe.send(an_event())
    pipe.watch()
    assert [row["count"] for row in pipe.rows(schema_events)] == [1]


def test_counts_and_refused_events_of_long_ago_are_forgotten(pipe):
    pipe.send(an_event(), an_event(event=5), at=now_micros() - 40 * DAY)
    pipe.send(an_event(messageId="b"), an_event(event=5), at=now_micros())
    pipe.watch()
    forget(pipe.store)
    assert len(pipe.rows(source_minutes)) == len(pipe.rows(rejections)) == 1


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({}, []),
        ({"a": None}, [("a", "null")]),
        ({"a": []}, [("a", "array")]),
        ({"a": {}}, []),
        ({"a": [1, "x"]}, [("a", "array"), ("a.$", "integer"), ("a.$", "text")]),
        ({"a": True, "b": "10:20"}, [("a", "boolean"), ("b", "text")]),
        ({"": 1}, []),
    ],
)
def test_the_paths_of_an_object(value, paths):
    assert list(paths_of(value)) == paths
