"""Where the mail of a domain goes, by what DNS says."""

import asyncio

import pytest
import uvloop

from skywrite.channels.email.carrying import Outcome
from skywrite.channels.email.providers.smtp.routing import Routes
from tests.support.mail_server import a_client, a_mail, a_server, told
from tests.support.nameserver import SERVFAIL, a_nameserver

# records of example.net -> result, enhanced
NO_WAY = {
    "no such domain": ({}, "refused", "5.1.2"),
    "null MX": ({("example.net", "MX"): ["0 ."]}, "refused", "5.1.10"),
    "neither MX nor address": ({("example.net", "TXT"): ['"x"']}, "refused", "5.1.2"),
    "DNS fails": ({("example.net", "MX"): SERVFAIL}, "later", ""),
    "a server without an address": ({("example.net", "MX"): ["5 gone.example.net."]}, "later", ""),
}


def direct(records, *mails, allow_private=True, **how):
    """What becomes of mails sent straight to servers that these records name; a real one listens on 127.0.0.2."""

    async def go():
        async with a_nameserver(records) as (dns, asked), a_server(**how) as server:
            means = {"dns": dns, "allow_private": allow_private}
            async with a_client(25, mode="direct", means=means, smtp_port=server.port) as client:
                return await told(client, *mails), server, asked

    return uvloop.run(go())


@pytest.mark.parametrize("case", NO_WAY.values(), ids=list(NO_WAY))
def test_without_a_server_the_reason_is_told(case) -> None:
    records, result, enhanced = case
    (found,), server, _ = direct(records, a_mail())
    assert (found.result, found.enhanced) == (result, enhanced)
    assert found.is_final_host
    assert server.connections == 0


def test_the_first_choice_is_taken_and_dns_asked_once() -> None:
    records = {
        ("example.net", "MX"): ["10 best.example.net.", "20 other.example.net."],
        ("best.example.net", "A"): ["127.0.0.1"],
        ("other.example.net", "A"): ["127.0.0.9"],
    }
    found, server, asked = direct(records, *map(a_mail, range(20)))
    assert {(one.result, one.host, one.is_final_host) for one in found} == {("taken", "best.example.net", True)}
    assert asked.asked.count(("example.net", "MX")) == 1
    assert len(server.mails) == 20


def test_the_next_is_tried_where_the_first_is_away() -> None:
    records = {
        ("example.net", "MX"): ["10 gone.example.net.", "20 away.example.net.", "30 there.example.net."],
        ("away.example.net", "A"): ["127.0.0.9"],  # nobody listens there
        ("there.example.net", "A"): ["127.0.0.1"],
    }
    (found,), *_ = direct(records, a_mail())
    assert (found.result, found.host) == ("taken", "there.example.net")


def test_without_mx_its_own_address_is_the_server() -> None:
    (found,), *_ = direct({("example.net", "A"): ["127.0.0.1"]}, a_mail())
    assert (found.result, found.host) == ("taken", "example.net")


def test_a_server_with_a_private_address_is_not_spoken_to() -> None:
    (found,), server, _ = direct({("example.net", "A"): ["127.0.0.1"]}, a_mail(), allow_private=False)
    assert found.result == "later"
    assert "not of the open internet" in found.reason
    assert server.connections == 0


def test_one_domain_s_trouble_is_not_another_s() -> None:
    records = {("example.net", "A"): ["127.0.0.1"], ("bad.example", "A"): ["127.0.0.9"]}
    found, *_ = direct(records, a_mail(1, recipient="a@bad.example"), *map(a_mail, range(2, 12)))
    assert [one.result for one in found] == ["later"] + ["taken"] * 10
    assert found[0].after > 0


def test_a_fixed_route_is_taken_in_the_place_of_dns() -> None:
    async def go():
        async with a_server() as server:
            routes = [f"*=127.0.0.1:{server.port}"]
            async with a_client(25, mode="direct", routes=routes, means={"allow_private": False}) as client:
                return await told(client, a_mail(), a_mail(2, recipient="x@elsewhere.example"))

    assert [(one.result, one.is_final_host) for one in uvloop.run(go())] == [("taken", True)] * 2


def test_what_is_known_is_kept_for_as_long_as_it_holds() -> None:
    async def go():
        async with a_nameserver({("example.net", "MX"): SERVFAIL}) as (dns, _):
            routes = Routes(dns, {})
            first = await routes.find("example.net")
            return first, routes.known("example.net"), routes.known("other.example")

    first, kept, other = asyncio.run(go())
    assert isinstance(first, Outcome)
    assert kept is first
    assert other is None
