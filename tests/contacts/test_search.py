import itertools

import pytest

from skywrite.contacts.search import Search, TraitRule, count, find, trait_names
from skywrite.contacts.service import People
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import contacts
from tests.support.handled import a_contact, emails, rule

ADA, BOB, CARL = "Ada@example.com", "bob@example.com", "carl_x@example.org"


@pytest.fixture
def people(store):
    People(store).add(ADA, "u1", {"plan": "pro", "seats": 3, "firstName": "Ada", "tags": ["a", "b"]}, "test")
    People(store).add(BOB, "u22", {"plan": "free", "seats": 30, "since": "2026-03-01", "address": {"city": "Berne"}})
    People(store).add(CARL, "", {"plan": "pro", "vip": True, "name": "Carl Émile"})
    return store


CASES: list[tuple[dict, list[str]]] = [
    ({}, [CARL, BOB, ADA]),
    ({"text": "ADA@"}, [ADA]),
    ({"text": "bob@example.com"}, [BOB]),
    ({"text": "carl_"}, [CARL]),
    ({"text": "carl%"}, []),
    ({"text": "u"}, [BOB, ADA]),
    ({"text": "u22"}, [BOB]),
    ({"text": "person_2"}, [BOB]),
    ({"text": "carl é"}, [CARL]),
    ({"text": "nobody"}, []),
    ({"traits": rule("plan", "is", "pro")}, [CARL, ADA]),
    ({"traits": rule("plan", "is", "PRO")}, []),
    ({"traits": rule("plan", "begins", "f")}, [BOB]),
    ({"traits": rule("seats", "greater", "3")}, [BOB]),
    ({"traits": rule("seats", "less", "30")}, [ADA]),
    ({"traits": rule("since", "greater", "2026-02-28")}, [BOB]),
    ({"traits": rule("vip", "is", "true")}, [CARL]),
    ({"traits": rule("tags", "is", "b")}, [ADA]),
    ({"traits": rule("address.city", "exists")}, [BOB]),
    ({"traits": (*rule("plan", "is", "pro"), *rule("seats", "less", "9"))}, [ADA]),
    ({"text": "a", "traits": rule("plan", "is", "free")}, []),
    ({"subscription": "subscribed"}, [CARL, BOB, ADA]),
    ({"subscription": "unsubscribed"}, []),
    ({"list_id": 1}, []),
    ({"segment_id": 1}, []),
]


@pytest.mark.parametrize("few", [5_000, 0], ids=["few", "walked"])
def test_it_finds_whom_it_is_asked_for(people, monkeypatch, few) -> None:
    monkeypatch.setattr("skywrite.contacts.search._FEW", few)
    for search, found in CASES:
        assert emails(people, **search) == found, search
        with people.read() as connection:
            assert count(connection, Search(**search)).number == len(found), search


@pytest.mark.parametrize("sort", ["newest", "seen"])
@pytest.mark.parametrize("traits", [(), rule("odd", "is", "true"), rule("n", "greater", "10")], ids=str)
def test_pages_give_each_contact_once(store, monkeypatch, sort, traits) -> None:
    monkeypatch.setattr("skywrite.contacts.search._FEW", 3)
    monkeypatch.setattr("skywrite.contacts.search._FIRST_WINDOW", 4)
    for number in range(30):
        a_contact(store, f"p{number}@example.com", n=number, odd=number % 2 == 1)
    with store.write() as connection:
        connection.execute(contacts.update().values(seen_at=contacts.c.id % 7))
    search, after, seen = Search(sort=sort, traits=traits), "", []
    for _ in range(50):
        with store.read() as connection:
            page = find(connection, search, after, 4, patience=0)
        seen += [(row.seen_at if sort == "seen" else 0, row.id) for row in page.rows]
        if page.after is None:
            break
        after = page.after
    expected = {"": 30, "odd": 15, "n": 19}[traits[0].name if traits else ""]
    assert len(seen) == len(set(seen)) == expected
    assert seen == sorted(seen, reverse=True)


def test_a_page_that_looked_for_long_enough_is_short_and_says_from_where_to_go_on(store, monkeypatch) -> None:
    monkeypatch.setattr("skywrite.contacts.search._FEW", 1)
    monkeypatch.setattr("skywrite.contacts.search._FIRST_WINDOW", 2)
    for number in range(9):
        a_contact(store, f"p{number}@example.com", n=number)
    with store.read() as connection:
        page = find(
            connection, Search(traits=rule("n", "less", "3")), limit=5, clock=itertools.count().__next__, patience=0
        )
    assert (list(page.rows), page.after) == ([], "8")


@pytest.mark.parametrize(
    ("search", "where"),
    [
        ({"text": "x" * 321}, "q"),
        ({"text": "a\x00"}, "q"),
        ({"subscription": "maybe"}, "subscription"),
        ({"traits": rule("", "is", "x")}, "traits"),
        ({"traits": rule("n", "greater", "many")}, "traits"),
        ({"traits": rule("n", "less", "nan")}, "traits"),
    ],
)
def test_what_is_wrong_is_named(sqlite_store, search, where) -> None:
    with sqlite_store.read() as connection, pytest.raises(Refused) as refused:
        find(connection, Search(**search))
    assert refused.value.where == where


@pytest.mark.parametrize("after", ["x", "1-2", "-1", "9" * 20])
def test_a_place_that_no_page_gave_is_refused(sqlite_store, after) -> None:
    with sqlite_store.read() as connection, pytest.raises(Refused):
        find(connection, Search(), after)


def test_traits_are_listed_by_their_paths(people) -> None:
    with people.read() as connection:
        names = trait_names(connection)
    assert names == sorted(["plan", "seats", "firstName", "tags", "since", "address.city", "vip", "name"])


def test_a_rule_is_plain_data() -> None:
    assert rule("a", "is", "b") == (TraitRule("a", "is", "b"),)
