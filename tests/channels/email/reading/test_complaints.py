"""Feedback reports: each type, each degree of redaction."""

import pytest

from skywrite.channels.email.reading import read
from skywrite.channels.email.reading.complaints import is_redacted
from tests.channels.email.reading.samples import AYLA, a_mail

RETURNED = """\
Return-Path: <b0123@bounce.shop.example>
Message-ID: <0123abcd@shop.example>
X-Skywrite-Id: 0123abcd
Feedback-ID: broadcast:pods:shop:sw
CFBL-Feedback-ID: 0123abcd
List-Unsubscribe: <https://t.shop.example/u/0123abcd>, <mailto:u0123@in.shop.example>
From: Shop <hello@shop.example>
To: ayla@example.net
Subject: New pods

Hello.
"""


def a_feedback(fields="Feedback-Type: abuse\n", returned=RETURNED, returned_type="message/rfc822"):
    body = (
        f"--limit\nContent-Type: text/plain\n\nThis is an abuse report.\n--limit\n"
        f"Content-Type: message/feedback-report\n\n{fields}"
    )
    body += f"User-Agent: Loop/1.0\nVersion: 1\n\n--limit\nContent-Type: {returned_type}\n\n{returned}\n--limit--\n"
    content = 'multipart/report; report-type=feedback-report; boundary="limit"'
    return a_mail("", sender="fbl@example.net", subject="FW: New pods", content=content) + body.encode()


TYPES = [
    ("abuse", "complaint"),
    ("Abuse", "complaint"),
    ("fraud", "complaint"),
    ("virus", "complaint"),
    ("other", "complaint"),
    ("something-new", "complaint"),
    ("", "complaint"),
    ("not-spam", "none"),
    ("auth-failure", "none"),
    ("dmarc", "none"),
    ("opt-out", "unsubscribe"),
    ("opt-out-list", "unsubscribe"),
]


@pytest.mark.parametrize(("kind", "expected"), TYPES)
def test_the_type_makes_the_kind(kind, expected):
    found = read(a_feedback(f"Feedback-Type: {kind}\n" if kind else ""))
    assert found.kind == expected
    assert found.feedback_type == (kind.lower() or None)


def test_a_failure_of_authentication_without_a_type_is_no_complaint():
    assert read(a_feedback("Auth-Failure: dmarc\nDelivery-Result: reject\n")).kind == "none"


def places(found):
    return {each.place for each in found.traces}


REDACTED = {
    "nothing": (
        RETURNED,
        {"returned_message_id", "returned_id", "feedback_id", "cfbl_feedback_id", "list_unsubscribe", "return_path"},
    ),
    "the address": (RETURNED.replace(AYLA, "redacted@example.net"), {"returned_message_id", "returned_id"}),
    "all but the Message-ID": ("Message-ID: <0123abcd@shop.example>\nTo: undisclosed\n", {"returned_message_id"}),
    "all but our own header": ("X-Skywrite-Id: 0123abcd\nTo: redacted\n", {"returned_id"}),
    "all but the return path": ("Return-Path: <b0123@bounce.shop.example>\n", {"return_path"}),
    "everything": ("REDACTED\n", set()),
}


@pytest.mark.parametrize(("returned", "left"), REDACTED.values(), ids=REDACTED)
def test_what_is_left_is_told(returned, left):
    found = read(a_feedback(returned=returned))
    assert found.kind == "complaint"
    assert places(found) - {"to"} >= left
    assert [each.address for each in found.recipients] == ([AYLA] if AYLA in returned else [])


def test_every_original_recipient_is_told_and_the_sender_too():
    found = read(
        a_feedback(
            f"Feedback-Type: abuse\nOriginal-Mail-From: <b0123@bounce.shop.example>\nOriginal-Rcpt-To: <{AYLA}>\n"
            "Original-Rcpt-To: boris@example.org\nOriginal-Envelope-Id: 0123abcd\n"
            "Arrival-Date: Mon, 02 Mar 2026 10:00:00 +0000\n"
        )
    )
    assert [each.address for each in found.recipients] == [AYLA, "boris@example.org"]
    assert places(found) >= {"original_mail_from", "envelope_id"}
    assert found.arrived_at == 1_772_445_600_000_000


def test_headers_alone_are_enough():
    found = read(a_feedback(returned_type="text/rfc822-headers"))
    assert (found.kind, [each.address for each in found.recipients]) == ("complaint", [AYLA])


def test_microsofts_report_is_known_by_its_header():
    body = (
        f"--limit\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: {AYLA}\n{RETURNED}\n--limit--\n".encode()
    )
    mail = (
        a_mail("", sender="staff@hotmail.example", subject="complaint", content="multipart/mixed; boundary=limit")
        + body
    )
    found = read(mail)
    assert (found.kind, [each.address for each in found.recipients]) == ("complaint", [AYLA])


@pytest.mark.parametrize(
    ("address", "redacted"),
    [
        ("redacted@example.net", True),
        ("undisclosed", True),
        ("hashed@example.net", True),
        (f"{'ab' * 20}@example.net", True),
        (AYLA, False),
        ("red@example.net", False),
    ],
)
def test_struck_out_addresses_name_nobody(address, redacted):
    assert is_redacted(address) is redacted
