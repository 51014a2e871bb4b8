"""Bounces that follow no standard: each writer's manner gives its recipients, codes and class."""

import pytest

from skywrite.channels.email.reading import read
from tests.channels.email.reading.languages import LANGUAGES
from tests.channels.email.reading.samples import AYLA, NOTICES, SHORT_NOTICES, a_mail


@pytest.mark.parametrize(("mail", "kind", "expected"), [row[1:] for row in NOTICES], ids=[row[0] for row in NOTICES])
def test_it_says_who_was_not_reached_and_why(mail, kind, expected):
    found = read(mail)
    assert found.kind == kind
    assert [(each.address, each.status, each.smtp_reply, each.bounce_class) for each in found.recipients] == expected


@pytest.mark.parametrize("ending", [b"\r\n", b"\r", b"\n"], ids=["CRLF", "CR", "LF"])
@pytest.mark.parametrize(("mail", "expected"), [row[1::2] for row in NOTICES[:6]], ids=[row[0] for row in NOTICES[:6]])
def test_line_ends_change_nothing(mail, expected, ending):
    found = read(mail.rstrip(b"\n").replace(b"\n", ending))
    assert [each.address for each in found.recipients] == [row[0] for row in expected]


@pytest.mark.parametrize(
    ("text", "told", "kind", "addresses", "bounce_class"),
    [row[1:] for row in SHORT_NOTICES],
    ids=[row[0] for row in SHORT_NOTICES],
)
def test_other_manners_are_read_too(text, told, kind, addresses, bounce_class):
    found = read(a_mail(text, **told))
    assert found.kind == kind
    assert [each.address for each in found.recipients] == addresses
    assert bounce_class is None or {each.bounce_class for each in found.recipients} == {bounce_class}


@pytest.mark.parametrize(
    ("subject", "text", "kind", "bounce_class"), [row[1:] for row in LANGUAGES], ids=[row[0] for row in LANGUAGES]
)
def test_words_alone_tell_in_many_languages(subject, text, kind, bounce_class):
    found = read(a_mail(text, sender="Microsoft Outlook <postmaster@example.net>", subject=subject))
    assert (found.kind, [(each.address, each.bounce_class) for each in found.recipients]) == (
        kind,
        [(AYLA, bounce_class)],
    )


def test_letters_of_utf_8_under_a_latin_label_are_read():
    raw = a_mail("<jörg@bücher.example>: user unknown", content="text/plain; charset=iso-8859-1")
    assert [each.address for each in read(raw).recipients] == ["jörg@bücher.example"]


@pytest.mark.parametrize(
    "text",
    [
        "Your message to ayla@example.net is on hold until somebody has looked at it.\n",
        "Ihre Nachricht an ayla@example.net befindet sich in Quarantäne.\n",
    ],
)
def test_what_is_held_is_no_bounce(text):
    assert read(a_mail(text, sender="postmaster@example.net", subject="Delivery notification")).kind == "auto_reply"


@pytest.mark.parametrize(
    "text",
    [
        "Your message was delivered to the following address:\n\n  ayla@example.net\n",
        "Ihre Nachricht wurde erfolgreich zugestellt:\n\n  ayla@example.net\n",
    ],
)
def test_a_mail_system_says_in_words_that_a_mail_arrived(text):
    found = read(a_mail(text, sender="postmaster@example.net", subject="Delivery notification"))
    assert (found.kind, [(each.address, each.action) for each in found.recipients]) == (
        "delivered",
        [(AYLA, "delivered")],
    )
    assert read(a_mail(text, sender="Shop <boris@example.org>", subject="Parcel")).kind == "auto_reply"


@pytest.mark.parametrize("text", ["Besked <mx.example.net #5.1.1>", "You wrote to somebody. Not a valid user here."])
def test_a_code_or_a_dead_address_tells_a_bounce_in_any_language(text):
    found = read(a_mail(f"{AYLA}\n\n{text}\n", sender="<>", subject="Besked"))
    assert [(each.address, each.bounce_class) for each in found.recipients] == [(AYLA, "hard")]


def test_of_a_transcript_what_the_other_server_said_counts():
    text = f"""
       ----- The following addresses had permanent fatal errors -----
    <{AYLA}>

       ----- Transcript of session follows -----
    ... while talking to mx.example.net.:
    >>> RCPT To:<{AYLA}>
    <<< 550 5.7.1 <{AYLA}>... Relaying denied
    550 5.1.1 <{AYLA}>... User unknown
    <<< 503 5.0.0 Need RCPT (recipient)
    """
    found = read(a_mail(text, sender="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>"))
    assert [(each.address, each.status, each.bounce_class) for each in found.recipients] == [(AYLA, "5.7.1", "block")]


PEOPLE = {
    "about a parcel": ("Delivery problem", "Hello,\n\nmy parcel was not delivered to me. Please send it again.\n", ""),
    "about their mailbox": (
        "Re: New pods",
        "I was away, my mailbox is full, delivery failed.\n",
        "In-Reply-To: <a@b>\n",
    ),
    "passing a bounce on": (
        "Fwd: Undelivered Mail Returned to Sender",
        "Look:\n\n---------- Forwarded message ---------\nFrom: MAILER-DAEMON@x.example\n\n<b@example.org>: unknown\n",
        "",
    ),
    "showing a bounce": (
        "Fwd: Undelivered Mail Returned to Sender",
        "Look:\n\n> This is the mail system at host x.\n> <boris@example.org>: user unknown\n",
        "In-Reply-To: <a@b>\n",
    ),
}


@pytest.mark.parametrize(("subject", "text", "more"), PEOPLE.values(), ids=PEOPLE)
def test_people_who_write_about_mail_are_no_bounces(subject, text, more):
    raw = f"From: Ayla <ayla@example.net>\nTo: r01@reply.shop.example\nSubject: {subject}\n{more}\n{text}".encode()
    assert read(raw).kind in {"human_reply", "none"}


def test_an_absent_person_with_a_null_sender_is_no_bounce():
    text = "I am on vacation; mail beyond my quota was rejected. Write to\n\nboris@example.org\n"
    assert read(a_mail(text, sender="Ayla <ayla@example.net>", subject="New pods")).kind == "auto_reply"
