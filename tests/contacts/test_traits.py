import pytest

from skywrite.contacts import traits

# traits as they are, what is given, and what comes of it (None: nothing changes)
CHANGES = [
    ({}, {"plan": "pro"}, {"plan": "pro"}),
    ({"plan": "pro"}, {"plan": "pro"}, None),
    ({"plan": "pro"}, {"plan": None}, {}),
    ({}, {"plan": None}, None),
    ({"n": 1}, {"n": True}, {"n": True}),
    ({"n": 1}, {"n": 1.0}, {"n": 1.0}),
    ({"address": {"city": "Rome"}}, {"address": {"zip": 1}}, {"address": {"zip": 1}}),
    ({}, {"email": "a@x.io", "_NewEmail": "b@x.io"}, None),
]


@pytest.mark.parametrize(("before", "given", "after"), CHANGES)
def test_what_an_identify_changes(before, given, after):
    assert traits.changed(before, given) == after


def test_a_dotted_name_and_a_path_that_meet_take_nothing_from_each_other():
    both = {"address": {"city": "Rome"}, "address.city": "Oslo"}
    gone, news = traits.difference(both, {"address": {"city": "Rome"}})
    assert (gone, news) == ([], {("address.city", 0): ("Rome", None)})


def test_only_what_changed_is_written():
    gone, news = traits.difference({"a": 1, "b": [1, 2], "c": 3}, {"a": 1, "b": [1], "d": 4})
    assert gone == [("b", 1), ("c", 0)]
    assert news == {("d", 0): ("4", 4.0)}
