"""Calls of a Segment or a RudderStack elsewhere."""

import asyncio
import base64
import gzip
import json

import httpx
import pytest

from skywrite.contacts import queries
from skywrite.contacts.calls import MISSING
from skywrite.contacts.door import ContactsDoor
from skywrite.contacts.following import InboxFollower
from skywrite.contacts.sync_keys import SyncKeys
from skywrite.destinations import catalog
from skywrite.intake.commit import GroupCommit
from skywrite.kit.bell import Bell
from skywrite.store.engine import Store
from skywrite.wiring import open_inbox
from tests.contacts.test_apply import held, run
from tests.support.build import an_event

PATH = "/autopilothq/segmentio"


class Door:
    """The door as an HTTP client sees it, and the follower behind it."""

    def __init__(self, settings, store):
        self.store, self.inbox, self._settings = store, open_inbox(settings), settings
        self.keys = SyncKeys(store)
        self.key = self.keys.all()[0].key
        self.follower = InboxFollower(store, self.inbox)

    def post(self, body, headers=None, path=PATH):
        async def main():
            inbox, bell = open_inbox(self._settings), Bell(self._settings.run / "bell")
            commit = GroupCommit(inbox, bell, asyncio.get_running_loop())
            try:
                transport = httpx.ASGITransport(app=ContactsDoor(self.store, commit))
                async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                    content = body if isinstance(body, bytes) else json.dumps(body)
                    return await client.post(path, content=content, headers=headers or {"autopilotapikey": self.key})
            finally:
                commit.close()
                bell.close()
                inbox.close()

        return asyncio.run(main())

    def people(self):
        while self.follower.step():
            pass
        return held(self.store)[0]


@pytest.fixture
def door(settings, sqlite_store):
    door = Door(settings, sqlite_store)
    yield door
    door.inbox.close()


def an_identify(**fields):
    return an_event(type="identify", traits={"email": "a@x.io"}, **fields)


def basic(key):
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"autopilotapikey": "{}"}, ""),
        ({"authorization": "Bearer {}"}, ""),
        ({"authorization": "basic"}, ""),
        ({"x": "y"}, "?apiKey={}"),
    ],
    ids=["header", "bearer", "basic", "query"],
)
def test_the_key_may_come_in_four_ways(door, headers, query):
    sent = {name: basic(door.key) if said == "basic" else said.format(door.key) for name, said in headers.items()}
    assert door.post(an_identify(), sent, PATH + query.format(door.key)).status_code == 200
    assert len(door.people()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"autopilotapikey": "0" * 32},
        {"x": "y"},
        {"authorization": "Basic !"},
        {"authorization": b"Basic \xe9"},
    ],
)
def test_a_wrong_key_is_refused(door, headers):
    answer = door.post(an_identify(), headers)
    assert (answer.status_code, answer.json()["where"]) == (401, "apiKey")
    assert door.people() == []


def test_a_revoked_key_is_refused(door):
    old = door.keys.all()[0]
    door.keys.regenerate(1)
    assert door.post(an_identify()).status_code == 200
    door.keys.revoke(old.id)
    assert door.post(an_identify()).status_code == 401


@pytest.mark.parametrize("as_batch", [lambda calls: calls, lambda calls: {"batch": calls}], ids=["array", "batch"])
def test_a_batch_keeps_the_good_and_names_the_others(door, as_batch):
    calls = [an_identify(messageId="1"), an_event(userId=None, messageId="2"), an_event(messageId="3"), 5]
    answer = door.post(as_batch(calls))
    assert answer.status_code == 400
    refused = answer.json()["refused"]
    assert [one["index"] for one in refused] == [1, 3]
    assert refused[0]["message"] == MISSING
    assert door.people()[0]["did"] == ["Created", "Order Completed"]


REFUSED = [
    (an_event(userId=None), MISSING),
    (an_event(userId=None, anonymousId="nobody"), MISSING),
    (an_event(type="identify", userId="", traits={"email": "nobody"}), MISSING),
    (an_event(type="delete"), "not supported"),
    (an_event(type="identify", traits=[]), "traits"),
    (an_event(event=None), "event"),
    (an_event(properties={"x": "y" * 40_000}), "bytes"),
    (b"{", "JSON"),
    (b"5", "call"),
    (b"[" * 300 + b"]" * 300, "levels"),
]


@pytest.mark.parametrize(("body", "said"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_taken_is_refused_with_a_sentence(door, body, said):
    answer = door.post(body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert door.people() == []


@pytest.mark.parametrize("kind", ["page", "screen", "group", "alias"])
def test_other_calls_get_a_200_and_make_nobody(door, kind):
    assert door.post(an_event(type=kind, groupId="g1", previousId="u0", name="Home")).status_code == 200
    assert door.people() == []


def test_a_browser_that_is_known_may_come_alone(door):
    run(door.store, [an_identify(anonymousId="b1")])
    assert door.post(an_event(userId=None, anonymousId="b1")).status_code == 200
    assert "Order Completed" in door.people()[0]["did"]


def test_browsers_that_come_alone_are_looked_up_at_once(door, monkeypatch):
    for number in (1, 2):
        door.post(an_event(type="identify", messageId=f"m{number}", userId=f"u{number}", anonymousId=f"b{number}"))
    door.people()
    asked = []
    owners = queries.owners
    monkeypatch.setattr(queries, "owners", lambda *given: asked.append(sorted(given[2])) or owners(*given))
    calls = [an_event(userId="", anonymousId=f"b{number % 4}") for number in range(8)]
    answer = door.post(calls)
    assert [one["index"] for one in answer.json()["refused"]] == [0, 3, 4, 7]
    assert asked == [["b0", "b1", "b2", "b3"]]


def test_who_asks_for_the_first_key_second_is_shown_the_same(sqlite_store, monkeypatch):
    write = Store.write

    def others_first(store):
        monkeypatch.setattr(Store, "write", write)
        others.extend(SyncKeys(store).all())
        return write(store)

    others = []
    monkeypatch.setattr(Store, "write", others_first)
    assert SyncKeys(sqlite_store).all() == others
    assert SyncKeys(sqlite_store).all() == others


def test_a_call_that_comes_again_counts_once(door):
    for _ in range(2):
        assert door.post([an_event(messageId="1"), an_event(messageId="1")]).status_code == 200
        assert door.people()[0]["did"] == ["Created", "Order Completed"]


def test_a_gzipped_body_is_taken(door):
    headers = {"autopilotapikey": door.key, "content-encoding": "gzip"}
    assert door.post(gzip.compress(json.dumps(an_identify()).encode()), headers).status_code == 200
    assert door.post(b"no gzip", headers).status_code == 400


@pytest.mark.parametrize("batch_size", [1, 10])
def test_our_own_webhook_may_be_pointed_at_it(door, batch_size):
    settings = {"url": "https://other.example" + PATH, "authorization": f"Bearer {door.key}", "batch_size": batch_size}
    request = catalog.destination("webhook").configured(settings).request([an_identify()], 0)
    assert door.post(request.body, request.headers).status_code == 200
    assert door.people()[0]["email"] == "a@x.io"


def test_only_post_is_taken(settings, door):
    assert ContactsDoor.serves(b"/autopilothq/segmentio/")
    assert not ContactsDoor.serves(b"/autopilothq")


def test_the_key_says_when_it_was_used(door):
    door.post(an_identify())
    door.people()
    assert door.keys.all()[0].used_at is not None
