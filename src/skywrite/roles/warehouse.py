"""The role that loads the warehouse: Arrow and DuckDB live in its process alone."""

import threading

from skywrite.kit.roles import Voice
from skywrite.pipeline.cursor_copy import CursorCopy
from skywrite.settings import Settings
from skywrite.store.engine import Store
from skywrite.warehouse.status import read_status
from skywrite.wiring import open_feed, open_loader

_PULSE_SECONDS = 1.0


def run_warehouse(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Load what comes into the warehouse."""
    copy = CursorCopy(store, "warehouse")
    with open_feed(settings, "warehouse") as feed, copy.keeping():
        loader = open_loader(settings, store, feed, copy)
        ended = threading.Event()
        pulse = threading.Thread(target=_say_its_state, args=(settings, ended, voice))
        pulse.start()
        try:
            loader.run(stop)
        finally:
            ended.set()
            pulse.join()


def _say_its_state(settings: Settings, ended: threading.Event, voice: Voice) -> None:
    while not ended.wait(_PULSE_SECONDS):
        status = read_status(settings.run)
        voice.say(*(("failing", status.reason) if status.state == "failing" else ("ok", "")))
