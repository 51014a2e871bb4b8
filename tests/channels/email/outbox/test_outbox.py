"""The life of messages in the store, on SQLite and on PostgreSQL."""

import itertools
import threading

import pytest
from sqlalchemy import delete, insert, select, update

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.outbox import reading, reports
from skywrite.channels.email.outbox.bounces import Bounced, note_bounces
from skywrite.channels.email.outbox.claim import Lane, claim, claimed_before
from skywrite.channels.email.outbox.enqueue import enqueue
from skywrite.channels.email.outbox.model import Claimed, Enqueued, NewMessage, Origin, Rejected
from skywrite.channels.email.outbox.reading import Wanted
from skywrite.channels.email.outbox.record import Ended, record, recover
from skywrite.channels.email.outbox.rules import ALL, Rules
from skywrite.contacts.addresses import erased
from skywrite.contacts.erasing import erase
from skywrite.contacts.merging import merge
from skywrite.contacts.suppressing import NewSuppression, suppress
from skywrite.kit import json
from skywrite.store.contact_tables import activities, contacts, merged_contacts
from skywrite.store.engine import Store
from skywrite.store.mail_tables import messages, suppressions
from tests.support.sending import add_people, counted

NOW, HOUR, DAY = 1_795_450_295_423_000, 3_600_000_000, 86_400_000_000
RULES = Rules()
TAKEN = Outcome("taken", Stage.DOT, "queued as 1", 250, "2.0.0", "mx.example.com")
LATER = Outcome("later", Stage.RCPT, "greylisted", 450, "4.7.1")


def a_message(number: int = 1, **fields) -> NewMessage:
    given = {"key": f"test:{number}", "origin": Origin.JOURNEY, "email": f"p{number}@example.com", "contact_id": number}
    return NewMessage(**given | {"template_id": 1, "version": 1} | fields)


def put(store: Store, *wanted: NewMessage, now: int = NOW) -> list[Enqueued]:
    with store.write() as connection:
        return enqueue(connection, wanted, now=now, rules=RULES)


def taken(store: Store, now: int = NOW, limit: int = 100) -> list[Claimed]:
    with store.write() as connection:
        return claim(connection, [Lane(None, limit)], limit, now=now, rules=RULES)


def tell(store: Store, what, *, now: int = NOW, rules: Rules = RULES) -> None:
    """Claim one message and record this of it."""
    (one,) = taken(store, now)
    with store.write() as connection:
        record(connection, [Ended(one.id, what, now, "Hello")], rules=rules)


def row(store: Store, number: int = 1):
    with store.read() as connection:
        return connection.execute(select(messages).where(messages.c.key == f"test:{number}")).one()


def timeline(store: Store) -> list[tuple[str, dict]]:
    with store.read() as connection:
        chosen = select(activities.c.name, activities.c.data).order_by(activities.c.id)
        return [(name, data) for name, data in connection.execute(chosen)]


def listed(store: Store) -> list[tuple[str, str]]:
    with store.read() as connection:
        return [(one.address, one.reason) for one in connection.execute(select(suppressions))]


def test_the_same_key_is_the_same_message(store: Store) -> None:
    add_people(store, 2)
    first = put(store, a_message(), a_message(2))
    again = put(store, a_message(2), a_message())
    assert [one.is_new for one in first + again] == [True, True, False, False]
    assert {one.id for one in first} == {one.id for one in again}


def test_what_is_claimed_has_what_rendering_needs(store: Store) -> None:
    add_people(store, 1, plan="pro")
    put(store, a_message(is_transactional=True, body={"subject": "Hi"}))
    (one,) = taken(store)
    assert (one.user_id, one.attempt) == ("u1", 1)
    assert (json.decode(one.traits)["plan"], json.decode(one.body or "")) == ("pro", {"subject": "Hi"})
    assert taken(store) == []


def test_two_senders_never_claim_the_same(store: Store) -> None:
    add_people(store, 200)
    put(store, *(a_message(number) for number in range(1, 201)))
    found: list[int] = []

    def take() -> None:
        while got := taken(store, limit=20):
            found.extend(one.id for one in got)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(set(found)) == 200


