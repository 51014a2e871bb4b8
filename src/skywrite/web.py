"""The web process: the tracking API on uvicorn's protocol, the management API and the UI behind it."""

import asyncio
import contextlib
import gc
import os
import signal
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import structlog
import uvicorn
import uvloop

from skywrite.access.service import Access
from skywrite.channels.email.observing.app import PublicApp
from skywrite.channels.email.observing.doors import Doors
from skywrite.channels.email.observing.receiving import ReceivingApp
from skywrite.channels.email.observing.recipients import StoredRecipients
from skywrite.channels.email.tokens import StoredTokens
from skywrite.channels.email.viewing import Viewing
from skywrite.contacts.door import ContactsDoor
from skywrite.in_force import keep_in_force
from skywrite.intake.addresses import TrustedProxies
from skywrite.intake.app import TrackingApp
from skywrite.intake.cdn import Cdn
from skywrite.intake.commit import GroupCommit
from skywrite.intake.intake import Intake
from skywrite.intake.protocol import TrackingProtocol, tracking_protocol
from skywrite.kit.asgi import Disconnected
from skywrite.kit.bell import Listener
from skywrite.kit.roles import Voice
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline.cursors import log_cursors
from skywrite.pipeline.upkeep import resume_inbox
from skywrite.settings import Settings
from skywrite.sources.write_keys import WriteKeys
from skywrite.store.engine import Store, open_store
from skywrite.supervisor import begin_child, listen
from skywrite.warehouse.status import read_status
from skywrite.wiring import WEB_FILES, build_api, open_bell, open_decisions, open_inbox, open_listener, open_log

log = structlog.get_logger()
App = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]
_LOOK_SECONDS = 1.0
_TICK_SECONDS = 1.0
_HITS_APART_SECONDS = 0.003  # opens and clicks come one by one, and a commit for each would cost ten times its making
_PROBE_BYTES = 256 * 1024
_BREATH_SECONDS = 0.2
_REQUEST_SECONDS = 60.0  # from an event's first byte to its last; for other requests between two bytes of the body
_SWEEP_SECONDS = 10.0


def run_web(settings: Settings) -> None:
    """Serve until SIGTERM: requests under way are answered, then it ends."""
    inherited = begin_child()
    listener = inherited or listen(settings)
    keep_in_force(settings)
    uvloop.run(_serve(settings, listener))


