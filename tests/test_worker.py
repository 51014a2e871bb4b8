import contextlib
import threading
import time

import msgspec
import pytest
from structlog.testing import capture_logs

from skywrite.kit.bell import Bell
from skywrite.kit.errors import Later
from skywrite.kit.roles import read_roles
from skywrite.kit.stop import Stop
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline import cursors
from skywrite.pipeline.decisions import Decisions
from skywrite.pipeline.dedupe import Dedupe
from skywrite.warehouse.status import wait_until_loaded
from skywrite.worker import keep_role, roles_of
from tests.support.build import a_batch, a_new_record, an_event
from tests.support.held_store import HeldStore


@contextlib.contextmanager
def running(settings, store, name):
    """One role at work within the block, as the worker has it."""
    stop = Stop()
    follow = roles_of(settings, store)[name]
    thread = threading.Thread(target=keep_role, args=(settings, name, follow, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def held_store(sqlite_store):
    held = HeldStore(sqlite_store)
    yield held
    held.free.set()


@pytest.fixture
def log(settings):
    log = SqliteLog(settings.data / "log")
    yield log
    log.close()


def send(settings, log, name):
    position = log.append([a_new_record(a_batch(an_event(messageId=name)))])
    bell = Bell(settings.run / "bell")
    bell.ring()
    bell.close()
    return position


def until(happened):
    end = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def position_of(store, follower):
    with store.read() as connection:
        return cursors.cursor(connection, follower)


def test_dedupe_goes_on_while_the_store_is_held_and_its_copy_catches_up(settings, held_store, log):
    decisions = Decisions(settings.data / "dedupe")
    with contextlib.ExitStack() as stack:
        stack.callback(decisions.close)
        stack.enter_context(running(settings, held_store, "dedupe"))
        stack.callback(held_store.free.set)
        for name in ("a", "b"):
            position = send(settings, log, name)
            until(lambda position=position: decisions.decided() == position)
        assert position_of(held_store, "dedupe") is None
        held_store.free.set()
        until(lambda: position_of(held_store, "dedupe") is not None)
        assert read_roles(settings.run)["dedupe"].state == "ok"


def test_the_warehouse_goes_on_while_the_store_is_held_and_its_copy_catches_up_when_idle(settings, held_store, log):
    dedupe = Dedupe(log, settings.data / "dedupe")
    with contextlib.ExitStack() as stack:
        stack.callback(dedupe.close)
        stack.enter_context(running(settings, held_store, "warehouse"))
        stack.callback(held_store.free.set)
        for name in ("a", "b"):
            position = send(settings, log, name)
            dedupe.step()
            assert wait_until_loaded(settings.run, position, timeout=120).position == position
        assert position_of(held_store, "warehouse") is None
        held_store.free.set()
        until(lambda: position_of(held_store, "warehouse") == 2)


class Broken:
    """A store of which nothing can be read."""

    def __init__(self, error):
        self.error = error

    def read(self):
        raise self.error


@pytest.mark.parametrize(
    ("error", "level", "reason"),
    [
        (Later("The store is locked."), "warning", "The store is locked."),
        (ValueError("odd"), "error", "ValueError: odd"),
    ],
)
def test_a_traceback_is_for_what_nobody_expected(settings, error, level, reason):
    with capture_logs() as logs, running(settings, Broken(error), "observe"):
        until(lambda: logs)
        until(lambda: read_roles(settings.run)["observe"].reason == reason)
    [entry] = [entry for entry in logs if entry["event"] == "role failed, beginning again"][:1]
    assert (entry["log_level"], entry["reason"]) == (level, reason)
    assert bool(entry.get("exc_info")) == (level == "error")


def test_a_role_that_begins_again_leaves_no_thread_behind(settings, sqlite_store):
    settings.data.mkdir(parents=True, exist_ok=True)
    in_the_way = settings.data / "dedupe"
    in_the_way.touch()
    before = set(threading.enumerate())
    with running(settings, sqlite_store, "delivery"):
        until(lambda: read_roles(settings.run).get("delivery") and read_roles(settings.run)["delivery"].reason)
        [role] = set(threading.enumerate()) - before
        in_the_way.unlink()
        until((settings.data / "dedupe" / "decisions.db").exists)
    assert not role.is_alive()
    assert not set(threading.enumerate()) - before


def test_upkeep_says_for_whom_a_crowded_log_keeps_what_it_has(settings, sqlite_store):
    small = msgspec.structs.replace(settings, log_segment_bytes=1 << 16, log_max_bytes=1_600_000)
    log = SqliteLog(small.data / "log", segment_bytes=1 << 16)
    for _ in range(50):
        log.append([a_new_record(bytes(20_000))])
    with sqlite_store.write() as connection:
        for follower in ("dedupe", "observe", "warehouse"):
            cursors.start_cursor(connection, follower, log.head(), 1)
        cursors.start_cursor(connection, "contacts", 3, 1)
    with capture_logs() as logs, running(small, sqlite_store, "upkeep"):
        until(lambda: [role.state for role in read_roles(small.run).values()] == ["ok"])
    log.close()
    assert [(entry["log_level"], entry.get("follower")) for entry in logs] == [("warning", "contacts")]
