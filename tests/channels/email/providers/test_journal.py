"""The journal: what it knows after a crash, of the process or of the machine."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.providers import journal as journals
from skywrite.channels.email.providers.journal import Journal
from tests.support.mail_server import DROP, a_client, a_mail, a_server, told

TAKEN = Outcome("taken", Stage.DOT, "250 ok", 250, host="mx")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mail" / "journal"


def keep(path, act, **how):
    """Do something with a journal, and leave it as a crash would."""

    async def go():
        journal = Journal(path, **how)
        await act(journal)
        journal._threads.shutdown()

    asyncio.run(go())


async def begun(journal, *ids):
    ready = asyncio.get_running_loop().create_future()
    journal.begin(ids, lambda: ready.set_result(None))
    await ready


def test_what_was_begun_is_on_the_disk_when_that_is_told(path) -> None:
    async def act(journal):
        await begun(journal, 7, 8)
        assert path.read_bytes().endswith(b"b 7\nb 8\n")

    keep(path, act)


def test_after_a_killed_process_only_what_went_out_is_in_doubt(path) -> None:
    async def act(journal):
        await begun(journal, 1, 2, 3)
        journal.content(2)
        journal.content(3)
        journal.ended(3, TAKEN)

    keep(path, act)
    assert Journal(path).left() == {2: None, 3: TAKEN}


def test_after_a_machine_went_down_all_that_was_begun_is_in_doubt(path, monkeypatch) -> None:
    async def act(journal):
        await begun(journal, 1, 2)

    keep(path, act)
    monkeypatch.setattr(journals, "_boot_id", lambda: b"another boot")
    assert Journal(path).left() == {1: None, 2: None}


def test_a_further_attempt_that_sent_nothing_leaves_no_doubt(path) -> None:
    async def act(journal):
        await begun(journal, 1)
        journal.ended(1, Outcome("later", Stage.RCPT, "450 x"))
        journal.clear([1])
        await begun(journal, 1)

    keep(path, act)
    assert Journal(path).left() == {}


def test_what_is_in_doubt_stays_so_until_it_is_recorded(path) -> None:
    async def act(journal):
        await begun(journal, 1)
        journal.content(1)

    keep(path, act)
    first = Journal(path)
    assert Journal(path).left() == {1: None}  # a second crash, before the first is told
    first.clear([1])


def test_it_is_written_anew_when_it_has_grown_with_what_is_open(path) -> None:
    async def act(journal):
        for number in range(200):
            await begun(journal, number)
            journal.content(number)
            journal.ended(number, TAKEN)
            if number != 5:
                journal.clear([number])

    keep(path, act, tidy_bytes=2_000)
    assert path.stat().st_size < 5_000
    assert Journal(path).left()[5] == TAKEN


def test_a_line_that_was_cut_off_is_passed_over(path) -> None:
    async def act(journal):
        await begun(journal, 1)
        journal.content(1)

    keep(path, act)
    with path.open("ab") as file:
        file.write(b"e 1 {")
    assert Journal(path).left() == {1: None}


def test_a_client_writes_down_each_mail_before_its_content_goes(path) -> None:
    async def go():
        journal = Journal(path)
        async with (
            a_server(rcpt=["550 5.1.1 no"], dot=["250 ok", DROP]) as server,
            a_client(server.port, means={"journal": journal}) as client,
        ):
            found = await told(client, *map(a_mail, range(1, 4)))
        journal.close()
        return found

    found = asyncio.run(go())
    left = Journal(path).left()
    assert left == dict(enumerate(found, 1))
    assert {one.result for one in left.values()} == {"refused", "taken", "lost"}


_KILLED = """
import asyncio, sys
from pathlib import Path
from skywrite.channels.email.providers.journal import Journal
from tests.support.mail_server import HANG, a_client, a_mail, a_server

async def go():
    async with a_server(dot=["250 ok"] * 5 + [HANG] * 9, data=["354 go"] * 7 + [HANG]) as server:
        async with a_client(server.port, means={"journal": Journal(Path(sys.argv[1]))}) as client:
            for number in range(1, 31):
                client.submit(a_mail(number), lambda outcome: None)
            while len(server.mails) < 5 or sum(line == "DATA" for line in server.commands) < 7:
                await asyncio.sleep(0.01)
            print("now", flush=True)
            await asyncio.sleep(60)

asyncio.run(go())
"""


def test_a_killed_sender_leaves_a_handful_in_doubt(path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", _KILLED, str(path)], stdout=subprocess.PIPE, env=environment)
    assert process.stdout.readline() == b"now\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    left = Journal(path).left()
    assert sum(outcome is not None and outcome.result == "taken" for outcome in left.values()) == 5
    assert 1 <= sum(outcome is None for outcome in left.values()) <= 2  # one a connection
