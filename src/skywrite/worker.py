"""The worker process: its roles, each in its own thread or loop, each started again when it fails."""

import contextlib
import importlib
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial

import structlog

from skywrite.kit.bell import Bell
from skywrite.kit.errors import SkywriteError
from skywrite.kit.lock import exclusive
from skywrite.kit.roles import Voice
from skywrite.kit.stop import Stop
from skywrite.kit.time import now_micros
from skywrite.roster import WORKERS
from skywrite.settings import Settings
from skywrite.store.engine import Store, open_store
from skywrite.supervisor import begin_child

log = structlog.get_logger()
_DEPTH = 20_000  # an event that the intake's stack could read must be readable here, wherever it is read
_LONGEST_PAUSE = 30.0
Follow = Callable[[Stop, Voice], None]


def run_worker(settings: Settings, only: str | None = None) -> None:
    """Follow the log until SIGTERM. `only` is a process of the roster; None runs them all in this one process."""
    begin_child()
    sys.setrecursionlimit(_DEPTH)
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    store = open_store(settings)
    threads = [
        threading.Thread(target=keep_role, args=(settings, name, follow, stop), name=name)
        for name, follow in roles_of(settings, store, only).items()
    ]
    with contextlib.closing(Bell(settings.run / "bell")) as bell, stop.telling(bell.ring):  # it wakes all who listen
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    store.close()


def roles_of(settings: Settings, store: Store, only: str | None = None) -> dict[str, Follow]:
    """What a worker runs, by name; `only` as for `run_worker`."""
    return {
        name: partial(_named(where), settings, store)
        for process, roles in WORKERS.items()
        if only in (None, process)
        for name, where in roles.items()
    }


def _named(where: str) -> Callable[[Settings, Store, Stop, Voice], None]:
    """The function of a role; what it needs is imported only in the process that has it."""
    module, _, name = where.partition(":")
    found: Callable[[Settings, Store, Stop, Voice], None] = getattr(importlib.import_module(module), name)
    return found


def keep_role(settings: Settings, name: str, follow: Follow, stop: Stop) -> None:
    """Run one role under its lock until `stop`; when it fails say why where a person looks, and begin again."""
    voice = Voice(settings.run, name)
    pause = 0.5
    with exclusive(settings.run / f"{name}.lock", stop) as held:
        while held and not stop.is_set():
            began = now_micros()
            try:
                voice.say("starting")
                follow(stop, voice)
            except Exception as error:  # noqa: BLE001 - the loop's edge: whatever it was, the role lives on
                voice.say("failing", _told(name, error))
                pause = 0.5 if now_micros() - began > 60_000_000 else min(_LONGEST_PAUSE, pause * 2)
                stop.wait(pause)
        if held:
            voice.leave()


def _told(name: str, error: Exception) -> str:
    """Why a role failed, which the log is told too: with its traceback where nobody expected it."""
    if isinstance(error, SkywriteError):
        log.warning("role failed, beginning again", role=name, reason=str(error))
        return str(error)
    reason = f"{type(error).__name__}: {error}"
    log.error("role failed, beginning again", role=name, reason=reason, exc_info=error)
    return reason
