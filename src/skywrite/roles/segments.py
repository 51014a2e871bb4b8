"""The role that keeps smart segments true."""

import contextlib
import threading

from skywrite.contacts.segments.keeper import Keeper
from skywrite.kit.roles import Voice
from skywrite.settings import Settings
from skywrite.store.engine import Store
from skywrite.wiring import open_listener

_LOOK_SECONDS = 1.0  # for what no bell rings: time that passes
_GATHER_SECONDS = 0.05  # what comes right behind is evaluated together


def run_segments(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Evaluate whom news or the clock concern, until `stop`."""
    keeper = Keeper(store)
    with contextlib.closing(open_listener(settings, "segments")) as listener:
        while not stop.is_set():
            listener.clear()
            if keeper.step():
                stop.wait(_GATHER_SECONDS)
            else:
                listener.wait(_LOOK_SECONDS)
            voice.say("ok")
