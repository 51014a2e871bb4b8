"""What is said of a domain by what DNS says."""

import asyncio

import pytest

from skywrite.channels.email.domains.checks import Asked, check_all
from tests.support.nameserver import SERVFAIL, a_nameserver

ASKED = Asked(
    domain="example.com",
    selector="s1",
    dkim_record="v=DKIM1; k=rsa; p=AAAA",
    helo="mail.example.com",
    inbound_domain="in.example.com",
    tracking_url="https://go.example.com",
    is_direct=True,
)
DKIM, DMARC = ("s1._domainkey.example.com", "TXT"), ("_dmarc.example.com", "TXT")
RIGHT = {
    DKIM: ['"v=DKIM1; p=AA" "AA"'],
    ("example.com", "TXT"): ['"v=spf1 a:mail.example.com -all"', '"other"'],
    DMARC: ['"v=DMARC1; p=reject"'],
    ("in.example.com", "MX"): ["10 mail.example.com."],
    ("mail.example.com", "A"): ["192.0.2.1"],
    ("1.2.0.192.in-addr.arpa", "PTR"): ["mail.example.com."],
    ("go.example.com", "A"): ["192.0.2.1"],
}


def states(records, **fields):
    async def go():
        async with a_nameserver(records) as (dns, _):
            return await check_all(
                Asked(**{name: getattr(ASKED, name) for name in Asked.__struct_fields__} | fields), dns
            )

    return {check.slug: check.state for check in asyncio.run(go())}


def test_with_every_record_all_is_right() -> None:
    assert set(states(RIGHT).values()) == {"ok"}


def test_with_none_all_is_missing() -> None:
    assert set(states({}).values()) == {"missing"}


def test_where_dns_does_not_answer_nothing_is_claimed() -> None:
    assert set(states(dict.fromkeys(RIGHT, SERVFAIL) | {("in.example.com", "MX"): SERVFAIL}).values()) == {"unknown"}


@pytest.mark.parametrize(
    ("slug", "records"),
    [
        ("dkim", {DKIM: ['"v=DKIM1; p=BBBB"']}),
        ("spf", {("example.com", "TXT"): ['"v=spf1 a -all"', '"v=spf1 mx -all"']}),
        ("spf", {("example.com", "TXT"): ['"v=spf1 +all"']}),
        ("spf", {("example.com", "TXT"): ['"v=spf1 ip4:198.51.100.7 -all"']}),
        ("dmarc", {DMARC: ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']}),
        ("mx", {("in.example.com", "MX"): ["10 elsewhere.example."]}),
        ("ptr", {("1.2.0.192.in-addr.arpa", "PTR"): ["host7.provider.example."]}),
    ],
)
def test_what_is_there_and_wrong_is_told(slug, records) -> None:
    assert states(RIGHT | records)[slug] == "warn"


def test_through_a_relay_spf_and_ptr_are_its_business() -> None:
    records = RIGHT | {("example.com", "TXT"): ['"v=spf1 include:relay.example ~all"']}
    found = states(records | {("1.2.0.192.in-addr.arpa", "PTR"): ["x.example."]}, is_direct=False)
    assert (found["spf"], found["ptr"]) == ("ok", "ok")
