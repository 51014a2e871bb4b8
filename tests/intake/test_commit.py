import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue

import pytest

from skywrite.intake.commit import GroupCommit
from skywrite.intake.newcomers import Newcomers
from skywrite.kit.bell import Bell
from skywrite.log.base import NewRecord
from skywrite.log.sqlite import SqliteLog

RECORD = [NewRecord(1, "src_1", "track", "", bytes(16), b"{}")]


def broken(_):
    raise RuntimeError("this answer breaks")


def test_an_answer_that_breaks_costs_the_others_of_its_commit_nothing(tmp_path):
    async def all_answered():
        log, bell = SqliteLog(tmp_path / "log"), Bell(tmp_path / "bell")
        commit = GroupCommit(log, bell, asyncio.get_running_loop())
        last = asyncio.get_running_loop().create_future()
        commit.submit(RECORD, broken)
        commit.submit(RECORD, last.set_result)
        try:
            return await asyncio.wait_for(last, 120)
        finally:
            commit.close()
            bell.close()
            log.close()

    assert asyncio.run(all_answered()) is None


@dataclass
class Timer:
    """A call that is to come."""

    due: float
    call: Callable[[], None]
    is_cancelled: bool = False

    def cancel(self):
        self.is_cancelled = True


class Loop:
    """A loop whose time stands still until it is moved."""

    def __init__(self):
        self.now = 100.0
        self.timers = []
        self.told = SimpleQueue()

    def time(self):
        return self.now

    def call_later(self, delay, call):
        timer = Timer(self.now + delay, call)
        self.timers.append(timer)
        return timer

    def call_soon(self, call):
        return self.call_later(0, call)

    def call_soon_threadsafe(self, *call):
        self.told.put(call)

    def move(self, seconds):
        """Let time pass, and whatever becomes due begin."""
        self.now += seconds
        timers, self.timers = self.timers, []
        for timer in timers:
            if timer.is_cancelled:
                continue
            if timer.due <= self.now:
                timer.call()
            else:
                self.timers.append(timer)

    def finish(self):
        """Wait for the commit under way."""
        call, *arguments = self.told.get(timeout=120)
        call(*arguments)


class Paced:
    """A commit that rests 3 ms between two; `done` names what is durable, in order."""

    def __init__(self, folder):
        self.log, self.loop, self.done = SqliteLog(folder / "log"), Loop(), []
        self._bell = Bell(folder / "bell")
        self._commit = GroupCommit(self.log, self._bell, self.loop, apart=0.003)

    def submit(self, *names):
        for name in names:
            self._commit.submit(RECORD, lambda _, name=name: self.done.append(name))
        self.loop.move(0)

    def close(self):
        self._commit.close()
        self._bell.close()
        self.log.close()


@pytest.fixture
def paced(tmp_path):
    made = Paced(tmp_path)
    yield made
    made.close()


def test_what_comes_one_by_one_shares_a_commit_and_the_first_after_a_rest_does_not_wait(paced):
    paced.submit("first")
    paced.loop.finish()
    assert paced.done == ["first"]
    paced.submit("second")
    paced.loop.move(0.002)
    paced.submit("third")
    assert paced.log.head() == 1
    paced.loop.move(0.002)
    paced.submit("fourth")  # while a commit runs: it is for the next, which is not due
    paced.loop.finish()
    assert (paced.done, paced.log.head()) == (["first", "second", "third"], 3)
    paced.loop.move(0.003)
    paced.loop.finish()
    assert (paced.done[3:], paced.log.head()) == (["fourth"], 4)
    paced.loop.move(10)
    paced.submit("after a rest")
    paced.loop.finish()
    assert paced.done[4:] == ["after a rest"]


def test_many_do_not_wait_for_each_other(paced):
    paced.submit("first")
    paced.loop.finish()
    paced.submit(*range(16))
    paced.loop.finish()
    assert paced.done[1:] == [*range(16)]
    paced.submit(*range(16))
    paced.submit(*range(16, 32))  # while a commit runs
    paced.loop.finish()
    paced.loop.finish()
    assert (paced.done[17:], paced.log.head()) == ([*range(32)], 49)


def test_a_newcomer_that_breaks_costs_the_others_nothing():
    class Keys:
        def refresh(self):
            return True

    async def all_answered():
        newcomers = Newcomers(Keys())
        last = asyncio.get_running_loop().create_future()
        newcomers.wait(broken)
        newcomers.wait(last.set_result)
        return await asyncio.wait_for(last, 120)

    assert asyncio.run(all_answered()) is None
