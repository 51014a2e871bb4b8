"""The journal: what it knows after a crash, of the process or of the machine."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.providers import journal as journals
from skywrite.channels.email.providers.journal import Journal
from skywrite.kit.errors import SkywriteError
from tests.support.mail_server import DROP, a_client, a_mail, a_server, told

TAKEN = Outcome("taken", Stage.DOT, "250 ok", 250, host="mx")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mail" / "journal"


def keep(path, act, **how):
    """Do something with a journal, and leave it as a crash would."""

    async def go():
        journal = Journal(path, **how)
        await asyncio.wait_for(act(journal), 30)
        journal._threads.shutdown()

    asyncio.run(go())


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


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


def test_on_a_disk_that_was_full_for_a_moment_it_begins_again(path, monkeypatch) -> None:
    real, calls = journals.os.write, []

    def failing(file, data):
        calls.append(data)
        if len(calls) == 1:
            real(file, data[:3])  # half a line, and no more room
            raise OSError(28, "No space left on device")
        return real(file, data)

    async def act(journal):
        monkeypatch.setattr(journals.os, "write", failing)
        await begun(journal, 17)
        journal.content(17)

    keep(path, act)
    assert len(calls) == 3
    assert Journal(path).left() == {17: None}


def test_one_that_cannot_be_read_is_not_taken_for_an_empty_one(path) -> None:
    path.parent.mkdir()
    path.symlink_to(path)
    with pytest.raises(SkywriteError, match="can't be read"):
        Journal(path)
    assert path.is_symlink()  # nothing was put in its place


@pytest.mark.parametrize("fails", ["fdatasync", "fsync"])
def test_a_disk_that_fails_while_it_is_written_anew_loses_nothing(path, monkeypatch, fails) -> None:
    async def act(journal):
        await begun(journal, 1)
        real, files = getattr(journals.os, fails), open_files()
        answers = [OSError(5, "Input/output error")]

        def failing(file):
            if answers:
                raise answers.pop()
            real(file)

        monkeypatch.setattr(journals.os, fails, failing)
        await begun(journal, 2)
        assert not answers
        journal.content(2)
        assert open_files() == files

    keep(path, act, tidy_bytes=0)
    assert Journal(path).left() == {2: None}


def test_what_is_noted_while_it_is_written_anew_is_kept(path, monkeypatch) -> None:
    async def act(journal):
        real, loop, busy, noted = journals.os.fdatasync, asyncio.get_running_loop(), asyncio.Event(), threading.Event()

        def slow(file):
            assert threading.current_thread() is not threading.main_thread()
            loop.call_soon_threadsafe(busy.set)
            assert noted.wait(120)
            real(file)

        await begun(journal, 1, 2, 3)
        monkeypatch.setattr(journals.os, "fdatasync", slow)
        asked = asyncio.ensure_future(begun(journal, 4))
        await busy.wait()
        journal.content(1)
        journal.ended(2, TAKEN)
        noted.set()
        await asked
        monkeypatch.undo()
        assert path.stat().st_ino != first
        journal.content(4)

    async def grow(journal):
        await begun(journal, *range(100, 200))

    keep(path, grow)
    first = path.stat().st_ino
    keep(path, act, tidy_bytes=20)
    assert Journal(path).left() == {1: None, 2: TAKEN, 4: None}


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
            ended = []
            for number in range(1, 31):
                client.submit(a_mail(number), ended.append)
            while len(ended) < 5 or len(server.says["dot"]) > 8:  # five are told of, and a sixth has gone out
                await asyncio.sleep(0.01)
            await asyncio.sleep(0)  # the loop's next round writes down what was told
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
