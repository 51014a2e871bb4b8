"""Passwords, hashed with argon2id at the library's own recommended cost."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_NOBODYS = _hasher.hash("a password that nobody has")


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def is_password(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept; takes as long where there is none."""
    try:
        matches = _hasher.verify(kept or _NOBODYS, password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return matches and kept is not None
