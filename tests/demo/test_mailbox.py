"""The demo's mailbox: mails as they came, their page, and that a mail there can run nothing."""

import asyncio
import json
import smtplib

import pytest
from aiohttp.test_utils import TestClient, TestServer

from skywrite.demo.mailbox import mails as kept
from skywrite.demo.mailbox.mails import Mails
from skywrite.demo.mailbox.page import make_app
from skywrite.demo.mailbox.server import Mailbox

RAW = (
    b"From: =?utf-8?q?Ann=C3=A9?= <ann@quay.example>\r\nTo: ada@example.com\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello</p><script>alert(1)</script>"
)


def asked(mails, *paths):
    async def ask():
        async with TestClient(TestServer(make_app(mails))) as client:
            found = []
            for path in paths:
                answer = await client.get(path)
                found.append((answer.status, answer.headers, await answer.text()))
            return found

    return asyncio.run(ask())


def test_a_mail_is_listed_and_shown_decoded():
    mails = Mails()
    one = mails.add("b@quay.example", "ada@example.com", RAW)
    (_, _, listed), (_, _, whole) = asked(mails, "/mails", f"/mails/{one.id}")
    [heading] = json.loads(listed)["mails"]
    assert (heading["from"], heading["subject"]) == ("Anné <ann@quay.example>", "Grüße")
    shown = json.loads(whole)
    assert (shown["sender"], shown["has_html"], shown["bytes"]) == ("b@quay.example", True, len(RAW))


def test_a_mail_may_load_pictures_and_run_nothing():
    mails = Mails()
    one = mails.add("b@quay.example", "ada@example.com", RAW)
    [(status, headers, text)] = asked(mails, f"/mails/{one.id}/html")
    assert (status, "<p>Hello</p>" in text) == (200, True)
    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split("; ")}
    assert "script-src" not in policy
    assert policy["default-src"] == ["'none'"]
    assert "allow-scripts" not in policy["sandbox"]
    assert "allow-same-origin" not in policy["sandbox"]


@pytest.mark.parametrize("path", ["/mails/9", "/mails/9/html", f"/mails/{'9' * 400}", "/mails/x", "/mails/-1"])
def test_what_is_not_there_is_not_found(path):
    [(status, _, _)] = asked(Mails(), path)
    assert status == 404


def test_the_newest_stay_and_are_found_by_recipient_and_subject(monkeypatch):
    monkeypatch.setattr(kept, "_MOST_MAILS", 2)
    mails = Mails()
    first, *others = [mails.add("s@x.example", f"p{at}@x.example", b"Subject: No. %d\r\n\r\n" % at) for at in range(3)]
    assert mails.get(first.id) is None
    assert mails.total == 3
    assert mails.newest(10) == others[::-1]
    assert mails.newest(10, "P2@") == mails.newest(10, "no. 2") == [others[1]]
    assert mails.newest(1) == [others[1]]


def test_the_server_takes_and_refuses_recipients_as_it_is_told():
    mails, heard = Mails(), []
    with (
        Mailbox(mails, lambda to: "550 5.1.1 No" if to.startswith("nobody") else "", heard.append) as mailbox,
        smtplib.SMTP("127.0.0.1", mailbox.port, timeout=60) as client,
    ):
        refused = client.sendmail("b@quay.example", ["ada@x.example", "nobody@x.example", "bob@x.example"], RAW)
        assert refused == {"nobody@x.example": (550, b"5.1.1 No")}
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("b@quay.example", ["nobody@x.example"], RAW)
    assert [mail.recipient for mail in heard] == ["ada@x.example", "bob@x.example"]
    assert mails.newest(10) == heard[::-1]
