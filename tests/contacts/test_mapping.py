import pytest

from skywrite.contacts.mapping import Column, Row, escaped, guess, path_of, read_row


@pytest.mark.parametrize(
    ("name", "values", "column"),
    [
        ("Email", ["a@x.com"], ("email", "", "text")),
        ("E-Mail Address", [], ("email", "", "text")),
        ("user_id", ["7"], ("userId", "", "text")),
        ("anonymousId", [], ("anonymousId", "", "text")),
        ("First Name", ["Ada"], ("trait", "firstName", "text")),
        ("Mailing City", ["Berne"], ("trait", "address.city", "text")),
        ("Mailing Postal Code", ["3000"], ("trait", "address.postalCode", "text")),
        ("Mobile Phone", ["123"], ("trait", "mobilePhone", "text")),
        ("Opted Out of Email", ["no"], ("unsubscribed", "", "text")),
        ("Lists", ["VIP"], ("lists", "", "text")),
        ("Contact Id", ["person_1"], ("ignore", "", "text")),
        ("integer--Smog--Level", ["4"], ("trait", "Smog Level", "number")),
        ("boolean--Has--Reviewed", ["x"], ("trait", "Has Reviewed", "boolean")),
        ("traits.plan", ["1"], ("trait", "plan", "any")),
        ("Seats", ["1", "2.5"], ("trait", "Seats", "number")),
        ("Code", ["007"], ("trait", "Code", "text")),
        ("Tel", ["+491701234567", "123"], ("trait", "Tel", "text")),
        ("Mobile", ["491701234567"], ("trait", "mobilePhone", "text")),
        ("Account", ["1234567890123456"], ("trait", "Account", "text")),
        ("Visits", ["123456789012345", "-2"], ("trait", "Visits", "number")),
        ("Share", ["0.30000000000000004", "1e-7"], ("trait", "Share", "number")),
        ("Member", ["yes", "no"], ("trait", "Member", "boolean")),
        ("Since", ["2026-01-02", "2026-01-02T10:00:00Z"], ("trait", "Since", "date")),
        ("v1.2", ["a"], ("trait", "v1\\.2", "text")),
        ("St. Louis", ["a"], ("trait", "St\\. Louis", "text")),
        ("address.city", ["Paris"], ("trait", "address.city", "text")),
        ("tags", ['["a", "b"]', "[]"], ("trait", "tags", "any")),
        ("tags", ['["a", "b"]', "[a]"], ("trait", "tags", "text")),
        ("", [], ("ignore", "", "text")),
    ],
)
def test_a_column_is_guessed_by_its_name_and_values(name, values, column) -> None:
    [found, *_] = guess([name], [[value] for value in values])
    assert (found.to, found.trait, found.type) == column


def test_without_a_name_that_says_so_the_column_of_addresses_is_the_address() -> None:
    assert [column.to for column in guess(["Contact", "X"], [["a@x.com", "y"]])] == ["email", "trait"]


def test_each_kind_of_identity_is_guessed_once() -> None:
    assert [column.to for column in guess(["Email", "Primary Email"], [])] == ["email", "trait"]


@pytest.mark.parametrize(
    ("names", "traits"),
    [
        (["email", "email.status", "_NewEmail.x"], ["", "email\\.status", "_NewEmail\\.x"]),
        (["email", "traits.email.status", "_autopilot_list.y"], ["", "email\\.status", "_autopilot_list\\.y"]),
        (["plan", "plan.name", "plan.name.first"], ["plan", "plan\\.name", "plan\\.name\\.first"]),
        (["plan.name.first", "plan.name", "plan.price"], ["plan\\.name\\.first", "plan.name", "plan.price"]),
        (["City", "address"], ["City", "address"]),
        (["City", "Home Address"], ["address.city", "Home Address"]),
        (["planned", "plan.name", "traits.a"], ["planned", "plan.name", "a"]),
    ],
)
def test_no_column_takes_the_place_of_another(names, traits) -> None:
    assert [column.trait for column in guess(names, [])] == traits


EMAIL = Column("Email", "email")


@pytest.mark.parametrize(
    ("column", "cell", "traits"),
    [
        (Column("A", "trait", "a"), " x ", {"a": " x "}),
        (Column("A", "trait", "a", "number"), "12", {"a": 12}),
        (Column("A", "trait", "a", "number"), " 1.5 ", {"a": 1.5}),
        (Column("A", "trait", "a", "boolean"), "YES", {"a": True}),
        (Column("A", "trait", "a", "date"), "2026-01-02", {"a": "2026-01-02"}),
        (Column("A", "trait", "a", "any"), '{"b":[1]}', {"a": {"b": [1]}}),
        (Column("A", "trait", "a", "any"), "007", {"a": "007"}),
        (Column("A", "trait", "a.b.c"), "x", {"a": {"b": {"c": "x"}}}),
        (Column("A", "trait", "a\\.b"), "x", {"a.b": "x"}),
        (Column("A", "trait", "a"), "", {}),
        (Column("A", "ignore"), "x", {}),
    ],
)
def test_a_cell_becomes_a_trait(column, cell, traits) -> None:
    row = read_row([EMAIL, column], 2, ["a@x.com", cell])
    assert isinstance(row, Row)
    assert row.traits == traits


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (Column("A", "trait", "a", "number"), "many", "no number"),
        (Column("A", "trait", "a", "number"), "1e999", "no number"),
        (Column("A", "trait", "a", "boolean"), "maybe", "no yes or no"),
        (Column("A", "trait", "a", "date"), "2026-13-01", "no date"),
        (Column("A", "trait", "a"), "x" * 10_001, "longer than"),
        (Column("A", "trait", "a"), "a\udcff", "encoding"),
        (Column("A", "trait", "a"), "a\x00", "NUL"),
        (Column("A", "userId"), "x" * 501, "longer than"),
        (Column("A", "unsubscribed"), "perhaps", "neither yes nor no"),
        (Column("A", "lists"), "x" * 201, "name of a list"),
    ],
)
def test_a_cell_that_cannot_be_is_the_row_s_refusal(column, cell, said) -> None:
    refusal = read_row([EMAIL, column], 2, ["a@x.com", cell])
    assert isinstance(refusal, str)
    assert said in refusal


def test_a_row_longer_than_its_heading_is_refused() -> None:
    assert "2 cells" in str(read_row([EMAIL], 2, ["a@x.com", "x"]))
    assert isinstance(read_row([EMAIL], 2, ["a@x.com", ""]), Row)


@pytest.mark.parametrize("key", ["a", "a.b", "a\\b", "\\.", ".", "a\\.b.c", "\\\\"])
def test_an_escaped_key_is_one_step(key) -> None:
    assert path_of(escaped(key)) == [key]
