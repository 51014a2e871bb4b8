"""Locks between processes of one machine that the kernel takes back when their holder dies."""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from skywrite.kit.errors import Later

_TRY_AGAIN_SECONDS = 0.2
_LOOK_SECONDS = (0.00005, 0.002)  # the first and the longest pause while another has its turn


class Turnstile:
    """Lets the writers of one file in one after another, threads and processes alike.

    SQLite's own lock goes to whoever asks in the right moment: a process that writes without pause has it again before
    another wakes, which waits for seconds. Here who has just been in stands behind who waits already: it must pass
    `NAME.turn`, which the one who waits holds until it is in.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._paths = (path.with_name(f"{path.name}.turn"), path.with_name(f"{path.name}.in"))
        self._patience = patience
        self._threads = threading.Lock()
        self._files: list[int] = []

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Have a turn, within the block. Raises Later when none comes within the patience, in seconds."""
        end = time.monotonic() + self._patience
        if not self._threads.acquire(timeout=self._patience):
            raise _too_long(self._patience)
        try:
            waiting, inside = self._files or self._open()
            self._take(waiting, end)
            try:
                self._take(inside, end)
            finally:
                fcntl.flock(waiting, fcntl.LOCK_UN)
            try:
                yield
            finally:
                fcntl.flock(inside, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def close(self) -> None:
        """Release the files."""
        files, self._files = self._files, []
        for file in files:
            os.close(file)

    def _open(self) -> list[int]:
        self._files = [os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644) for path in self._paths]
        return self._files

    def _take(self, file: int, end: float) -> None:
        pause, longest = _LOOK_SECONDS
        while not try_lock(file):
            if time.monotonic() > end:
                raise _too_long(self._patience)
            time.sleep(pause)
            pause = min(longest, pause * 2)


def _too_long(patience: float) -> Later:
    return Later(f"another process has been writing for {patience:g} seconds")


@contextlib.contextmanager
def exclusive(path: Path, stop: threading.Event) -> Iterator[bool]:
    """Hold `path`'s lock; waits for it until `stop` is set. Gives whether it is held."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        held = try_lock(file)
        while not held and not stop.wait(_TRY_AGAIN_SECONDS):
            held = try_lock(file)
        yield held
    finally:
        os.close(file)


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold `path`'s lock for a moment; waits in the kernel for who has it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def try_lock(file: int) -> bool:
    """Take the lock of an open file if nobody holds it; whether it is ours now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
