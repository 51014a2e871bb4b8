"""The demo's people: fifty, each somebody else, and every habit among them."""

from hypothesis import given
from hypothesis import strategies as some

from skywrite.demo.cast import CAST, Habit, person
from skywrite.demo.play import REFUSALS, STEPS


def test_the_fifty_have_every_habit_and_are_fifty_people():
    assert len(CAST) == len({one.email for one in CAST}) == len({one.user_id for one in CAST}) == 50
    assert {one.habit for one in CAST} == set(Habit)


@given(some.sets(some.integers(0, 100_000), min_size=2, max_size=50))
def test_whoever_comes_later_is_somebody_else(numbers):
    assert len({person(number).email for number in numbers}) == len(numbers)


def test_each_habit_is_played_and_who_is_refused_does_nothing():
    assert STEPS.keys() == set(Habit)
    assert not any(STEPS[habit] for habit in REFUSALS)
