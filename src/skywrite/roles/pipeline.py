"""The roles that follow the event log for the pipeline: dedupe, observe, upkeep, delivery."""

import asyncio
import contextlib
import threading

import structlog
import uvloop

from skywrite.destinations.running import run_delivery
from skywrite.kit.roles import Voice
from skywrite.kit.stop import Stop
from skywrite.kit.time import now_micros
from skywrite.pipeline.cursor_copy import CursorCopy
from skywrite.pipeline.dedupe import Dedupe
from skywrite.pipeline.upkeep import forget, is_crowded, trim, trim_inbox
from skywrite.pipeline.watch import Watch
from skywrite.settings import Settings
from skywrite.store.engine import Store
from skywrite.wiring import open_bell, open_feed, open_inbox, open_listener, open_log

log = structlog.get_logger()
_PULSE_SECONDS = 1.0
_UPKEEP_SECONDS = 5.0
_ROOM_MICROS = 2_000_000
_FORGET_MICROS = 600 * 1_000_000
_GATHER_SECONDS = 0.01  # after a step that found little: what comes right behind is decided together


def run_dedupe(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Decide which events are repeats, ahead of all others."""
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


def run_observe(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Count what was seen for the sources' pages."""
    with open_feed(settings, "observe") as feed:
        watch = Watch(feed, store)
        while not stop.is_set():
            if not watch.step():
                feed.wait(1.0)
            elif not watch.is_behind:
                stop.wait(1.0)
            voice.say("ok")


def run_upkeep(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Trim the logs, forget what is old."""
    forgot, held_by = 0, ""
    with contextlib.closing(open_log(settings)) as events, contextlib.closing(open_inbox(settings)) as inbox:
        while not stop.is_set():
            before, held_by = held_by, trim(events, store, settings).held_by
            if held_by and held_by != before:
                log.warning("the event log is crowded with what a follower has not read yet", follower=held_by)
            trim_inbox(inbox, store)
            if now_micros() - forgot > _FORGET_MICROS:
                forgot = now_micros()
                forget(store)
            voice.say("ok")
            stop.wait(_UPKEEP_SECONDS)


def run_deliveries(settings: Settings, store: Store, stop: Stop, voice: Voice) -> None:
    """Deliver to every destination that is not ours."""

    async def main() -> None:
        pulse = asyncio.get_running_loop().create_task(_pulse(voice))
        try:
            with open_feed(settings, "delivery") as feed, stop.heard() as stopped:
                await run_delivery(settings, store, feed, stopped)
        finally:
            pulse.cancel()

    uvloop.run(main())


async def _pulse(voice: Voice) -> None:
    """Say that the loop is alive, also while it drains."""
    while True:
        voice.say("ok")
        await asyncio.sleep(_PULSE_SECONDS)
