"""A batch of calls, whatever its size, comes to what one call at a time comes to."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text

from skywrite.contacts.apply import Outcome, apply, apply_safely
from skywrite.contacts.calls import calls_in
from skywrite.contacts.trait_rows import rows_of
from skywrite.store.contact_tables import (
    activities,
    contact_changes,
    contact_traits,
    contacts,
    identities,
    merged_contacts,
)
from tests.contacts.reference import Reference
from tests.support.build import a_batch, a_record, an_event

USERS = st.sampled_from(["", "", "u1", "u2", "u3", "b1"])
BROWSERS = st.sampled_from(["", "", "b1", "b2"])
EMAILS = st.sampled_from(["", "", "a@x.io", "b@x.io", "c@x.io"])
VALUES = st.sampled_from([None, 1, True, "x", ["x", 2], {"city": "Rome"}, {"at": "2026-01-02"}, 1.5])
TRAITS = st.dictionaries(st.sampled_from(["plan", "n", "address", "address.city"]), VALUES, max_size=3)


@st.composite
def calls(draw):
    kind = draw(st.sampled_from(["identify", "identify", "track", "track", "page", "alias"]))
    call = {
        "type": kind,
        "userId": draw(USERS),
        "anonymousId": draw(BROWSERS),
        "email": draw(EMAILS) if kind in ("identify", "track") else "",
        "hint": draw(EMAILS) if kind == "track" else "",
        "new": draw(st.sampled_from(["", "", "", "b@x.io", "d@x.io"])) if kind == "identify" else "",
        "traits": draw(TRAITS) if kind == "identify" else {},
        "name": f"{kind} {draw(st.integers(1, 3))}",
    }
    if kind == "alias":
        call |= {"userId": draw(st.sampled_from(["u1", "u2"])), "previousId": draw(st.sampled_from(["u1", "b1", "b2"]))}
    if call["email"]:
        call["hint"] = ""
    return call


def event_of(call):
    event = {name: call[name] for name in ("type", "userId", "anonymousId", "name")}
    if call["type"] == "identify":
        said = {"email": call["email"]} if call["email"] else {}
        event["traits"] = call["traits"] | said | ({"_NewEmail": call["new"]} if call["new"] else {})
    elif call["type"] == "track":
        event |= {"event": call["name"], "properties": {"email": call["hint"]} if call["hint"] else {}}
        event["context"] = {"traits": {"email": call["email"]}} if call["email"] else {}
    elif call["type"] == "alias":
        event["previousId"] = call["previousId"]
    return an_event(**event)


def emptied(store):
    with store.write() as connection:
        for table in (activities, contact_changes, contact_traits, identities, merged_contacts, contacts):
            connection.execute(delete(table))
        if store.engine.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence"))


def run(store, events, *sizes):
    """Apply events in batches of these sizes, and the rest as one."""
    outcomes, left = [], list(events)
    for size in [*sizes, len(left)]:
        batch, left = left[:size], left[size:]
        if batch:
            with store.write() as connection:
                outcomes += apply(connection, list(calls_in(a_record(a_batch(*batch)))))
    return outcomes


def held(store):
    """What the store has come to, in the reference's words."""
    with store.read() as connection:
        people = {
            row.id: {
                "id": row.id,
                "user": row.user_id,
                "email": row.email_key,
                "traits": row.traits,
                "ids": set(),
                "did": [],
            }
            for row in connection.execute(select(contacts).order_by(contacts.c.id))
        }
        for row in connection.execute(select(identities)):
            people[row.contact_id]["ids"].add((row.kind, row.value))
        for row in connection.execute(select(activities).order_by(activities.c.id)):
            people[row.contact_id]["did"].append(row.name)
        rows = {}
        for row in connection.execute(select(contact_traits)):
            rows.setdefault(row.contact_id, {})[row.name, row.item] = (row.text, row.number)
        merged = dict(connection.execute(select(merged_contacts.c.old_id, merged_contacts.c.contact_id)).all())
    return list(people.values()), rows, merged


def comparable(people):
    return [person | {"did": Counter(person["did"])} for person in sorted(people, key=lambda person: person["id"])]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stream=st.lists(calls(), max_size=14), sizes=st.lists(st.integers(1, 6), max_size=4))
def test_any_split_into_batches_comes_to_what_one_by_one_does(sqlite_store, stream, sizes):
    emptied(sqlite_store)
    reference = Reference()
    taken = [reference.take(call) for call in stream]
    outcomes = run(sqlite_store, [event_of(call) for call in stream], *sizes)
    people, rows, merged = held(sqlite_store)
    assert comparable(people) == comparable(reference.people)
    assert merged == reference.merged
    assert [outcome is Outcome.TAKEN for outcome in outcomes] == taken
    assert {person["id"]: rows_of(person["traits"]) for person in people if person["traits"]} == rows


ODD = [
    an_event(userId="u\0\ud800", event="e" * 3000, properties={"x": "\0\ud800", "n": 10**400}),
    an_event(type="identify", userId="u" * 5000, traits={"x\0": "\0", "n": 10**400, "deep": [[[{}]]], "": ""}),
    an_event(type="identify", userId=7.0, traits={"email": {"not": "text"}, "t": "9999-12-31T23:59:59+14:00"}),
    an_event(userId="u1", timestamp="0001-01-01T00:00:00Z", sentAt="9999-12-31T00:00:00Z"),
    an_event(type="group", userId="u1", groupId=5, traits=None),
    an_event(type="page", userId="u1", name=None, properties=None, context={"traits": None}),
]


def test_whatever_an_event_holds_can_be_stored(store):
    calls = [call for event in ODD for call in calls_in(a_record(event, kind=event["type"]))]
    with store.write() as connection:
        outcomes = apply(connection, calls)
    assert outcomes == [Outcome.TAKEN] * 4 + [Outcome.FILTERED] * 2
    people, _, _ = held(store)
    assert [person["user"] for person in people][2:] == ["7", "u1"]
    assert [len(person["did"]) for person in people] == [2, 1, 1, 4]


def test_a_call_that_cannot_be_written_costs_no_other(sqlite_store):
    events = [an_event(userId=f"u{number}", event=f"e{number}") for number in range(5)]
    calls = list(calls_in(a_record(a_batch(*events))))
    calls[3].at = object()  # what no column takes, as if a check had been forgotten
    with sqlite_store.write() as connection:
        outcomes = apply_safely(connection, calls)
    assert [outcome is Outcome.TAKEN for outcome in outcomes] == [True, True, True, False, True]
    assert "could not be applied" in calls[3].fault
    assert [person["user"] for person in held(sqlite_store)[0]] == ["u0", "u1", "u2", "u4"]
