import pytest

from skywrite.kit.bell import Listener
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline.decisions import Decisions
from skywrite.pipeline.dedupe import Dedupe
from skywrite.pipeline.feed import Feed
from tests.support.build import a_batch, a_new_record, an_event


@pytest.fixture
def pipe(tmp_path):
    log, listener = SqliteLog(tmp_path / "log"), Listener(tmp_path / "bell", "test")
    dedupe, decisions = Dedupe(log, tmp_path / "dedupe"), Decisions(tmp_path / "dedupe")
    yield log, dedupe, Feed(log, decisions, listener)
    for part in (decisions, dedupe, listener, log):
        part.close()


def test_a_record_comes_when_it_is_decided_with_a_set_of_its_duplicates(pipe):
    log, dedupe, feed = pipe
    for names in ("aba", "cd", "dxa"):
        log.append([a_new_record(a_batch(*[an_event(messageId=name) for name in names]))])
    assert feed.read(0, 1 << 20) == []
    dedupe.step()
    found = [(record.position, duplicates) for record, duplicates in feed.read(0, 1 << 20)]
    assert found == [(1, frozenset({2})), (2, frozenset()), (3, frozenset({0, 2}))]
    assert [record.position for record, _ in feed.read(2, 1 << 20)] == [3]
