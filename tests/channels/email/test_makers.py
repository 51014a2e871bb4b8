"""Makers: mails are made in processes of their own, whichever of those die."""

import asyncio
import contextlib
import socket
import subprocess
import threading

import pytest
import uvloop
from msgspec import structs

from skywrite.channels.email.makers import Makers, serve
from skywrite.channels.email.outbox.model import Claimed, Made, Rejected, Rendered
from skywrite.kit.errors import Later, SkywriteError
from tests.support.carrier import plain_mail
from tests.support.making import start_plain_maker

ANY = Claimed(
    id=1, email="p1@example.com", template_id=None, version=None, broadcast_id=None, campaign_id=None,
    campaign_name=None, attempt=1, contact_id=1, user_id="u1", traits='{"bad": false}',
)  # fmt: skip


def some(first: int, count: int) -> list[Claimed]:
    """Messages to p<number>@example.com."""
    return [structs.replace(ANY, id=number, email=f"p{number}@example.com") for number in range(first, first + count)]


def made_by(most: int, *batches: list[Claimed], kills: int = 0) -> tuple[list[list[Made]], list[subprocess.Popen]]:
    """What becomes of batches that are asked for all at once, as many makers killed meanwhile; and the processes."""
    processes = []

    def start(asker):
        processes.append(start_plain_maker(asker))
        return processes[-1]

    async def go():
        with contextlib.closing(Makers(start, most)) as makers:
            await makers.begin()
            asked = [asyncio.ensure_future(makers.make(batch)) for batch in batches]
            for _ in range(kills):
                await asyncio.sleep(0)
                processes[-1].kill()
                await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            return await asyncio.wait_for(asyncio.gather(*asked), 120)

    return uvloop.run(go()), processes


def test_mails_are_made_in_the_order_of_their_messages() -> None:
    batches = [some(100 * at, 30) for at in range(1, 20)]
    batches[3][5] = structs.replace(batches[3][5], traits='{"bad": true, "big": 123456789012345678901234567890}')
    found, processes = made_by(2, *batches)
    assert found == [[plain_mail(message) for message in batch] for batch in batches]
    assert isinstance(found[3][5], Rejected)
    assert len(processes) <= 2
    assert all(process.returncode is not None for process in processes)


def test_what_a_killed_maker_had_in_hand_is_made_by_another() -> None:
    batches = [some(100 * at, 50) for at in range(1, 9)]
    found, processes = made_by(1, *batches, kills=2)
    assert found == [[plain_mail(message) for message in batch] for batch in batches]
    assert len(processes) > 1


def test_a_mail_that_makers_die_of_is_rejected_and_no_other() -> None:
    messages = some(1, 7)
    messages[4] = structs.replace(messages[4], email="die@example.com")
    (found,), _ = made_by(1, messages)
    assert [one for one in found if isinstance(one, Rendered)] == [
        plain_mail(message) for message in messages if message is not messages[4]
    ]
    assert isinstance(found[4], Rejected)
    assert "died" in found[4].reason


def test_it_is_told_that_makers_do_not_start() -> None:
    async def go():
        with contextlib.closing(Makers(start_dead, 2)) as makers:
            await asyncio.wait_for(makers.make(some(1, 3)), 120)

    with pytest.raises(SkywriteError, match="did not start"):
        uvloop.run(go())


def test_one_that_dies_as_soon_as_it_is_ready_did_not_start() -> None:
    def start(asker: socket.socket) -> "subprocess.Popen[bytes]":
        asker.sendall(bytes(4))  # and it is closed behind that
        return subprocess.Popen(["true"])

    async def go():
        with contextlib.closing(Makers(start, 1)) as makers:
            await asyncio.wait_for(makers.make(some(1, 3)), 120)

    with pytest.raises(SkywriteError, match="did not start"):
        uvloop.run(go())


def test_a_mail_at_which_makers_hang_is_rejected() -> None:
    async def go():
        with contextlib.closing(Makers(start_plain_maker, 1, seconds=0.2)) as makers:
            return await asyncio.wait_for(makers.make([structs.replace(ANY, email="hang@example.com")]), 120)

    (found,) = uvloop.run(go())
    assert isinstance(found, Rejected)


def test_a_further_one_that_cannot_be_started_is_not_tried_for_every_batch() -> None:
    tried = []

    def start(asker: socket.socket) -> "subprocess.Popen[bytes]":
        tried.append(asker)
        if len(tried) > 1:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return start_plain_maker(asker)

    async def go():
        with contextlib.closing(Makers(start, 2)) as makers:
            for _ in range(4):
                await asyncio.wait_for(asyncio.gather(*(makers.make(some(1, 3)) for _ in range(9))), 120)

    uvloop.run(go())
    assert len(tried) == 2


def test_what_cannot_be_made_just_now_is_to_be_asked_for_again() -> None:
    async def go():
        with contextlib.closing(Makers(start_plain_maker, 1)) as makers:
            with pytest.raises(Later, match="store"):
                await makers.make([*some(1, 2), structs.replace(ANY, email="later@example.com")])
            return await makers.make(some(1, 3))

    assert uvloop.run(go()) == [plain_mail(message) for message in some(1, 3)]


def start_dead(asker: socket.socket) -> "subprocess.Popen[bytes]":
    return start_plain_maker(asker, "dead")


def test_a_maker_ends_with_whoever_asks() -> None:
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=serve, args=(theirs, plain_mail))
    thread.start()
    assert ours.recv(4) == bytes(4)
    ours.close()
    thread.join(120)
    assert not thread.is_alive()
    theirs.close()
