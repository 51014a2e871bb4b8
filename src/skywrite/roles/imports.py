"""The role that carries out imports of contacts."""

import contextlib
import threading

from skywrite.contacts.imports import Imports
from skywrite.kit.roles import Voice
from skywrite.kit.time import now_micros
from skywrite.settings import Settings
from skywrite.store.engine import Store
from skywrite.wiring import open_listener

_FORGET_MICROS = 3600 * 1_000_000


def run_imports(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Work on each import that waits, oldest first."""
    imports = Imports(store, settings.data / "imports")
    news, forgot = store.news(), 0
    with contextlib.closing(open_listener(settings, "imports")) as listener:
        while not stop.is_set():
            listener.clear()
            voice.say("ok")
            if now_micros() - forgot > _FORGET_MICROS:
                forgot = now_micros()
                imports.forget()
            if news.any():
                for each in imports.waiting():
                    imports.work(each.id, lambda: _is_over(stop, voice))
                news.seen()
            listener.wait(1.0)


def _is_over(stop: threading.Event, voice: Voice) -> bool:
    """Whether to stop; asked between batches, it says that the role lives."""
    voice.say("ok")
    return stop.is_set()