async def _serve(settings: Settings, listener: Any) -> None:
    loop = asyncio.get_running_loop()
    store = open_store(settings)
    keys = WriteKeys(store)
    events = open_log(settings)
    _go_on_after_loss(settings, store, events)
    bell = open_bell(settings)
    commit = GroupCommit(events, bell, loop)
    intake = Intake(keys, commit)
    inbox = open_inbox(settings)
    resume_inbox(inbox, store)
    arrivals = GroupCommit(inbox, bell, loop, apart=_HITS_APART_SECONDS)
    door = ContactsDoor(store, arrivals)
    proxies = TrustedProxies(settings.trusted_proxies)
    tracking = TrackingApp(intake, proxies, Cdn(keys, WEB_FILES / "analytics-next", settings.base_url))
    tokens = StoredTokens(store)
    doors = Doors(tokens, arrivals)
    viewing = Viewing(store, tokens, settings.base_url)
    public = PublicApp(doors, arrivals, StoredRecipients(store), proxies, viewing)
    access = Access(store)
    receiving = ReceivingApp(arrivals, proxies, allows=lambda secret: access.bearer(secret) is not None)
    server: _Server
    api = build_api(settings, store, intake, lambda: server.should_exit, lambda: commit.trouble)
    server = _Server(
        uvicorn.Config(
            _fork((tracking, public, receiving, door), api),
            http=tracking_protocol(intake, proxies, doors),
            ws="none",
            loop="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # whose word is taken is `trusted_proxies`' business, for both ways in alike
            timeout_keep_alive=75,
            timeout_graceful_shutdown=10,
            backlog=2048,
        )
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it has served: by default that would end the process there, before the
        # log and the store are closed, and its role is taken back.
        signal.signal(number, server.handle_exit)
    # What is built by now lives as long as the process: the collector need not walk it on the hot path.
    gc.collect()
    gc.freeze()
    watching = asyncio.gather(_watch(settings, keys, door, tokens), _sweep(server))
    recovering = loop.create_task(_recover(settings, commit))
    try:
        await server.serve(sockets=[listener])
    finally:
        for task in (watching, recovering):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        commit.close()
        arrivals.close()
        bell.close()
        events.close()
        inbox.close()
        store.close()


def _go_on_after_loss(settings: Settings, store: Store, events: SqliteLog) -> None:
    """Begin the log behind all that its followers have read: each of them may be newer than it, and by itself."""
    with store.read() as connection:
        cursors = log_cursors(connection).values()
    decisions = open_decisions(settings)
    # The warehouse knows its own position; the store's may be an older copy.
    furthest = max(*cursors, decisions.decided(), read_status(settings.run).position)
    decisions.close()
    if events.skip_to(furthest + 1):
        log.warning("the event log is behind its followers, as after a loss; it goes on where they are", at=furthest)


class _Server(uvicorn.Server):
    """Uvicorn's, which hears that it is to end; by itself it looks for that ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()

    async def main_loop(self) -> None:
        """Keep the answers' date as it is, until the end."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), _TICK_SECONDS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The handler of signals."""
        super().handle_exit(sig, frame)
        self._loop.call_soon_threadsafe(self._ended.set)


class _Part(Protocol):
    """An ASGI app of some paths."""

    def serves(self, path: bytes, /) -> bool: ...

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None: ...


def _fork(parts: Sequence[_Part], api: App) -> App:
    """One ASGI app of several: tracking, what mails lead to, what brings mail, the contacts' door; and all the rest."""

    async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            for part in parts:
                if part.serves(scope["raw_path"]):
                    with contextlib.suppress(Disconnected):
                        await part(scope, receive, send)
                    return
        await api(scope, receive, send)

    return app


class _Known(Protocol):
    """What is kept in memory of the store."""

    def refresh(self) -> object: ...


async def _watch(settings: Settings, keys: WriteKeys, door: ContactsDoor, tokens: StoredTokens) -> None:
    """Notice new sources, and keys of each kind, when the bell rings, or within a second."""
    voice = Voice(settings.run, "web")
    listener, rang = open_listener(settings, "web"), False
    try:
        while True:
            listener.clear()
            try:
                await asyncio.to_thread(_refresh, keys, door, tokens)
                voice.say("ok")
            except Exception as error:  # the loop's edge: the keys known so far go on working
                log.exception("the sources and keys could not be read")
                voice.say("failing", f"The sources and keys could not be read: {error}")
            if rang:  # it does for each commit of events too: so listen again only after a breath
                await asyncio.sleep(_BREATH_SECONDS)
            rang = await _rung(listener)
    finally:
        voice.leave()
        listener.close()


def _refresh(*known: _Known) -> None:
    for each in known:
        each.refresh()


async def _recover(settings: Settings, commit: GroupCommit) -> None:
    """After a failed commit look whether the disk takes files again: no event may come that would show it."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if commit.trouble:
            is_well = await asyncio.to_thread(_takes_files, settings.data / "log")
            commit.trouble = "" if is_well else commit.trouble


def _takes_files(folder: Path) -> bool:
    probe = folder / f".probe-{os.getpid()}"
    try:
        with probe.open("wb") as file:
            file.write(b"\0" * _PROBE_BYTES)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    return True


async def _sweep(server: uvicorn.Server) -> None:
    """Close connections whose request does not get whole: each holds a place that others need."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        for connection in list(server.server_state.connections):
            if isinstance(connection, TrackingProtocol):
                connection.close_if_stalled(loop.time() - _REQUEST_SECONDS)


async def _rung(listener: Listener) -> bool:
    """Wait for the bell, a second at most; whether it rang."""
    loop, rung = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(listener.fileno(), rung.set)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(rung.wait(), _LOOK_SECONDS)
    loop.remove_reader(listener.fileno())
    return rung.is_set()
