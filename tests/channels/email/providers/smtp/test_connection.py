"""The talk with one server, well and badly behaved: each mail has one outcome, and it is the right one."""

import asyncio

import msgspec
import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from skywrite.channels.email.domains.signing import with_line_ends
from tests.support.mail_server import ALL, DROP, HANG, PATIENT, a_client, a_mail, a_server, sent, told

HASTY = PATIENT.at_most(0.2)
LOCKSTEP = tuple(word for word in ALL if word != "PIPELINING")
BOTH = pytest.mark.parametrize("offers", [ALL, LOCKSTEP], ids=["pipelined", "lockstep"])


def outcomes(*mails, patience=None, means=None, **how):
    """What becomes of mails at a server that does so, and the server."""

    async def go():
        async with a_server(**how) as server:
            keyed = {name: value for name, value in (("patience", patience), ("means", means)) if value}
            return await sent(server, *mails, **keyed), server

    return uvloop.run(go())


@BOTH
class TestTaken:
    def test_many_mails_go_over_few_connections(self, offers) -> None:
        found, server = outcomes(*map(a_mail, range(50)), offers=offers)
        assert {outcome.result for outcome in found} == {"taken"}
        assert {taken.rcpt.partition(">")[0] for taken in server.mails} == {f"<u{n}@example.net" for n in range(50)}
        assert server.connections <= 2

    def test_commands_go_together_where_that_is_offered(self, offers) -> None:
        _, server = outcomes(*map(a_mail, range(5)), offers=offers)
        assert (server.together >= 3) == ("PIPELINING" in offers)

    def test_a_refused_one_does_not_harm_the_next(self, offers) -> None:
        found, server = outcomes(
            *map(a_mail, range(6)), offers=offers, rcpt=["250 ok", "550 5.1.1 no", "250 ok", "450 x"]
        )
        assert sorted(outcome.result for outcome in found) == ["later", "refused", "taken", "taken", "taken", "taken"]
        assert len(server.mails) == 4

    def test_it_says_what_dsn_needs(self, offers) -> None:
        _, server = outcomes(a_mail(recipient="a+b=c@example.net", envelope_id="t=1"), offers=offers)
        assert server.mails[0].mail.endswith("RET=HDRS ENVID=t+3D1")
        assert server.mails[0].rcpt == "<a+b=c@example.net> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb+3Dc@example.net"

    def test_a_relay_whose_yes_is_no_delivery_is_asked_for_notices_of_it(self, offers) -> None:
        (found,), server = outcomes(a_mail(), offers=offers, means={"relay_250": False})
        assert (found.result, found.is_final_host) == ("taken", False)
        assert " NOTIFY=SUCCESS,FAILURE,DELAY " in server.mails[0].rcpt

    @given(
        content=st.lists(st.sampled_from([b".", b"\r\n", b"..", b"\n", b"\r", b"a", b"\xff\x00", b".\r\n"])).map(
            b"".join
        )
    )
    @settings(max_examples=25, deadline=None)
    def test_any_content_arrives_byte_for_byte(self, offers, content) -> None:
        content = with_line_ends(content)
        (found,), server = outcomes(a_mail(content=content), offers=offers)
        assert found.result == "taken"
        assert server.mails[0].content == content


# what the server does -> result, stage, code
CASES = {
    "a full mailbox": ({"rcpt": "452 4.2.2 full"}, "later", "rcpt", 452),
    "nobody of that name": ({"rcpt": "550-5.1.1 No such\r\n550 5.1.1 user"}, "refused", "rcpt", 550),
    "nobody, in words": ({"rcpt": "550 no such user here"}, "refused", "rcpt", 550),
    "blocked at RCPT": ({"rcpt": "554 5.7.1 listed at a block list"}, "refused", "rcpt", 554),
    "a full mailbox for good": ({"rcpt": "552 mailbox full"}, "refused", "rcpt", 552),
    "the sender is refused": ({"mail": "550 5.1.8 bad sender"}, "refused", "mail", 550),
    "the sender is put off": ({"mail": "451 4.7.1 slow down"}, "later", "mail", 451),
    "DATA is refused": ({"data": "554 5.7.1 no"}, "refused", "data", 554),
    "DATA is put off": ({"data": "451 4.3.0 try later"}, "later", "data", 451),
    "spam": ({"dot": "554 5.7.1 spam"}, "refused", "dot", 554),
    "put off after the dot": ({"dot": "451 4.7.650 later"}, "later", "dot", 451),
    "421 to MAIL": ({"mail": "421 4.7.0 busy"}, "later", "mail", 421),
    "421 to the dot": ({"dot": "421 4.7.0 busy"}, "later", "dot", 421),
    "354 to what it refused": ({"rcpt": "550 5.1.1 no", "data_without": "354 go on"}, "refused", "rcpt", 550),
    "greeted with a no": ({"greeting": "554 5.7.1 go away"}, "later", "connect", 554),
    "greeted with not now": ({"greeting": "421 4.7.0 too many"}, "later", "connect", 421),
    "greeted in HTTP": ({"greeting": "HTTP/1.1 400 Bad Request"}, "later", "connect", 0),
    "EHLO is refused": ({"ehlo": "554 5.7.1 bad name"}, "later", "helo", 554),
    "dropped at once": ({"greeting": DROP}, "later", "connect", 0),
    "dropped at MAIL": ({"mail": DROP}, "later", "mail", 0),
    "dropped at RCPT": ({"rcpt": DROP}, "later", "rcpt", 0),
    "dropped at DATA": ({"data": DROP}, "later", "data", 0),
    "dropped while the content comes": ({"content": DROP}, "lost", "dot", 0),
    "dropped after the dot": ({"dot": DROP}, "lost", "dot", 0),
    "nonsense at MAIL": ({"mail": "\x00\x01 what"}, "later", "mail", 0),
    "nonsense after the dot": ({"dot": "yes, thanks"}, "lost", "dot", 0),
    "3xx after the dot": ({"dot": "354 more"}, "lost", "dot", 0),
    "2xx to DATA": ({"data": "250 ok"}, "later", "data", 0),
    "a line without end": ({"rcpt": "250 " + "x" * 70_000}, "later", "rcpt", 0),
    "lines without end": ({"rcpt": "\r\n".join(["250-x"] * 300)}, "later", "rcpt", 0),
}


