import pytest
from sqlalchemy import insert

from skywrite.contacts.lists import TOPIC, Lists, new_list
from skywrite.contacts.search import Search
from skywrite.contacts.service import People
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import contact_changes, list_members, segments
from skywrite.store.engine import changes_version
from skywrite.store.mail_tables import broadcasts
from tests.support.handled import a_contact, count_rows, emails
from tests.support.plans import planned


@pytest.fixture
def lists(store) -> Lists:
    return Lists(store)


def test_contacts_are_put_on_once_and_taken_off_again(lists, store) -> None:
    ids = [a_contact(store, f"p{number}@example.com") for number in range(3)]
    vip = lists.add(" VIP ")
    changes = count_rows(store, contact_changes)
    assert lists.put_on(vip.id, [*ids, 999]) == 3
    assert lists.put_on(vip.id, ids) == 0
    assert lists.get(vip.id).members == 3
    assert lists.take_off(vip.id, ids[:1]) == 1
    assert emails(store, list_id=vip.id) == ["p2@example.com", "p1@example.com"]
    assert [each.name for each in People(store).timeline("p0@example.com")][:2] == [
        "Removed from List",
        "Added to List",
    ]
    assert People(store).timeline("p0@example.com")[0].data == {"list_id": "list_1", "list_name": "VIP"}
    assert count_rows(store, contact_changes) == changes + 4


def test_all_that_a_search_finds_are_put_on_and_taken_off(lists, store) -> None:
    for number in range(5):
        a_contact(store, f"p{number}@example.com", plan="pro" if number % 2 else "free")
    lists.add("VIP")
    assert lists.put_on_found(1, Search(text="p")) == 5
    assert lists.take_off_found(1, Search(list_id=1)) == 5


def test_a_new_list_of_contacts_is_one_that_segments_and_timelines_know_of(store, lists, monkeypatch) -> None:
    monkeypatch.setattr("skywrite.contacts.lists._BATCH", 2)
    ids = [a_contact(store, f"p{number}@example.com") for number in range(5)]
    before = count_rows(store, contact_changes)
    with store.read() as connection:
        version = changes_version(connection, TOPIC)
    assert new_list(store, " VIP ", {*ids, 999}, 7) == (1, 5)
    assert lists.get(1).members == 5
    assert count_rows(store, contact_changes) == before + 5
    assert People(store).timeline("p4@example.com")[-1].data == {"list_id": "list_1", "list_name": "VIP"}
    with store.read() as connection:
        assert changes_version(connection, TOPIC) > version
    with pytest.raises(Refused, match="VIP"):
        new_list(store, "VIP", ids, 7)


def test_who_puts_on_some_does_not_count_all_that_are_on_it(sqlite_store) -> None:
    lists = Lists(sqlite_store)
    number = lists.add("VIP").id
    one = a_contact(sqlite_store, "p@example.com")
    with planned(sqlite_store) as steps:
        lists.put_on(number, [one])
        lists.take_off(number, [one])
    looks = [step for step in steps if "list_members" in step]
    assert looks
    assert [step for step in looks if "contact_id=?" not in step] == []


def test_a_name_is_taken_once(lists) -> None:
    lists.add("VIP")
    lists.add("Other")
    for act in (lambda: lists.add("VIP"), lambda: lists.rename(2, "VIP")):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 409
    assert lists.rename(1, "VIP").name == "VIP"


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\nb"])
def test_what_is_no_name_is_refused(sqlite_store, name) -> None:
    with pytest.raises(Refused):
        Lists(sqlite_store).add(name)


def test_a_removed_list_leaves_its_contacts(lists, store) -> None:
    lists.add("VIP")
    lists.put_on(1, [a_contact(store)])
    lists.remove(1)
    assert (lists.all(), count_rows(store, list_members)) == ([], 0)
    assert People(store).timeline("person_1")[0].name == "Removed from List"


@pytest.mark.parametrize(
    ("definition", "is_used"),
    [
        ({"all": [{"kind": "list", "id": 1}]}, True),
        ({"any": [{"not": {"list_id": 1}}]}, True),
        ({"kind": "in_list", "list": "list_1"}, True),
        ({"kind": "list", "id": 2}, False),
        ({"kind": "trait", "name": "list", "value": "x"}, False),
    ],
)
def test_a_list_that_a_segment_needs_stays(lists, store, definition, is_used) -> None:
    lists.add("VIP")
    row = {"name": "S", "definition": definition, "streams": False, "state": "ready", "reason": "", "members": 0,
           "kept_upto": 0, "created_at": 0, "updated_at": 0}  # fmt: skip
    with store.write() as connection:
        connection.execute(insert(segments), [row])
    if is_used:
        with pytest.raises(Refused, match="segment S"):
            lists.remove(1)
    else:
        lists.remove(1)


def test_a_list_that_a_broadcast_goes_to_stays(lists, store) -> None:
    lists.add("VIP")
    blank = {each.name: "" if each.type.python_type is str else 0 for each in broadcasts.c if not each.nullable}
    row = blank | {"id": 1, "name": "B", "audience": {"kind": "list", "id": 1}, "state": "paused"}
    with store.write() as connection:
        connection.execute(insert(broadcasts), [row])
    with pytest.raises(Refused, match="broadcast B"):
        lists.remove(1)
