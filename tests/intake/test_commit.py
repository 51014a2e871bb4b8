import asyncio
from queue import SimpleQueue

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
            return await asyncio.wait_for(last, 30)
        finally:
            commit.close()
            bell.close()
            log.close()

    assert asyncio.run(all_answered()) is None


class Loop:
    """A loop whose time stands still until it is moved."""

    def __init__(self):
        self.now = 100.0
        self.timers = []
        self.told = SimpleQueue()

    def time(self):
        return self.now

    def call_later(self, delay, call):
        self.timers.append((self.now + delay, call))

    def call_soon_threadsafe(self, *call):
        self.told.put(call)

    def move(self, seconds):
        """Let time pass, and whatever becomes due begin."""
        self.now += seconds
        timers, self.timers = self.timers, []
        for due, call in timers:
            if due <= self.now:
                call()
            else:
                self.timers.append((due, call))

    def finish(self):
        """Wait for the commit under way."""
        call, *arguments = self.told.get(timeout=30)
        call(*arguments)


def test_what_comes_one_by_one_shares_a_commit_and_the_first_after_a_rest_does_not_wait(tmp_path):
    log, bell, loop = SqliteLog(tmp_path / "log"), Bell(tmp_path / "bell"), Loop()
    commit = GroupCommit(log, bell, loop, apart=0.003)
    done = []

    def submit(name):
        commit.submit(RECORD, lambda _: done.append(name))
        loop.move(0)

    try:
        submit("first")
        loop.finish()
        assert done == ["first"]
        submit("second")
        loop.move(0.002)
        submit("third")
        assert log.head() == 1
        loop.move(0.002)
        submit("fourth")  # while a commit runs: it is for the next, which is not due
        loop.finish()
        assert (done, log.head()) == (["first", "second", "third"], 3)
        loop.move(0.003)
        loop.finish()
        assert (done[3:], log.head()) == (["fourth"], 4)
        loop.move(10)
        submit("after a rest")
        loop.finish()
        assert done[4:] == ["after a rest"]
    finally:
        commit.close()
        bell.close()
        log.close()


def test_a_newcomer_that_breaks_costs_the_others_nothing():
    class Keys:
        def refresh(self):
            return True

    async def all_answered():
        newcomers = Newcomers(Keys())
        last = asyncio.get_running_loop().create_future()
        newcomers.wait(broken)
        newcomers.wait(last.set_result)
        return await asyncio.wait_for(last, 30)

    assert asyncio.run(all_answered()) is None
