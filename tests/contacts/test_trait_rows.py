import pytest

from skywrite.contacts.trait_rows import TraitRow, trait_rows


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        ("pro", [("a", 0, "pro", None)]),
        (3, [("a", 0, "3", 3.0)]),
        (3.0, [("a", 0, "3", 3.0)]),
        (0.5, [("a", 0, "0.5", 0.5)]),
        (True, [("a", 0, "true", 1.0)]),
        (None, []),
        ("2026-01-02", [("a", 0, "2026-01-02", 1767312000e6)]),
        ("2026-01-02T01:00:00+01:00", [("a", 0, "2026-01-02T01:00:00+01:00", 1767312000e6)]),
        ("2026-13-02", [("a", 0, "2026-13-02", None)]),
        ("x" * 300, [("a", 0, "x" * 200, None)]),
        (["x", 1, None, {"b": 1}], [("a", 0, "x", None), ("a", 1, "1", 1.0)]),
        ({"b": {"c": 1}}, [("a.b.c", 0, "1", 1.0)]),
        ({"b": {"c": {"d": {"e": {"f": 1}}}}}, []),
        (10**400, [("a", 0, "1" + "0" * 400, None)]),
    ],
    ids=lambda each: str(each)[:30],
)
def test_a_trait_is_searched_by_its_scalars(value, rows) -> None:
    assert trait_rows({"a": value}) == [TraitRow(*row) for row in rows]


def test_two_that_share_a_path_are_one_row() -> None:
    assert [row.text for row in trait_rows({"a": {"b": 1}, "a.b": 2})] == ["2"]