def test_a_template_goes_to_an_address_once_in_its_period(store: Store) -> None:
    add_people(store, 1)
    first, second = put(store, a_message(), a_message(key="test:2"))
    assert (first.state, second.state, second.reason) == ("queued", "rejected", "sent_already")
    (third,) = put(store, a_message(key="test:3", is_transactional=True))
    (later,) = put(store, a_message(key="test:4"), now=NOW + 91 * DAY)
    assert (third.state, later.state) == ("queued", "queued")
    assert timeline(store) == [
        ("Email Skipped", {"reason": "sent_already", "said": "This template went to this address not long ago."})
    ]


def test_those_without_an_address_are_not_looked_for_among_each_other(sqlite_store: Store) -> None:
    add_people(sqlite_store, 1_000)
    put(sqlite_store, *(a_message(number) for number in range(1, 1_001)))
    with sqlite_store.write() as connection:
        connection.execute(update(messages).values(email="", address=""))
    first, second = (work_of_claiming(sqlite_store, 500) for _ in range(2))
    assert {row(sqlite_store, number).reason for number in (1, 1_000)} == {"no_address"}
    assert second < 1.5 * first


def work_of_claiming(store: Store, limit: int) -> int:
    """How many steps SQLite takes, in hundreds."""
    steps = itertools.count()
    with store.write() as connection:
        driver = connection.connection.driver_connection
        driver.set_progress_handler(lambda: next(steps) < 0, 100)
        claim(connection, [Lane(None, limit)], limit, now=NOW, rules=RULES)
        driver.set_progress_handler(None, 0)
    return next(steps)


def test_two_of_one_template_that_were_queued_at_once_are_sent_once(store: Store) -> None:
    add_people(store, 1)
    put(store, a_message(), a_message(key="test:2", template_id=2))
    with store.write() as connection:
        connection.execute(update(messages).values(template_id=1))
    assert [one.id for one in taken(store)] == [row(store).id]
    assert row(store, 2).reason == "sent_already"


def test_who_unsubscribes_after_it_was_queued_gets_nothing(store: Store) -> None:
    add_people(store, 2)
    put(store, a_message(), a_message(2))
    with store.write() as connection:
        suppress(connection, [NewSuppression("p1@example.com", ALL, "unsubscribed")], NOW)
    assert [one.email for one in taken(store)] == ["p2@example.com"]
    assert (row(store).state, row(store).reason) == ("rejected", "unsubscribed")
    assert timeline(store)[0][0] == "Email Skipped"


def test_an_erased_contact_gets_nothing_ever(store: Store) -> None:
    add_people(store, 1)
    put(store, a_message(email="P1@Example.com"))
    with store.write() as connection:
        connection.execute(delete(contacts))
        suppress(connection, [NewSuppression(erased("p1@example.com"), ALL, "erased")], NOW)
    assert taken(store) == []
    assert row(store).reason == "contact_deleted"
    (again,) = put(store, a_message(key="test:9", contact_id=None, is_transactional=True))
    assert again.reason == "erased"


def test_a_merged_contact_is_found_by_its_old_id(store: Store) -> None:
    add_people(store, 2)
    put(store, a_message())
    with store.write() as connection:
        connection.execute(delete(contacts).where(contacts.c.id == 1))
        connection.execute(insert(merged_contacts).values(old_id=1, contact_id=2, at=NOW))
    (one,) = taken(store)
    assert (one.contact_id, one.user_id, one.email) == (2, "u2", "p1@example.com")


@pytest.mark.parametrize(
    ("now", "broadcast", "goes_to", "reason"),
    [
        ("new@example.com", 7, "new@example.com", ""),
        ("New@Example.com", 7, "New@Example.com", ""),
        (None, 7, None, "no_address"),
        ("gone@example.com", 7, None, "manual"),
        ("had@example.com", 7, None, "sent_already"),
        ("new@example.com", None, "p1@example.com", ""),
    ],
)
def test_a_broadcast_goes_to_the_address_that_its_contact_has_by_now(
    store: Store, now, broadcast, goes_to, reason
) -> None:
    add_people(store, 1)
    put(store, a_message(3, email="had@example.com", contact_id=None), a_message(broadcast_id=broadcast))
    key = now.lower() if now else None
    with store.write() as connection:
        suppress(connection, [NewSuppression("gone@example.com", ALL, "manual", "by hand")], NOW)
        connection.execute(update(contacts).values(email=now, email_key=key))
        found = claim(connection, [Lane(broadcast, 100)], 100, now=NOW, rules=RULES)
    assert [one.email for one in found if one.contact_id] == ([goes_to] if goes_to else [])
    kept = row(store)
    assert (kept.reason, kept.email, kept.address) == (
        (reason, now or "", key or "") if broadcast else ("", "p1@example.com", "p1@example.com")
    )


