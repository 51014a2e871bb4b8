import pytest

from skywrite.access.attempts import Attempts
from skywrite.kit.errors import Later


def test_after_too_many_failures_one_must_wait_until_they_are_old() -> None:
    attempts = Attempts(3)
    for second in range(3):
        attempts.begin("ada", second)
    with pytest.raises(Later) as later:
        attempts.begin("ada", 10)
    assert later.value.after == 890
    attempts.begin("bob", 10)
    attempts.begin("ada", 901)


def test_who_is_made_to_wait_waits_no_longer_for_having_asked() -> None:
    attempts = Attempts(1)
    attempts.begin("ada", 0)
    with pytest.raises(Later):
        attempts.begin("ada", 899)
    attempts.begin("ada", 901)


def test_success_forgets_the_failures() -> None:
    attempts = Attempts(1)
    attempts.begin("ada", 0)
    attempts.succeeded("ada")
    attempts.begin("ada", 1)


def test_an_attempt_that_is_taken_back_leaves_the_others() -> None:
    attempts = Attempts(2)
    attempts.begin("a host", 0)
    attempts.begin("a host", 1)
    attempts.take_back("a host", 1)
    attempts.take_back("a host", 99)
    attempts.begin("a host", 2)
    with pytest.raises(Later):
        attempts.begin("a host", 3)


def test_memory_is_bounded() -> None:
    attempts = Attempts(2)
    for number in range(20_000):
        attempts.begin(str(number), 0)
    assert len(attempts._failures) == 10_000
