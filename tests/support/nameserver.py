"""A small DNS server on loopback that knows what it is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from skywrite.channels.email.dns import Dns

SERVFAIL = "servfail"


class Nameserver(asyncio.DatagramProtocol):
    """`records` maps (name, kind) to values, or to SERVFAIL; a name in none of them does not exist."""

    def __init__(self, records) -> None:
        self.records = records
        self.asked: list[tuple[str, str]] = []

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data, address) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        found = self.records.get((name, kind), [])
        if found == SERVFAIL:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found:
            answer.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, *found))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(answer.to_wire(), address)


@contextlib.asynccontextmanager
async def a_nameserver(records) -> AsyncIterator[tuple[Dns, Nameserver]]:
    """A `Dns` that asks a server with these records, and that server."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(lambda: Nameserver(records), ("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    try:
        yield Dns(["127.0.0.1"], port=port, lifetime=2.0), server
    finally:
        transport.close()
