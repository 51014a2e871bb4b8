import pytest

from skywrite.access.attempts import Attempts
from skywrite.kit.errors import Later


def test_after_too_many_failures_one_must_wait_until_they_are_old() -> None:
    attempts = Attempts(3)
    for second in range(3):
        attempts.check("ada", second)
        attempts.failed("ada", second)
    with pytest.raises(Later) as later:
        attempts.check("ada", 10)
    assert later.value.after == 890
    attempts.check("bob", 10)
    attempts.check("ada", 901)


def test_success_forgets_the_failures() -> None:
    attempts = Attempts(1)
    attempts.failed("ada", 0)
    attempts.succeeded("ada")
    attempts.check("ada", 1)


def test_memory_is_bounded() -> None:
    attempts = Attempts(2)
    for number in range(20_000):
        attempts.failed(str(number), 0)
    assert len(attempts._failures) == 10_000
