"""`skywrite up`: starts the web and worker processes, starts again what dies, and drains them at the end."""

import contextlib
import errno
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog
from msgspec import Struct

from skywrite.kit.errors import SkywriteError
from skywrite.kit.lock import try_lock
from skywrite.kit.roles import read_roles
from skywrite.roster import WORKERS
from skywrite.settings import Settings, as_environment

log = structlog.get_logger()
_PARENT = "_SKYWRITE_SUPERVISOR"  # the environment's word to a child: who watches it
_SOCKET = "_SKYWRITE_SOCKET"  # and which inherited socket it listens on
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGHUP)
_DRAIN_SECONDS = 25.0
_STEADY_SECONDS = 10.0
_LONGEST_PAUSE = 5.0
_YOUNG_SECONDS = 2.0  # what a child needs at most until it notices that its supervisor is gone
_TRY_AGAIN_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1


class Child(Struct):
    """One process that is kept running."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0  # before it is started again
    due: float = 0.0


def run_up(settings: Settings, when_listening: Callable[[], subprocess.Popen[bytes] | None] = lambda: None) -> None:
    """Run everything in the foreground until SIGTERM or Ctrl-C, then drain.

    `when_listening` is called once the port is ours, and may start a process that ends by itself.

    Raises SkywriteError where the port is taken, or another Skywrite runs on the same data.
    """
    _watch_parent()
    with _only_one(settings.data / "up.lock"), _listening(settings) as listener:
        greeter = when_listening()
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        children = [
            *(Child(f"web-{number}", ["web"]) for number in range(1, settings.web_processes + 1)),
            *(Child(f"worker-{name}", ["worker", "--only", name]) for name in WORKERS),
        ]
        environment = _environment(settings, listener)
        try:
            _watch(children, environment, listener.fileno(), greeter)
        finally:
            _drain(children)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def begin_child() -> socket.socket | None:
    """Called first by every web and worker process: undo the supervisor's signal mask, die when it dies.

    Gives the socket to listen on, None when nobody handed one down.
    """
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    _raise_file_limit()
    _watch_parent()
    inherited = os.environ.pop(_SOCKET, "")
    return socket.socket(fileno=int(inherited)) if inherited else None


def as_child(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for a `skywrite` process that is to end with this one, however this one ends."""
    return dict(environment) | {_PARENT: str(os.getpid())}


def _watch_parent() -> None:
    parent = os.environ.pop(_PARENT, "")
    if parent:
        _die_with_parent(int(parent))


def _raise_file_limit() -> None:
    """Let this process open as many files as it may: each connection is one, and many systems begin at 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _watch(
    children: list[Child], environment: dict[str, str], listener: int, greeter: subprocess.Popen[bytes] | None
) -> None:
    while True:
        now = time.monotonic()
        for child in children:
            if child.process is None and child.due <= now:
                _start(child, environment, listener)
        waiting = [child.due - now for child in children if child.process is None]
        received = signal.sigtimedwait(_SIGNALS, max(0.01, min(waiting, default=60.0)))
        if received is not None and received.si_signo != signal.SIGCHLD:
            return
        for child in children:
            _note_end(child)
        if greeter is not None:
            greeter.poll()  # so that it does not stay behind as a zombie


def _start(child: Child, environment: dict[str, str], listener: int) -> None:
    child.started = time.monotonic()
    try:
        child.process = subprocess.Popen(  # noqa: S603 - our own interpreter and command
            [sys.executable, "-m", "skywrite", *child.arguments], env=environment, pass_fds=[listener]
        )
    except (OSError, MemoryError, subprocess.SubprocessError) as error:
        # No process, no memory, no file to be had: that passes, and the other processes may not end with it.
        _put_off(child)
        log.warning("process could not be started, trying again", process=child.name, reason=str(error))


def _note_end(child: Child) -> None:
    if child.process is None or child.process.poll() is None:
        return
    _put_off(child)
    log.warning("process ended, starting it again", process=child.name, code=child.process.returncode)
    child.process = None


def _put_off(child: Child) -> None:
    """Start it again at once where it lived for long, else after a pause that grows."""
    lived = time.monotonic() - child.started
    child.pause = 0.0 if lived > _STEADY_SECONDS else min(_LONGEST_PAUSE, max(0.1, child.pause * 2))
    child.due = time.monotonic() + child.pause


def _drain(children: list[Child]) -> None:
    for child in children:
        if child.process is not None:
            with contextlib.suppress(ProcessLookupError):
                child.process.terminate()
    deadline = time.monotonic() + _DRAIN_SECONDS
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("process did not end in time and was killed", process=child.name)
            child.process.kill()
            child.process.wait()


def _environment(settings: Settings, listener: socket.socket) -> dict[str, str]:
    values = {name: value for name, value in os.environ.items() if not name.startswith("SKYWRITE_")}
    values = as_child(values | as_environment(settings))
    values[_SOCKET] = str(listener.fileno())
    return values


@contextlib.contextmanager
def _only_one(path: Path):  # type: ignore[no-untyped-def]  # noqa: ANN202
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise SkywriteError(f"The data folder cannot be written to: {error}.") from error
    try:
        if not try_lock(file):
            raise SkywriteError(f"Skywrite already runs on {path.parent.resolve()}.")
        yield
    finally:
        os.close(file)


@contextlib.contextmanager
def _listening(settings: Settings):  # type: ignore[no-untyped-def]  # noqa: ANN202
    with listen(settings) as listener:
        yield listener


def listen(settings: Settings) -> socket.socket:
    """A listening socket at the host and port of `settings`. Raises SkywriteError where that can't be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        _bind(listener, settings)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise SkywriteError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. Choose another with --port."
        ) from error
    listener.setblocking(False)
    return listener


def _bind(listener: socket.socket, settings: Settings) -> None:
    """Bind; while the processes of a supervisor that was killed still drain, wait for them to let go of the port."""
    end = time.monotonic() + _DRAIN_SECONDS
    briefly = time.monotonic() + _YOUNG_SECONDS
    while True:
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            patience = end if "web" in read_roles(settings.run) else briefly
            if error.errno != errno.EADDRINUSE or time.monotonic() > patience:
                raise
            time.sleep(_TRY_AGAIN_SECONDS)
        else:
            return


def _die_with_parent(parent: int) -> None:
    """Ask the kernel for a SIGTERM when the supervisor dies, however it dies (Linux)."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - needed in children only

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(1)
