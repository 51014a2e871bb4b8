"""A row of a file and an identify that say the same come to the same contacts."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from skywrite.contacts.identity_texts import ANONYMOUS_ID, EMAIL, USER_ID, key_of
from skywrite.contacts.importing import Batch, carry_out, plan
from skywrite.contacts.mapping import Row
from skywrite.store.contact_tables import contacts, identities
from tests.contacts.test_apply import EMAILS, TRAITS, emptied, held, run
from tests.contacts.test_identity import NOW, call_of, contacts_in, expected
from tests.contacts.test_identity import rows as rules
from tests.support.build import an_event

TEXTS = st.sampled_from(["", "", "u1", "u2", "u3"]), st.sampled_from(["", "", "b1", "b2"]), EMAILS
FIELDS = (("userId", USER_ID), ("anonymousId", ANONYMOUS_ID), ("email", EMAIL))
BATCH = Batch(1, "ada", NOW)


@st.composite
def people(draw):
    ids = dict(zip(("userId", "anonymousId", "email"), (draw(text) for text in TEXTS), strict=True))
    traits = {name: value for name, value in draw(TRAITS).items() if value is not None}
    return ids | {"traits": traits | draw(st.sampled_from([{}, {}, {"unsubscribed": True}]))}


def row_of(person, line=1):
    ids = tuple((kind, person[name], key_of(kind, person[name])) for name, kind in FIELDS if person[name])
    return Row(line, ids, person["traits"], (), False)


def identify_of(person):
    said = {"email": person["email"]} if person["email"] else {}
    return an_event(
        type="identify", userId=person["userId"], anonymousId=person["anonymousId"], traits=person["traits"] | said
    )


def come_to(store):
    """The contacts, the rows of their traits and what became part of what; not how their timelines call it."""
    found, rows, merged = held(store)
    told = [{name for name in person.pop("did") if name in ("Identity Conflict", "Merged")} for person in found]
    return found, told, rows, merged


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(people(), max_size=6), then=people())
def test_a_row_comes_to_what_an_identify_comes_to(sqlite_store, before, then):
    emptied(sqlite_store)
    run(sqlite_store, [identify_of(person) for person in [*before, then]])
    meant = come_to(sqlite_store)
    emptied(sqlite_store)
    run(sqlite_store, [identify_of(person) for person in before])
    if any(then[name] for name, _ in FIELDS):
        with sqlite_store.write() as connection:
            tried = plan(connection, [row_of(then)], BATCH)
            done = carry_out(connection, [row_of(then)], BATCH)
        assert tried == done
    assert come_to(sqlite_store) == meant


def imported_rules():
    """The rows of the tables of docs/identity.md that a file can say."""
    return [row for row in rules() if not any(word in row[1] for word in ("alias", "merge", "prop:", "new:"))]


@pytest.mark.parametrize(("before", "call", "after"), imported_rules(), ids=lambda text: text.replace("`", ""))
def test_a_row_of_the_tables_of_rules(sqlite_store, before, call, after):
    with sqlite_store.write() as connection:
        for number, ids in enumerate(contacts_in(before), 1):
            put(connection, number, ids)
    event = call_of(call)
    email = event["traits"].get("email", "")
    person = {name: event.get(name) or "" for name in ("userId", "anonymousId")} | {"email": email, "traits": {}}
    with sqlite_store.write() as connection:
        result = carry_out(connection, [row_of(person)], BATCH)
    assert bool(result.refused) == ("refused" in after)
    found = [(one["user"], one["email"], one["ids"]) for one in held(sqlite_store)[0]]
    assert found == expected(after)


def put(connection, number, ids):
    """A contact that goes by these ids, the last of each kind being the one that is used."""
    last = dict(ids)
    email, times = last.get(EMAIL), dict.fromkeys(("created_at", "updated_at", "seen_at"), 1)
    shown = {"email": email, "email_key": email, "user_id": last.get(USER_ID), "traits": {}}
    connection.execute(insert(contacts).values(id=number, **shown, **times))
    rows = [{"kind": int(kind), "value": value, "contact_id": number} for kind, value in ids]
    connection.execute(insert(identities), rows)
