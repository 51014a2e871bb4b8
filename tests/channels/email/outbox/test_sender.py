"""The sender with a real SMTP server: what arrives, and what is left after a kill -9 at any moment."""

import asyncio
import contextlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select, update

from skywrite.channels.email.carrying import Outcome
from skywrite.channels.email.outbox.audience import Audience
from skywrite.channels.email.outbox.broadcasts import Broadcast, Broadcasts
from skywrite.channels.email.outbox.enqueue import enqueue
from skywrite.channels.email.outbox.model import Claimed, Made, NewMessage, Origin
from skywrite.channels.email.outbox.rules import ALL, Rules
from skywrite.channels.email.outbox.sender import Sender
from skywrite.channels.email.outbox.turn import Turns
from skywrite.channels.email.providers.smtp.limits import Limits
from skywrite.contacts.suppressing import NewSuppression, suppress
from skywrite.kit.errors import Later, SkywriteError
from skywrite.kit.time import now_micros
from skywrite.settings import Settings
from skywrite.store.engine import Store
from skywrite.store.mail_tables import broadcasts, messages
from tests.support.carrier import Carrier, FileJournal, plain_mail
from tests.support.mail_server import a_client, a_running_server
from tests.support.sending import add_people, add_template, counted, is_over, send_all

KILLS = int(os.environ.get("OUTBOX_KILLS", "2"))  # of a broadcast; hundreds where somebody has the time


def a_broadcast(store: Store, *, per_second: float | None = None) -> Broadcast:
    """One to everybody, that runs."""
    made = Broadcasts(store).add("News", add_template(store), Audience("all"), per_second=per_second, now=now_micros())
    return Broadcasts(store).step(made.id, "start", now=now_micros())


def sent_here(store: Store, settings: Settings, port: int, **options) -> Carrier:
    """Send all there is, in this process."""
    settings.data.mkdir(exist_ok=True)
    journal = FileJournal(settings.data / "journal")
    carrier = Carrier(port, journal)
    asyncio.run(send_all(store, carrier, journal, **options))
    journal.close()
    return carrier


