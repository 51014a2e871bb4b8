"""Batches that are read ahead are those that would have been read in their turn."""

import threading

import pytest

from skywrite.contacts.ahead import Ahead


@pytest.fixture
def reading():
    """What reads ahead, and the positions behind which it was asked to read."""
    asked = []

    def read(after):
        asked.append(after)
        if after < 0:
            raise ValueError(after)
        return after + 10

    ahead = Ahead(read)
    yield ahead, asked
    ahead.close()


def test_what_was_begun_is_read_once(reading) -> None:
    ahead, asked = reading
    ahead.begin(5)
    assert (ahead.take(5), asked) == (15, [5])
    assert (ahead.take(5), asked) == (15, [5, 5])


def test_what_was_begun_for_another_place_is_left(reading) -> None:
    ahead, asked = reading
    ahead.begin(5)
    assert ahead.take(0) == 10
    assert asked == [5, 0]


def test_it_begins_one_batch_at_a_time(reading) -> None:
    ahead, asked = reading
    ahead.begin(5)
    ahead.begin(15)
    assert (ahead.take(15), asked) == (25, [5, 15])


def test_what_went_wrong_is_told_to_who_asks_for_it_and_to_nobody_else(reading) -> None:
    ahead, _ = reading
    ahead.begin(-1)
    assert ahead.take(5) == 15
    ahead.begin(-1)
    with pytest.raises(ValueError, match="-1"):
        ahead.take(-1)
    assert ahead.take(5) == 15


def test_nobody_else_reads_while_it_does() -> None:
    within, go, most = threading.Semaphore(1), threading.Event(), []

    def read(after):
        most.append(within.acquire(blocking=False))
        if after == 1:
            go.wait(10)
        within.release()
        return after

    ahead = Ahead(read)
    ahead.begin(1)
    threading.Timer(0.05, go.set).start()
    assert ahead.take(2) == 2
    assert most == [True, True]
    ahead.close()
