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

# a trait, and the rows that it is searched by
ROWS = [
    ("pro", {("t", 0): ("pro", None)}),
    ("", {("t", 0): ("", None)}),
    (7, {("t", 0): ("7", 7.0)}),
    (1.5, {("t", 0): ("1.5", 1.5)}),
    (True, {("t", 0): ("true", 1.0)}),
    ("2026-01-02", {("t", 0): ("2026-01-02", 1767312000e6)}),
    ("2026-01-02T00:00:00Z", {("t", 0): ("2026-01-02T00:00:00Z", 1767312000e6)}),
    ("2026-99", {("t", 0): ("2026-99", None)}),
    (10**400, {("t", 0): (traits.key(str(10**400)), None)}),
    (["a", 2, None, ["deep"]], {("t", 0): ("a", None), ("t", 1): ("2", 2.0)}),
    ([{"sku": "a"}, {"sku": "b"}], {("t.sku", 0): ("a", None), ("t.sku", 1): ("b", None)}),
    ({"a": {"b": {"c": 1}, "d": 2}}, {("t.a.d", 0): ("2", 2.0)}),
    (None, {}),
    (list(range(99)), {("t", n): (str(n), float(n)) for n in range(50)}),
]


@pytest.mark.parametrize(("before", "given", "after"), CHANGES)
def test_what_an_identify_changes(before, given, after):
    assert traits.changed(before, given) == after


@pytest.mark.parametrize(("value", "rows"), ROWS, ids=lambda value: str(value)[:30])
def test_the_rows_of_a_trait(value, rows):
    assert traits.rows({"t": value}) == rows


def test_a_dotted_name_and_a_path_that_meet_take_nothing_from_each_other():
    both = {"address": {"city": "Rome"}, "address.city": "Oslo"}
    gone, news = traits.difference(both, {"address": {"city": "Rome"}})
    assert (gone, news) == ([], {})
    assert traits.rows(both) == {("address.city", 0): ("Rome", None)}


def test_only_what_changed_is_written():
    gone, news = traits.difference({"a": 1, "b": [1, 2], "c": 3}, {"a": 1, "b": [1], "d": 4})
    assert gone == [("b", 1), ("c", 0)]
    assert news == {("d", 0): ("4", 4.0)}
