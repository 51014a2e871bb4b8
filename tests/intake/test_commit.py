import asyncio

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
