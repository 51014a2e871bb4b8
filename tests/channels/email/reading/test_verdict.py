"""Codes and words in conflict: which is believed, and the class that it gives."""

import pytest

from skywrite.channels.email.reading.reason_words import FAINT_WORDS, WORDS
from skywrite.channels.email.reading.reasons import CODES, DOUBTED, REASONS, REPLIES, STEPS
from skywrite.channels.email.reading.verdict import enhanced, judge, smtp_reply

CODES_ALONE = [
    *((code, "hard") for code in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.7.13", "5.7.17", "5.7.18")),
    *(
        (code, "soft")
        for code in ("5.2.0", "5.2.2", "5.2.3", "5.2.4", "5.3.0", "5.3.1", "5.3.2", "5.3.3", "5.3.4", "5.3.5")
    ),
    *(
        (code, "soft")
        for code in ("5.4.1", "5.4.4", "5.4.6", "5.4.7", "5.4.14", "5.5.0", "5.5.1", "5.1.4", "5.1.0", "5.0.0")
    ),
    *(
        (code, "block")
        for code in (
            "5.1.7",
            "5.1.8",
            "5.6.0",
            "5.6.2",
            "5.7.0",
            "5.7.1",
            "5.7.9",
            "5.7.14",
            "5.7.20",
            "5.7.26",
            "5.7.27",
        )
    ),
    *((code, "block") for code in ("5.7.509", "5.7.510", "5.7.606", "5.7.649", "5.7.511")),
    *((code, "soft") for code in ("4.1.1", "4.2.2", "4.4.1", "4.4.7", "4.7.1", "4.3.2", "4.7.500", "4.0.0")),
]


@pytest.mark.parametrize(("code", "bounce_class"), CODES_ALONE)
def test_each_code_alone_has_its_class(code, bounce_class):
    assert judge(code, "").bounce_class == bounce_class


WORDS_ALONE = [
    ("550 Requested action not taken: mailbox unavailable", "user_unknown", "hard"),
    ("550 No such user here", "user_unknown", "hard"),
    ("550 unknown local part in ayla@example.net", "user_unknown", "hard"),
    ("550 Utilisateur inconnu", "user_unknown", "hard"),
    ("550 Empfänger unbekannt", "user_unknown", "hard"),
    ("550 Usuario desconocido", "user_unknown", "hard"),
    ("宛先のメールアドレスが見つかりません", "user_unknown", "hard"),
    ("收件人不存在", "user_unknown", "hard"),
    ("550 RESOLVER.ADR.RecipientNotFound; not found", "user_unknown", "hard"),
    ("550 This account has been disabled or discontinued", "disabled", "hard"),
    ("550 mailbox temporarily disabled", "paused", "soft"),
    ("550 the user has moved to boris@example.org", "moved", "hard"),
    ("Host or domain name not found. Name service error for name=nowhere.example", "domain", "hard"),
    ("Unrouteable mail domain nowhere.example", "domain", "hard"),
    ("Domain does not accept mail (null MX)", "no_mail", "hard"),
    ("552 The recipient's mailbox is full", "full", "soft"),
    ("552 user has exceeded their allotted quota", "full", "soft"),
    ("552 Message size exceeds fixed limit", "too_big", "soft"),
    ("554 Too many hops", "loop", "soft"),
    ("554 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "reputation", "block"),
    ("550 SC-001 (BAY) Unfortunately, messages from 192.0.2.1 weren't sent (S3150)", "reputation", "block"),
    ("421 Message from 192.0.2.1 temporarily deferred [TSS04]", "reputation", "block"),
    ("550 This message looks like SPAM", "spam", "block"),
    (
        "550 Unauthenticated email from shop.example is not accepted due to domain's DMARC policy",
        "authentication",
        "block",
    ),
    ("550 Reverse DNS lookup failed", "authentication", "block"),
    ("450 Greylisted, try again later", "rate", "soft"),
    ("451 too many connections from your host", "rate", "soft"),
    ("550 Rejected for policy reasons", "policy", "block"),
    ("550 relaying denied", "relay", "block"),
    ("550 Sender address rejected: Domain not found", "sender", "block"),
    ("Envelope expired", "expired", "soft"),
    ("connect to mx.example.net: Connection refused", "network", "soft"),
    ("550 virus found", "virus", "block"),
    ("550 Access denied, user not found", "user_unknown", "hard"),  # it says both: the more specific
]


@pytest.mark.parametrize(("text", "reason", "bounce_class"), WORDS_ALONE)
def test_words_decide_where_there_is_no_code(text, reason, bounce_class):
    found = judge(None, text)
    assert (found.reason, found.bounce_class) == (reason, bounce_class)


CONFLICTS = [  # Status field, diagnostic -> code, class
    ("5.0.0", "550 5.1.1 user unknown", "5.1.1", "hard"),  # the text's code before the field's
    ("5.2.2", "550 5.0.0 rejected", "5.2.2", "soft"),  # but not a catch-all in the text
    ("5.0.0", "550 mailbox full", "5.0.0", "soft"),  # words before a catch-all
    ("5.7.1", "550 5.7.1 user unknown", "5.7.1", "hard"),
    ("5.7.1", "550 5.7.1 over quota", "5.7.1", "soft"),
    ("5.5.0", "554 5.5.0 spam", "5.5.0", "block"),
    ("5.1.1", "550 5.1.1 access denied by policy", "5.1.1", "hard"),  # a code that says much stands
    ("5.1.1", "550 5.1.1 mailbox is full", "5.1.1", "soft"),  # but for words that are surer than its users
    ("5.2.1", "550 5.2.1 mailbox temporarily disabled", "5.2.1", "soft"),
    ("5.4.4", "unable to look up the host", "5.4.4", "soft"),
    ("5.4.4", "DNS says NXDOMAIN", "5.4.4", "hard"),
    ("5.4.310", "550 5.4.310 DNS domain nowhere.example does not exist", "5.4.310", "hard"),
    ("4.7.1", "450 4.7.1 client host blocked using bl.example", "4.7.1", "block"),
    ("4.4.7", "delivery time expired", "4.4.7", "soft"),
    ("4.1.1", "450 4.1.1 user unknown", "4.1.1", "soft"),  # often a directory's outage; hard only if it repeats
    (None, "554 5.7.1 <ayla@example.net>: Recipient address rejected: user unknown in table", "5.7.1", "hard"),
    ("5.1.0", "5.1.0 - Unknown address error 550-'5.7.1 no, you are blocked'", "5.7.1", "block"),
]


@pytest.mark.parametrize(("status", "diagnostic", "code", "bounce_class"), CONFLICTS)
def test_what_is_believed(status, diagnostic, code, bounce_class):
    found = judge(status, diagnostic)
    assert (found.status, found.bounce_class) == (code, bounce_class)


@pytest.mark.parametrize(
    ("text", "bounce_class"),
    [
        ("550 no (in reply to RCPT TO command)", "hard"),
        ("550 no (in reply to end of DATA command)", "block"),
        ("550 no (in reply to MAIL FROM command)", "block"),
        ("550 no", "hard"),
        ("552 no", "soft"),
        ("554 no", "block"),
        ("450 no", "soft"),
        ("no", "soft"),
    ],
)
def test_a_bare_reply_is_read_by_its_step(text, bounce_class):
    assert judge(None, text).bounce_class == bounce_class


@pytest.mark.parametrize(
    ("text", "code", "reply"),
    [
        ("host mx[192.0.2.9] said: 550-5.1.1 no 550 5.1.1 such user", "5.1.1", "550"),
        ("#550 5.1.10 RESOLVER.ADR.RecipientNotFound##", "5.1.10", "550"),
        ("sent by Exim 4.98.1 after 500 seconds, from 5.1.2.3", None, None),
        ("sorry (#5.1.1 - chkusr)", "5.1.1", None),
        ("error 421 later", None, "421"),
    ],
)
def test_codes_are_found_in_text(text, code, reply):
    assert enhanced(text) == code
    if reply or "500" not in text:
        assert smtp_reply(text) == reply


def test_every_row_of_the_tables_names_a_reason_that_there_is():
    named = {*CODES.values(), *REPLIES.values(), *DOUBTED, *(each for few in DOUBTED.values() for each in few)}
    named |= {reason for table in (WORDS, FAINT_WORDS, STEPS) for reason, _ in table}
    assert named <= set(REASONS)
