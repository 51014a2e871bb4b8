"""The role that sends mail: it claims what is due in the outbox, and carries it by the channel's provider."""

import asyncio
import contextlib
import gc
import sys
import threading
from collections.abc import Callable

import uvloop

from skywrite.access.links import known_address
from skywrite.channels.email.carrying import Provider
from skywrite.channels.email.domains.service import signing_keys
from skywrite.channels.email.domains.signing import Signing
from skywrite.channels.email.filling import Filling
from skywrite.channels.email.opening import open_provider
from skywrite.channels.email.outbox.model import Render
from skywrite.channels.email.outbox.sender import Journal as SendersJournal
from skywrite.channels.email.outbox.sender import Sender
from skywrite.channels.email.outbox.turn import Turns
from skywrite.channels.email.providers.journal import Journal
from skywrite.channels.email.settings.model import ChannelSettings
from skywrite.channels.email.settings.service import TOPIC, read_settings
from skywrite.channels.email.tokens import load_tokens
from skywrite.kit.roles import Voice
from skywrite.settings import Settings
from skywrite.store.engine import Store, changes_version
from skywrite.wiring import open_listener

_SWITCH_SECONDS = 0.001  # the thread at the store asks for the interpreter after each row: 5 ms is long to wait
_LOOK_SECONDS = 1.0
_PULSE_SECONDS = 0.1
_LOOK_PULSES = 10
# What a sender is made of, opened in its loop: the provider, and the journal that it writes in.
Open = Callable[[Settings, Store], tuple[Provider, SendersJournal]]


def run_send(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Send what is due, by the channel as it is set up; begins again where that changes."""
    with store.read() as connection:
        version, kept = changes_version(connection, TOPIC), read_settings(connection)
        keys = signing_keys(connection)

    tokens = load_tokens(store)

    def is_changed() -> bool:
        tokens.refresh()
        with store.read() as connection:
            return changes_version(connection, TOPIC) != version

    if not kept.is_set_up:
        while not stop.wait(_LOOK_SECONDS) and not is_changed():
            voice.say("ok")
        return
    with contextlib.closing(Signing(keys)) as signing, contextlib.ExitStack() as opened:
        fill = Filling(store, tokens, kept.email, known_address(settings))

        def open_channel(settings: Settings, _: Store) -> tuple[Provider, SendersJournal]:
            journal = opened.enter_context(contextlib.closing(Journal(settings.data / "mail" / "journal")))
            return _provider(settings, kept, signing, journal), journal

        keep_sending(settings, store, stop, voice, opened=open_channel, render=fill, is_changed=is_changed)


def _provider(settings: Settings, kept: ChannelSettings, signing: Signing, journal: Journal) -> Provider:
    return open_provider(kept, signing, journal=journal, allow_private=settings.private_destinations)


def keep_sending(
    settings: Settings,
    store: Store,
    stop: threading.Event,
    voice: Voice,
    *,
    opened: Open,
    render: Render,
    is_changed: Callable[[], bool] = lambda: False,
) -> None:
    """Send what is due by what `opened` gives, each mail made by `render`, until `stop` or a change."""

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
            pulse = loop.create_task(_pulse(stop, stopped, is_changed))
            try:
                voice.say("ok")
                await sender.run(stopped)
            finally:
                loop.remove_reader(listener.fileno())
                pulse.cancel()

    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # thousands of mails in hand are no cycles: the collector looks in vain
    sys.setswitchinterval(_SWITCH_SECONDS)
    uvloop.run(main())


async def _pulse(stop: threading.Event, stopped: asyncio.Event, is_changed: Callable[[], bool]) -> None:
    """Tell the loop of `stop`, for which no loop can wait; and of what changed, by which to begin anew."""
    pulses = 0
    while True:
        pulses = (pulses + 1) % _LOOK_PULSES
        if stop.is_set() or (not pulses and await asyncio.to_thread(is_changed)):
            stopped.set()
        await asyncio.sleep(_PULSE_SECONDS)
