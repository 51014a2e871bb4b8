"""A bell between processes on one machine: whoever has news rings, whoever waits wakes at once.

Each listener binds a datagram socket in one folder; a ringer sends a byte to every socket there. A lost
ring costs only time, since each listener also looks for itself every `timeout` seconds.
"""

import contextlib
import os
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path

_RESCAN_SECONDS = 0.5
_MAX_SOCKET_PATH = 107  # sun_path of unix(7), less its closing NUL
_MAX_NAME = 48


class Listener:
    """Wakes when the bell in `folder` rings. Fileno fits `loop.add_reader` and `select`."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{name}-{os.getpid()}-{id(self) & 0xFFFFFF:x}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        with _short_path(folder) as short:
            self._socket.bind(f"{short}/{self._path.name}")

    def fileno(self) -> int:
        """The socket's file descriptor, readable when the bell has rung."""
        return self._socket.fileno()

    def wait(self, timeout: float) -> bool:
        """Block until the bell rings or `timeout` seconds pass; say whether it rang."""
        poll = select.poll()  # select.select takes no descriptor beyond 1,023
        poll.register(self._socket, select.POLLIN)
        ready = poll.poll(timeout * 1000)
        if ready:
            self.clear()
        return bool(ready)

    def clear(self) -> None:
        """Forget the rings so far. Call it before looking for news, never after."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.recv(16)

    def close(self) -> None:
        """Stop listening and remove the socket."""
        self._socket.close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()


class Bell:
    """Rings every listener in `folder`; never blocks and never fails."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._names: list[str] = []
        self._scanned = 0.0

    def ring(self) -> None:
        """Wake all who listen now."""
        now = time.monotonic()
        if now - self._scanned > _RESCAN_SECONDS:
            self._scanned = now
            with contextlib.suppress(OSError):
                self._names = [entry.name for entry in os.scandir(self._folder)]
        with contextlib.suppress(OSError), _short_path(self._folder) as folder:  # out of files: they look by themselves
            for name in self._names:
                self._ring(f"{folder}/{name}", name)

    def _ring(self, address: str, name: str) -> None:
        try:
            self._socket.sendto(b"!", address)
        except ConnectionRefusedError:  # its process died without cleaning up
            with contextlib.suppress(OSError):
                (self._folder / name).unlink()
        except OSError:
            pass  # full: it is awake already; gone: nothing to wake

    def close(self) -> None:
        """Release the ringer's own socket."""
        self._socket.close()


@contextlib.contextmanager
def _short_path(folder: Path) -> Iterator[str]:
    """The path of a folder of sockets, by way of /proc/self/fd where theirs would be too long for sun_path."""
    if len(os.fsencode(folder)) + _MAX_NAME < _MAX_SOCKET_PATH:
        yield str(folder)
        return
    opened = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{opened}"
    finally:
        os.close(opened)
