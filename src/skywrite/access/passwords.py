"""Passwords, hashed with argon2id at the library's own recommended cost."""

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def is_password(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept; takes as long where there is none."""
    try:
        matches = _hasher.verify(kept or _nobodys(), password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return matches and kept is not None


@functools.cache  # and not at import, where it would cost every start a sixth of a second and 64 MiB
def _nobodys() -> str:
    return _hasher.hash("a password that nobody has")
