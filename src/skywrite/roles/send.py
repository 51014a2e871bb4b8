"""The role that sends: it claims what is due in the outbox, and carries it by a provider until told to stop."""

import asyncio
import contextlib
import threading
from collections.abc import Callable

import uvloop

from skywrite.channels.email.carrying import Provider
from skywrite.channels.email.outbox.model import Render
from skywrite.channels.email.outbox.sender import Journal, Sender
from skywrite.channels.email.outbox.turn import Turns
from skywrite.kit.roles import Voice
from skywrite.settings import Settings
from skywrite.store.engine import Store
from skywrite.wiring import open_listener

_PULSE_SECONDS = 1.0
# What a sender is made of, opened in its loop: the provider, and the journal that it writes in.
Open = Callable[[Settings, Store], tuple[Provider, Journal]]


def keep_sending(
    settings: Settings, store: Store, stop: threading.Event, voice: Voice, *, opened: Open, render: Render
) -> None:
    """Send what is due by what `opened` gives, each mail made by `render`, until `stop`."""

    async def main() -> None:
        provider, journal = opened(settings, store)
        sender = Sender(Turns(store), provider, render, journal, say=voice.say)
        stopped = asyncio.Event()
        with contextlib.closing(open_listener(settings, "send")) as listener:
            loop = asyncio.get_running_loop()

            def rung() -> None:
                listener.clear()
                sender.wake()

            loop.add_reader(listener.fileno(), rung)
            pulse = loop.create_task(_pulse(stop, stopped, voice))
            try:
                await sender.run(stopped)
            finally:
                loop.remove_reader(listener.fileno())
                pulse.cancel()

    uvloop.run(main())


async def _pulse(stop: threading.Event, stopped: asyncio.Event, voice: Voice) -> None:
    """Hear that the process ends, and say that the role lives."""
    voice.say("ok")
    while not await asyncio.to_thread(stop.wait, _PULSE_SECONDS):
        pass
    stopped.set()