def moved(store: Store, contact: int, email: str) -> None:
    with store.write() as connection:
        connection.execute(update(contacts).where(contacts.c.id == contact).values(email=email, email_key=email))


def sent(store: Store, what, *, most: int = 100, now: int = NOW) -> list[tuple[int | None, str]]:
    """Claim of broadcast 7, and record this of all: to whom."""
    with store.write() as connection:
        found = claim(connection, [Lane(7, most)], most, now=now, rules=RULES)
        record(connection, [Ended(one.id, what, now, "Hello") for one in found], rules=RULES)
    return [(one.contact_id, one.email) for one in found]


def test_an_address_that_passes_on_while_its_first_mail_waits_gets_its_own(store: Store) -> None:
    add_people(store, 2)
    put(store, a_message(1, broadcast_id=7), a_message(2, broadcast_id=7))
    assert sent(store, LATER, most=1) == [(1, "p1@example.com")]
    moved(store, 1, "new1@example.com")
    moved(store, 2, "p1@example.com")
    (asked,) = put(store, a_message(key="test:3", email="p1@example.com", contact_id=None))
    assert sent(store, TAKEN) == [(2, "p1@example.com")]
    assert sent(store, TAKEN, now=NOW + DAY) == [(1, "new1@example.com")]
    assert asked.state == "queued"  # as nothing had gone there, nor was to


def test_an_address_that_had_its_mail_gets_no_second_by_who_has_it_now(store: Store) -> None:
    add_people(store, 2)
    put(store, a_message(1, broadcast_id=7), a_message(2, broadcast_id=7))
    assert sent(store, LATER, most=1) == [(1, "p1@example.com")]
    assert sent(store, TAKEN) == [(2, "p2@example.com")]
    moved(store, 2, "other@example.com")
    moved(store, 1, "p2@example.com")
    assert sent(store, TAKEN, now=NOW + DAY) == []
    assert row(store, 1).reason == "sent_already"


def test_of_who_is_erased_while_a_mail_is_on_its_way_nothing_is_written_down_again(store: Store) -> None:
    add_people(store, 1)
    put(store, a_message())
    (one,) = taken(store)
    erase(store, "person_1", NOW)
    said = Outcome("refused", Stage.RCPT, "<p1@example.com>: user unknown", 550, "5.1.1")
    with store.write() as connection:
        record(connection, [Ended(one.id, said, NOW, "Hi Ada Lovelace")], rules=RULES)
        kept = connection.execute(select(messages)).one()
    assert (kept.state, kept.bounce_class) == ("bounced", "hard")
    assert (kept.subject, kept.reason, kept.email) == ("", "The contact was erased.", "")


def test_who_had_the_address_of_an_erased_contact_keeps_the_mail_that_waits(store: Store) -> None:
    add_people(store, 2)
    put(store, a_message(1, broadcast_id=7))
    moved(store, 1, "new1@example.com")
    moved(store, 2, "p1@example.com")
    erase(store, "person_2", NOW)
    assert sent(store, TAKEN) == [(1, "new1@example.com")]


@pytest.mark.parametrize(
    ("states", "skipped"),
    [
        (("queued", "queued", "queued"), {2, 3}),
        (("delivered", "queued", "queued"), {2, 3}),
        (("queued", "sending", "bounced"), {1}),
        (("rejected", "bounced", "queued"), set()),
    ],
)
def test_who_was_several_contacts_gets_a_broadcast_once(store: Store, states, skipped) -> None:
    add_people(store, 4)
    put(store, *(a_message(number, broadcast_id=7, template_id=None) for number in (1, 2, 3)))
    put(store, a_message(4, broadcast_id=8, template_id=None), a_message(5, broadcast_id=7, contact_id=4))
    with store.write() as connection:
        for number, state in enumerate(states, 1):
            connection.execute(update(messages).where(messages.c.id == number).values(state=state))
    for goes in (2, 3):
        merge(store, "person_1", f"person_{goes}")
    with store.write() as connection:
        found = claim(connection, [Lane(7, 100), Lane(8, 100)], 100, now=NOW, rules=RULES)
    waiting = {number for number, state in enumerate(states, 1) if state == "queued"}
    assert {one.id for one in found} == (waiting - skipped) | {4, 5}
    assert {number for number in waiting if row(store, number).reason == "had_broadcast"} == skipped


