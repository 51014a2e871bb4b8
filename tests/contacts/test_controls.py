"""Autopilot's control fields: the list that a call puts its contact on, and the browser session that is its."""

import pytest
from sqlalchemy import select

from skywrite.contacts.apply import apply
from skywrite.contacts.calls import calls_in
from skywrite.contacts.controls import Controls, controls_in
from skywrite.contacts.lists import Lists
from skywrite.contacts.service import People
from skywrite.store.contact_tables import contact_changes
from skywrite.store.engine import Store
from tests.support.build import a_batch, a_record, an_event

OPTIONS = {"AutopilotHQ": {"listId": ["list_1", 2], "_autopilot_list": "VIP", "_autopilot_session_id": "b9"}}


@pytest.mark.parametrize(
    ("listed", "session", "integrations", "found"),
    [
        (None, None, None, None),
        ("list_1", None, None, Controls(("list_1",))),
        (7, " b1 ", {}, Controls(("7",), "b1")),
        (["a", "", None, "a", {"b": 1}], None, {"All": True}, Controls(("a",))),
        ("list_1", "b1", OPTIONS, Controls(("list_1", "VIP", "2"), "b9")),
        (True, {"no": "id"}, {"AutopilotHQ": True}, None),
        (None, None, {"autopilothq": {"listId": "list_1"}}, None),
    ],
)
def test_what_a_call_says(listed, session, integrations, found) -> None:
    assert controls_in(listed, session, integrations) == found


def taken(store: Store, *events: dict, **fields: object) -> list[str]:
    """Apply events as one batch; the names of the first contact's timeline, oldest first."""
    with store.write() as connection:
        apply(connection, list(calls_in(a_record(a_batch(*events, **fields)))))
    return [one.name for one in reversed(People(store).timeline("person_1"))]


LISTED = {"_autopilot_list": "list_1"}
CALLS = [
    an_event(type="identify", traits=LISTED),
    an_event(type="identify", traits={"_autopilot_list": "VIP"}),
    an_event(type="identify", traits={"_autopilot_list": ["1"]}),
    an_event(type="identify", traits={}, context={"traits": LISTED}),
    an_event(type="identify", traits={}, integrations={"All": False, "AutopilotHQ": LISTED}),
    an_event(type="identify", traits={}, integrations={"AutopilotHQ": {"listId": "list_1"}}),
    an_event(properties=LISTED),
    an_event(properties={}, context={"traits": LISTED}),
]


@pytest.mark.parametrize("event", CALLS, ids=range(len(CALLS)))
def test_its_contact_is_on_the_list_and_the_field_is_no_trait(store: Store, event) -> None:
    Lists(store).add("VIP")
    names = taken(store, event, event | {"messageId": "again"})
    ada = People(store).get("person_1")
    assert [one.name for one in ada.lists] == ["VIP"]
    assert ada.traits == {}
    assert names.count("Added to List") == 1


def test_options_of_a_batch_hold_for_all_its_calls(sqlite_store: Store) -> None:
    Lists(sqlite_store).add("VIP")
    people = [an_event(type="identify", userId=f"u{number}", traits={}) for number in range(3)]
    taken(sqlite_store, *people, integrations={"AutopilotHQ": LISTED})
    assert Lists(sqlite_store).get(1).members == 3
    with sqlite_store.read() as connection:
        told = set(connection.execute(select(contact_changes.c.contact_id)).scalars())
    assert told == {1, 2, 3}


def test_a_list_that_is_not_there_is_not_made_and_the_timeline_says_so(store: Store) -> None:
    event = an_event(type="identify", traits={"_autopilot_list": "contactlist_5F3A", "plan": "pro"})
    assert taken(store, event) == ["Created", "List Not Found"]
    assert Lists(store).all() == []
    assert People(store).get("person_1").traits == {"plan": "pro"}
    (told,) = People(store).timeline("person_1", kinds=["list"])
    assert told.data == {"list": "contactlist_5F3A"}


def test_a_contact_that_becomes_part_of_another_in_the_same_batch_brings_its_list(store: Store) -> None:
    Lists(store).add("VIP")
    form = an_event(type="identify", userId=None, traits={"email": "a@x.io"} | LISTED)
    taken(
        store,
        an_event(type="identify", userId="u1", traits={}),
        form,
        an_event(type="identify", userId="u1", traits={"email": "a@x.io"}),
    )
    assert [one.name for one in People(store).get("u1").lists] == ["VIP"]


@pytest.mark.parametrize("own", [None, "b2"])
def test_a_browser_session_joins_the_contact(store: Store, own) -> None:
    event = an_event(type="identify", userId="u1", anonymousId=own, traits={"_autopilot_session_id": "b1"})
    page = an_event(type="page", userId=None, anonymousId="b1", name="Pricing")
    assert sorted(taken(store, event, page)) == ["Created", "Pricing"]
    ids = {(one.kind, one.value) for one in People(store).get("u1").identities}
    assert ids == {("userId", "u1"), ("anonymousId", "b1")} | ({("anonymousId", own)} if own else set())
