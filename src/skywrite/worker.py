"""The worker process: the followers of the log, each in its own thread or loop, each started again when it fails."""

import asyncio
import signal
import sys
import threading
from collections.abc import Callable

import structlog
import uvloop

from skywrite.kit.errors import SkywriteError
from skywrite.kit.lock import exclusive
from skywrite.kit.roles import Voice
from skywrite.kit.time import now_micros
from skywrite.log.base import Log
from skywrite.pipeline import queries
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
    roles: dict[str, Follow] = {}
    store = open_store(settings)
    if only in (None, "warehouse"):
        roles["warehouse"] = lambda stop, voice: _warehouse(settings, store, stop, voice)
    if only in (None, "delivery"):
        roles["dedupe"] = lambda stop, voice: _dedupe(settings, store, stop, voice)
        roles["observe"] = lambda stop, voice: _observe(settings, store, stop, voice)
        roles["upkeep"] = lambda stop, voice: _upkeep(settings, store, stop, voice)
        roles["delivery"] = lambda stop, voice: _delivery(settings, store, stop, voice)
    threads = [
        threading.Thread(target=_keep, args=(settings, name, follow, stop), name=name) for name, follow in roles.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()


def _keep(settings: Settings, name: str, follow: Follow, stop: threading.Event) -> None:
    """Run one role under its lock until `stop`; when it fails say why where a person looks, and begin again."""
    voice = Voice(settings.run, name)
    pause = 0.5
    with exclusive(settings.run / f"{name}.lock", stop) as held:
        while held and not stop.is_set():
            began = now_micros()
            try:
                voice.say("starting")
                follow(stop, voice)
            except Exception as error:  # the loop's edge: whatever it was, the role lives on
                reason = str(error) if isinstance(error, SkywriteError) else f"{type(error).__name__}: {error}"
                log.exception("role failed, beginning again", role=name, reason=reason)
                voice.say("failing", reason)
                pause = 0.5 if now_micros() - began > 60_000_000 else min(_LONGEST_PAUSE, pause * 2)
                stop.wait(pause)
        if held:
            voice.leave()


def _dedupe(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    follower, bell, listener = open_log(settings), open_bell(settings), open_listener(settings, "dedupe")
    dedupe = Dedupe(follower, settings.data / "dedupe", window_hours=settings.dedupe_hours)
    kept, looked = -1, 0
    try:
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
            if dedupe.flushed != kept:
                kept = dedupe.flushed
                with store.write() as connection:
                    queries.set_cursor(connection, "dedupe", kept, now_micros())
            voice.say("ok")
        dedupe.flush()
    finally:
        dedupe.close()
        listener.close()
        follower.close()


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
    events: Log = open_log(settings)
    forgot = 0
    while not stop.is_set():
        trim(events, store, settings)
        if now_micros() - forgot > _FORGET_MICROS:
            forgot = now_micros()
            forget(store)
        voice.say("ok")
        stop.wait(_UPKEEP_SECONDS)
    events.close()


def _delivery(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    from skywrite.destinations.running import run_delivery  # noqa: PLC0415 - its HTTP client is needed here only

    async def main() -> None:
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        threading.Thread(target=lambda: (stop.wait(), loop.call_soon_threadsafe(stopped.set)), daemon=True).start()
        pulse = loop.create_task(_pulse(voice))
        with open_feed(settings, "delivery") as feed:
            await run_delivery(settings, store, feed, stopped)
        pulse.cancel()

    uvloop.run(main())


async def _pulse(voice: Voice) -> None:
    while True:
        voice.say("ok")
        await asyncio.sleep(2)


def _warehouse(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    with open_feed(settings, "warehouse") as feed:
        loader = open_loader(settings, store, feed)
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
