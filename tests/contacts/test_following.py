"""The AutopilotHQ destination: from the log to contacts, and what its page shows."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from skywrite.contacts import following
from skywrite.contacts.calls import MISSING
from skywrite.contacts.service import People
from skywrite.contacts.sync_keys import SyncKeys
from skywrite.kit.errors import Later
from skywrite.pipeline import dead_letters
from skywrite.pipeline.decisions import Decisions
from skywrite.pipeline.feed import Feed
from skywrite.roles.contacts import Local
from skywrite.store.contact_tables import activities, applied_records
from skywrite.store.tables import sources
from tests.contacts.test_apply import held
from tests.support.build import an_event
from tests.support.delivering import Plant

CHILD = Path(__file__).parents[1] / "support" / "follow_contacts.py"


class Contacts(Plant):
    """A plant with an AutopilotHQ destination, followed by hand."""

    def __init__(self, settings, store):
        super().__init__(settings, store)
        self.keys = SyncKeys(store)
        self.decisions = Decisions(settings.data / "dedupe")
        self.local = Local(store, Feed(self.log, self.decisions, None))
        self.own = self.destinations.add("autopilothq", "People", [self.source.schema], self.key())

    def key(self):
        return {"apiKey": self.keys.all()[0].key}

    def follow(self):
        self.local.look()
        for follower in self.local.followers.values():
            while follower.step():
                pass

    def people(self):
        return held(self.store)[0]

    def close(self):
        self.local.close()
        self.decisions.close()
        super().close()


@pytest.fixture
def plant(settings, store):
    plant = Contacts(settings, store)
    yield plant
    plant.close()


@pytest.fixture
def quick(settings, sqlite_store):
    plant = Contacts(settings, sqlite_store)
    yield plant
    plant.close()


def identified(**fields):
    return an_event(**{"type": "identify", "traits": {"email": "a@x.io"}} | fields)


def test_events_become_contacts_and_the_page_says_what_became_of_each(plant):
    plant.send(
        identified(messageId="1"),
        an_event(messageId="2"),
        an_event(messageId="2"),  # a duplicate
        an_event(messageId="3", type="page", name="Home"),
        an_event(messageId="4", userId=None, anonymousId="nobody"),
        an_event(messageId="5", integrations={"AutopilotHQ": False}),
    )
    plant.follow()
    (person,) = plant.people()
    assert (person["user"], person["email"]) == ("u1", "a@x.io")
    assert person["did"] == ["Created", "Order Completed", "Home"]
    assert plant.counted(plant.own) == {"delivered": 2, "retried": 0, "failed": 1, "filtered": 2}
    (dead,) = plant.dead(plant.own)
    assert (dead.message_id, dead.status, dead.reason) == ("4", 400, MISSING)
    assert plant.state(plant.own)[0] == "delivering"
    assert plant.cursor(plant.own) == plant.log.head()
    assert {row.outcome for row in plant.samples(plant.own)} == {"delivered", "failed"}


def test_a_wrong_key_holds_events_back_until_it_is_right(quick):
    quick.destinations.change("People", settings={"apiKey": "0" * 32})
    quick.send(an_event())
    quick.follow()
    state, reason = quick.state(quick.own)
    assert state == "failing"
    assert "Segment Sync" in reason
    assert quick.people() == []
    quick.destinations.change("People", settings=quick.key())
    quick.follow()
    assert len(quick.people()) == 1
    assert quick.state(quick.own)[0] == "delivering"


def test_a_key_works_on_for_its_grace_and_not_after_it_is_revoked(quick):
    old = quick.keys.all()[0]
    quick.keys.regenerate(24)
    quick.send(an_event(messageId="1"))
    quick.follow()
    assert len(quick.people()) == 1
    quick.keys.revoke(old.id)
    quick.send(an_event(messageId="2", userId="u2"))
    quick.follow()
    assert quick.state(quick.own)[0] == "failing"
    assert len(quick.people()) == 1


def test_a_dead_letter_that_is_sent_again_is_taken_once_it_names_somebody(quick):
    quick.send(an_event(messageId="1", userId=None, anonymousId="b1"), identified(messageId="2", anonymousId="b1"))
    quick.follow()
    assert [dead.message_id for dead in quick.dead(quick.own)] == ["1"]
    dead_letters.send_again(quick.store, quick.own.id)
    quick.follow()
    assert quick.dead(quick.own) == []
    assert quick.waiting(quick.own) == 0
    assert quick.people()[0]["did"] == ["Created", "Order Completed"]


def test_what_comes_from_our_own_timeline_adds_nothing(quick):
    mail = quick.sources.add("autopilothq", "Mail")
    quick.destinations.change("People", sources=[quick.source.id, mail.id])
    quick.send(identified(messageId="1"))
    ours = {"traits": {"email": "a@x.io", "contact_id": "person_1"}}
    quick.send(an_event(messageId="2", event="Email Opened", context=ours), source_id=mail.id)
    theirs = {"traits": {"email": "a@x.io", "contact_id": "person_AP2-1f"}}
    quick.send(an_event(messageId="3", event="Email Clicked", context=theirs), source_id=mail.id)
    quick.follow()
    assert quick.people()[0]["did"] == ["Created", "Email Clicked"]
    assert quick.counted(quick.own)["delivered"] == 3


@pytest.mark.parametrize(
    ("kind", "email", "said"), [("javascript", "a@x.io", 1), ("nodejs", "thief@x.io", 0), ("http-api", "thief@x.io", 0)]
)
def test_by_a_key_that_anybody_can_read_no_address_is_moved(plant, kind, email, said):
    with plant.store.write() as connection:
        connection.execute(update(sources).values(kind=kind))
    plant.send(identified(userId="u1"))
    plant.send(identified(userId=None, messageId="3", traits={"email": "a@x.io", "_NewEmail": "A@x.io"}))
    plant.send(
        identified(userId=None, anonymousId="z", messageId="2", traits={"email": "a@x.io", "_NewEmail": "thief@x.io"})
    )
    plant.follow()
    people = People(plant.store)
    assert people.get("u1").email == email
    assert [one.name for one in people.timeline("u1")].count("Address Change Refused") == said


def test_what_came_while_it_was_off_is_not_taken(quick):
    quick.follow()
    quick.destinations.disable("People")
    quick.send(an_event(messageId="1"))
    quick.follow()
    quick.destinations.enable("People")
    quick.send(an_event(messageId="2", userId="u2"))
    quick.follow()
    assert [person["user"] for person in quick.people()] == ["u2"]


def test_what_two_destinations_follow_is_on_the_timeline_once(plant):
    other = plant.destinations.add("autopilothq", "Twin", [plant.source.schema], plant.key())
    plant.follow()
    plant.send(identified(messageId="1"), an_event(messageId="2"))
    plant.destinations.change("Twin", settings={"apiKey": "0" * 32})
    plant.follow()  # the twin is held back,
    plant.send(identified(messageId="3", userId="u2"), an_event(messageId="4", event="Later"))
    plant.destinations.change("Twin", settings=plant.key())
    plant.follow()
    plant.send(an_event(messageId="5", event="Last"))
    plant.follow()
    assert plant.people()[0]["did"] == ["Created", "Order Completed", "Later", "Last"]
    counts = [plant.counted(one) for one in (plant.own, other)]
    assert [one["delivered"] + one["filtered"] for one in counts] == [5, 5]
    assert sum(one["delivered"] for one in counts) == 5
    assert plant.cursor(other) == plant.cursor(plant.own) == plant.log.head()
    with plant.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(applied_records)).scalar_one() <= 1


def test_batches_that_are_read_ahead_count_once_and_in_order(plant, monkeypatch):
    monkeypatch.setattr(following, "_READ_BYTES", 3_000)
    monkeypatch.setattr(following, "_MANY", 1)
    plant.follow()
    plant.send_each(60, users=1)
    plant.follow()
    with plant.store.read() as connection:
        told = connection.execute(
            select(activities.c.data).where(activities.c.kind == "track").order_by(activities.c.id)
        )
        assert [data["properties"]["n"] for data in told.scalars()] == list(range(60))
    assert plant.counted(plant.own)["delivered"] == 60


def test_a_batch_that_was_read_ahead_of_one_that_failed_is_read_again_in_its_turn(quick, monkeypatch):
    monkeypatch.setattr(following, "_READ_BYTES", 3_000)
    monkeypatch.setattr(following, "_MANY", 1)
    quick.follow()
    quick.send_each(60, users=1)
    (follower,) = quick.local.followers.values()
    with monkeypatch.context() as broken:
        broken.setattr(follower._ledger, "write", lambda *_: (_ for _ in ()).throw(Later("The disk is full.")))
        with pytest.raises(Later):
            follower.step()
    quick.follow()
    assert counted(quick) == quick.counted(quick.own)["delivered"] == 60


def test_a_second_destination_of_another_source_takes_its_own(quick):
    second = quick.sources.add("python", "Second")
    quick.destinations.add("autopilothq", "Twin", [second.schema], quick.key())
    quick.follow()
    quick.send(an_event(messageId="1"))
    quick.send(an_event(messageId="1"), source_id=second.id)
    quick.follow()
    assert quick.people()[0]["did"] == ["Created", "Order Completed", "Order Completed"]


@pytest.mark.flow
def test_a_killed_worker_counts_each_event_once(quick):
    count, users = 6_000, 40
    quick.send_each(count, users)
    for _ in range(4):
        child = subprocess.Popen([sys.executable, "-P", CHILD, quick.settings.data])
        done = counted(quick)
        until = time.monotonic() + 120
        while counted(quick) == done and done < count and time.monotonic() < until:
            time.sleep(0.005)
        child.kill()
        child.wait()
    quick.follow()
    assert counted(quick) == count
    assert quick.counted(quick.own)["delivered"] == count
    assert len(quick.people()) == users


def counted(plant):
    with plant.store.read() as connection:
        return connection.execute(select(func.count()).where(activities.c.kind == "track")).scalar_one()
