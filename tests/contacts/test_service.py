import threading

import pytest
from sqlalchemy import insert, update

from skywrite.contacts import service
from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.contacts.apply import apply
from skywrite.contacts.calls import calls_in
from skywrite.contacts.identity_texts import ANONYMOUS_ID, EMAIL, USER_ID
from skywrite.contacts.service import People
from skywrite.kit.errors import Refused
from skywrite.kit.json import encode
from skywrite.log.base import Record
from skywrite.store.contact_tables import contact_changes, contact_traits, contacts, merged_contacts
from skywrite.store.mail_tables import suppressions
from tests.support.handled import count_rows, rows_of

ADA = "Ada@example.com"


@pytest.fixture
def people(store) -> People:
    return People(store)


def refused(act, *args, **named) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        act(*args, **named)
    return caught.value.status, caught.value.where


def names(people: People, ref: str) -> list[str]:
    return [each.name for each in people.timeline(ref)]


def suppress(store, reason: str, address: str = "ada@example.com") -> None:
    with store.write() as connection:
        row = {"address": address, "scope": "all", "reason": reason, "since": 1, "evidence": ""}
        connection.execute(insert(suppressions), [row])


class TestOne:
    @pytest.mark.parametrize("ref", ["person_1", "ada@example.com", "ADA@example.com", "u1", "anon-1"])
    def test_is_found_by_every_id(self, people, ref) -> None:
        people.add(ADA, "u1")
        people.add_identity("u1", ANONYMOUS_ID, "anon-1")
        assert people.get(ref).email == ADA

    def test_that_was_merged_is_found_by_its_old_id(self, people, store) -> None:
        people.add(ADA)
        with store.write() as connection:
            connection.execute(insert(merged_contacts), [{"old_id": 77, "contact_id": 1, "at": 1}])
        assert people.get("person_77").id == 1

    @pytest.mark.parametrize("ref", ["person_9", "nobody", "", "a\x00b", "x" * 600, "person_0"])
    def test_that_is_not_there_is_told(self, people, ref) -> None:
        assert refused(people.get, ref) == (404, "contact")


class TestAdd:
    def test_makes_identities_traits_and_an_activity(self, people, store) -> None:
        made = people.add(ADA, "u1", {"plan": "pro", "address": {"city": "Berne"}}, "bob")
        assert [(each.kind, each.value) for each in made.identities] == [("userId", "u1"), ("email", "ada@example.com")]
        assert {(row.name, row.text) for row in rows_of(store, contact_traits)} == {
            ("plan", "pro"),
            ("address.city", "Berne"),
        }
        assert names(people, "u1") == ["Created"]
        assert count_rows(store, contact_changes) == 1

    @pytest.mark.parametrize(
        "email", ["no address", "@x.com", "a@", "a..b@x.com", "a@b@c", "<a@x.com>", "a@" + "x" * 320]
    )
    def test_refuses_what_is_no_address(self, people, email) -> None:
        assert refused(people.add, email) == (400, "email")

    def test_refuses_nobody_and_somebody_known(self, people) -> None:
        assert refused(people.add) == (400, "email")
        people.add(ADA, "u1")
        assert refused(people.add, "ada@EXAMPLE.com") == (409, "email")
        assert refused(people.add, "", "u1") == (409, "user_id")


class TestChange:
    def test_sets_and_takes_away(self, people, store) -> None:
        people.add(ADA, traits={"plan": "pro", "seats": 3})
        assert people.change_traits("person_1", {"plan": None, "age": 36}, "bob").traits == {"seats": 3, "age": 36}
        assert {row.name for row in rows_of(store, contact_traits)} == {"seats", "age"}
        assert people.timeline("person_1")[0].data == {"by": "bob", "traits": ["age", "plan"]}

    def test_that_changes_nothing_says_nothing(self, people) -> None:
        people.add(ADA, traits={"plan": "pro"})
        people.change_traits("person_1", {"plan": "pro", "other": None})
        assert names(people, "person_1") == ["Created"]

    @pytest.mark.parametrize("name", ["email", "_NewEmail", "_autopilot_list", "_autopilot_session_id"])
    def test_what_is_no_trait_of_an_identify_is_none_by_hand(self, people, store, name) -> None:
        people.add(ADA)
        assert refused(people.change_traits, "person_1", {name: "x@example.com"}) == (400, f"traits.{name}")
        assert refused(people.add, "bob@example.com", "", {name: "x@example.com"}) == (400, f"traits.{name}")
        with store.write() as connection:  # as it could be set once
            connection.execute(update(contacts).values(traits={name: "x@example.com", "plan": "pro"}))
        assert people.change_traits("person_1", {name: None}).traits == {"plan": "pro"}