RECORDED = [
    (TAKEN, "delivered", "Email Delivered", {"delivered_by": "smtp"}),
    (
        Outcome("taken", Stage.DOT, "ok", 250, host="relay", is_final_host=False),
        "sent",
        "Email Sent",
        {"host": "relay"},
    ),
    (
        Outcome("refused", Stage.RCPT, "no such user", 550, "5.1.1"),
        "bounced",
        "Email Bounced",
        {"bounce_class": "hard", "bounce_code": "5.1.1", "reason": "no such user"},
    ),
    (
        Outcome("refused", Stage.DOT, "spam", 554, "5.7.1"),
        "bounced",
        "Email Bounced",
        {"bounce_class": "block", "bounce_code": "5.7.1", "reason": "spam"},
    ),
    (
        LATER,
        "deferred",
        "Email Deferred",
        {"reason": "greylisted", "code": "4.7.1"},
    ),
    (Outcome("lost", Stage.DOT, "gone"), "unknown", "Email Unknown", {"reason": "gone"}),
    (Rejected("No first name."), "rejected", "Email Rejected", {"reason": "No first name."}),
]


@pytest.mark.parametrize(("what", "state", "name", "data"), RECORDED)
def test_what_became_of_it_is_a_state_and_one_row_of_the_timeline(store: Store, what, state, name, data) -> None:
    add_people(store, 1)
    put(store, a_message())
    tell(store, what)
    assert (row(store).state, row(store).subject) == (state, "Hello")
    assert timeline(store) == [(name, data)]


def test_told_twice_is_told_once(store: Store) -> None:
    add_people(store, 1)
    put(store, a_message())
    (one,) = taken(store)
    for _ in range(2):
        with store.write() as connection:
            record(connection, [Ended(one.id, TAKEN, NOW)], rules=RULES)
    assert len(timeline(store)) == 1


RELAYED = Outcome("taken", Stage.DOT, "ok", 250, host="relay", is_final_host=False)


@pytest.mark.parametrize(
    ("notice", "what", "names"),
    [("bounced", TAKEN, ["Email Delivered"]), ("bounced", RELAYED, ["Email Sent"]), ("delivered", TAKEN, [])],
)
def test_a_notice_that_comes_before_the_record_stands_beside_it(store: Store, notice, what, names) -> None:
    add_people(store, 1)
    put(store, a_message())
    (one,) = taken(store)
    with store.write() as connection:
        connection.execute(update(messages).values({"state": notice, "reason": "notice", f"{notice}_at": NOW + 1}))
    for _ in range(2):
        with store.write() as connection:
            record(connection, [Ended(one.id, what, NOW, "Hello")], rules=RULES)
    found = row(store)
    assert (found.state, found.reason, found.sent_at, found.subject) == (notice, "notice", NOW, "Hello")
    assert [name for name, _ in timeline(store)] == names


def test_a_contact_erased_while_its_mail_was_under_way_has_no_timeline(store: Store) -> None:
    add_people(store, 1)
    put(store, a_message())
    (one,) = taken(store)
    with store.write() as connection:
        connection.execute(delete(contacts))
        record(connection, [Ended(one.id, TAKEN, NOW)], rules=RULES)
    assert (row(store).state, timeline(store)) == ("delivered", [])


def test_put_off_for_hours_and_given_up_after_two_days(store: Store) -> None:
    add_people(store, 1)
    put(store, a_message())
    now, tries = NOW, 0
    while row(store).state in ("queued", "deferred"):
        tell(store, Outcome("later", Stage.RCPT, "busy", 451), now=now)
        now, tries = row(store).due_at, tries + 1
    assert (row(store).state, row(store).bounce_class, row(store).reason) == ("bounced", "soft", "expired: busy")
    assert tries > 10
    assert now - NOW > 40 * HOUR


def test_a_hard_bounce_suppresses_its_address_and_a_block_does_not(store: Store) -> None:
    add_people(store, 2)
    put(store, a_message())
    tell(store, Outcome("refused", Stage.RCPT, "user unknown", 550, "5.1.1"))
    put(store, a_message(2))
    tell(store, Outcome("refused", Stage.MAIL, "listed at spamhaus", 554, "5.7.1"))
    assert listed(store) == [("p1@example.com", "hard_bounce")]


