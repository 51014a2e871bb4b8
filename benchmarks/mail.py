"""A broadcast from its start until every mail is recorded as delivered: all of Skywrite, and Debian's `smtp-sink`.

Each mail is a Liquid template of 2 KB made for its contact, with four links rewritten and a pixel, and has its row in
the outbox and on the timeline. By itself, with more to choose: `python -m benchmarks.mail --help`.
"""

import argparse
import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from sqlalchemy import func, select, text

from benchmarks.machine import Memory, cpu_seconds, family
from benchmarks.report import Row, show
from benchmarks.smtp import a_sink
from benchmarks.whole import Skywrite, a_skywrite, wait_until
from skywrite.channels.email.domains.service import SendingDomains
from skywrite.channels.email.filling import places_of
from skywrite.channels.email.outbox.audience import Audience
from skywrite.channels.email.outbox.broadcasts import Broadcasts
from skywrite.channels.email.settings.service import EmailChannel
from skywrite.channels.email.templates.model import Source
from skywrite.channels.email.templates.service import Templates
from skywrite.kit.time import now_micros
from skywrite.settings import Settings
from skywrite.sources.service import Sources
from skywrite.store.engine import Store, open_store
from skywrite.store.mail_tables import messages

_DOMAIN = "news.example"
_SECONDS = 300.0
_CONNECTIONS = 20
_PEOPLE = """
WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :size)
INSERT INTO contacts (id, email, email_key, user_id, traits, created_at, updated_at, seen_at)
SELECT n, 'p' || n || '@example.com', 'p' || n || '@example.com', 'u' || n,
    json_object('first_name', 'Ada' || n, 'city', 'Lyon', 'plan', 'pro', 'visits', n % 100), :now, :now, :now
FROM series
"""
_LINE = "  <p>A paragraph of a newsletter, of about the length that one has, with what is new this month.</p>\n"
_BODY = f"""<!doctype html>
<html><head><title>News</title></head><body>
  <h1>Hello {{{{ contact.first_name | default: "you" }}}}</h1>
  <p>You are on the {{{{ contact.plan | default: "free" }}}} plan, and it is sunny in
  {{{{ contact.city | default: "your town" }}}}.</p>
  {{% if contact.visits > 50 %}}<p>You were here {{{{ contact.visits | default: 0 }}}} times:
  <a href="https://{_DOMAIN}/thanks">thank you</a>.</p>
  {{% else %}}<p>Come again: <a href="https://{_DOMAIN}/come">here</a>.</p>{{% endif %}}
{_LINE * 5}
  <p><a href="https://{_DOMAIN}/a?from=mail&amp;n=1">One thing</a>, <a href="https://{_DOMAIN}/b">another</a>,
  <a href="https://{_DOMAIN}/c">a third</a>.</p>
{_LINE * 5}
  <p><a href="{{{{ unsubscribe_url }}}}">Unsubscribe</a></p>
</body></html>
"""


class Sent(Struct, frozen=True):
    """What a broadcast took: CPU of the process which sends, of its makers, of all of Skywrite."""

    count: int
    seconds: float
    sender_cpu: float
    makers_cpu: float
    all_cpu: float
    memory: float  # MiB, PSS of all processes at their most

    @property
    def note(self) -> str:
        """How much CPU a mail took."""
        sender, makers, all_of_it = (
            seconds / self.count * 1e6 for seconds in (self.sender_cpu, self.makers_cpu, self.all_cpu)
        )
        return (
            f"{self.count:,} mails; CPU a mail: {sender:,.0f} µs in the process that sends, {makers:,.0f} in makers, "
            f"{all_of_it:,.0f} in all"
        )


def mail(quick: bool) -> Iterator[Row]:
    """Broadcasts to an SMTP sink"""
    count = 20_000 if quick else 60_000
    for name, signs, streams, aim in (
        ("no DKIM", False, False, 10_000),
        ("DKIM (RSA-2048)", True, False, 3_000),
        ("no DKIM, its events in the log and the warehouse", False, True, None),
    ):
        sent = broadcast(count, signs=signs, streams=streams)
        rate = sent.count / sent.seconds
        yield Row(what=f"personalised mails, {name}", figure=rate, unit="mails/s", at_least=aim, note=sent.note)
        yield Row(what=f"memory of all processes, {name}", figure=sent.memory, unit="MiB", at_most=500, note="PSS")


