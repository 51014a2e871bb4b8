import csv
import io

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from skywrite.contacts.exporting import Style, export
from skywrite.contacts.search import Search, every
from skywrite.contacts.service import People
from skywrite.contacts.traits import CONTROLS
from skywrite.settings import Settings
from skywrite.store.engine import open_store
from tests.support.handled import imported


def cells(store, style=Style(), **search) -> list[dict[str, str]]:  # noqa: B008
    text = b"".join(export(store, Search(**search), style)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_traits_are_columns_and_a_search_narrows(store) -> None:
    People(store).add("ada@example.com", "u1", {"plan": "pro", "address": {"city": "Berne"}, "tags": ["a"]})
    People(store).add("bob@example.com", traits={"plan": "free"})
    People(store).unsubscribe(["person_2"], "ada")
    ada, bob = sorted(cells(store), key=lambda row: row["email"])
    assert (ada["userId"], ada["plan"], ada["address.city"], ada["contact id"]) == ("u1", "pro", "Berne", "person_1")
    assert (bob["unsubscribed"], bob["subscription"], bob["address.city"]) == ("yes", "unsubscribed", "")
    assert [row["email"] for row in cells(store, text="bob")] == ["bob@example.com"]


@pytest.mark.parametrize(
    ("value", "safe"),
    [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+49 30 1", "'+49 30 1"), ("-5", "-5"), ("plain", "plain")],
)
def test_no_cell_is_a_formula(sqlite_store, value, safe) -> None:
    People(sqlite_store).add("ada@example.com", traits={"note": value})
    assert cells(sqlite_store)[0]["note"] == safe
    assert cells(sqlite_store, Style(safe=False))[0]["note"] == value


@pytest.mark.parametrize("style", [Style(), Style(safe=False), Style(exact=True)])
def test_traits_that_are_called_like_other_columns_come_back_as_they_were(settings, sqlite_store, style) -> None:
    names = ("unsubscribed", "userId", "anonymous_id", "subscription", "contact id", "lists", "Opt Out")
    traits = {name: f"the {name}" for name in names} | {"traits": {"plan": "pro"}, "contact": {"id": "c1"}, "plan": "x"}
    people = People(sqlite_store)
    people.add("ada@example.com", "u1", traits | {"unsubscribed": True})
    people.add("bob@example.com", "u2", traits)
    before = known(sqlite_store)
    text = b"".join(export(sqlite_store, Search(), style))
    head = next(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert len(set(head)) == len(head)
    _emptied(sqlite_store)
    done = imported(settings, sqlite_store, text)
    assert (done.state, done.created, done.refused) == ("done", 2, 0)
    assert known(sqlite_store) == before
    assert not people.get("u1").lists
    assert [people.get(one).subscription for one in ("u1", "u2")] == ["unsubscribed", "subscribed"]


@pytest.mark.parametrize("style", [Style(), Style(safe=False)])
def test_a_file_for_spreadsheets_comes_back_with_its_objects_and_arrays(settings, sqlite_store, style) -> None:
    traits = {"address": {"city": "Berne", "geo": {"lat": 46.9}}, "tags": ["a", "b"], "plan": "pro"}
    People(sqlite_store).add("ada@example.com", "u1", traits)
    text = b"".join(export(sqlite_store, Search(), style)).replace(b"Berne", b"Basel")
    assert imported(settings, sqlite_store, text).updated == 1
    assert People(sqlite_store).get("u1").traits == traits | {"address": {"city": "Basel", "geo": {"lat": 46.9}}}


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
    lambda name: name.strip() == name and name not in CONTROLS
)
SCALARS = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
    | st.integers(-(2**53), 2**53)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))
PEOPLE = st.lists(st.dictionaries(NAMES, VALUES, max_size=4), min_size=1, max_size=4)


def known(store) -> list:
    return sorted((row.email, row.user_id or "", row.traits) for rows in every(store, Search()) for row in rows)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two empty stores, used again and again."""
    folders = [Settings(data=tmp_path_factory.mktemp(name)) for name in ("from", "to")]
    stores = [open_store(each) for each in folders]
    yield list(zip(folders, stores, strict=True))
    for store in stores:
        store.close()


@how(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE)
def test_an_export_that_is_imported_gives_the_same_contacts(pair, people) -> None:
    (_, source), (settings, target) = pair
    for store in (source, target):
        _emptied(store)
    for number, traits in enumerate(people):
        People(source).add(f"p{number}@example.com", f"u{number}", traits)
    content = b"".join(export(source, Search(), Style(exact=True, safe=False)))
    done = imported(settings, target, content)
    assert (done.created, done.refused) == (len(people), 0)
    assert known(target) == known(source)


def _emptied(store) -> None:
    from skywrite.store import contact_tables as tables

    names = ("import_refusals", "imports", "contact_traits", "identities", "activities", "contacts")
    with store.write() as connection:
        for name in names:
            connection.execute(getattr(tables, name).delete())
