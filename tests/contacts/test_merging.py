import pytest
from sqlalchemy import insert, select

from skywrite.contacts import finding
from skywrite.contacts.addresses import erased as hashed
from skywrite.contacts.erasing import erase, tell
from skywrite.contacts.merging import merge
from skywrite.contacts.service import People
from skywrite.kit import json
from skywrite.kit.errors import Refused
from skywrite.log.sqlite import SqliteLog
from skywrite.sources.service import Sources
from skywrite.store.contact_tables import (
    activities,
    contact_traits,
    contacts,
    identities,
    import_refusals,
    imports,
    list_members,
    lists,
)
from skywrite.store.mail_tables import message_bodies, messages, observations, suppressions
from skywrite.store.tables import dead_letters, delivery_samples, rejections
from tests.contacts.test_apply import held, run
from tests.support.build import an_event
from tests.support.handled import emails, imported

A, B = "person_1", "person_2"


def identified(user, email, **traits):
    return an_event(type="identify", userId=user, traits={"email": email} | traits)


def a_message(contact, broadcast=None, **values):
    values = {
        "email": "a@x.io",
        "address": "a@x.io",
        "subject": "Hello",
        "reason": "",
        "state": "delivered",
        "origin": "api",
    } | values
    key = f"broadcast:{broadcast}:person:{contact}" if broadcast else f"api:{contact}:{values['subject']}"
    values["origin"] = "broadcast" if broadcast else "api"
    times = {"attempts": 1, "queued_at": 1, "due_at": 1}
    return values | times | {"key": key, "contact_id": contact, "broadcast_id": broadcast, "is_transactional": False}


def rows(store, query):
    with store.read() as connection:
        return connection.execute(query).all()


def two(store):
    run(store, [identified("u1", "a@x.io", plan="pro"), identified("u2", "b@x.io", plan="free", city="Rome")])


def test_everything_of_two_is_of_one(store):
    two(store)
    with store.write() as connection:
        connection.execute(
            insert(lists), [{"id": 1, "name": "News", "created_at": 1}, {"id": 2, "name": "B", "created_at": 1}]
        )
        members = [(1, 1), (1, 2), (2, 2)]
        connection.execute(insert(list_members), [{"list_id": a, "contact_id": b, "added_at": 5} for a, b in members])
        connection.execute(insert(messages), [a_message(1, 7), a_message(2, 7), a_message(2, 8)])
    assert merge(store, "a@x.io", "u2") == 1
    people, trait_rows, merged = held(store)
    assert [(one["user"], one["email"], one["traits"]) for one in people] == [
        ("u1", "a@x.io", {"plan": "pro", "city": "Rome"})
    ]
    assert people[0]["ids"] == {(1, "u1"), (1, "u2"), (3, "a@x.io"), (3, "b@x.io")}
    assert {name for name, _ in trait_rows[1]} == {"plan", "city"}
    assert merged == {2: 1}
    assert people[0]["did"].count("Merged") == 1
    assert sorted(rows(store, select(list_members.c.list_id, list_members.c.contact_id))) == [(1, 1), (2, 1)]
    keys = rows(store, select(messages.c.key, messages.c.contact_id).order_by(messages.c.id))
    assert keys == [("broadcast:7:person:1", 1), ("broadcast:7:person:2", 1), ("broadcast:8:person:1", 1)]


def test_an_old_id_finds_whom_it_became_part_of(store):
    two(store)
    run(store, [identified("u3", "c@x.io")])
    merge(store, B, A)
    merge(store, "person_3", B)
    with store.read() as connection:
        assert [finding.get(connection, ref).id for ref in (A, B, "person_3", "u1", "B@x.io")] == [3] * 5


@pytest.mark.parametrize(("kept", "other", "status"), [(A, "u1", 409), (A, "nobody", 404), ("person_9", A, 404)])
def test_what_cannot_be_merged_is_refused(sqlite_store, kept, other, status):
    two(sqlite_store)
    with pytest.raises(Refused) as refusal:
        merge(sqlite_store, kept, other)
    assert refusal.value.status == status


def test_who_is_erased_leaves_counts_and_the_hash_of_the_address(store):
    run(store, [identified("u1", "a@x.io", plan="pro"), identified("u1", "A2@x.io"), an_event(userId="u1")])
    with store.write() as connection:
        connection.execute(insert(messages), [a_message(1), a_message(1, state="queued", subject="Next")])
        reason = {"scope": "all", "reason": "unsubscribed", "since": 1, "evidence": "link"}
        connection.execute(insert(suppressions).values(address="a@x.io", **reason))
    erased = erase(store, "u1")
    assert erased.contact_id == A
    assert erased.hashes == sorted([hashed("a@x.io"), hashed("a2@x.io")])
    for table in (contacts, identities, contact_traits, activities):
        assert rows(store, select(table)) == []
    kept = rows(store, select(messages.c.state, messages.c.email, messages.c.subject, messages.c.contact_id))
    assert sorted(kept) == [("delivered", "", "", None), ("rejected", "", "", None)]
    assert sorted(row.address for row in rows(store, select(suppressions))) == erased.hashes
    with pytest.raises(Refused):
        erase(store, "u1")


