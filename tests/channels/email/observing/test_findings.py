"""Sorting what comes in by mail (reference: email events, sections 3 and 15.1): one sample a row, in each mailbox."""

import pytest

from skywrite.channels.email.tokens import Purpose
from tests.support.letters import LETTERS

TOLD = {
    "bounce": "Email Bounced",
    "delayed": "Email Deferred",
    "delivered": "Email Delivered",
    "relayed": None,
    "complaint": "Email Marked as Spam",
    "not_spam": "Email Marked as Not Spam",
    "unsubscribe": "Email Unsubscribed",
    "auto_reply": "Email Autoresponded",
    "reply": "Email Replied",
    "receipt": "Email Read Receipt",
    "unmatched": None,
}
# sample: (in the bounces', the replies', the unsubscribes' mailbox, at postmaster with our Message-ID, without)
SORTED = {
    "bounce": ("bounce", "bounce", "bounce", "bounce", "unmatched"),
    "delay": ("delayed", "delayed", "delayed", "delayed", "unmatched"),
    "delivery": ("delivered", "delivered", "delivered", "delivered", "unmatched"),
    "relay": ("relayed", "relayed", "relayed", "relayed", "unmatched"),
    "complaint": ("complaint", "complaint", "complaint", "complaint", "unmatched"),
    "not spam": ("not_spam", "not_spam", "unsubscribe", "not_spam", "unmatched"),
    "dmarc failure": ("unmatched", "unmatched", "unsubscribe", "unmatched", "unmatched"),
    "opt-out": ("unsubscribe", "unsubscribe", "unsubscribe", "unsubscribe", "unmatched"),
    "receipt": ("receipt", "receipt", "unsubscribe", "receipt", "unmatched"),
    "vacation": ("auto_reply", "auto_reply", "unsubscribe", "auto_reply", "unmatched"),
    "reply": ("reply", "reply", "unsubscribe", "reply", "unmatched"),
    "apple unsubscribe": ("reply", "reply", "unsubscribe", "reply", "unmatched"),
}
_BOXES = ("b", "r", "u", "postmaster", "stranger")


@pytest.mark.parametrize("box", _BOXES)
@pytest.mark.parametrize("sample", SORTED)
def test_each_sample_in_each_mailbox_is_what_it_is_and_only_that(observing, sample, box):
    expected = SORTED[sample][_BOXES.index(box)]
    observing.change(state="sent", delivered_at=None)
    to = observing.address(box) if len(box) == 1 else "postmaster@in.example.com"
    known = box != "stranger"
    token = observing.token(Purpose.MESSAGE) if known else "0" * 36
    observing.mail(LETTERS[sample].format(to=to, id=f"{token}@example.com"), to, mail_from=None)
    assert observing.outcomes() == [expected]
    assert observing.names() == ([TOLD[expected]] if TOLD[expected] else [])


@pytest.mark.parametrize("box", ["r", "u"])
@pytest.mark.parametrize("to", ["envelope", "header"])
@pytest.mark.parametrize("sample", ["bounce", "delay", "delivery", "relay", "complaint"])
def test_an_address_that_each_recipient_can_read_proves_no_report(observing, sample, to, box):
    address = observing.address(box)
    raw = LETTERS[sample].format(to=address, id="x@elsewhere.example")
    raw = raw.replace("Reporting-MTA:", f"Original-Envelope-Id: {address}\nReporting-MTA:")
    observing.mail(raw, *([address] if to == "envelope" else []))
    assert (observing.outcomes(), observing.names(), observing.suppressions()) == (["unmatched"], [], set())


