"""`skywrite contact merge` and `erase` come to what the API does."""

import json

BOB = "bob@example.com"


def added(skywrite, *emails):
    for email in emails:
        assert skywrite("contact", "add", "--email", email).code == 0


def test_two_become_one_and_the_first_stays(skywrite) -> None:
    added(skywrite, "ada@example.com", BOB)
    assert skywrite("contact", "merge", "ada@example.com", BOB).out == "They are person_1 now.\n"
    shown = json.loads(skywrite("contact", "show", BOB, "--json").out)
    assert (shown["id"], shown["email"]) == ("person_1", "ada@example.com")


def test_who_is_erased_is_nobody_and_is_not_written_to(skywrite) -> None:
    added(skywrite, BOB)
    assert json.loads(skywrite("contact", "erase", BOB, "--json").out) == {"id": "person_1", "addresses": 1}
    assert skywrite("contact", "show", BOB).code != 0
    assert [one["reason"] for one in json.loads(skywrite("suppression", "list", "--json").out)] == ["erased"]
    assert skywrite("contact", "erase", BOB).code != 0
