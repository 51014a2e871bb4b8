"""Delivery reports (RFC 3464): the fields, in every broken form, to kind and class."""

import base64

import pytest

from skywrite.channels.email.reading import read
from tests.channels.email.reading.samples import AYLA, BORIS, RETURNED, a_mail, a_report

ABOUT = (
    "Reporting-MTA: dns; mx.example.net\nOriginal-Envelope-Id: 0123abcd\n"
    "Arrival-Date: Mon, 02 Mar 2026 10:00:00 +0000\n"
)


def block(action="failed", status="5.1.1", address=AYLA, code="smtp; 550 5.1.1 user unknown", more=""):
    return f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {code}\n{more}"


ACTIONS = [
    ("failed", "5.1.1", "bounce", "hard"),
    ("Failed", "5.1.1", "bounce", "hard"),
    ("fail", "5.1.1", "bounce", "hard"),
    ("failed (bad destination mailbox address)", "5.1.1", "bounce", "hard"),
    ("failed", "4.4.7", "bounce", "soft"),
    ("delayed", "4.4.1", "delayed", "soft"),
    ("delayed", "5.1.1", "delayed", "soft"),
    ("delivered", "2.1.5", "delivered", None),
    ("relayed", "2.0.0", "none", None),
    ("expanded", "2.0.0", "none", None),
]


@pytest.mark.parametrize(("action", "status", "kind", "bounce_class"), ACTIONS)
def test_the_action_makes_the_kind(action, status, kind, bounce_class):
    code = (
        "smtp; 250 ok"
        if status[0] == "2"
        else "smtp; 550 5.1.1 user unknown"
        if status[0] == "5"
        else "smtp; 451 later"
    )
    found = read(a_report(f"{ABOUT}\n{block(action, status, code=code)}", text="About your mail."))
    assert found.kind == kind
    assert [(each.address, each.bounce_class) for each in found.recipients] == [(AYLA, bounce_class)]
    assert found.note == (found.recipients[0].action)


BROKEN = {
    "as it should be": f"{ABOUT}\n{block()}",
    "no blank line": f"{ABOUT}{block()}",
    "two blank lines in a block": f"{ABOUT}\n\nFinal-Recipient: rfc822; {AYLA}\n\n\nAction: failed\nStatus: 5.1.1\n",
    "a blank line first": f"\n\n{ABOUT}\n{block()}",
    "no final line end": f"{ABOUT}\n{block()}".rstrip(),
    "action first": f"{ABOUT}\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; {AYLA}\n",
    "other case": f"{ABOUT}\nFINAL-RECIPIENT: RFC822; <{AYLA}>\nACTION: FAILED\nSTATUS: 5.1.1\n",
    "comments": (
        f"{ABOUT}\nFinal-Recipient: rfc822; {AYLA} (Ayla)\nAction: failed (for "
        f"good)\nStatus: 5.1.1 (bad (very bad) mailbox)\n"
    ),
    "folded": (
        f"{ABOUT}\nFinal-Recipient: rfc822;\n  {AYLA}\nAction:\n failed\nStatus: "
        f"5.1.1\nDiagnostic-Code: smtp;\n\t550 5.1.1\n\tno\n"
    ),
    "no type": f"{ABOUT}\nFinal-Recipient: {AYLA}\nAction: failed\nStatus: 5.1.1\n",
    "no action": f"{ABOUT}\nFinal-Recipient: rfc822; {AYLA}\nStatus: 5.1.1\n",
    "a local user": (
        f"{ABOUT}\nFinal-Recipient: SYSTEM; ayla\nOriginal-Recipient: rfc822;{AYLA}\nAction: failed\nStatus: 5.1.1\n"
    ),
    "an internal host": (
        f"{ABOUT}\nFinal-Recipient: rfc822; @a.example:a@store\n"
        f"Original-Recipient: rfc822;{AYLA}\nAction: failed\nStatus: 5.1.1\n"
    ),
    "X.400": f"{ABOUT}\nFinal-Recipient: x400; /g=A/s=B/\nAction: failed\nStatus: 5.1.1\n",
    "no recipients at all": f"{ABOUT}\nAction: failed\nStatus: 5.1.1\n",
}