PLACES = {
    "Message-ID of what is returned": ("Message-ID: <{message}@example.com>", True),
    "our own header": ("X-Skywrite-Id: {message}", True),
    "Feedback-ID": ("Feedback-ID: 7:{message}:skywrite", True),
    "CFBL-Feedback-ID": ("CFBL-Feedback-ID: {message}", True),
    "List-Unsubscribe": ("List-Unsubscribe: <https://t.example.com/u/{unsubscribe}>", True),
    "Return-Path": ("Return-Path: <b{bounce}@bounce.example.com>", True),
    "nothing": ("X-Nothing: REDACTED", False),
    "a bent token": ("Message-ID: <{bent}@example.com>", False),
    "a token for another place": ("Message-ID: <{bounce}@example.com>", False),
}


@pytest.mark.parametrize(("header", "is_matched"), PLACES.values(), ids=PLACES)
def test_a_redacted_complaint_is_matched_by_any_token_that_is_left(observing, header, is_matched):
    tokens = {each.name.lower(): observing.token(each) for each in Purpose}
    bent = tokens["message"][:-1] + ("0" if tokens["message"][-1] != "0" else "1")
    returned = header.format(**tokens, bent=bent)
    raw = (
        LETTERS["complaint"].format(to="fbl@in.example.com", id="redacted").replace("Message-ID: <redacted>", returned)
    )
    observing.mail(raw, "fbl@in.example.com")
    assert observing.names() == (["Email Marked as Spam"] if is_matched else [])
    assert observing.suppressions() == ({("ada@example.com", "all", "complaint")} if is_matched else set())


REPLIES = {
    "In-Reply-To": ("In-Reply-To: <{id}@example.com>", True),
    "without brackets": ("In-Reply-To: {id}@example.com", True),
    "the last of References": ("References: <a@b.example>\n <{id}@example.com>", True),
    "the first of References": ("References: <{id}@example.com>, <a@b.example>", True),
    "upper-cased": ("In-Reply-To: <{upper}@EXAMPLE.COM>", True),
    "none": ("In-Reply-To: <a@b.example>", False),
}


@pytest.mark.parametrize(("header", "is_matched"), REPLIES.values(), ids=REPLIES)
def test_a_reply_to_another_address_of_ours_is_matched_by_what_it_answers(observing, header, is_matched):
    token = observing.token(Purpose.MESSAGE)
    line = header.format(id=token, upper=token.upper())
    observing.mail(
        f"From: ada@example.com\nSubject: Re: Hi\nMessage-ID: <r@x>\n{line}\n\nYes!\n",
        "abuse@in.example.com",
        mail_from="ada@example.com",
    )
    assert observing.outcomes() == ["reply" if is_matched else "unmatched"]


def test_without_an_envelope_the_mail_s_own_headers_say_whom_it_is_for(observing):
    observing.mail(f"From: a@b.example\nTo: {observing.address('u')}\nSubject: unsubscribe\n\n\n", mail_from=None)
    assert observing.outcomes() == ["unsubscribe"]


FROM = "news@send.example"
TO_THE_FROM_ADDRESS = {
    "a reply": ("reply", "{id}@example.com", "reply"),
    "a complaint": ("complaint", "{id}@example.com", "complaint"),
    "a stranger's": ("reply", "a@b.example", "unmatched"),
}


@pytest.mark.parametrize(("sample", "answers", "outcome"), TO_THE_FROM_ADDRESS.values(), ids=TO_THE_FROM_ADDRESS)
def test_what_another_server_took_for_the_from_address_is_matched_by_our_message_id(
    observing, sample, answers, outcome
):
    raw = LETTERS[sample].format(to=FROM, id=answers.format(id=observing.token(Purpose.MESSAGE)))
    observing.mail(raw, FROM, mail_from="ada@example.com")
    assert observing.outcomes() == [outcome]


def test_with_an_envelope_to_no_mailbox_of_ours_the_mail_s_own_headers_say_whom_it_is_for(observing):
    observing.mail(f"From: a@b.example\nTo: {observing.address('u')}\nSubject: unsubscribe\n\n\n", FROM)
    assert observing.outcomes() == ["unsubscribe"]
