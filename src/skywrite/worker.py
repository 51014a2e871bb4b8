"""The worker process: the followers of the log, each in its own thread or loop, each started again when it fails."""

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial

import structlog
import uvloop

from skywrite.kit.errors import SkywriteError
from skywrite.kit.lock import exclusive
from skywrite.kit.roles import Voice
from skywrite.kit.time import now_micros
from skywrite.pipeline.cursor_copy import CursorCopy
from skywrite.pipeline.dedupe import Dedupe
from skywrite.pipeline.upkeep import forget, is_crowded, trim
from skywrite.pipeline.watch import Watch
from skywrite.settings import Settings
from skywrite.store.engine import Store, open_store
from skywrite.supervisor import begin_child
from skywrite.warehouse.status import read_status
from skywrite.wiring import open_bell, open_feed, open_listener, open_loader, open_log

log = structlog.get_logger()
_DEPTH = 20_000  # an event that the intake's stack could read must be readable here, wherever it is read
_PULSE_SECONDS = 1.0
_LOOK_SECONDS = 0.1
_UPKEEP_SECONDS = 5.0
_ROOM_MICROS = 2_000_000
_FORGET_MICROS = 600 * 1_000_000
_GATHER_SECONDS = 0.01  # after a step that found little: what comes right behind is decided together
_LONGEST_PAUSE = 30.0
Follow = Callable[[threading.Event, Voice], None]


def run_worker(settings: Settings, only: str | None = None) -> None:
    """Follow the log until SIGTERM. `only` is "warehouse" or "delivery"; None runs both in this one process."""
    begin_child()
    sys.setrecursionlimit(_DEPTH)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    store = open_store(settings)
    threads = [
        threading.Thread(target=keep_role, args=(settings, name, follow, stop), name=name)
        for name, follow in roles_of(settings, store, only).items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()


def roles_of(settings: Settings, store: Store, only: str | None = None) -> dict[str, Follow]:
    """What a worker runs, by name; `only` as for `run_worker`."""
    roles: dict[str, Follow] = {}
    if only in (None, "warehouse"):
        roles["warehouse"] = partial(_warehouse, settings, store)
    if only in (None, "delivery"):
        roles["dedupe"] = partial(_dedupe, settings, store)
        roles["observe"] = partial(_observe, settings, store)
        roles["upkeep"] = partial(_upkeep, settings, store)
        roles["delivery"] = partial(_delivery, settings, store)
    return roles


def keep_role(settings: Settings, name: str, follow: Follow, stop: threading.Event) -> None:
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


def _dedupe(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    copy, looked = CursorCopy(store, "dedupe"), 0
    with contextlib.ExitStack() as opened:
        follower = opened.enter_context(contextlib.closing(open_log(settings)))
        bell = opened.enter_context(contextlib.closing(open_bell(settings)))
        listener = opened.enter_context(contextlib.closing(open_listener(settings, "dedupe")))
        dedupe = Dedupe(follower, settings.data / "dedupe", window_hours=settings.dedupe_hours)
        opened.enter_context(contextlib.closing(dedupe))
        opened.enter_context(copy.keeping())
        while not stop.is_set():
            listener.clear()
            if not dedupe.step():
                listener.wait(1.0)
            else:
                bell.ring()
                if not dedupe.is_behind:
                    stop.wait(_GATHER_SECONDS)
            if now_micros() - looked > _ROOM_MICROS:
                looked = now_micros()
                if is_crowded(follower.status()):
                    dedupe.flush()  # what it remembers from the log alone can't be dropped from there
            copy.note(dedupe.flushed)
            voice.say("ok")
        dedupe.flush()


def _observe(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    with open_feed(settings, "observe") as feed:
        watch = Watch(feed, store)
        while not stop.is_set():
            if not watch.step():
                feed.wait(1.0)
            elif not watch.is_behind:
                stop.wait(1.0)
            voice.say("ok")


def _upkeep(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    forgot, held_by = 0, ""
    with contextlib.closing(open_log(settings)) as events:
        while not stop.is_set():
            before, held_by = held_by, trim(events, store, settings).held_by
            if held_by and held_by != before:
                log.warning("the event log is crowded with what a follower has not read yet", follower=held_by)
            if now_micros() - forgot > _FORGET_MICROS:
                forgot = now_micros()
                forget(store)
            voice.say("ok")
            stop.wait(_UPKEEP_SECONDS)


def _delivery(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    from skywrite.destinations.running import run_delivery  # noqa: PLC0415 - its HTTP client is needed here only

    async def main() -> None:
        stopped = asyncio.Event()
        pulse = asyncio.get_running_loop().create_task(_pulse(stop, stopped, voice))
        try:
            with open_feed(settings, "delivery") as feed:
                await run_delivery(settings, store, feed, stopped)
        finally:
            pulse.cancel()

    uvloop.run(main())


async def _pulse(stop: threading.Event, stopped: asyncio.Event, voice: Voice) -> None:
    """Say that the loop is alive, also while it drains; and tell it of `stop`, for which no loop can wait."""
    while True:
        voice.say("ok")
        if stop.is_set():
            stopped.set()
        await asyncio.sleep(_LOOK_SECONDS)


def _warehouse(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
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
