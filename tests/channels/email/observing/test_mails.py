"""What incoming mail does: bounces by class, repeated softs, complaints, replies, unsubscribes; each once."""

import pytest
from sqlalchemy import insert, select

from skywrite.channels.email.observing.settings import ObservingSettings
from skywrite.channels.email.tokens import Purpose
from skywrite.contacts.activity import Kind
from skywrite.contacts.erasing import erase
from skywrite.store.contact_tables import merged_contacts
from skywrite.store.mail_tables import observations, topics
from tests.support.letters import LETTERS
from tests.support.observing import LATER, SECOND, SENT_AT, add_contact, add_message

DAY = 24 * 3600 * SECOND
HARD, SOFT, BLOCK = (
    ("5.1.1", "550 5.1.1 user unknown"),
    ("5.2.2", "552 5.2.2 mailbox full"),
    ("5.7.1", "550 5.7.1 spam"),
)


def a_bounce(observing, status=HARD, message=None):
    to = observing.address("b", message)
    raw = LETTERS["bounce"].format(to=to, id="x@y").replace("Status: 5.1.1", f"Status: {status[0]}")
    return raw.replace("550 5.1.1 user unknown", status[1]), to


CLASSES = {
    "hard": (HARD, {("ada@example.com", "all", "hard_bounce")}),
    "soft": (SOFT, set()),
    "block": (BLOCK, set()),
}


@pytest.mark.parametrize("bounce_class", CLASSES)
def test_only_a_hard_bounce_ends_writing_to_an_address(observing, bounce_class):
    status, suppressed = CLASSES[bounce_class]
    observing.mail(*a_bounce(observing, status))
    (told,) = observing.timeline()
    assert (told[0], told[1]["bounce_class"], told[1]["bounce_code"]) == ("Email Bounced", bounce_class, status[0])
    assert (observing.row().state, observing.suppressions()) == ("bounced", suppressed)


def softly_bounced(observing, days):
    """Messages to Ada that bounced softly so many days before."""
    with observing.store.write() as connection:
        for day in days:
            at = LATER - day * DAY
            fields = {"state": "bounced", "bounced_at": at, "bounce_class": "soft", "delivered_at": None}
            add_message(connection, observing.ada, key=f"{day}-{observing.message}", **fields)
    observing.change(delivered_at=None, state="sent")


@pytest.mark.parametrize(("days", "is_hard"), [((8, 6, 4, 2), True), ((8, 6, 4), False), ((4, 3, 2, 1), False)])
def test_many_softs_over_many_days_are_as_a_hard_one(sqlite_store, tmp_path, days, is_hard):
    from tests.support.observing import Observing

    observing = Observing(sqlite_store, tmp_path)
    softly_bounced(observing, days)
    observing.mail(*a_bounce(observing, SOFT))
    assert observing.suppressions() == ({("ada@example.com", "all", "repeated_soft")} if is_hard else set())
    observing.close()


def test_a_sign_of_life_between_makes_softs_begin_anew(sqlite_store, tmp_path):
    from tests.support.observing import Observing

    observing = Observing(sqlite_store, tmp_path)
    softly_bounced(observing, (8, 6, 4, 2))
    observing.change(opened_at=LATER - 3 * DAY)
    observing.mail(*a_bounce(observing, SOFT))
    assert observing.suppressions() == set()
    observing.close()


NOT_OURS = {
    "it was never sent": {"claimed_at": None, "sent_at": None, "delivered_at": None, "state": "queued"},
    "it was sent long ago": {"sent_at": LATER - 31 * DAY, "delivered_at": None},
}


@pytest.mark.parametrize("fields", NOT_OURS.values(), ids=NOT_OURS)
def test_a_bounce_of_what_cannot_have_bounced_changes_nothing(observing, fields):
    observing.change(**fields)
    observing.mail(*a_bounce(observing))
    assert (observing.names(), observing.suppressions(), observing.outcomes()) == ([], set(), ["unmatched"])


def test_a_forwarder_may_name_another_address_but_no_other_original(observing):
    raw, to = a_bounce(observing)
    other = raw.replace("rfc822; ada@example.com", "rfc822; ada@home.example")
    observing.mail(other.replace("Action:", "Original-Recipient: rfc822; bob@elsewhere.example\nAction:"), to)
    assert observing.names() == []
    observing.mail(other, to)
    assert observing.names() == ["Email Bounced"]


def test_a_bounce_after_delivery_takes_nothing_back(observing):
    observing.mail(*a_bounce(observing))
    row = observing.row()
    assert (row.state, row.delivered_at, row.bounced_at) == ("bounced", SENT_AT, LATER)


def test_a_delay_is_no_bounce_and_nothing_is_sent_again(observing):
    observing.change(state="sent", delivered_at=None)
    for _ in range(2):
        observing.mail(LETTERS["delay"].format(to="x@y", id="x@y"), observing.address("b"))
    assert (observing.names(), observing.row().state) == (["Email Deferred"], "sent")


def test_a_delivery_notice_is_delivery_once(observing):
    observing.change(state="sent", delivered_at=None)
    for _ in range(2):
        observing.mail(LETTERS["delivery"].format(to="x@y", id="x@y"), observing.address("b"))
    assert observing.timeline() == [("Email Delivered", {"delivered_by": "dsn"})]
    assert observing.row().state == "delivered"


def test_a_report_s_own_time_counts_where_it_can_be(observing):
    raw, to = a_bounce(observing)
    when = "Last-Attempt-Date: Mon, 23 Nov 2026 16:30:00 +0000\n"
    observing.mail(raw.replace("Action:", f"{when}Action:"), to, at=LATER)
    assert observing.row().bounced_at == 1_795_451_400_000_000


