"""Opens and clicks at a whole running Skywrite: a locked store, forged tokens, a new key."""

import contextlib
import http.client
import sqlite3
import urllib.parse

import pytest
from sqlalchemy import select

from skywrite.channels.email.settings.service import EmailChannel
from skywrite.channels.email.tokens import Purpose, StoredTokens, Tokens
from skywrite.kit.time import now_micros
from skywrite.settings import Settings
from skywrite.store.contact_tables import activities
from skywrite.store.engine import open_store
from skywrite.store.mail_tables import messages, suppressions
from tests.support.observing import add_contact, add_message

pytestmark = pytest.mark.flow
FORGED = Tokens({1: b"another server's"})
TARGET = "https://example.com/there"
DSN = """From: MAILER-DAEMON@example.com
Subject: Undelivered mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; ada@example.com
Action: failed
Status: 5.1.1
--b--
"""
REPLY = """From: Ada <ada@example.com>
Subject: Re: Good to have you
Message-ID: <one@example.com>

Thank you!
"""


@pytest.fixture(scope="module")
def store(shared):
    """The store of the running Skywrite; clicks are decided at once."""
    with contextlib.closing(open_store(Settings(data=shared.data))) as opened:
        EmailChannel(opened).change({"hold_seconds": 0})
        yield opened


def a_mail(store):
    """A mail to somebody that was delivered, of which nothing was observed."""
    with store.write() as connection:
        return add_message(connection, add_contact(connection, f"ada{now_micros()}@example.com"))


def get(shared, path):
    """Status and Location of a GET, not followed."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", shared.port, timeout=120)) as connection:
        connection.request("GET", path, headers={"User-Agent": "Mozilla/5.0 Safari/605.1.15"})
        response = connection.getresponse()
        response.read()
        return response.status, response.headers["Location"]


def receive(shared, raw, to=None, sender=""):
    """The status that a mail gets; its envelope names `to`, where there is one."""
    query = urllib.parse.urlencode({"from": sender} | ({"to": to} if to else {}))
    token = {"Authorization": f"Bearer {shared.token()}"}
    return shared.request("POST", f"/mail/receive?{query}", raw.encode(), token).status


def told(store, message):
    """What the timeline says of a mail."""
    a = activities.c
    with store.read() as connection:
        return sorted(connection.execute(select(a.name).where(a.message_id == message)).scalars())


def everything(store, but=0):
    """What is known of mails and addresses, but for one mail."""
    a = activities.c
    with store.read() as connection:
        mails = connection.execute(select(messages).where(messages.c.id != but).order_by(messages.c.id)).all()
        done = connection.execute(select(a.id, a.name).where(a.message_id != but).order_by(a.id)).all()
        return mails, done, connection.execute(select(suppressions)).all()


def test_links_lead_on_while_the_store_is_locked_and_every_click_counts_afterwards(shared, store):
    tokens = StoredTokens(store)
    with store.write() as connection:
        ada = add_contact(connection, "locked@example.com")
        mails = [add_message(connection, ada, key=f"locked{number}") for number in range(20)]
    with contextlib.closing(sqlite3.connect(shared.data / "skywrite.db", timeout=60, isolation_level=None)) as other:
        other.execute("begin exclusive")
        assert {get(shared, tokens.links(mail).path("l1", TARGET)) for mail in mails} == {(302, TARGET)}
        assert [told(store, mail) for mail in mails] == [[]] * len(mails)
        other.execute("rollback")
    shared.wait_until(lambda: all(told(store, mail) == ["Email Clicked"] for mail in mails), "told of each click")


def test_forged_tokens_change_nothing(shared, store):
    message, genuine = a_mail(store), a_mail(store)
    before = everything(store, but=genuine)
    assert get(shared, f"/o/{FORGED.token(Purpose.OPEN, message)}.gif")[0] == 200  # the picture comes, whoever asks
    assert get(shared, FORGED.links(message).path("l1", TARGET)) == (404, None)
    *ours, sealed = StoredTokens(store).links(message).path("l1", TARGET).split("/")
    forged = FORGED.links(message).path("l1", "https://evil.example").rpartition("/")[2]
    assert get(shared, "/".join([*ours, forged])) == (404, None)
    assert get(shared, "/".join([*ours[:-1], "l2", sealed])) == (404, None)
    unsubscribe = f"/u/{FORGED.token(Purpose.UNSUBSCRIBE, message)}"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert shared.request("POST", unsubscribe, b"List-Unsubscribe=One-Click", form).status == 404
    for letter, purpose in (("b", Purpose.BOUNCE), ("r", Purpose.REPLY), ("u", Purpose.UNSUBSCRIBE)):
        address = f"{letter}{FORGED.token(purpose, message)}@in.example.com"
        assert receive(shared, DSN, address) == 200  # whoever it is to: it is read
        assert receive(shared, f"To: {address}\n{DSN}") == 200
    get(shared, StoredTokens(store).links(genuine).path("l1", TARGET))
    shared.wait_until(lambda: told(store, genuine) == ["Email Clicked"], "told of the click behind them")
    assert everything(store, but=genuine) == before


def test_a_new_key_is_taken_by_every_process_while_it_runs(shared, store):
    old, message = StoredTokens(store), a_mail(store)
    assert "begins_at" in shared.cli("mail", "rotate-key")
    assert shared.run("mail", "rotate-key").returncode != 0  # not another before that one begins
    new = StoredTokens(store, clock=lambda: now_micros() + 120_000_000)  # when it has begun
    assert new.token(Purpose.REPLY, message) != old.token(Purpose.REPLY, message)
    path = new.links(message).path("l1", TARGET)
    shared.wait_until(lambda: get(shared, path) == (302, TARGET), "known to the web process")
    assert get(shared, old.links(message).path("l2", TARGET)) == (302, TARGET)

    mailbox = f"r{new.token(Purpose.REPLY, message)}@in.example.com"

    def is_replied() -> bool:
        assert receive(shared, REPLY, mailbox, "ada@example.com") == 200
        return "Email Replied" in told(store, message)

    shared.wait_until(is_replied, "known to the observer")
