from skywrite.contacts.segments.order import in_order, users_of

USES = {1: {3}, 2: set(), 3: {2}, 4: {1, 2, 99}}


def test_each_comes_after_all_that_it_uses() -> None:
    assert in_order(USES) == [2, 3, 1, 4]


def test_a_circle_ends() -> None:
    assert sorted(in_order({1: {2}, 2: {1}})) == [1, 2]


def test_users_are_found_through_others() -> None:
    assert users_of(2, USES) == {1, 3, 4}
    assert users_of(4, USES) == set()
