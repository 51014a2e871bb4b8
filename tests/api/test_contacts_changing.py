from sqlalchemy import insert

from skywrite.store.contact_tables import contacts, identities
from tests.support.problems import problem

SEGMENT_SYNC = "/api/v1/segment-sync"


def add_two(world):
    with world.store.write() as connection:
        for number in (1, 2):
            times = {"created_at": 1, "updated_at": 1, "seen_at": 1}
            connection.execute(insert(contacts).values(id=number, user_id=f"u{number}", traits={}, **times))
            connection.execute(insert(identities).values(kind=1, value=f"u{number}", contact_id=number))


def test_contacts_are_merged_and_forgotten(world, program):
    add_two(world)
    assert program.post("/api/v1/contacts/person_1/merge", json={"other": "u2"}).json() == {"id": "person_1"}
    problem(program.post("/api/v1/contacts/person_1/merge", json={"other": "person_2"}), 409)
    assert program.delete("/api/v1/contacts/person_2").json() == {"id": "person_1", "addresses": 0}
    problem(program.delete("/api/v1/contacts/person_1"), 404)


def test_a_key_is_shown_regenerated_and_ended(program):
    first = program.get(SEGMENT_SYNC).json()
    assert first["address"].endswith("/autopilothq/segmentio")
    (key,) = first["keys"]
    assert (len(key["key"]), key["expires_at"]) == (32, None)
    now = program.post(f"{SEGMENT_SYNC}/keys", json={"grace_hours": 1}).json()["keys"]
    assert [one["expires_at"] is None for one in now] == [True, False]
    assert now[1]["key"] == key["key"]
    assert program.delete(f"{SEGMENT_SYNC}/keys/{key['id']}").json()["keys"] == now[:1]
    problem(program.delete(f"{SEGMENT_SYNC}/keys/{key['id']}"), 404)
    problem(program.post(f"{SEGMENT_SYNC}/keys", json={"grace_hours": -1}), 400)


def test_a_test_event_says_what_would_become_of_it(world, program):
    source, key = world.source(), program.get(SEGMENT_SYNC).json()["keys"][0]["key"]
    body = {"kind": "autopilothq", "name": "People", "sources": [source.id], "settings": {"apiKey": key}}
    made = program.post("/api/v1/destinations", json=body).json()
    tried = f"/api/v1/destinations/{made['id']}/test"
    found = program.post(tried, json={}).json()
    assert (found["ok"], found["status"]) == (True, 200)
    assert "a new contact" in found["response"]
    refused = program.post(tried, json={"event": {"userId": None}}).json()
    assert (refused["ok"], refused["status"]) == (False, 400)
    assert "unique identifier traits" in refused["reason"]
    program.patch(f"/api/v1/destinations/{made['id']}", json={"settings": {"apiKey": "wrong"}})
    assert program.post(tried, json={}).json()["status"] == 401


def test_a_stranger_is_told_nothing(stranger):
    problem(stranger.get(SEGMENT_SYNC), 401)
    problem(stranger.delete("/api/v1/contacts/person_1"), 401)
    problem(stranger.post("/api/v1/contacts/person_1/merge", json={"other": "u2"}), 401)
