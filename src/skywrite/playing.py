"""The demo as others see it: where it stands, by a small file in the run folder; it is started and ended from here.

The play itself is in `skywrite.demo`; this is all that the server knows of it.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from skywrite.kit.errors import Refused, SkywriteError
from skywrite.kit.files import replace_bytes
from skywrite.kit.lock import try_lock
from skywrite.kit.roles import is_running
from skywrite.settings import Settings, as_environment

STARTING = "Starting"
_FILE = "demo.json"
_LOCK = "demo.lock"  # held by the process that plays, so that a number given anew to another deceives nobody
_LOOKS_MEANWHILE = 20  # somebody who looks whether it is held may be in the way for a moment
_PAUSE_SECONDS = 0.02
_RATE = 0.5  # mails a second, once it has been played: so that the first page shows them flow


class Scene(Struct, frozen=True):
    """Where the demo stands: what happens now, how much of it is done, from 0 to 1, and the mailbox's page."""

    name: str
    done: float = 0.0
    mailbox: str = ""


class Played(Struct, frozen=True):
    """The scene, and which process plays it; `failure` says why it ended early."""

    pid: int
    scene: Scene
    failure: str = ""


def note(run: Path, played: Played) -> None:
    """Say where it stands."""
    with contextlib.suppress(OSError):
        replace_bytes(run / _FILE, msgspec.json.encode(played))


def forget(run: Path) -> None:
    """It has ended in good order: there is nothing to say of it."""
    with contextlib.suppress(OSError):
        (run / _FILE).unlink()


def read_played(run: Path) -> Played | None:
    """Where the demo of this run folder stands; None where none plays, and the last one ended in good order."""
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((run / _FILE).read_bytes(), type=Played)
    return None


def is_playing(run: Path) -> bool:
    """Whether a process plays it now, or has just been started to."""
    played = read_played(run)
    if played is not None and played.scene.name == STARTING and not played.failure and is_running(played.pid):
        return True
    try:
        with (run / _LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@contextlib.contextmanager
def the_only_one(run: Path) -> Iterator[None]:
    """Within the block nobody else plays on this run folder.

    Raises Refused (409) where somebody does, SkywriteError where the folder can't be had.
    """
    try:
        run.mkdir(parents=True, exist_ok=True)
        held = (run / _LOCK).open("ab")
    except OSError as error:
        raise SkywriteError(f"The data folder cannot be written to: {error}.") from error
    with held as file:
        for _ in range(_LOOKS_MEANWHILE):
            if try_lock(file.fileno()):
                break
            time.sleep(_PAUSE_SECONDS)
        else:
            raise _played_already()
        yield


def _played_already() -> Refused:
    return Refused("The demo is being played on this data folder already.", where="demo", status=409)


def start(settings: Settings) -> None:
    """Start the demo as a process of its own, which joins the server that runs. Raises Refused (409) where it plays."""
    if is_playing(settings.run):
        raise _played_already()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SKYWRITE_")}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and command
        [sys.executable, "-m", "skywrite", "demo", "--keep-going", "--rate", f"{_RATE:g}"],
        env=environment | as_environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # a Ctrl-C in the server's terminal is the server's; the demo notices that it is gone
    )
    note(settings.run, Played(process.pid, Scene(STARTING)))
    threading.Thread(target=_see_off, args=(process, settings.run), name="demo", daemon=True).start()


def _see_off(process: "subprocess.Popen[bytes]", run: Path) -> None:
    """Wait for its end, so that no zombie is left; one that ended without a word failed."""
    code = process.wait()
    played = read_played(run)
    if code and played is not None and played.pid == process.pid and not played.failure:
        said = Played(process.pid, played.scene, f"Its process ended with {code}; the server's log says why.")
        note(run, said)


def end(run: Path) -> None:
    """Ask the demo to end; a failure that was shown is forgotten."""
    played = read_played(run)
    if played is None:
        return
    if not is_playing(run):
        forget(run)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(played.pid, signal.SIGTERM)
