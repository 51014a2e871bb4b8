"""`read`: sorting by content in whichever mailbox, the places for tokens, and hostile mail."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skywrite.channels.email.reading import Envelope, Kind, mime, read
from tests.channels.email.reading.samples import AYLA, NOTICES, a_mail, a_report
from tests.channels.email.reading.test_complaints import a_feedback
from tests.channels.email.reading.test_reports import ABOUT, block

REPLY = (
    b"From: Ayla <ayla@example.net>\nTo: Shop <r0123@reply.shop.example>\n"
    b"Subject: Re: New pods\nMessage-ID: <a1@example.net>\n"
    b"In-Reply-To: <0123abcd@shop.example>\nReferences: <x1@example.org> <0123abcd@shop.example>\n\nYes, please.\n"
)
UNSUBSCRIBES = {
    "Apple Mail": a_mail(
        "", sender=AYLA, subject="Unsubscribe", more="Auto-Submitted: auto-replied\nX-Apple-Unsubscribe: true\n"
    ),
    "Gmail": a_mail("This message was automatically generated.", sender=AYLA, subject="unsubscribe"),
    "by its address": a_mail("hello", sender=AYLA, subject="?", more=f"Delivered-To: u{'0a' * 18}@in.shop.example\n"),
}
RECEIPT = a_mail(
    "",
    subject="Read: New pods",
    sender=AYLA,
    content="multipart/report; report-type=disposition-notification; boundary=x",
) + (
    b"--x\nContent-Type: text/plain\n\nYour mail was read.\n--x\nContent-Type: message/disposition-notification\n\n"
    b"Final-Recipient: rfc822;ayla@example.net\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--x--\n"
)
SORTED = {
    **{f"unsubscribe: {name}": (mail, "unsubscribe") for name, mail in UNSUBSCRIBES.items()},
    "complaint": (a_feedback(), "complaint"),
    "not spam": (a_feedback("Feedback-Type: not-spam\n"), "none"),
    "report": (a_report(f"{ABOUT}\n{block()}"), "bounce"),
    "delay": (a_report(f"{ABOUT}\n{block('delayed', '4.2.2')}"), "delayed"),
    "delivery notice": (a_report(f"{ABOUT}\n{block('delivered', '2.0.0')}", subject="Delivered"), "delivered"),
    "bounce in words": (NOTICES[0][1], "bounce"),
    "read receipt": (RECEIPT, "none"),
    "vacation": (
        REPLY.replace(b"Subject: Re", b"Auto-Submitted: auto-replied\nSubject: Automatic reply"),
        "auto_reply",
    ),
    "a person": (REPLY, "human_reply"),
    "a person who asks to stop": (REPLY.replace(b"Yes, please", b"Please unsubscribe me"), "human_reply"),
    "a person about a bounce": (
        REPLY.replace(b"Re: New pods", b"Re: Undeliverable: my mail could not be delivered"),
        "human_reply",
    ),
    "somebody's mail, passed on": (
        b"From: a@example.org\nTo: hello@shop.example\nSubject: WG: Hello\n\nSee below.\n\n> Hello.\n",
        "none",
    ),
    "ordinary mail": (b"From: a@example.org\nTo: hello@shop.example\nSubject: Hello\n\nHello.\n", "none"),
    "nothing": (b"", "none"),
}


@pytest.mark.parametrize(
    "mailbox", [None, "b0123@bounce.shop.example", "r0123@reply.shop.example", "postmaster@shop.example"]
)
@pytest.mark.parametrize(("mail", "kind"), SORTED.values(), ids=SORTED)
def test_content_decides_in_whichever_mailbox(mail, kind, mailbox):
    sender = None if mailbox is None else "somebody@example.net"
    assert read(mail, Envelope(sender, mailbox)).kind == kind


def test_whatever_comes_to_the_unsubscribe_address_unsubscribes():
    assert read(REPLY, Envelope("", f"u{'0a' * 18}@in.shop.example")).kind == "unsubscribe"


def test_whatever_a_person_writes_to_a_reply_address_is_a_reply():
    mail = b"From: a@example.org\nTo: hello@shop.example\nSubject: Hello\n\nTwo, please.\n"
    assert read(mail, Envelope(rcpt_to=f"r{'0a' * 18}@reply.shop.example")).kind == "human_reply"
    assert read(mail.replace(b"hello@", b"reply+0123abcd@")).kind == "human_reply"
    assert read(b"List-Id: <pods.example.net>\n" + mail.replace(b"hello@", b"reply+0123abcd@")).kind == "none"
    assert read(mail, Envelope(rcpt_to="r0123@reply.shop.example")).kind == "none"


def test_bounces_and_complaints_at_the_unsubscribe_address_stay_what_they_are():
    at = Envelope("", f"u{'0a' * 18}@in.shop.example")
    assert read(a_report(f"{ABOUT}\n{block()}"), at).kind == "bounce"
    assert read(a_feedback(), at).kind == "complaint"


def test_a_reply_tells_whose_it_is():
    found = read(REPLY, Envelope("ayla@example.net", "r0123@reply.shop.example"))
    assert [(each.place, each.value) for each in found.traces[:3]] == [
        ("rcpt_to", "r0123@reply.shop.example"),
        ("in_reply_to", "0123abcd@shop.example"),
        ("references", "0123abcd@shop.example"),
    ]
    assert (found.from_address, found.subject, found.message_id) == (
        "ayla@example.net",
        "Re: New pods",
        "a1@example.net",
    )
    assert found.reply_text == "Yes, please."


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("<a@b> <c@d>", ["c@d", "a@b"]),
        ("<a@b>,\n <c@d>", ["c@d", "a@b"]),
        ("a@b c@d", ["c@d", "a@b"]),
        ("(Your mail) <a@b>", ["a@b"]),
    ],
)
def test_references_are_told_from_the_last_to_the_first(field, expected):
    found = read(f"From: x@y.example\nReferences: {field}\n\nhi\n".encode())
    assert [each.value for each in found.traces if each.place == "references"] == expected


def test_attachments_are_named_and_encoded_words_read():
    mail = (
        b"From: =?utf-8?q?=C3=84yla?= <ayla@example.net>\nSubject: "
        b"=?iso-2022-jp?B?GyRCRyobKEI=?= =?utf-8?b?w7Y=?=\nIn-Reply-To: <a@b>\n"
        b'Content-Type: multipart/mixed; boundary=x\n\n--x\n\nHi\n--x\nContent-Type: image/png; name="pod.png"\n\n...\n'
        b"--x\nContent-Disposition: attachment; filename*0*=utf-8''%C3%A4; filename*1*=b.txt\n\n...\n--x--\n"
    )
    found = read(mail)
    assert found.subject == "猫ö" or found.subject.endswith("ö")
    assert found.attachments == ("pod.png", "äb.txt")
    assert found.reply_text == "Hi"


NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(3_000)
)
TITLE = b"From: mailer-daemon@x.example\nSubject: undeliverable\n"
LIST = b"In-Reply-To: <a@b>\n\n"
HOSTILE = {
    "parentheses": b"To: " + b"(" * 200_000 + b"\nAuto-Submitted: " + b"(" * 200_000 + b"\n\nhi",
    "nested multiparts": NESTED + b"hi",
    "a long subject": b"Subject: " + b"=?utf-8?q?abc?= " * 16_000 + b"\n\nhi",
    "half encoded words": b"Subject: " + b"=?" * 120_000 + b"\n\nhi",
    "many addresses": TITLE + b"To: " + b"a@example.com, " * 20_000 + b"\n\nundeliverable",
    "many addresses in the text": TITLE + b"\n" + b"could not be delivered to a@example.com now\n" * 20_000,
    "a long address": TITLE + b"\n" + b"a" * 300_000 + b"@" + b"b." * 100_000,
    "empty parts": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 200_000,
    "parts without end of headers": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\na: b\n" * 50_000,
    "open quotes in parameters": b"Content-Type: multipart/mixed" + b';a="' * 4_000 + b"\\\n\nhi",
    "angle brackets": b"Content-Type: text/html\n\n" + b"<" * 500_000,
    "open comments": b"Content-Type: text/html\n\n" + b"<!--" * 100_000,
    "attributions": LIST + b"On 1 wrote:\n" * 80_000,
    "attributions and answers": LIST + b"On 1 wrote:\n> a\n\ntext\n" * 20_000,
    "quotes": LIST + b">" * 200_000 + b"\n" + b"> a\n" * 50_000,
    "blank lines": b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"
    + b"\n" * 500_000,
    "references": b"References: " + b"<" * 16_000 + b"\nIn-Reply-To: " + b"a@" * 8_000 + b"\n\nhi",
    "a codec that is none": b"Content-Type: text/plain; charset=punycode\n\n" + b"a-b" * 100_000,
    "half pairs": b"Content-Type: text/plain; charset=utf-7\nIn-Reply-To: <a@b>\n\n+2AA-\x00",
    "50 MB": b"From: a@b.example\n\n" + b"x" * 50_000_000,
}


@pytest.mark.parametrize("mail", HOSTILE.values(), ids=HOSTILE)
def test_hostile_mail_is_read_in_bounded_work(mail):
    found = read(mail)
    assert len(found.traces) <= 200
    found.subject.encode()
    (found.reply_text or "").encode()


def test_no_more_is_kept_than_the_caps_allow():
    parts = mime.parse(b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 50_000).parts
    assert len(parts) == mime.PARTS
    deep = mime.parse(NESTED).parts
    assert max(part.depth for part in deep) <= mime.DEPTH


TOKENS = st.sampled_from(
    [
        *(
            b"\n",
            b"\r\n",
            b"\r",
            b"\n\n",
            b" ",
            b"\t",
            b":",
            b";",
            b"=",
            b'"',
            b"(",
            b")",
            b"<",
            b">",
            b"@",
            b"--",
            b"--x",
            b"--x--",
        ),
        *(
            b"Content-Type: multipart/report; boundary=x\n\n",
            b"Content-Type: message/delivery-status\n\n",
            b"Final-Recipient: rfc822;",
        ),
        *(
            b"Action: failed\n",
            b"Status: 5.1.1\n",
            b"From: mailer-daemon@x.example\n",
            b"Subject: =?utf-7?b?",
            b"?=",
            b"a@example.net",
        ),
        *(
            b"Content-Transfer-Encoding: base64\n",
            b"On 1 Mar 2026 wrote:\n",
            b"<div class=gmail_quote>",
            b"charset=iso-2022-jp",
            b"\x1b$B",
            b"\xff",
        ),
        *(
            b"Content-Type: message/rfc822\n\n",
            b"Content-Type: message/feedback-report\n\n",
            b"Date: Mon, 99 Foo 99999",
            b"Arrival-Date: 1\n",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(), st.lists(st.one_of(TOKENS, st.binary(max_size=6)), max_size=60).map(b"".join)))
def test_no_bytes_make_it_raise(raw):
    read(raw)
    read(raw, Envelope("", "u@x"))


def test_whoever_unsubscribes_may_say_why():
    found = read(a_mail("Too much mail.\n\n> New pods\n", sender=AYLA, subject="unsubscribe"))
    assert (found.kind, found.reply_text) == ("unsubscribe", "Too much mail.")
    assert [each.address for each in found.recipients] == [AYLA]


@pytest.mark.parametrize(
    "raw",
    [b"", random.Random(7).randbytes(200_000), b"\x00> a\n" * 1_000, b"> quoted\n\nand answered\n"],
    ids=["nothing", "random", "zeros", "no headers"],
)
def test_what_has_no_header_of_a_mail_is_none(raw):
    found = read(raw)
    assert (found.kind, found.note, found.reply_text) == (Kind.NONE, "no mail", None)
