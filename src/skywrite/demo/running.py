"""Runs the demo beside a server of its data folder: the one that runs, or one of its own."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import IO, Any

from skywrite.access.links import known_address
from skywrite.access.service import Access
from skywrite.demo.director import Tell, direct
from skywrite.demo.http import Api
from skywrite.kit.errors import SkywriteError
from skywrite.kit.roles import read_roles
from skywrite.kit.stop import Stop
from skywrite.playing import Played, Scene, forget, note, the_only_one
from skywrite.settings import Settings, as_environment
from skywrite.store.engine import open_store
from skywrite.supervisor import as_child

_OWN = "skywrite demo"
_PATIENCE = 60.0
_DRAIN_SECONDS = 40.0
_LOOK_SECONDS = 0.2
_GONE_SECONDS = 5.0
_ROLES = frozenset({"web", "contacts", "send", "observing", "inbound", "stream", "warehouse"})
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
Say = Callable[[str], None]


def run_demo(settings: Settings, tell: Tell, say: Say, *, rate: float = 0.0) -> None:
    """Play the demo, and go on until SIGINT or SIGTERM, or until the server ends that it plays on.

    A server is started where none runs on the data folder, and ended at the end; `say` gets each line of it, in a
    thread of its own. Raises SkywriteError where the play cannot be played to its end.
    """

    def noted(scene: Scene) -> None:
        note(settings.run, Played(os.getpid(), scene))
        tell(scene)

    with the_only_one(settings.run), _told() as stop:
        noted(Scene("Starting Skywrite"))
        try:
            with _server(settings, say, stop) as is_own, _token(settings) as token:
                if not stop.is_set():
                    play = direct(lambda web: Api(web, known_address(settings), token), noted, rate=rate)
                    asyncio.run(_until_over(settings, play, stop, is_own))
        except SkywriteError as error:
            note(settings.run, Played(os.getpid(), Scene("Failed"), str(error)))
            raise
        forget(settings.run)


@contextlib.contextmanager
def _told() -> Iterator[Stop]:
    """What SIGINT and SIGTERM set, and nothing else: an exception out of the blue would leave things half made."""
    stop = Stop()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _until_over(settings: Settings, playing: Coroutine[Any, Any, None], stop: Stop, is_own: bool) -> None:
    """Run the play until it fails, this process is told to end, or the server is gone; one of its own should not be."""
    loop = asyncio.get_running_loop()
    with stop.heard() as told:
        play, gone = loop.create_task(playing), loop.create_task(_until_gone(settings))
        tasks = {play, gone, loop.create_task(told.wait())}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks - {gone}:
                task.cancel()
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await play
            except SkywriteError:
                if read_roles(settings.run):  # else it could not go on for the reason that all ends
                    raise
                await gone
            if is_own and gone.done():
                raise SkywriteError("Skywrite's server has ended, and the demo with it.")
        finally:
            gone.cancel()


async def _until_gone(settings: Settings) -> None:
    """Wait until no process of a server has run on the data folder for some seconds."""
    seen = time.monotonic()
    while time.monotonic() - seen < _GONE_SECONDS:
        await asyncio.sleep(1)
        if read_roles(settings.run):
            seen = time.monotonic()


@contextlib.contextmanager
def _server(settings: Settings, say: Say, stop: Stop) -> Iterator[bool]:
    """A server on the data folder while the block lasts: who started it ends it. Gives whether it is our own.

    It may not be ready where `stop` is set.
    """
    if "web" in read_roles(settings.run):
        yield False
        return
    environment = as_child(os.environ | as_environment(settings))
    if sys.stderr.isatty() and settings.log_format == "auto":  # what it says goes through us to a terminal
        environment["SKYWRITE_LOG_FORMAT"] = "console"
    process = subprocess.Popen(
        [sys.executable, "-m", "skywrite", "up"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    hearing = threading.Thread(target=_pass_on, args=(process.stdout, say), name="server", daemon=True)
    hearing.start()
    try:
        _wait_for(process, settings, stop)
        yield True
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        process.wait(_DRAIN_SECONDS)
        hearing.join(_GONE_SECONDS)


def _pass_on(lines: IO[bytes], say: Say) -> None:
    for line in lines:
        say(line.decode(errors="replace").rstrip())


def _wait_for(process: "subprocess.Popen[bytes]", settings: Settings, stop: Stop) -> None:
    end = time.monotonic() + _PATIENCE
    while not (stop.is_set() or read_roles(settings.run).keys() >= _ROLES):
        if process.poll() is not None or time.monotonic() > end:
            raise SkywriteError("Skywrite did not start; what it said stands above.")
        time.sleep(_LOOK_SECONDS)


@contextlib.contextmanager
def _token(settings: Settings) -> Iterator[str]:
    """An API token while the block lasts. One that a demo left behind that was killed is ended too."""
    store = open_store(settings)
    try:
        access = Access(store)
        for left in access.tokens():
            if left.name == _OWN:
                access.revoke_token(left.id)
        token, secret = access.add_token(_OWN)
        try:
            yield secret
        finally:
            with contextlib.suppress(SkywriteError):  # somebody did so already
                access.revoke_token(token.id)
    finally:
        store.close()