def broadcast(count: int, *, signs: bool, streams: bool) -> Sent:
    """Send to so many contacts; `streams` has an AutopilotHQ source, so that each delivery is an event too."""
    with a_sink() as port, a_skywrite() as skywrite, _stored(skywrite.data) as store:
        number = _prepare(store, count, port, signs=signs, streams=streams)
        with skywrite.up() as pid, Memory(pid) as memory:
            mailer = _mailer(skywrite, pid)
            before = _cpu(mailer, pid)
            began = time.monotonic()
            Broadcasts(store).step(number, "start", now=now_micros())
            wait_until(lambda: _delivered(store) >= count, "delivered", _SECONDS)
            seconds = time.monotonic() - began
            took = [after - first for after, first in zip(_cpu(mailer, pid), before, strict=True)]
            assert _delivered(store) == count
    return Sent(count, seconds, *took, memory.peak.pss)


def _cpu(sender: int, supervisor: int) -> tuple[float, float, float]:
    """CPU seconds of the process that sends, of its makers, of all."""
    return cpu_seconds([sender]), cpu_seconds(family(sender)[1:]), cpu_seconds(family(supervisor))


@contextlib.contextmanager
def _stored(data: Path) -> Iterator[Store]:
    store = open_store(Settings(data=data))
    try:
        yield store
    finally:
        store.close()


def _prepare(store: Store, count: int, port: int, *, signs: bool, streams: bool) -> int:
    """Contacts, the channel, a published template, a broadcast to all; its number."""
    with store.write() as connection:
        connection.execute(text(_PEOPLE), {"size": count, "now": now_micros()})
    channel = EmailChannel(store).change(
        {
            "from_name": "Ada", "from_address": f"ada@{_DOMAIN}", "inbound_domain": f"in.{_DOMAIN}",
            "postal_address": "1 Main Street", "helo": "localhost", "connections": _CONNECTIONS,
            "mails_per_second": 100_000,
        },
        provider_slug="smtp", provider_settings={"mode": "direct", "routes": [f"*=127.0.0.1:{port}"]},
    )  # fmt: skip
    if signs:
        SendingDomains(store, "http://localhost").add(_DOMAIN)
    if streams:
        Sources(store).add("autopilothq", "AutopilotHQ")
    templates = Templates(store, lambda: places_of(channel.email, "http://localhost"))
    subject = 'News for {{ contact.first_name | default: "you" }}'
    template = templates.add(Source(name="News", subject=subject, body=_BODY))
    templates.publish(template.public_id)
    made = Broadcasts(store).add("News", template.id, Audience("all"), per_second=None, now=now_micros())
    return made.id


def _mailer(skywrite: Skywrite, pid: int) -> int:
    """The process that sends."""
    named = [one for one in family(pid) if b"\0mail\0" in Path(f"/proc/{one}/cmdline").read_bytes()]
    assert named, f"{skywrite.data} has no process for mail"
    return named[0]


def _delivered(store: Store) -> int:
    time.sleep(0.1)  # counting takes CPU too
    with store.read() as connection:
        counted = select(func.count()).where(messages.c.broadcast_id == 1, messages.c.state == "delivered")
        return int(connection.execute(counted).scalar_one())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=20_000)
    parser.add_argument("--dkim", action="store_true")
    parser.add_argument("--stream", action="store_true", help="with an AutopilotHQ source")
    given = parser.parse_args()
    found = broadcast(given.mails, signs=given.dkim, streams=given.stream)
    show([
        Row(what="mails", figure=found.count / found.seconds, unit="mails/s", note=found.note),
        Row(what="memory of all processes", figure=found.memory, unit="MiB", note="PSS"),
    ])  # fmt: skip