class TestIdentities:
    def test_a_new_address_is_written_to_and_the_old_one_comes_back(self, people) -> None:
        people.add(ADA)
        assert people.add_identity("person_1", EMAIL, "New@example.com").email == "New@example.com"
        assert people.remove_identity("person_1", EMAIL, "new@example.com").email == "ada@example.com"

    def test_that_of_another_is_refused_and_so_is_taking_the_last(self, people) -> None:
        people.add(ADA)
        people.add("bob@example.com", "u2")
        assert refused(people.add_identity, "person_1", USER_ID, "u2") == (409, "user_id")
        assert refused(people.remove_identity, "person_1", EMAIL, ADA) == (409, "value")
        assert refused(people.remove_identity, "person_1", USER_ID, "u2") == (404, "value")


class TestSubscription:
    def test_is_ended_by_hand_and_begun_again_with_consent(self, people) -> None:
        people.add(ADA)
        assert people.unsubscribe(["person_1"], "bob") == 1
        assert people.unsubscribe(["person_1"], "bob") == 0
        assert people.get("person_1").subscription == "unsubscribed"
        assert people.resubscribe("person_1", "bob", "asked by phone").subscription == "subscribed"
        latest = people.timeline("person_1")[0]
        assert (latest.name, latest.data) == ("Resubscribed", {"by": "bob", "consent": "asked by phone"})

    def test_needs_a_word_of_consent(self, people) -> None:
        people.add(ADA)
        assert refused(people.resubscribe, "person_1", "bob", " ") == (400, "consent")

    @pytest.mark.parametrize(
        ("reason", "state"),
        [("hard_bounce", "bounced"), ("repeated_soft", "bounced"), ("complaint", "complained")],
    )
    def test_that_a_bounce_or_complaint_ended_is_not_begun_by_hand(self, people, store, reason, state) -> None:
        people.add(ADA)
        suppress(store, reason)
        suppress(store, "unsubscribed")
        assert people.get("person_1").subscription == state
        assert refused(people.resubscribe, "person_1", "bob", "asked") == (409, "subscription")


class TestTimeline:
    def test_is_paged_latest_first_and_narrowed_by_kind(self, people, store) -> None:
        people.add(ADA)
        happened = [Activity(1, at, Kind.TRACK, f"Step {number}") for number, at in enumerate([5, 7, 7, 9])]
        with store.write() as connection:
            add_activities(connection, happened)
        first = people.timeline("person_1", ["track"], limit=2)
        second = people.timeline("person_1", ["track"], before=(first[-1].at, first[-1].id), limit=9)
        assert [each.name for each in (*first, *second)] == ["Step 3", "Step 2", "Step 1", "Step 0"]


def test_an_identify_that_comes_while_a_change_by_hand_is_made_is_kept(store, monkeypatch) -> None:
    people = People(store)
    people.add(ADA, "u1", {"plan": "free"})
    reads, goes_on, is_applied = threading.Event(), threading.Event(), threading.Event()
    real = service._checked_traits

    def slow(traits):
        reads.set()
        goes_on.wait(60)
        return real(traits)

    def identify():
        body = encode({"type": "identify", "userId": "u1", "traits": {"plan": "pro"}, "messageId": "m1"})
        with store.write() as connection:
            apply(connection, list(calls_in(Record(1, 10**15, "src_1", "identify", "", b"", body))))
        is_applied.set()

    monkeypatch.setattr(service, "_checked_traits", slow)
    by_hand = threading.Thread(target=people.change_traits, args=("u1", {"city": "Oslo"}))
    by_hand.start()
    assert reads.wait(60)
    by_event = threading.Thread(target=identify)
    by_event.start()
    is_applied.wait(0.5)  # it has to wait, so this mostly passes in vain
    goes_on.set()
    by_hand.join()
    by_event.join()
    assert people.get("u1").traits == {"plan": "pro", "city": "Oslo"}
