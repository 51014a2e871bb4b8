"""A lock between processes of one machine that the kernel takes back when its holder dies."""

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path

_TRY_AGAIN_SECONDS = 0.2


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
