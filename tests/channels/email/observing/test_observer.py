"""The observer on a real inbox and store: what each hit comes to, once."""

import pytest
from sqlalchemy import insert

from skywrite.channels.email.observing.hits import Choice, Hit, HitKind, Incoming, hit_record, mail_record
from skywrite.kit.errors import Later
from skywrite.pipeline import cursors
from skywrite.store.mail_tables import observations
from tests.support.build import a_new_record
from tests.support.observing import LATER, SECOND, SENT_AT, add_message

BOUNCE = """From: mailer-daemon@mx.example.net
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--x--
"""


def test_everything_that_may_happen_to_a_mail_is_told_once_on_each_engine(observing_anywhere):
    seen = observing_anywhere
    bounce = BOUNCE.format(to=seen.address("b"))
    for _ in range(2):
        seen.open()
        seen.click()
        seen.choose(Choice(seen.message, "one_click", everything=True))
        seen.mail(bounce, seen.address("b"))
    seen.observer.settle(LATER + 60 * SECOND)
    assert sorted(seen.names()) == ["Email Bounced", "Email Clicked", "Email Opened", "Email Unsubscribed"]
    assert seen.suppressions() == {
        ("ada@example.com", "all", "unsubscribed"),
        ("ada@example.com", "all", "hard_bounce"),
    }
    row = seen.row()
    assert (row.state, row.bounce_class, row.bounce_code) == ("bounced", "hard", "5.1.1")
    assert None not in (row.opened_at, row.clicked_at, row.unsubscribed_at, row.bounced_at)


def test_a_click_waits_for_signs_of_a_scanner_before_it_counts(observing_anywhere):
    seen = observing_anywhere
    seen.click()
    assert seen.names() == ["Email Click Held"]
    assert seen.row().clicked_at is None
    assert seen.observer.settle(LATER + 14 * SECOND) == 0
    seen.restart()
    assert seen.observer.settle(LATER + 16 * SECOND) == 1
    assert seen.timeline() == [
        ("Email Clicked", {"machine": False, "link_id": "l1", "link_url": "https://example.com/l1"})
    ]
    assert seen.row().clicked_at == LATER
    assert seen.observer.settle(LATER + 17 * SECOND) == 0


def test_a_click_after_a_reading_is_decided_at_once(observing_anywhere):
    seen = observing_anywhere
    seen.open(at=LATER - 30 * SECOND)
    seen.click()
    assert seen.names() == ["Email Opened", "Email Clicked"]


def test_what_was_observed_before_a_crash_gives_nothing_new_after_it(observing):
    observing.open()
    observing.click()
    observing.restart()
    observing.observe()
    assert observing.names() == ["Email Opened", "Email Clicked"]


def test_what_could_not_be_committed_whole_left_nothing_and_is_taken_again(observing, monkeypatch):
    def fails(*_):
        raise Later("the store went away at the commit")

    with monkeypatch.context() as broken:
        broken.setattr(cursors, "advance", fails)
        with pytest.raises(Later):
            observing.open()
    assert (observing.names(), observing.row().opened_at) == ([], None)
    observing.observe()
    assert observing.names() == ["Email Opened"]


def test_a_deleted_contact_is_told_of_nothing_and_its_wish_holds(observing):
    with observing.store.write() as connection:
        gone = add_message(connection, None, "sha256:abc")
    observing.open(message=gone)
    observing.choose(Choice(gone, "one_click", everything=True))
    assert observing.names(gone) == []
    assert observing.suppressions() == {("sha256:abc", "all", "unsubscribed")}


def test_a_message_that_is_not_known_changes_nothing(observing):
    observing.open(message=999_999)
    observing.click(message=999_999)
    observing.choose(Choice(999_999, "page", everything=True))
    assert observing.outcomes() == ["unknown", "unknown", "unknown"]
    assert observing.suppressions() == set()


def test_a_record_that_cannot_be_read_is_put_aside_and_holds_nothing_up(observing, caplog):
    broken = a_new_record(b"{not json", kind="open", source_id="")
    observing.put(broken, hit_record(HitKind.OPEN, Hit(observing.message, "Safari 17"), "", LATER))
    assert observing.names() == ["Email Opened"]
    assert observing.outcomes() == ["failed", "person"]


def test_a_mail_whose_reading_fails_is_put_aside_with_its_reason(observing):
    def fails(*_):
        raise RecursionError("too deep")

    observing.observer._read = fails
    observing.put(mail_record(Incoming("", (observing.address("r"),)), [b"From: a@b.c\r\n\r\nHi"], "", LATER))
    assert observing.outcomes() == ["failed"]


def test_records_of_other_followers_are_passed_by(observing):
    observing.put(a_new_record(kind="identify"))
    assert observing.outcomes() == []


def test_an_open_before_the_250_was_recorded_counts_as_too_soon(observing):
    observing.change(state="sending", sent_at=None, delivered_at=None)
    observing.open(at=SENT_AT + SECOND)
    assert observing.timeline() == [("Email Opened", {"machine": True})]


def test_who_opens_a_mail_whose_fate_is_unknown_has_it(observing):
    observing.change(state="unknown", delivered_at=None)
    observing.open()
    assert observing.row().state == "delivered"


def test_old_observations_are_forgotten_but_clicks_that_wait(observing_anywhere):
    seen = observing_anywhere
    seen.open()
    seen.click(ip="198.18.0.1")
    seen.observer.forget(LATER + 100 * 24 * 3600 * SECOND)
    assert seen.outcomes() == ["held"]


def test_many_old_observations_are_forgotten_some_at_a_time(observing):
    old = {"at": 1, "kind": "open", "outcome": "person", "detail": {}, "raw": ""}
    with observing.store.write() as connection:
        connection.execute(insert(observations), [old] * 5_000)
    left = []
    while observing.observer.forget(LATER):
        left.append(len(observing.outcomes()))
    assert left == [3_000, 1_000]
    assert observing.outcomes() == []