def test_soft_bounces_for_more_than_a_week_suppress_too(store: Store) -> None:
    add_people(store, 1)
    for day in range(0, 10, 2):
        assert listed(store) == []
        put(store, a_message(1, key=f"test:{day}", template_id=day), now=NOW + day * DAY)
        tell(store, Outcome("refused", Stage.RCPT, "mailbox full", 552, "5.2.2"), now=NOW + day * DAY)
    assert listed(store) == [("p1@example.com", "repeated_soft")]


def test_nothing_that_an_erased_contact_bounced_is_held_against_anybody(store: Store) -> None:
    bounced = [Bounced("", bounce_class, "mailbox full") for bounce_class in ("hard", "soft")]
    with store.write() as connection:
        rows = [{"address": "", "email": "", "bounce_class": "soft", "bounced_at": NOW + day * DAY} for day in range(9)]
        times = {"attempts": 1, "queued_at": 1, "due_at": 1, "is_transactional": False, "subject": "", "reason": ""}
        values = [
            times | one | {"key": f"erased:{n}", "origin": "api", "state": "bounced"} for n, one in enumerate(rows)
        ]
        connection.execute(insert(messages), values)
        note_bounces(connection, bounced, now=NOW, rules=RULES)
        suppress(connection, [NewSuppression("", ALL, "complaint")], NOW)
    assert listed(store) == []


def test_a_page_of_any_list_goes_on_where_the_one_before_ended(store: Store) -> None:
    add_people(store, 12)
    for number in range(1, 13):  # two each moment, and some that were queued before those that have lower ids
        put(store, a_message(number), now=NOW - number // 2 % 4)
    with store.write() as connection:
        connection.execute(update(messages).where(messages.c.contact_id % 2 == 0).values(state="bounced"))
    for wanted in (
        {"template_id": 1},
        {"state": "bounced"},
        {"state": "queued"},
        {"template_id": 1, "state": "queued"},
    ):
        whole = [one.row.id for one in reading.listed(store, Wanted(**wanted))]
        pages, before = [], None
        while page := [one.row.id for one in reading.listed(store, Wanted(**wanted, before=before), 2)]:
            pages += page
            before = page[-1]
        assert pages == whole
        assert len(set(whole)) == (6 if "state" in wanted else 12)
    assert reading.listed(store, Wanted(state="no state")) == []


def test_a_campaign_is_a_broadcast_or_what_is_called_so(store: Store) -> None:
    add_people(store, 6)
    journeys = [a_message(number, campaign_id="journey_1") for number in (1, 2, 3)]
    of_broadcasts = [a_message(n, broadcast_id=n, campaign_id=f"broadcast_{n}") for n in (4, 5)]
    put(store, *journeys, *of_broadcasts, a_message(6))
    keys = ("journey_1", "broadcast_4", "broadcast_5", "broadcast_6", "4")
    found = [reports.report(store, "campaign", key, since=0, until=NOW + 1).figures["attempted"] for key in keys]
    assert found == [3, 1, 1, 0, 0]


def test_what_a_dead_sender_held_is_sorted_out_by_its_journal(store: Store) -> None:
    add_people(store, 3)
    put(store, *(a_message(number) for number in (1, 2, 3)))
    ids = [one.id for one in taken(store)]
    with store.write() as connection:
        held = [one.id for one in claimed_before(connection, ids)]
        recover(connection, {ids[0]: TAKEN, ids[1]: None}, {ids[0]: "Hello"}, now=NOW, rules=RULES)
        assert (held, claimed_before(connection, ids)) == (ids, [])
    assert [row(store, number).subject for number in (1, 2, 3)] == ["Hello", "", ""]
    assert [row(store, number).state for number in (1, 2, 3)] == ["delivered", "unknown", "queued"]
    assert [one.id for one in taken(store)] == [ids[2]]
    assert row(store, 3).attempts == 1


def test_a_transactional_mail_in_doubt_is_sent_again_by_setting(store: Store) -> None:
    add_people(store, 1)
    put(store, a_message(is_transactional=True))
    tell(store, Outcome("lost", Stage.DOT, "gone"), rules=Rules(resends_unknown_transactional=True))
    assert counted(store) == {"deferred": 1}