@pytest.mark.parametrize("fields", BROKEN.values(), ids=BROKEN)
def test_fields_are_read_in_every_form(fields):
    found = read(a_report(fields))
    assert found.kind == "bounce"
    assert [(each.address, each.status, each.bounce_class) for each in found.recipients] == [(AYLA, "5.1.1", "hard")]


def test_each_recipient_has_a_block_and_the_worst_action_decides():
    fields = "\n".join(
        [ABOUT, block("delivered", "2.0.0", AYLA, "smtp; 250 ok"), block("delayed", "4.2.2", BORIS, "smtp; 452 full")]
    )
    found = read(a_report(fields))
    assert found.kind == "delayed"
    assert [(each.address, each.action) for each in found.recipients] == [(AYLA, "delivered"), (BORIS, "delayed")]


def test_a_report_tells_its_dates_and_its_envelope():
    more = "Last-Attempt-Date: Mon, 02 Mar 2026 11:00:00 +0000\nWill-Retry-Until: Tue, 03 Mar 2026 11:00:00 +0000\n"
    found = read(a_report(f"{ABOUT}\n{block('delayed', '4.2.2', more=more)}"))
    assert found.arrived_at == 1_772_445_600_000_000
    assert found.recipients[0].last_attempt == 1_772_449_200_000_000
    assert found.recipients[0].will_retry_until == 1_772_535_600_000_000
    assert {(each.place, each.value) for each in found.traces} >= {
        ("envelope_id", "0123abcd"),
        ("returned_message_id", "0123abcd@shop.example"),
        ("return_path", "b0123@bounce.shop.example"),
    }


def report_in(
    part_type, fields, *, coding="", outer="multipart/report; report-type=delivery-status", last="\n--limit--\n"
):
    body = (
        f"--limit\nContent-Type: text/plain\n\nNot delivered.\n--limit\n"
        f"Content-Type: {part_type}\n{coding}\n{fields}{last}"
    )
    return a_mail("", subject="Undeliverable", content=f'{outer}; boundary="limit"') + body.encode()


FORMS = {
    "base64": report_in(
        "message/delivery-status",
        base64.encodebytes(f"{ABOUT}\n{block()}".encode()).decode(),
        coding="Content-Transfer-Encoding: base64\n",
    ),
    "mixed": report_in("message/delivery-status", f"{ABOUT}\n{block()}", outer="multipart/mixed"),
    "no end": report_in("message/delivery-status", f"{ABOUT}\n{block()}", last=""),
    "global": report_in(
        "message/global-delivery-status",
        f"{ABOUT}\nFinal-Recipient: utf-8; \\x{{61}}yla@example.net\nAction: failed\nStatus: 5.1.1\n",
    ),
    "boundary not said": report_in("message/delivery-status", f"{ABOUT}\n{block()}").replace(
        b'boundary="limit"', b'boundary="other"'
    ),
    "parameters on a line of their own": report_in("message/delivery-status", f"{ABOUT}\n{block()}").replace(
        b'delivery-status; boundary="limit"', b'delivery-status;\nboundary="limit"'
    ),
    "nested": a_mail("", subject="Undeliverable", content="multipart/mixed; boundary=outer")
    + b"--outer\nContent-Type: multipart/report; boundary=limit\n\n"
    + report_in("message/delivery-status", f"{ABOUT}\n{block()}").partition(b"\n\n")[2]
    + b"\n--outer\nContent-Type: text/plain\n\nThis mail was checked.\n--outer--\n",
    "wrapped": a_mail("", subject="Undeliverable", content="multipart/mixed; boundary=outer")
    + b"--outer\nContent-Type: message/rfc822\n\n"
    + report_in("message/delivery-status", f"{ABOUT}\n{block()}")
    + b"\n--outer--\n",
    "UTF-7 beside it": report_in("message/delivery-status", f"{ABOUT}\n{block()}").replace(
        b"text/plain\n\nNot", b"text/plain; charset=unicode-1-1-utf-7\n\nNot"
    ),
    "unknown charset beside it": report_in("message/delivery-status", f"{ABOUT}\n{block()}").replace(
        b"text/plain\n\nNot", b'text/plain; charset="ansi_x3.110-1983"\n\n\xff\xfeNot'
    ),
    "forwarded": a_mail(
        "", sender="Ann <ann@quay.example>", subject="Fwd: x", content="multipart/mixed; boundary=outer"
    )
    + b"--outer\nContent-Type: text/plain\n\nFor you.\n--outer\nContent-Type: message/rfc822\n\n"
    + report_in("message/delivery-status", f"{ABOUT}\n{block()}")
    + b"\n--outer--\n",
    "a text of its own": report_in('text/plain; name="status.txt"', f"{ABOUT}\n{block()}"),
    "in the text": a_mail(f"Not delivered.\n\n{ABOUT}\n{block()}", subject="Undeliverable"),
}