def sent_there(settings: Settings, port: int, *die_at: str) -> subprocess.Popen[bytes]:
    """The same in a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "tests.support.sending", str(settings.data), str(port), *die_at])


def test_a_broadcast_reaches_everybody_once_and_ends(sqlite_store: Store, settings: Settings) -> None:
    add_people(sqlite_store, 120)
    add_people(sqlite_store, 1, first=500, bad=True)
    with sqlite_store.write() as connection:
        suppress(connection, [NewSuppression("p7@example.com", ALL, "unsubscribed")], 1)
    made = a_broadcast(sqlite_store)
    with a_running_server() as mailbox:
        sent_here(sqlite_store, settings, mailbox.port)
    assert set(mailbox.got.values()) == {1}
    assert mailbox.got.keys() == {f"p{number}@example.com" for number in range(1, 121) if number != 7}
    assert Broadcasts(sqlite_store).progress(made.id) == {"delivered": 119, "rejected": 2}
    done = Broadcasts(sqlite_store).get(made.id)
    assert (done.state, done.total, done.enqueued) == ("done", 121, 121)


def test_who_unsubscribes_while_it_runs_gets_no_more(sqlite_store: Store, settings: Settings) -> None:
    add_people(sqlite_store, 60)
    a_broadcast(sqlite_store)

    def unsubscribe_the_last(_: str) -> str:
        with sqlite_store.write() as connection:
            suppress(connection, [NewSuppression("p60@example.com", ALL, "unsubscribed")], 1)
        return ""

    with a_running_server() as mailbox:
        mailbox.says["dot"] = unsubscribe_the_last
        sent_here(sqlite_store, settings, mailbox.port, batch=10)
    assert len(mailbox.got) == 59
    assert "p60@example.com" not in mailbox.got


def test_a_broadcast_that_is_paused_stops_and_goes_on(sqlite_store: Store, settings: Settings) -> None:
    add_people(sqlite_store, 60)
    made, service = a_broadcast(sqlite_store), Broadcasts(sqlite_store)

    def pause_once(_: str) -> str:
        if service.get(made.id).state == "running" and not paused:
            paused.append(service.step(made.id, "pause", now=1))
        return ""

    paused: list[Broadcast] = []
    with a_running_server() as mailbox:
        mailbox.says["dot"] = pause_once

        async def run() -> None:
            sending = asyncio.create_task(
                send_all(sqlite_store, carrier, journal, batch=10, until=lambda: len(mailbox.got) == 60)
            )
            await until(lambda: paused and not counted(sqlite_store).get("sending"))
            held.append(len(mailbox.got))
            service.step(made.id, "resume", now=1)
            await sending

        held: list[int] = []
        settings.data.mkdir(exist_ok=True)
        journal = FileJournal(settings.data / "journal")
        carrier = Carrier(mailbox.port, journal)
        asyncio.run(run())
        journal.close()
    assert held[0] < 40
    assert set(mailbox.got.values()) == {1}
    assert len(mailbox.got) == 60


def test_through_a_relay_with_a_pace_a_pause_comes_too_late_for_few(sqlite_store: Store) -> None:
    add_people(sqlite_store, 400)
    made, service = a_broadcast(sqlite_store), Broadcasts(sqlite_store)
    claimed_then: list[int] = []

    def pause_once(_: str) -> str:
        if not claimed_then:
            service.step(made.id, "pause", now=1)
            claimed_then.append(400 - counted(sqlite_store)["queued"])
        return ""

    async def go(port: int) -> None:
        limits = Limits(connections=2, mails_a_second=20)
        async with a_client(port, limits=limits) as client:
            sender = Sender(Turns(sqlite_store), client, make_plain, NoJournal())
            stop = asyncio.Event()
            running = asyncio.create_task(sender.run(stop))
            await until(lambda: claimed_then and not counted(sqlite_store).get("sending"))
            stop.set()
            await running

    with a_running_server(dot=pause_once) as mailbox:
        asyncio.run(go(mailbox.port))
    assert claimed_then[0] <= 60  # a second and a half of its pace, and what its connections took by then
    assert counted(sqlite_store) == {"delivered": claimed_then[0], "queued": 400 - claimed_then[0]}


async def until(holds: Callable[[], object]) -> None:
    """Wait for what comes by itself."""
    async with asyncio.timeout(120):
        while True:
            if holds():
                return
            await asyncio.sleep(0.01)


async def make_plain(messages: Sequence[Claimed]) -> list[Made]:
    return [plain_mail(message) for message in messages]


class NoJournal:
    """Of a sender that is not killed."""

    def left(self) -> dict[int, Outcome | None]:
        return {}

    def clear(self, ids: list[int]) -> None: ...


def test_a_broadcast_that_is_cancelled_rejects_what_waits(sqlite_store: Store, settings: Settings) -> None:
    add_people(sqlite_store, 60)
    made, service = a_broadcast(sqlite_store), Broadcasts(sqlite_store)

    def cancel(_: str) -> str:
        if service.get(made.id).state == "running":
            service.step(made.id, "cancel", now=1)
        return ""

    with a_running_server() as mailbox:
        mailbox.says["dot"] = cancel
        sent_here(sqlite_store, settings, mailbox.port, batch=10)
    states = counted(sqlite_store)
    assert states["delivered"] == len(mailbox.got) < 40
    assert states["rejected"] == 60 - states["delivered"]
    with sqlite_store.read() as connection:
        reasons = connection.execute(select(messages.c.reason).where(messages.c.state == "rejected")).scalars()
        assert set(reasons) == {"cancelled"}


def test_what_servers_answer_is_what_messages_become(sqlite_store: Store, settings: Settings) -> None:
    add_people(sqlite_store, 3)
    answers = {
        "p1@example.com": "550 5.1.1 no such user",
        "p2@example.com": "451 4.7.1 greylisted, try again later",
    }
    a_broadcast(sqlite_store)
    with a_running_server() as mailbox:
        mailbox.says["rcpt"] = lambda address: answers.get(address, "")
        sent_here(sqlite_store, settings, mailbox.port, until=lambda: counted(sqlite_store).get("delivered"))
    assert counted(sqlite_store) == {"bounced": 1, "deferred": 1, "delivered": 1}


def test_what_is_put_off_for_an_hour_arrives_then(sqlite_store: Store, settings: Settings) -> None:
    add_people(sqlite_store, 5)
    a_broadcast(sqlite_store)
    clock = [now_micros()]
    with a_running_server() as mailbox:
        mailbox.says["rcpt"] = lambda _: "451 4.3.0 not now" if clock[0] < end else ""
        end = clock[0] + 3_600_000_000
        while counted(sqlite_store).get("delivered", 0) < 5:
            sent_here(
                sqlite_store,
                settings,
                mailbox.port,
                now=lambda: clock[0],
                until=lambda: not waits(sqlite_store, clock[0]),
            )
            clock[0] += 600_000_000
            make_due(sqlite_store, clock[0])
    assert set(mailbox.got.values()) == {1}
    assert counted(sqlite_store) == {"delivered": 5}


def waits(store: Store, now: int) -> bool:
    """Whether anything is due, or in the air."""
    with store.read() as connection:
        found = select(messages.c.id).where(messages.c.state.in_(("queued", "sending")))
        running = select(broadcasts.c.id).where(broadcasts.c.is_all_enqueued.is_(False))
        return bool(connection.execute(found).first() or connection.execute(running).first())


def make_due(store: Store, now: int) -> None:
    """What is put off is due now: recording goes by the real clock."""
    with store.write() as connection:
        connection.execute(update(messages).where(messages.c.state == "deferred").values(due_at=now))


@pytest.mark.parametrize(
    ("die_at", "becomes"),
    [("claimed", "delivered"), ("data", "delivered"), ("content", "unknown"), ("answered", "delivered")],
)
def test_killed_at_each_point_nobody_gets_two(
    sqlite_store: Store, settings: Settings, die_at: str, becomes: str
) -> None:
    add_people(sqlite_store, 1)
    message = NewMessage(key="a", origin=Origin.API, email="p1@example.com", contact_id=1, template_id=1)
    with sqlite_store.write() as connection:
        enqueue(connection, [message], now=now_micros(), rules=Rules())
    with a_running_server() as mailbox:
        assert sent_there(settings, mailbox.port, die_at).wait() == -9
        assert counted(sqlite_store) == {"sending": 1}
        sent_here(sqlite_store, settings, mailbox.port)
        assert counted(sqlite_store) == {becomes: 1}
        assert set(mailbox.got.values()) <= {1}
        assert mailbox.got or becomes == "unknown"
    with sqlite_store.read() as connection:
        assert connection.execute(select(messages.c.subject)).scalar() == "Hello"


def test_what_a_dead_sender_left_waits_while_its_subject_cannot_be_known(
    sqlite_store: Store, settings: Settings
) -> None:
    add_people(sqlite_store, 1)
    message = NewMessage(key="a", origin=Origin.API, email="p1@example.com", contact_id=1, template_id=1)
    with sqlite_store.write() as connection:
        enqueue(connection, [message], now=now_micros(), rules=Rules())

    async def fail(messages: Sequence[Claimed]) -> list[Made]:
        raise Later("The store can't be used just now.", after=0.0)

    with a_running_server() as mailbox:
        assert sent_there(settings, mailbox.port, "answered").wait() == -9
        journal = FileJournal(settings.data / "journal")
        with pytest.raises(Later):
            asyncio.run(Sender(Turns(sqlite_store), Carrier(mailbox.port, journal), fail, journal).run(asyncio.Event()))
        journal.close()
    assert counted(sqlite_store) == {"sending": 1}


def test_a_broadcast_killed_at_random_moments_mails_nobody_twice_and_forgets_nobody(
    sqlite_store: Store, settings: Settings
) -> None:
    people = 150 + 50 * KILLS
    add_people(sqlite_store, people)
    made = a_broadcast(sqlite_store)
    chance = random.Random(7)
    with a_running_server() as mailbox:
        for _ in range(KILLS):
            before = len(mailbox.got)
            process = sent_there(settings, mailbox.port)
            while process.poll() is None and len(mailbox.got) < min(before + chance.randrange(1, 60), people):
                time.sleep(0.002)
            process.kill()
            process.wait()
        sent_here(sqlite_store, settings, mailbox.port)
        states = counted(sqlite_store)
        with sqlite_store.read() as connection:
            in_doubt = set(connection.execute(select(messages.c.email).where(messages.c.state == "unknown")).scalars())
    assert max(mailbox.got.values()) == 1
    assert {f"p{number}@example.com" for number in range(1, people + 1)} - mailbox.got.keys() <= in_doubt
    assert len(in_doubt) <= 4 * KILLS  # one a connection
    assert states.get("delivered", 0) + len(in_doubt) == people
    assert Broadcasts(sqlite_store).get(made.id).state == "done"
    assert is_over(sqlite_store)


def test_what_cannot_be_made_just_now_is_made_a_moment_later(sqlite_store: Store, settings: Settings) -> None:
    add_people(sqlite_store, 5)
    a_broadcast(sqlite_store)
    away = [Later("The store can't be used just now.", after=0.0)]
    said: set[str] = set()

    async def make(messages: Sequence[Claimed]) -> list[Made]:
        if away:
            raise away.pop()
        return [plain_mail(message) for message in messages]

    async def go(port: int) -> None:
        stop = asyncio.Event()
        carrier = Carrier(port, journal)
        sender = Sender(Turns(sqlite_store), carrier, make, journal, say=lambda state, _: said.add(state))
        running = asyncio.create_task(sender.run(stop))
        await until(lambda: running.done() or is_over(sqlite_store))
        stop.set()
        await running

    settings.data.mkdir(exist_ok=True)
    journal = FileJournal(settings.data / "journal")
    with a_running_server() as mailbox:
        asyncio.run(go(mailbox.port))
    journal.close()
    assert counted(sqlite_store) == {"delivered": 5}
    assert said == {"ok", "failing"}


@pytest.mark.parametrize("ends", ["by itself", "when told"])
def test_what_is_not_made_when_it_stops_is_queued_again(sqlite_store: Store, settings: Settings, ends: str) -> None:
    add_people(sqlite_store, 5)
    a_broadcast(sqlite_store)

    async def go() -> None:
        stop, carrier = asyncio.Event(), Carrier(1, journal)

        async def fail(messages: Sequence[Claimed]) -> list[Made]:
            if ends == "by itself":
                raise SkywriteError("Nothing can be made.")
            stop.set()
            await carrier.closing.wait()  # the sender has noticed
            return [plain_mail(message) for message in messages]

        sender = Sender(Turns(sqlite_store), carrier, fail, journal)
        await asyncio.wait_for(sender.run(stop), 120)

    settings.data.mkdir(exist_ok=True)
    journal = FileJournal(settings.data / "journal")
    with pytest.raises(SkywriteError, match="Nothing") if ends == "by itself" else contextlib.nullcontext():
        asyncio.run(go())
    journal.close()
    assert counted(sqlite_store) == {"queued": 5}
