"""The role that sends mail: it claims what is due in the outbox, has it made, and gives it to the provider."""

import asyncio
import contextlib
import gc
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial

import uvloop
from sqlalchemy import Connection

from skywrite.channels.email.domains.service import signing_keys
from skywrite.channels.email.makers import Makers
from skywrite.channels.email.opening import open_provider
from skywrite.channels.email.outbox.sender import Sender
from skywrite.channels.email.outbox.turn import Turns
from skywrite.channels.email.providers import catalog
from skywrite.channels.email.providers.journal import Journal
from skywrite.channels.email.settings.model import ChannelSettings
from skywrite.channels.email.settings.service import TOPIC, read_settings
from skywrite.kit.errors import Later
from skywrite.kit.roles import Voice
from skywrite.kit.stop import Stop
from skywrite.settings import Settings, as_environment
from skywrite.store.engine import Store, changes_version
from skywrite.wiring import open_listener

_SWITCH_SECONDS = 0.001  # the thread at the store asks for the interpreter after each row: 5 ms is long to wait
_LOOK_SECONDS = 1.0
_SIGNING_MAKERS = 2  # a signature takes longer than all else; without, one maker keeps up with the sender


def run_send(settings: Settings, store: Store, stop: Stop, voice: Voice) -> None:
    """Send what is due, by the channel as it is set up; begins again where that changes."""
    with store.read() as connection:
        version, kept = changes_version(connection, TOPIC), read_settings(connection)
        makers = min(_SIGNING_MAKERS, os.cpu_count() or 1) if signing_keys(connection) else 1

    def is_current(connection: Connection) -> bool:
        return changes_version(connection, TOPIC) == version

    news = store.news()

    def is_changed() -> bool:
        if not news.any():
            return False
        try:
            with store.read() as connection:
                if not is_current(connection):
                    return True
        except Later:  # the sender says so itself
            return False
        news.seen()
        return False

    if not kept.is_set_up:
        catalog.provider(kept.provider)  # one that is not there any more would else never be told of
        while not stop.wait(_LOOK_SECONDS) and not is_changed():
            voice.say("ok")
        return
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # thousands of mails in hand are no cycles: the collector looks in vain
    sys.setswitchinterval(_SWITCH_SECONDS)
    uvloop.run(_keep_sending(settings, kept, makers, stop, voice, Turns(store, is_current=is_current), is_changed))


async def _keep_sending(
    settings: Settings,
    kept: ChannelSettings,
    most_makers: int,
    stop: Stop,
    voice: Voice,
    turns: Turns,
    is_changed: Callable[[], bool],
) -> None:
    loop = asyncio.get_running_loop()
    makers = Makers(partial(_start_maker, settings), most_makers)
    with (
        contextlib.closing(Journal(settings.data / "mail" / "journal")) as journal,
        contextlib.closing(open_listener(settings, "send")) as listener,
        contextlib.closing(makers),
        stop.heard() as stopped,
    ):
        provider = open_provider(kept, journal=journal, allow_private=settings.private_destinations)
        sender = Sender(turns, provider, makers.make, journal, say=voice.say)

        def rung() -> None:
            listener.clear()
            sender.wake()

        loop.add_reader(listener.fileno(), rung)
        pulse = loop.create_task(_pulse(stopped, is_changed))
        try:
            await makers.begin()
            voice.say("ok")
            await sender.run(stopped)
        finally:
            loop.remove_reader(listener.fileno())
            pulse.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pulse


def _start_maker(settings: Settings, asker: socket.socket) -> "subprocess.Popen[bytes]":
    """A maker's process, which answers at this socket; see `makers.Start`."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("SKYWRITE_")}
    return subprocess.Popen(
        [sys.executable, "-m", "skywrite.roles.make"], stdin=asker.fileno(), env=others | as_environment(settings)
    )


async def _pulse(stopped: asyncio.Event, is_changed: Callable[[], bool]) -> None:
    """Tell the sender of what changed, by which to begin anew; it does so too where that cannot be looked at."""
    try:
        is_same = True
        while is_same:
            await asyncio.sleep(_LOOK_SECONDS)
            is_same = not await asyncio.to_thread(is_changed)
    finally:
        stopped.set()