@pytest.mark.parametrize("mail", FORMS.values(), ids=FORMS)
def test_a_report_is_found_wherever_it_stands(mail):
    found = read(mail)
    assert found.kind == "bounce"
    assert [(each.address, each.status, each.bounce_class) for each in found.recipients] == [(AYLA, "5.1.1", "hard")]


def test_a_report_that_an_answer_encloses_is_what_somebody_writes_about():
    mail = (
        FORMS["forwarded"].replace(b"Subject: Fwd: x", b"Subject: Re: New pods").replace(b"Return-Path: <>\n", b"", 1)
    )
    assert read(mail).kind == "human_reply"


def test_the_returned_copy_says_nothing_about_why():
    fields = f"{ABOUT}\nFinal-Recipient: rfc822; {AYLA}\nAction: failed\nStatus: 5.0.0\n"
    found = read(a_report(fields, text="Sorry."))
    assert "spam" in RETURNED
    assert found.recipients[0].bounce_class == "soft"


def test_a_report_of_a_thousand_parts_is_read():
    blocks = "\n".join(block(address=f"a{number}@example.net") for number in range(1_500))
    found = read(a_report(f"{ABOUT}\n{blocks}"))
    assert found.kind == "bounce"
    assert len(found.recipients) == 1_000


def test_a_report_in_several_parts_is_read_whole():
    body = "".join(
        f"--x\nContent-Type: message/delivery-status\n\n{ABOUT}\n{block(address=f'a{number}@example.net')}\n"
        for number in range(50)
    )
    mail = a_mail("", subject="Undeliverable", content="multipart/report; boundary=x") + body.encode() + b"--x--\n"
    assert len(read(mail).recipients) == 50


def test_a_block_that_a_gateway_encoded_is_read():
    encoded = base64.encodebytes(block().encode()).decode()
    found = read(a_report(f"{ABOUT}Content-Transfer-Encoding: base64\nContent-Length: 200\n\n{encoded}"))
    assert [(each.address, each.status, each.bounce_class) for each in found.recipients] == [(AYLA, "5.1.1", "hard")]


def test_a_field_that_was_broken_without_indentation_is_read_whole():
    told = block(status="5.2.0", code="smtp; 552 5.2.0 held to be\nspam by us")
    found = read(a_report(f"{ABOUT}\n{told}"))
    assert [each.bounce_class for each in found.recipients] == ["block"]


def test_a_report_that_a_gateway_attached_as_a_file_is_read():
    parts = (
        "--x\nContent-Type: text/plain\n\nYour mail failed.\n--x\nContent-Type: text/plain; name=details.txt\n"
        f"Content-Disposition: attachment\n\n{ABOUT}\n{block()}\n--x--\n"
    )
    found = read(a_mail(parts, content="multipart/mixed; boundary=x"))
    assert [(each.address, each.status) for each in found.recipients] == [(AYLA, "5.1.1")]
