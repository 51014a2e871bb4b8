"""The contract of a log, held by the SQLite log; and what is its own: segments, the cap, other processes."""

import contextlib
import multiprocessing
import os
import signal
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skywrite.kit.errors import Later
from skywrite.log.sqlite import SqliteLog
from tests.support.build import A_MOMENT, a_batch, a_new_record, an_event

EVERYTHING = 1 << 40


@pytest.fixture
def log(tmp_path):
    log = SqliteLog(tmp_path / "log", segment_bytes=1 << 20)
    yield log
    log.close()


def bodies(records):
    return [record.body for record in records]


class TestAppendAndRead:
    def test_an_empty_log_has_nothing(self, log):
        assert (log.read(0, EVERYTHING), log.head(), log.status().oldest) == ([], 0, 0)

    def test_records_come_back_whole_and_in_order(self, log):
        new = [a_new_record(a_batch(an_event(messageId=f"m{n}")), at=A_MOMENT + n) for n in range(5)]
        assert log.append(new[:2]) == 1
        assert log.append(new[2:]) == 3
        records = log.read(0, EVERYTHING)
        assert [record.position for record in records] == [1, 2, 3, 4, 5]
        assert bodies(records) == [record.body for record in new]
        assert [record.ids for record in records] == [record.ids for record in new]
        assert log.head() == 5

    def test_reading_begins_after_a_position_and_ends_where_asked(self, log):
        log.append([a_new_record() for _ in range(5)])
        assert [record.position for record in log.read(2, EVERYTHING, upto=4)] == [3, 4]

    def test_a_read_gives_at_least_one_record_however_large(self, log):
        log.append([a_new_record(), a_new_record()])
        assert len(log.read(0, 1)) == 1

    def test_ids_come_without_bodies(self, log):
        log.append([a_new_record(a_batch(an_event(messageId="a"), an_event(messageId=None))), a_new_record()])
        found = log.ids(0, 1000)
        assert [len(record.ids) for record in found] == [32, 16]
        assert found[0].ids[16:] == bytes(16)

    def test_recent_is_of_one_source_and_oldest_first(self, log):
        log.append([a_new_record(source_id=f"src_{n % 2}", at=A_MOMENT + n) for n in range(10)])
        assert [record.position for record in log.recent("src_1", 3)] == [6, 8, 10]

    @settings(max_examples=20, deadline=None)
    @given(
        st.lists(st.integers(min_value=0, max_value=400_000), max_size=12), st.integers(min_value=1, max_value=10**6)
    )
    def test_any_sizes_read_back_the_same_over_segments(self, tmp_path_factory, sizes, step):
        log = SqliteLog(tmp_path_factory.mktemp("log"), segment_bytes=1 << 18)
        new = [a_new_record(os.urandom(size)) for size in sizes]
        for record in new:
            log.append([record])
        found = []
        while records := log.read(found[-1].position if found else 0, step):
            found += records
        assert bodies(found) == [record.body for record in new]
        log.close()


class TestSegments:
    def fill(self, log, count=30):
        for _ in range(count):
            log.append([a_new_record(os.urandom(200_000))])

    def test_a_full_segment_is_followed_by_the_next(self, log, tmp_path):
        self.fill(log)
        assert len(list((tmp_path / "log").glob("*.segment"))) > 2
        assert [record.position for record in log.read(0, EVERYTHING)] == list(range(1, 31))

    def test_positions_go_on_after_a_restart(self, log, tmp_path):
        self.fill(log, 8)
        log.close()
        again = SqliteLog(tmp_path / "log", segment_bytes=1 << 20)
        assert again.append([a_new_record()]) == 9
        again.close()

    def test_trim_drops_only_what_all_have_read(self, log):
        self.fill(log)
        assert log.trim(read_by_all=12, keep_after=A_MOMENT + 1) > 0
        positions = [record.position for record in log.read(0, EVERYTHING)]
        assert positions == list(range(positions[0], 31))
        assert 1 < positions[0] <= 13
        assert log.status().oldest == positions[0]

    def test_trim_keeps_what_is_young(self, log):
        self.fill(log)
        assert log.trim(read_by_all=30, keep_after=A_MOMENT) == 0

    def test_trim_keeps_the_segment_that_is_written_to(self, log):
        self.fill(log)
        log.trim(read_by_all=30, keep_after=A_MOMENT + 1)
        assert log.append([a_new_record()]) == 31

    def test_lone_events_fill_a_segment_with_events_and_not_with_what_each_commit_costs(self, tmp_path):
        log = SqliteLog(tmp_path / "log", segment_bytes=1 << 18)
        reader = SqliteLog(tmp_path / "log")
        for n in range(500):
            log.append([a_new_record(os.urandom(300))])
            if n % 50 == 0:
                reader.read(n, 1 << 20)
        assert [record.position for record in reader.read(0, EVERYTHING)] == list(range(1, 501))
        reader.close()
        log.close()
        assert len(list((tmp_path / "log").glob("*.segment"))) <= 2

    def test_a_segment_that_cannot_be_read_is_waited_for_and_never_skipped(self, log, tmp_path):
        self.fill(log)
        log.close()
        first = min((tmp_path / "log").glob("*.segment"))
        whole = first.read_bytes()
        first.unlink()
        first.mkdir()  # a thing that is there and cannot be opened
        again = SqliteLog(tmp_path / "log")
        for follow in (again.read, again.ids):
            with pytest.raises(Later, match="cannot be read"):
                follow(0, EVERYTHING)
        first.rmdir()
        first.write_bytes(whole)
        assert [record.position for record in again.read(0, EVERYTHING)] == list(range(1, 31))
        again.close()


