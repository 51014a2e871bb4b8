import random
import sqlite3

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skywrite.kit.time import now_micros
from skywrite.log.base import NewRecord
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline import seen
from skywrite.pipeline.decisions import Decisions
from skywrite.pipeline.dedupe import Dedupe
from tests.support.build import A_MOMENT, a_batch, a_new_record, an_event

HOUR = 3600 * 1_000_000


class Pipe:
    """A log with dedupe behind it."""

    def __init__(self, folder):
        self.folder = folder
        self.log = SqliteLog(folder / "log")
        self.dedupe = Dedupe(self.log, folder / "dedupe")

    def send(self, *message_ids, at=A_MOMENT):
        self.log.append([a_new_record(a_batch(*[an_event(messageId=name) for name in message_ids]), at=at)])

    def duplicates(self):
        while self.dedupe.step():
            pass
        decisions = Decisions(self.folder / "dedupe")
        assert decisions.decided() == self.log.head()
        found = decisions.duplicates(0, self.log.head())
        decisions.close()
        return found

    def restart(self, *, cleanly):
        if cleanly:
            self.dedupe.flush()
        self.dedupe.close()
        self.dedupe = Dedupe(self.log, self.folder / "dedupe")


@pytest.fixture
def pipe(tmp_path):
    return Pipe(tmp_path)


def test_the_first_of_an_id_stays_and_later_ones_are_duplicates(pipe):
    pipe.send("a", "b", "a")
    pipe.send("c", "b")
    assert pipe.duplicates() == {1: (2,), 2: (1,)}


def test_it_says_whether_more_may_wait_than_one_step_takes(pipe):
    ids = [random.randbytes(16 * 2500) for _ in range(81)]
    pipe.log.append([NewRecord(A_MOMENT, "src_1", "batch", "", some, b"{}") for some in ids])
    assert [(pipe.dedupe.step(), pipe.dedupe.is_behind) for _ in range(2)] == [(80, True), (1, False)]


def test_events_without_an_id_are_never_duplicates(pipe):
    pipe.send(None, None)
    pipe.send(None)
    assert pipe.duplicates() == {}


@pytest.mark.parametrize("cleanly", [True, False])
def test_ids_are_remembered_over_a_restart(pipe, cleanly):
    pipe.send("a", "b")
    assert pipe.duplicates() == {}
    pipe.restart(cleanly=cleanly)
    pipe.send("b", "c")
    assert pipe.duplicates() == {2: (0,)}


def test_a_decision_that_could_not_be_written_down_is_made_again_and_the_same(pipe):
    pipe.send("a", "b")
    lock = sqlite3.connect(pipe.folder / "dedupe" / "decisions.db", isolation_level=None)
    pipe.dedupe._connection.execute("pragma busy_timeout = 1")
    lock.execute("begin immediate")
    with pytest.raises(sqlite3.OperationalError):
        pipe.dedupe.step()
    lock.execute("rollback")
    lock.close()
    assert pipe.duplicates() == {}
    pipe.dedupe.flush()
    pipe.restart(cleanly=True)
    assert pipe.duplicates() == {}


def test_the_ids_of_a_lost_file_are_learned_from_the_log_again(pipe):
    pipe.send("a")
    pipe.duplicates()
    pipe.dedupe.flush()
    for path in (pipe.folder / "dedupe").glob("*.ids"):
        path.unlink()
    pipe.restart(cleanly=False)
    pipe.send("a", "b")
    assert pipe.duplicates() == {2: (0,)}


def test_a_clock_that_jumps_ahead_for_a_while_does_not_empty_the_window(pipe):
    pipe.send("a", at=now_micros())
    pipe.duplicates()
    pipe.dedupe.flush()
    pipe.send("b", at=now_micros() + 48 * HOUR)
    pipe.duplicates()
    pipe.dedupe.flush()
    pipe.send("a", at=now_micros())
    assert pipe.duplicates() == {3: (0,)}


def test_the_window_is_at_least_a_day(pipe):
    pipe.send("a")
    pipe.duplicates()
    pipe.dedupe.flush()
    pipe.send("a", at=A_MOMENT + 23 * HOUR)
    assert pipe.duplicates() == {2: (0,)}


def test_what_is_older_than_the_window_is_forgotten(pipe):
    pipe.send("a")
    pipe.duplicates()
    pipe.dedupe.flush()
    for hours in (20, 40):
        pipe.send(f"b{hours}", at=A_MOMENT + hours * HOUR)
        pipe.duplicates()
        pipe.dedupe.flush()
    pipe.send("a", at=A_MOMENT + 41 * HOUR)
    assert pipe.duplicates() == {}


def test_files_of_dropped_and_merged_runs_are_deleted(pipe):
    for number in range(9):
        pipe.send(f"m{number}", at=A_MOMENT + number * 6 * HOUR)
        pipe.duplicates()
        pipe.dedupe.flush()
    assert len(list((pipe.folder / "dedupe").glob("*.ids"))) < 5


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=5), max_size=12), st.randoms())
def test_it_agrees_with_a_set_however_often_it_is_restarted(tmp_path_factory, batches, chance: random.Random):
    pipe = Pipe(tmp_path_factory.mktemp("pipe"))
    known, expected = set(), {}
    for position, batch in enumerate(batches, 1):
        pipe.send(*batch)
        for item, name in enumerate(batch):
            if name in known:
                expected.setdefault(position, []).append(item)
            known.add(name)
        match chance.choice(["step", "flush", "clean", "crash", "wait"]):
            case "step":
                pipe.dedupe.step()
            case "flush":
                pipe.dedupe.step()
                pipe.dedupe.flush()
            case "clean":
                pipe.restart(cleanly=True)
            case "crash":
                pipe.restart(cleanly=False)
    assert pipe.duplicates() == {position: tuple(items) for position, items in expected.items()}


words = st.lists(st.integers(min_value=0, max_value=3), max_size=20)


@given(words, words, words, words)
def test_a_run_holds_what_was_put_in_even_when_high_words_meet(high, low, asked_high, asked_low):
    ids = list(zip(high, low, strict=False))
    asked = list(zip(asked_high, asked_low, strict=False))
    columns = np.array(ids, dtype=np.uint64).reshape(-1, 2)
    run = seen.sorted_run(columns[:, 0], columns[:, 1], 0, 0, 0)
    query = np.array(asked, dtype=np.uint64).reshape(-1, 2)
    assert seen.holds(run, query[:, 0], query[:, 1]).tolist() == [one in ids for one in asked]
    assert seen.repeats(columns[:, 0], columns[:, 1]).tolist() == [one in ids[:n] for n, one in enumerate(ids)]
