"""The role that sends hears of a channel that changed, though the store was away meanwhile."""

import contextlib
import gc
import sys
import threading

import pytest

from skywrite.channels.email.settings.service import EmailChannel
from skywrite.kit.errors import Later
from skywrite.kit.stop import Stop
from skywrite.roles.send import run_send

SOON = 120.0


class AwayAtTimes:
    """A store that cannot be read while it is `away`; `missed` says that somebody tried."""

    def __init__(self, store):
        self._store = store
        self.away, self.missed = threading.Event(), threading.Event()

    def __getattr__(self, name):
        return getattr(self._store, name)

    @contextlib.contextmanager
    def read(self):
        if self.away.is_set():
            self.missed.set()
            raise Later("The store is away.")
        with self._store.read() as connection:
            yield connection


class Heard:
    """What the role says of itself."""

    def __init__(self):
        self.well = threading.Semaphore(0)

    def say(self, state, _reason=""):
        if state == "ok":
            self.well.release()


@pytest.fixture
def own_process():
    """What the role sets for its whole process is put back."""
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


def set_up(store, port):
    EmailChannel(store).change(
        {"from_address": "ada@example.com"},
        provider_slug="smtp",
        provider_settings={"mode": "direct", "routes": [f"*=127.0.0.1:{port}"]},
    )


@pytest.mark.usefixtures("own_process")
def test_a_look_that_fails_is_made_again(settings, sqlite_store):
    set_up(sqlite_store, 1025)
    store, voice, stop = AwayAtTimes(sqlite_store), Heard(), Stop()
    role = threading.Thread(target=run_send, args=(settings, store, stop, voice))
    role.start()
    try:
        assert voice.well.acquire(timeout=SOON)  # it has begun,
        assert voice.well.acquire(timeout=SOON)  # and had its first turn
        store.away.set()
        with sqlite_store.write() as connection:  # something to look at
            sqlite_store.announce(connection, "sources")
        assert store.missed.wait(SOON)
        store.away.clear()
        set_up(sqlite_store, 1026)
        role.join(SOON)
        assert not role.is_alive()  # it ends, to begin again with what is set up now
    finally:
        stop.set()
        role.join(SOON)
