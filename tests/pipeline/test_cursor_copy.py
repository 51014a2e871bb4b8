import contextlib
import time

import pytest
from structlog.testing import capture_logs

from skywrite.kit.errors import Later
from skywrite.pipeline import cursor_copy, cursors
from skywrite.pipeline.cursor_copy import CursorCopy


class Refusing:
    """A store that takes nothing as long as it has a `fault`."""

    def __init__(self, store, fault):
        self.store, self.fault, self.tries = store, fault, 0

    @contextlib.contextmanager
    def write(self):
        self.tries += 1
        if self.fault:
            raise self.fault
        with self.store.write() as connection:
            yield connection


def written(store):
    with store.read() as connection:
        return cursors.cursor(connection, "warehouse")


def until(happened):
    end = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(cursor_copy, "_AGAIN_SECONDS", 0.01)


def test_the_latest_of_what_is_noted_is_there_at_the_end(sqlite_store):
    copy = CursorCopy(sqlite_store, "warehouse")
    with copy.keeping():
        for position in (1, 2, 9, 5):
            copy.note(position)
    assert written(sqlite_store) == 5


@pytest.mark.parametrize("fault", [Later("The store is locked."), ValueError("nobody thought of this one")])
def test_what_a_store_refused_is_written_when_it_can_be_without_being_told_again(sqlite_store, fault):
    store = Refusing(sqlite_store, fault)
    copy = CursorCopy(store, "warehouse")
    with copy.keeping():
        copy.note(7)
        until(lambda: store.tries > 2)
        assert written(sqlite_store) is None
        store.fault = None
        until(lambda: written(sqlite_store) == 7)
        tries = store.tries
        copy.note(7)
    assert store.tries == tries


def test_a_store_that_stays_away_is_a_warning_and_holds_up_no_end(sqlite_store):
    store = Refusing(sqlite_store, Later("The store is locked."))
    copy = CursorCopy(store, "warehouse")
    with capture_logs() as logs, copy.keeping():
        copy.note(7)
        until(lambda: store.tries)
    assert {(entry["log_level"], entry["reason"]) for entry in logs} == {("warning", "The store is locked.")}
    assert written(sqlite_store) is None


def test_it_can_be_written_at_once(sqlite_store):
    CursorCopy(sqlite_store, "warehouse").put(4)
    assert written(sqlite_store) == 4
