"""kill -9 of the process that sends, and of those that make mails for it: nobody gets two, nobody is forgotten."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from skywrite.channels.email.domains.service import SendingDomains
from skywrite.channels.email.filling import places_of
from skywrite.channels.email.outbox.audience import Audience
from skywrite.channels.email.outbox.broadcasts import Broadcasts
from skywrite.channels.email.settings.service import EmailChannel
from skywrite.channels.email.templates.model import Source
from skywrite.channels.email.templates.service import Templates
from skywrite.kit.time import now_micros
from skywrite.settings import Settings
from skywrite.store.engine import Store, open_store
from skywrite.store.mail_tables import messages
from tests.support.mail_server import a_running_server
from tests.support.sending import add_people, counted

pytestmark = pytest.mark.flow
PEOPLE, CONNECTIONS = 300, 3
KILLS = ("maker", "sender", "maker", "sender")  # one after the other, some mails apart


def test_a_broadcast_goes_on_whoever_is_killed(data: Path) -> None:
    data.mkdir()
    with contextlib.closing(open_store(Settings(data=data))) as store, a_running_server() as mailbox:
        number = a_broadcast(store, mailbox.port)
        with contextlib.ExitStack() as running:
            sender = running.enter_context(a_sender(data))
            for at, who in enumerate(KILLS, 1):
                wait_until(lambda at=at: len(mailbox.got) >= at * PEOPLE // (len(KILLS) + 2))
                if who == "sender":
                    sender.kill()
                    sender = running.enter_context(a_sender(data))
                else:
                    for maker in makers_of(sender.pid):
                        os.kill(maker, signal.SIGKILL)
            wait_until(lambda: Broadcasts(store).get(number).state == "done")
            makers = makers_of(sender.pid)
            sender.kill()
            wait_until(lambda: not any(Path(f"/proc/{maker}/cmdline").exists() for maker in makers))
        with store.read() as connection:
            subjects = set(connection.execute(select(messages.c.subject)).scalars())
            in_doubt = set(connection.execute(select(messages.c.email).where(messages.c.state == "unknown")).scalars())
        assert makers
        assert subjects == {"News for Ada"}
        assert set(mailbox.got.values()) == {1}
        assert {f"p{number}@example.com" for number in range(1, PEOPLE + 1)} - mailbox.got.keys() <= in_doubt
        assert len(in_doubt) <= CONNECTIONS * KILLS.count("sender")
        assert counted(store).get("delivered", 0) + len(in_doubt) == PEOPLE
        contents = [mail.content for mail in mailbox.mails]
        assert all(content.startswith(b"DKIM-Signature: ") for content in contents)
        assert all(b"\r\nSubject: News for Ada\r\n" in content for content in contents)


def a_broadcast(store: Store, port: int) -> int:
    """One that runs, of a real template, signed, to everybody at one server; its number."""
    add_people(store, PEOPLE)
    channel = EmailChannel(store).change(
        {
            "from_name": "Ada", "from_address": "ada@news.example", "inbound_domain": "in.news.example",
            "postal_address": "1 Main Street", "helo": "localhost", "connections": CONNECTIONS,
            "mails_per_second": 1_000,
        },
        provider_slug="smtp", provider_settings={"mode": "direct", "routes": [f"*=127.0.0.1:{port}"]},
    )  # fmt: skip
    SendingDomains(store, "http://localhost").add("news.example")
    templates = Templates(store, lambda: places_of(channel.email, "http://localhost"))
    subject = 'News for {{ contact.first_name | default: "you" }}'
    body = '<p>Hello</p><a href="{{ unsubscribe_url }}">Unsubscribe</a>'
    template = templates.add(Source(name="News", subject=subject, body=body))
    templates.publish(template.public_id)
    made = Broadcasts(store).add("News", template.id, Audience("all"), per_second=None, now=now_micros())
    return Broadcasts(store).step(made.id, "start", now=now_micros()).id


@contextlib.contextmanager
def a_sender(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The process that sends."""
    process = subprocess.Popen([sys.executable, "-m", "skywrite", "worker", "--only", "mail", "--data", str(data)])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def makers_of(pid: int) -> list[int]:
    """The makers of a process that sends."""
    children = " ".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(child) for child in children.split()]


def wait_until(holds, seconds: float = 120.0) -> None:
    """Ask often until it holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.005)