@BOTH
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_every_way_to_fail(offers, case) -> None:
    says, result, stage, code = case
    (found,), server = outcomes(offers=offers, **says)
    assert (found.result, found.stage, found.code) == (result, stage, code)
    assert found.reason
    assert server.mails == []


@BOTH
@pytest.mark.parametrize(
    ("command", "patience", "result"),
    [
        ("greeting", HASTY, "later"),
        ("ehlo", HASTY, "later"),
        ("mail", HASTY, "later"),
        ("rcpt", HASTY, "later"),
        ("data", HASTY, "later"),
        ("dot", msgspec.structs.replace(PATIENT, dot=0.2), "lost"),  # whatever comes before it may be slow
    ],
)
def test_a_tarpit_is_left_in_the_end(offers, command, patience, result) -> None:
    (found,), _ = outcomes(offers=offers, patience=patience, **{command: HANG})
    assert found.result == result
    assert "in time" in found.reason or "No answer" in found.reason


@BOTH
def test_a_server_that_takes_one_mail_a_connection_gets_all(offers) -> None:
    found, server = outcomes(*map(a_mail, range(6)), offers=offers, most=1)
    assert {outcome.result for outcome in found} == {"taken"}
    assert len(server.mails) == 6
    assert server.connections > 2


@BOTH
def test_what_it_said_before_nonsense_counts(offers) -> None:
    (found,), _ = outcomes(offers=offers, dot="250 taken\r\nnonsense")
    assert found.result == "taken"


@pytest.mark.parametrize(
    ("without", "mail", "words"),
    [
        ("SMTPUTF8", {"recipient": "jörg@example.net"}, "SMTPUTF8"),
        ("8BITMIME", {"content": "Subject: ü\r\n\r\n".encode()}, "8-bit"),
        ("", {"content": b"x" * 1_000_001}, "bigger"),
    ],
)
def test_what_a_server_cannot_take_is_refused_and_said(without, mail, words) -> None:
    offers = tuple(word for word in ALL if word != without)
    (found, other), _ = outcomes(a_mail(**mail), a_mail(2), offers=offers)
    assert found.result == "refused"
    assert words in found.reason
    assert other.result == "taken"


def test_letters_of_any_script_go_where_they_are_taken() -> None:
    (found,), server = outcomes(a_mail(recipient="jörg@bücher.example"))
    assert found.result == "taken"
    assert server.mails[0].rcpt.startswith("<jörg@xn--bcher-kva.example>")
    assert " SMTPUTF8" in server.mails[0].mail


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "nobody",
        "@example.net",
        "a@",
        "a b@example.net",
        "a@x\r\nRCPT TO:<b@x>",
        "a@[127.0.0.1]",
        f"{'a' * 65}@x.y",
        "a>@x.y",
    ],
)
def test_what_is_no_address_is_refused_unsent(recipient) -> None:
    (found,), server = outcomes(a_mail(recipient=recipient))
    assert (found.result, found.enhanced) == ("refused", "5.1.3")
    assert server.commands == []


def test_close_puts_off_what_waits_and_finishes_what_is_on_its_way() -> None:
    async def go():
        async with a_server(dot=["250 ok"] * 3) as server, a_client(server.port) as client:
            futures = [asyncio.get_running_loop().create_future() for _ in range(500)]
            for number, future in enumerate(futures):
                client.submit(a_mail(number), future.set_result)
            await futures[0]
            await client.close()
            return [future.result().result for future in futures], len(server.mails)

    found, taken = uvloop.run(go())
    assert set(found) == {"taken", "later"}
    assert found.count("taken") == taken


def test_a_client_that_is_closed_waits_for_a_tarpit_no_longer_than_it_must() -> None:
    async def go():
        patience = msgspec.structs.replace(PATIENT, farewell=0.1)
        async with a_server(dot=HANG) as server, a_client(server.port, patience=patience) as client:
            waiting = asyncio.ensure_future(told(client, a_mail()))
            await server.until("DATA")
            await client.close()
            return await waiting

    assert [one.result for one in uvloop.run(go())] == ["lost"]


def test_large_mails_are_taken_a_few_at_a_time() -> None:
    async def go():
        async with a_server() as server, a_client(server.port) as client:
            waiting = asyncio.ensure_future(told(client, *(a_mail(n, content=b"x" * 900_000) for n in range(60))))
            await asyncio.sleep(0)
            full = client.room
            return full, await waiting, client.room

    full, found, after = uvloop.run(go())
    assert {one.result for one in found} == {"taken"}
    assert full == 0
    assert after > 1_000


def test_nothing_is_wanted_once_it_is_full() -> None:
    async def go():
        async with a_server() as server, a_client(server.port) as client:
            room = asyncio.Event()
            client.on_room = room.set
            mails = [a_mail(number) for number in range(client.room)]
            waiting = asyncio.ensure_future(told(client, *mails))
            await asyncio.sleep(0)
            full = client.room
            await room.wait()
            await waiting
            return full, client.room

    full, after = uvloop.run(go())
    assert full == 0
    assert after > 0
