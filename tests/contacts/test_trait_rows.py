import pytest

from skywrite.contacts.exporting import Style, export
from skywrite.contacts.search import Search, TraitRule
from skywrite.contacts.segments.model import Group, Op, Trait
from skywrite.contacts.segments.service import Segments
from skywrite.contacts.service import People
from skywrite.contacts.trait_rows import MAX_ITEMS, rows_of
from skywrite.store.types import key
from tests.support.handled import emails

DAY = 1767312000e6  # 2 January 2026
# a trait, and the rows that it is searched by
ROWS = [
    ("pro", {("t", 0): ("pro", None)}),
    ("", {("t", 0): ("", None)}),
    (7, {("t", 0): ("7", 7.0)}),
    (3.0, {("t", 0): ("3", 3.0)}),
    (-0.0, {("t", 0): ("0", 0.0)}),
    (1.5, {("t", 0): ("1.5", 1.5)}),
    (1e300, {("t", 0): ("1e+300", 1e300)}),
    (True, {("t", 0): ("true", 1.0)}),
    (None, {}),
    ("2026-01-02", {("t", 0): ("2026-01-02", DAY)}),
    ("2026-01-02T00:00:00Z", {("t", 0): ("2026-01-02T00:00:00Z", DAY)}),
    ("2026-01-02T01:00:00+01:00", {("t", 0): ("2026-01-02T01:00:00+01:00", DAY)}),
    ("2026-99", {("t", 0): ("2026-99", None)}),
    ("2026-13-02", {("t", 0): ("2026-13-02", None)}),
    ("x" * 3000, {("t", 0): (key("x" * 3000), None)}),
    (10**400, {("t", 0): (key(str(10**400)), None)}),
    (["a", 2, None, ["deep"]], {("t", 0): ("a", None), ("t", 1): ("2", 2.0)}),
    ([{"sku": "a"}, {"sku": "b"}], {("t.sku", 0): ("a", None), ("t.sku", 1): ("b", None)}),
    ({"a": {"b": {"c": {"d": 1}}}}, {("t.a.b.c.d", 0): ("1", 1.0)}),
    ({"a": {"b": {"c": {"d": {"e": 1}}}}}, {}),
    (list(range(99)), {("t", n): (str(n), float(n)) for n in range(MAX_ITEMS)}),
]


@pytest.mark.parametrize(("value", "rows"), ROWS, ids=lambda value: str(value)[:30])
def test_the_rows_of_a_trait(value, rows) -> None:
    assert rows_of({"t": value}) == rows


@pytest.mark.parametrize("names", [("a", "a.b"), ("a.b", "a")])
def test_a_name_that_holds_a_dot_goes_before_a_path_like_it(names) -> None:
    traits = {"a": {"b": "path"}, "a.b": "name"}
    assert rows_of({name: traits[name] for name in names}) == {("a.b", 0): ("name", None)}


@pytest.mark.parametrize(
    ("value", "asked"),
    [(3.0, "3"), (3, "3"), (True, "true"), ("long " * 500, "long " * 500), ({"b": {"c": {"d": {"e": 5}}}}, None)],
    ids=["whole", "number", "truth", "long", "deep"],
)
def test_search_segment_and_export_agree(store, value, asked) -> None:
    People(store).add("ada@x.io", traits={"t": value})
    found = ["ada@x.io"] if asked is not None else []
    assert emails(store, traits=(TraitRule("t", "is", asked or "5"),)) == found
    definition = Group("all", [Trait("t", Op.IS, value)]) if not isinstance(value, dict) else None
    if definition is not None:
        assert Segments(store).count(definition).count == 1
    line = b"".join(export(store, Search(), Style(safe=False))).decode().splitlines()[1]
    assert (asked or "5") in line or asked is None