def test_who_is_erased_is_forgotten_by_address_too(store):
    run(store, [identified("u1", "a@x.io"), identified("u2", "b@x.io")])
    sent = [a_message(None, subject="Before"), a_message(2, subject="Beside")]
    other = a_message(None, subject="Other", email="c@x.io", address="c@x.io")
    seen = {"at": 1, "kind": "mail", "outcome": "unmatched", "raw": "From: A@x.io"}
    file = {"id": 1, "name": "people.csv", "state": "done", "mapping": {}, "reason": "", "created_at": 1}
    file |= dict.fromkeys(("rows", "done", "created", "updated", "refused"), 2)
    with store.write() as connection:
        connection.execute(insert(messages), [*sent, other])
        ids = connection.execute(select(messages.c.id).order_by(messages.c.id)).scalars().all()
        connection.execute(insert(message_bodies), [{"message_id": one, "body": {"text": "Hi"}} for one in ids])
        details = [{"from": "A@x.io"}, {"mail_from": "a@x.io"}, {"from": "c@x.io"}]
        connection.execute(insert(observations), [seen | {"message_id": None, "detail": one} for one in details])
        connection.execute(insert(imports).values(file))
        refusals = [{"import_id": 1, "line": 2, "reason": "no", "row": "Ada,A@x.io"}]
        connection.execute(insert(import_refusals), [*refusals, refusals[0] | {"line": 3, "row": "Cem,c@x.io"}])
    erase(store, "u1")
    kept = rows(store, select(messages.c.email, messages.c.subject).order_by(messages.c.id))
    assert kept == [("", ""), ("", ""), ("c@x.io", "Other")]
    assert rows(store, select(message_bodies.c.message_id)) == [(ids[2],)]
    assert [row.detail for row in rows(store, select(observations))] == [{"from": "c@x.io"}]
    assert [row.row for row in rows(store, select(import_refusals).order_by(import_refusals.c.line))] == [
        "",
        "Cem,c@x.io",
    ]


def test_an_erasure_is_told_once_and_names_nobody(settings, sqlite_store):
    source = Sources(sqlite_store).add("autopilothq", "Mail")
    run(sqlite_store, [identified("u1", "a@x.io")])
    erase(sqlite_store, "u1")
    log = SqliteLog(settings.data / "log")
    assert [tell(sqlite_store, log), tell(sqlite_store, log)] == [1, 0]
    (record,) = log.read(0, 1 << 20)
    event = json.decode(record.body)
    assert (record.source_id, event["event"]) == (source.id, "Contact Erased")
    assert event["properties"] == {"contact_id": A, "email_hashes": [hashed("a@x.io")]}
    assert b"u1" not in record.body
    assert b"a@x.io" not in record.body
    log.close()


def test_no_call_is_shown_that_names_who_was_erased(store):
    run(store, [identified("u1", "a@x.io"), identified("u2", "b@x.io")])
    own = {"destination_id": "d1", "message_id": "m", "reason": ""}
    calls = [
        {"userId": "u1", "traits": {"email": "A@x.io"}},
        {"anonymousId": "~b", "context": {"traits": {"email": "a@x.io"}}},
        {"userId": "u1"},
        {"userId": "u12", "traits": {"email": "aa@x.io", "plan": "u1"}},
    ]
    bodies = [json.encode(call).decode() for call in calls]
    sample = own | {"at": 1, "outcome": "delivered", "event_name": "E", "millis": 1, "response": ""}
    seen = [sample | {"request": f"POST https://x.io\n\n{body}"} for body in [*bodies[:3], '{"userId": "u2"}']]
    waits = {"source_id": "s1", "user_key": "", "attempts": 1, "received_at": 1, "failed_at": 1}
    dead = [own | waits | {"position": n, "item": 0, "event": body} for n, body in enumerate(bodies)]
    refused = {"source_id": "s1", "item": 0, "received_at": 1, "code": "c", "reason": "r"}
    with store.write() as connection:
        connection.execute(insert(delivery_samples), [*seen, sample | {"request": "", "response": "no mail to a@x.io"}])
        connection.execute(insert(dead_letters), dead)
        connection.execute(insert(rejections), [refused | {"position": n, "body": one} for n, one in enumerate(bodies)])
    erase(store, "u1")
    assert [row.request for row in rows(store, select(delivery_samples))] == [seen[3]["request"]]
    assert [row.event for row in rows(store, select(dead_letters))] == bodies[3:]
    assert [row.body for row in rows(store, select(rejections))] == bodies[3:]


@pytest.mark.parametrize("comes", ["identify", "import", "by hand", "new address"])
def test_who_was_erased_and_comes_again_is_shown_as_not_written_to(settings, sqlite_store, comes):
    store, people = sqlite_store, People(sqlite_store)
    run(store, [identified("u1", "a@x.io")])
    erase(store, "u1")
    run(store, [identified("u2", "b@x.io")])
    if comes == "identify":
        run(store, [identified("u3", "A@x.io")])
    elif comes == "import":
        imported(settings, store, b"email,plan\nA@x.io,pro\n")
    elif comes == "by hand":
        people.add("A@x.io")
    else:
        people.add_identity("u2", 3, "A@x.io")
    person = people.get("a@x.io")
    assert person.subscription == "unsubscribed"
    assert [(one.address, one.scope, one.reason) for one in person.suppressions] == [("a@x.io", "all", "erased")]
    assert emails(store, subscription="unsubscribed") == ["A@x.io"]
    assert "A@x.io" not in emails(store, subscription="subscribed")
    with pytest.raises(Refused) as refusal:
        people.resubscribe("a@x.io", "me", "by phone")
    assert refusal.value.status == 409
    erase(store, "a@x.io")
    assert {row.address for row in rows(store, select(suppressions))} <= {hashed("a@x.io"), hashed("b@x.io")}
