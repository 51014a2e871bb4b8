"""Runs the demo beside a server of its data folder: the one that runs, or one of its own."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from skywrite.access.links import known_address
from skywrite.access.service import Access
from skywrite.demo.director import Scene, Tell, direct
from skywrite.demo.http import Api
from skywrite.kit.errors import SkywriteError
from skywrite.kit.files import replace_bytes
from skywrite.kit.roles import read_roles
from skywrite.settings import Settings
from skywrite.store.engine import open_store
from skywrite.supervisor import as_environment

_FILE = "demo.json"  # in the run folder: where a demo stands, for the page that shows it
_PATIENCE = 60.0
_DRAIN_SECONDS = 40.0
_LOOK_SECONDS = 0.2
_ROLES = frozenset({"web", "contacts", "send", "observing", "inbound", "stream", "warehouse"})


class Played(Struct, frozen=True):
    """Where a demo stands, and which process plays it; `failure` says why it ended early."""

    pid: int
    scene: Scene
    failure: str = ""


def run_demo(settings: Settings, tell: Tell, *, rate: float = 0.0) -> None:
    """Play the demo, and go on until SIGINT or SIGTERM. A server is started where none runs on the data folder.

    Raises SkywriteError where it cannot be played to its end.
    """
    if is_playing(read_played(settings.run)):
        raise SkywriteError("The demo is being played on this data folder already.")

    def noted(scene: Scene) -> None:
        _note(settings.run, Played(os.getpid(), scene))
        tell(scene)

    with _server(settings), _token(settings) as token:
        base = known_address(settings)
        try:
            asyncio.run(_until_told(direct(lambda session: Api(session, base, token), noted, rate=rate)))
        except SkywriteError as error:
            _note(settings.run, Played(os.getpid(), Scene("Failed"), str(error)))
            raise
        with contextlib.suppress(OSError):
            (settings.run / _FILE).unlink()


def read_played(run: Path) -> Played | None:
    """Where the last demo of this run folder stands, None where there was none."""
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((run / _FILE).read_bytes(), type=Played)
    return None


def is_playing(played: Played | None) -> bool:
    """Whether its process still runs."""
    if played is None:
        return False
    try:
        os.kill(played.pid, 0)
    except OSError:
        return False
    return True


def _note(run: Path, played: Played) -> None:
    with contextlib.suppress(OSError):
        replace_bytes(run / _FILE, msgspec.json.encode(played))


async def _until_told(playing: object) -> None:
    """Run the play until it fails, or this process is told to end."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    play = asyncio.ensure_future(playing)  # type: ignore[call-overload]
    ending = asyncio.ensure_future(told.wait())
    await asyncio.wait([play, ending], return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if not play.done():
        play.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await play


@contextlib.contextmanager
def _server(settings: Settings) -> Iterator[None]:
    """A server on the data folder while the block lasts: who started it ends it."""
    if "web" in read_roles(settings.run):
        yield
        return
    environment = os.environ | as_environment(settings)
    process = subprocess.Popen([sys.executable, "-m", "skywrite", "up"], env=environment, start_new_session=True)
    try:
        end = time.monotonic() + _PATIENCE
        while not read_roles(settings.run).keys() >= _ROLES:
            if process.poll() is not None or time.monotonic() > end:
                raise SkywriteError("Skywrite did not start; what it said stands above.")
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        process.wait(_DRAIN_SECONDS)


@contextlib.contextmanager
def _token(settings: Settings) -> Iterator[str]:
    """An API token while the block lasts."""
    store = open_store(settings)
    try:
        access = Access(store)
        token, secret = access.add_token("Demo")
        try:
            yield secret
        finally:
            access.revoke_token(token.id)
    finally:
        store.close()
