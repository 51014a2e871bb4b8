"""Sending domains in the store: a rotated key takes over when DNS has it."""

import asyncio

from skywrite.channels.email.domains.service import SendingDomains, signing_keys
from tests.support.nameserver import a_nameserver


def test_a_rotated_key_signs_once_its_record_is_found(sqlite_store) -> None:
    domains = SendingDomains(sqlite_store, "http://127.0.0.1:8080")
    first = domains.add("example.com")
    rotated = domains.rotate("example.com")

    async def checked(records):
        async with a_nameserver(records) as (dns, _):
            return await domains.check("example.com", dns)

    before = asyncio.run(checked({}))
    assert (before.selector, before.next_selector) == (first.selector, rotated.next_selector)
    halves = f'"{rotated.next_record[:200]}" "{rotated.next_record[200:]}"'
    after = asyncio.run(checked({(rotated.next_record_name, "TXT"): [halves]}))
    assert (after.selector, after.record, after.next_selector) == (rotated.next_selector, rotated.next_record, "")
    assert after.checks[0].state == "ok"
    with sqlite_store.read() as connection:
        assert signing_keys(connection)["example.com"].selector == rotated.next_selector
