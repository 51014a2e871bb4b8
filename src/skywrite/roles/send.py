"""The role that sends mail: the outbox's sender between the templates and the channel's provider."""

import asyncio
import contextlib
import threading

import uvloop

from skywrite.access.links import known_address
from skywrite.channels.email.domains.service import signing_keys
from skywrite.channels.email.domains.signing import Signing
from skywrite.channels.email.filling import Filling
from skywrite.channels.email.opening import open_provider
from skywrite.channels.email.outbox.sender import Sender
from skywrite.channels.email.outbox.turn import Turns
from skywrite.channels.email.providers.journal import Journal
from skywrite.channels.email.settings.model import ChannelSettings
from skywrite.channels.email.settings.service import TOPIC, read_settings
from skywrite.channels.email.tokens import load_tokens
from skywrite.kit.bell import Listener
from skywrite.kit.roles import Voice
from skywrite.settings import Settings
from skywrite.store.engine import Store, changes_version
from skywrite.wiring import open_listener

_LOOK_SECONDS = 1.0
_PULSE_SECONDS = 0.1
_LOOK_PULSES = 10


def run_send(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Send what is due, by the channel as it is set up; begins again where that changes."""
    with store.read() as connection:
        version, kept = changes_version(connection, TOPIC), read_settings(connection)
    if kept.is_set_up:
        uvloop.run(_send(settings, store, stop, voice, kept, version))
        return
    while not stop.wait(_LOOK_SECONDS) and not _is_changed(store, version):
        voice.say("ok")


async def _send(
    settings: Settings, store: Store, stop: threading.Event, voice: Voice, kept: ChannelSettings, version: int
) -> None:
    with store.read() as connection:
        signing = Signing(signing_keys(connection))
    stopped = asyncio.Event()
    with contextlib.ExitStack() as opened:
        opened.callback(signing.close)
        journal = Journal(settings.data / "mail" / "journal")
        opened.callback(journal.close)
        listener = opened.enter_context(contextlib.closing(open_listener(settings, "send")))
        provider = open_provider(kept, signing, journal=journal, allow_private=settings.private_destinations)
        fill = Filling(store, load_tokens(store), kept.email, known_address(settings))
        sender = Sender(Turns(store), provider, fill, journal, say=voice.say)
        watching = asyncio.gather(_heed(stop, store, version, stopped), _hear(listener, sender))
        try:
            await sender.run(stopped)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching


async def _heed(stop: threading.Event, store: Store, version: int, stopped: asyncio.Event) -> None:
    """Tell the loop of `stop`, for which no loop can wait; and of new settings, by which to begin anew."""
    pulses = 0
    while True:
        pulses = (pulses + 1) % _LOOK_PULSES
        if stop.is_set() or (not pulses and await asyncio.to_thread(_is_changed, store, version)):
            stopped.set()
        await asyncio.sleep(_PULSE_SECONDS)


async def _hear(listener: Listener, sender: Sender) -> None:
    """Wake the sender when the bell rings."""
    loop, rung = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(listener.fileno(), rung.set)
    try:
        while True:
            await rung.wait()
            rung.clear()
            listener.clear()
            sender.wake()
            await asyncio.sleep(_PULSE_SECONDS)
    finally:
        loop.remove_reader(listener.fileno())


def _is_changed(store: Store, version: int) -> bool:
    with store.read() as connection:
        return changes_version(connection, TOPIC) != version