def test_one_host_s_reports_suppress_no_more_than_the_cap(sqlite_store, tmp_path):
    from tests.support.observing import Observing

    observing = Observing(sqlite_store, tmp_path, most_suppressed=2)
    for number in range(4):
        with sqlite_store.write() as connection:
            message = add_message(connection, observing.ada, f"p{number}@example.com")
        observing.mail(*a_bounce(observing, message=message))
    assert len(observing.suppressions()) == 2
    assert observing.outcomes().count("capped") == 2
    observing.close()


def test_of_mail_about_who_was_erased_only_that_it_came_is_kept(sqlite_store, tmp_path):
    from tests.support.observing import Observing

    observing = Observing(sqlite_store, tmp_path)
    bounce = a_bounce(observing)
    erase(sqlite_store, f"person_{observing.ada}", LATER)
    observing.mail(*bounce)
    with sqlite_store.read() as connection:
        (kept,) = connection.execute(select(observations)).all()
    assert (kept.kind, kept.detail, kept.raw) == ("mail", {}, "")
    assert observing.row().reason == "The contact was erased."
    assert {reason for _, _, reason in observing.suppressions()} == {"erased"}
    observing.close()


def test_a_complaint_counts_once_and_ends_all_mail(observing):
    raw = LETTERS["complaint"].format(to="fbl@x", id=f"{observing.token(Purpose.MESSAGE)}@example.com")
    observing.mail(raw, "fbl@in.example.com")
    observing.mail(raw, "abuse@in.example.com")
    assert (observing.names(), observing.suppressions()) == (
        ["Email Marked as Spam"],
        {("ada@example.com", "all", "complaint")},
    )


def test_a_reply_is_kept_once_with_its_words_and_the_next_is_another(observing):
    raw = LETTERS["reply"].format(to=observing.address("r"), id="x@y")
    for letter in (raw, raw, raw.replace("<a1@", "<a2@")):
        observing.mail(letter, observing.address("r"), mail_from="assistant@example.org")
    assert observing.names() == ["Email Replied", "Email Replied"]
    data = observing.timeline()[0][1]
    assert (data["reply_text"], data["from"]) == ("Thanks, I'd like two of them.", "ada@example.com")
    assert observing.row().replied_at == LATER


def test_an_automatic_answer_is_no_reply_also_where_gmail_sends_it(observing):
    observing.mail(LETTERS["vacation"].format(to="x@y", id="x@y"), observing.address("b"), mail_from="")
    assert (observing.names(), observing.row().replied_at) == (["Email Autoresponded"], None)


MAILTO = {
    "as the header asks for": "From: ada@example.com\nSubject: unsubscribe\n\n\n",
    "another subject": "From: someone@else.example\nSubject: please\n\nno more\n",
    "Apple Mail": LETTERS["apple unsubscribe"].replace("{to}", "x@y").replace("{id}", "x@y"),
    "nothing in it": "\n",
    "a robot": "From: a@b.example\nAuto-Submitted: auto-generated\nSubject: Out of office\n\nx\n",
}


@pytest.mark.parametrize("raw", MAILTO.values(), ids=MAILTO)
@pytest.mark.parametrize("sender", ["", "ada@example.com"])
def test_any_mail_to_the_unsubscribe_address_counts(observing, raw, sender):
    for _ in range(2):
        observing.mail(raw, observing.address("u").upper(), mail_from=sender)
    assert observing.timeline() == [("Email Unsubscribed", {"scope": "all", "method": "mailto"})]
    assert observing.suppressions() == {("ada@example.com", "all", "unsubscribed")}


def test_who_answers_unsubscribe_has_replied_and_a_person_is_shown_so(observing):
    observing.mail("From: ada@example.com\nSubject: unsubscribe\n\nPlease.\n", observing.address("r"), mail_from="a@b")
    assert (observing.names(), observing.suppressions()) == (["Email Replied"], set())
    assert observing.timeline()[0][1]["asks_to_stop"] is True


def test_unsubscribing_from_topics_and_all_are_told_by_scope_and_taken_back_by_the_page(observing):
    from skywrite.channels.email.observing.hits import Choice

    mine = observing.message
    with observing.store.write() as connection:
        connection.execute(insert(topics).values(id=1, name="Offers", description="", created_at=1))
    observing.choose(Choice(mine, "page", off=(1, 2)))
    observing.choose(Choice(mine, "page", off=(1,)))
    observing.choose(Choice(mine, "one_click", everything=True))
    assert observing.names() == ["Email Unsubscribed"] * 3
    assert [data.get("topic") for _, data in observing.timeline()] == ["Offers", None, None]  # there is no topic 2
    observing.choose(Choice(mine, "page", everything=False, on=(1,)))
    assert observing.suppressions() == {("ada@example.com", "2", "unsubscribed")}
    assert observing.names()[3:] == ["Resubscribed", "Resubscribed"]
    assert Kind.CONTACT == "contact"


def test_what_happens_to_a_merged_contact_s_mail_is_on_the_timeline_of_whom_it_became(observing):
    with observing.store.write() as connection:
        now = add_contact(connection, "ada@home.example")
        message = add_message(connection, 90_000 + now)
        connection.execute(insert(merged_contacts).values(old_id=90_000 + now, contact_id=now, at=1))
    observing.open(message=message)
    assert observing.names(message) == ["Email Opened"]


def test_the_settings_have_the_defaults_that_the_docs_name():
    settings = ObservingSettings()
    assert (settings.hold_seconds, settings.machine_seconds, settings.soft_bounces, settings.soft_days) == (
        6,
        10,
        5,
        7,
    )
