"""A group of servers: its pauses, its limits, and that its trouble ends."""

import asyncio
import time

import uvloop

from skywrite.channels.email.providers.smtp.limits import BY_SERVER, Limits, limits_of
from skywrite.channels.email.providers.smtp.pace import Pace
from tests.support.mail_server import a_client, a_mail, a_server, told


def test_five_answers_in_a_row_about_us_give_it_a_pause() -> None:
    async def go():
        async with a_server(mail="451 4.7.1 slow down") as server, a_client(server.port) as client:
            found = await told(client, *map(a_mail, range(200)))
            return found, len(server.commands), client.room

    found, commands, room = uvloop.run(go())
    assert {one.result for one in found} == {"later"}
    assert commands < 60  # most were put off unsent
    assert sum(one.after > 20 for one in found) > 150
    assert room == 0  # a relay in a pause is given nothing


def test_full_mailboxes_give_no_pause() -> None:
    async def go():
        async with a_server(rcpt="452 4.2.2 full") as server, a_client(server.port) as client:
            return await told(client, *map(a_mail, range(50))), client.room

    found, room = uvloop.run(go())
    assert {one.code for one in found} == {452}
    assert room > 0


def test_after_a_pause_mails_go_again() -> None:
    limits = Limits(connections=2, mails_a_second=0, pause_seconds=0.5, longest_pause=0.5)

    async def go():
        async with a_server(greeting=["421 4.7.0 not now"]) as server, a_client(server.port, limits=limits) as client:
            room = asyncio.Event()
            client.on_room = room.set
            first = await told(client, a_mail())
            assert client.room == 0
            await room.wait()
            return first + await told(client, a_mail(2))

    assert [one.result for one in uvloop.run(go())] == ["later", "taken"]


def test_connections_that_fail_together_give_it_one_pause() -> None:
    limits = Limits(connections=10, mails_a_second=0, pause_seconds=30)

    async def go():
        async with a_server() as server, a_client(server.port, limits=limits) as client:
            await told(client, a_mail())  # it lets us in, so that many are opened at once
            server.says["greeting"] = "421 4.7.0 not now"
            server.cut()
            found = await told(client, *map(a_mail, range(50)))
            await asyncio.wait_for(asyncio.gather(*all_but_this()), 120)
            return found + await told(client, a_mail())

    found = uvloop.run(go())
    assert {one.result for one in found} == {"later"}
    assert max(one.after for one in found) <= 30


def all_but_this() -> set[asyncio.Task]:
    return asyncio.all_tasks() - {asyncio.current_task()}


def test_a_server_that_lets_in_few_is_not_paused_for_it() -> None:
    greeting = ["220 welcome", *["421 4.7.0 too many connections"] * 50]
    limits = Limits(connections=10, mails_a_second=0)

    async def go():
        async with a_server(greeting=greeting) as server, a_client(server.port, limits=limits) as client:
            return await told(client, *map(a_mail, range(100)))

    assert {one.result for one in uvloop.run(go())} == {"taken"}


def test_a_connection_brings_no_more_than_its_share() -> None:
    limits = Limits(connections=1, mails_a_connection=5, mails_a_second=0)

    async def go():
        async with a_server() as server, a_client(server.port, limits=limits) as client:
            return await told(client, *map(a_mail, range(20))), server

    found, server = uvloop.run(go())
    assert {one.result for one in found} == {"taken"}
    assert server.connections == 4
    assert server.commands.count("QUIT") >= 3


def test_no_more_a_second_than_is_granted() -> None:
    limits = Limits(connections=5, mails_a_second=100)

    async def go():
        async with a_server() as server, a_client(server.port, limits=limits) as client:
            began = time.monotonic()
            await told(client, *map(a_mail, range(75)))
            return time.monotonic() - began

    assert uvloop.run(go()) > 0.2  # fifty at once, and then one in ten milliseconds


def test_a_pace_fills_with_time() -> None:
    pace = Pace(10)
    assert [pace.take(100.0) for _ in range(5)] == [0.0] * 5
    assert pace.take(100.0) > 0
    assert pace.take(100.11) == 0


def test_large_providers_are_known_by_their_servers() -> None:
    others = Limits(connections=3)
    assert limits_of("alt1.aspmx.l.google.com", others) is BY_SERVER["google.com"]
    assert limits_of("example-com.mail.protection.outlook.com", others) is BY_SERVER["outlook.com"]
    assert limits_of("mx.notgoogle.com", others) is others
