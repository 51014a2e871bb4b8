"""Passwords, hashed with argon2id at the library's own recommended cost."""

import contextlib
import functools
import threading
from collections.abc import Iterator

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from skywrite.kit.errors import Later

_hasher = PasswordHasher()
_AT_ONCE = 2
_PATIENCE_SECONDS = 5.0
_places = threading.Semaphore(_AT_ONCE)  # of the process: a hash takes 64 MiB and a processor while it is made


def hash_password(password: str) -> str:
    """What is kept of a password. Raises Later where too many wait for theirs."""
    with hashing():
        return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def is_password(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept; takes as long where there is none. Raises Later as `hash_password`."""
    with hashing():
        try:
            matches = _hasher.verify(kept or _nobodys(), password.encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False
    return matches and kept is not None


@contextlib.contextmanager
def hashing() -> Iterator[None]:
    """One of this process's few places for making a hash. Raises Later where none comes free in time."""
    if not _places.acquire(timeout=_PATIENCE_SECONDS):
        raise Later("Too many are signing in just now; try again in a moment.", after=_PATIENCE_SECONDS)
    try:
        yield
    finally:
        _places.release()


@functools.cache  # and not at import, where it would cost every start a sixth of a second and 64 MiB
def _nobodys() -> str:
    return _hasher.hash("a password that nobody has")