def append_large(log, count):
    for _ in range(count):
        log.append([a_new_record(os.urandom(100_000))])


class TestAfterALoss:
    def test_an_empty_log_goes_on_where_its_followers_are(self, log):
        assert log.skip_to(100)
        assert log.append([a_new_record()]) == 100
        assert [record.position for record in log.read(99, EVERYTHING)] == [100]

    def test_an_old_copy_goes_on_there_too_and_keeps_what_it_has(self, log):
        log.append([a_new_record(), a_new_record()])
        assert log.skip_to(50)
        assert log.append([a_new_record()]) == 50
        assert [record.position for record in log.read(0, EVERYTHING)] == [1, 2, 50]

    @pytest.mark.parametrize("before", [0, 2], ids=["empty", "an old copy"])
    def test_starting_again_and_again_changes_nothing(self, log, tmp_path, before):
        if before:
            log.append([a_new_record() for _ in range(before)])
        assert log.skip_to(100)
        for _ in range(3):
            other = SqliteLog(tmp_path / "log")
            assert not other.skip_to(100)
            other.close()
        assert log.skip_to(200)
        assert log.append([a_new_record()]) == 200
        assert not log.skip_to(200)

    def test_a_segment_that_was_sealed_at_its_own_beginning_is_written_to(self, log, tmp_path):
        log.append([a_new_record()])
        log.skip_to(100)
        [path] = tmp_path.glob("log/*100.segment")
        with contextlib.closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("insert into sealed values (100)")
        assert log.append([a_new_record()]) == 100

    def test_a_log_that_is_ahead_stays_as_it_is(self, log):
        log.append([a_new_record(), a_new_record()])
        assert not log.skip_to(3)
        assert log.append([a_new_record()]) == 3


class TestTheCap:
    def test_a_full_log_refuses_and_takes_again_when_there_is_room(self, tmp_path):
        log = SqliteLog(tmp_path / "log", segment_bytes=1 << 19, max_bytes=4 << 20)
        with pytest.raises(Later, match="cap"):
            append_large(log, 100)
        kept = log.head()
        assert len(log.read(0, EVERYTHING)) == kept
        assert log.status().bytes < 6 << 20
        log.trim(read_by_all=kept, keep_after=A_MOMENT + 1)
        assert log.append([a_new_record()]) == kept + 1
        log.close()


def append_many(folder, name, count):
    log = SqliteLog(folder, segment_bytes=1 << 18)
    for n in range(count):
        log.append([a_new_record(f"{name}:{n}".encode() + bytes(3_000))])
    log.close()


def append_for_ever(folder, pipe):
    log = SqliteLog(folder, segment_bytes=1 << 18)
    while True:
        body = os.urandom(2_000)
        log.append([a_new_record(body)])
        pipe.send_bytes(body)


class TestOtherProcesses:
    context = multiprocessing.get_context("spawn")

    def test_two_writers_share_one_order_and_lose_nothing(self, tmp_path):
        writers = [self.context.Process(target=append_many, args=(tmp_path / "log", name, 300)) for name in "ab"]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
            assert writer.exitcode == 0
        records = SqliteLog(tmp_path / "log").read(0, EVERYTHING)
        assert [record.position for record in records] == list(range(1, 601))
        words = [record.body.rstrip(b"\0").decode() for record in records]
        for name in "ab":
            assert [word for word in words if word[0] == name] == [f"{name}:{n}" for n in range(300)]

    def test_what_was_acknowledged_survives_kill_9(self, tmp_path):
        acknowledged = []
        for _ in range(3):
            ours, theirs = self.context.Pipe(duplex=False)
            writer = self.context.Process(target=append_for_ever, args=(tmp_path / "log", theirs))
            writer.start()
            theirs.close()
            acknowledged += [ours.recv_bytes() for _ in range(120)]
            os.kill(writer.pid, signal.SIGKILL)
            writer.join()
            while ours.poll():
                try:
                    acknowledged.append(ours.recv_bytes())
                except EOFError:
                    break
        kept = bodies(SqliteLog(tmp_path / "log").read(0, EVERYTHING))
        assert [body for body in kept if body in set(acknowledged)] == acknowledged
