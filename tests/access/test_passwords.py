import contextlib

import pytest

from skywrite.access import passwords
from skywrite.access.passwords import hash_password, hashing, is_password
from skywrite.kit.errors import Later


def test_only_the_one_that_was_hashed_matches() -> None:
    kept = hash_password("correct horse \ud800 battery")
    assert "horse" not in kept
    assert is_password(kept, "correct horse \ud800 battery")
    assert not is_password(kept, "correct horse battery")
    assert not is_password(None, "a password that nobody has")
    assert not is_password("no hash at all", "anything")


def test_two_are_hashed_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_PATIENCE_SECONDS", 0.01)
    with hashing(), hashing():
        for hashes in (lambda: hash_password("x"), lambda: is_password(None, "x")):
            with pytest.raises(Later, match="Too many"):
                hashes()
    assert is_password(hash_password("x"), "x")


def test_a_place_comes_free_whatever_happens_in_it() -> None:
    for _ in range(3):
        with contextlib.suppress(ZeroDivisionError), hashing():
            raise ZeroDivisionError
    with hashing(), hashing():
        pass
