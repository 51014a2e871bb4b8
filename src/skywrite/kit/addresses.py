"""Which addresses a request from this server may reach. A name is resolved here, and the address that was judged
is the one to connect to, so that a name cannot point elsewhere a moment later.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from skywrite.kit.errors import Refused

_REMEDY = (
    "Skywrite does not send to private, loopback, link-local or reserved addresses"
    " unless its administrator sets SKYWRITE_PRIVATE_DESTINATIONS=true."
)
# What `is_global` of the standard library lets through, and should not be reached from a server.
_EXTRA = [
    ip_network(network)
    for network in (
        "100.64.0.0/10",  # carrier-grade NAT, and some clouds' metadata
        "168.63.129.16/32",  # Azure's host
        "192.88.99.0/24",  # relay of 6to4
        "192.0.0.0/24",  # protocol assignments
        "3fff::/20",  # documentation
        "2001::/32",  # Teredo
        "fec0::/10",  # site-local, once
        "64:ff9b:1::/48",  # local NAT64
    )
]
_NAT64 = ip_network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open internet, also by way of the IPv4 address within it."""
    address = ip_address(text.partition("%")[0])
    if any(address in network for network in _EXTRA if network.version == address.version):
        return False
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4, NAT64, or the old compatible form."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or int(address) >> 32 == 0:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def check_literal(host: str, *, allow_private: bool) -> None:
    """Refuse a host that is plainly private without asking the network: an address, or the name localhost."""
    if allow_private:
        return
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        raise Refused(f"{host} is this server itself. {_REMEDY}")
    address = _as_written(name)
    if address is not None:
        _check(host, address)


def _as_written(name: str) -> str | None:
    """The address that a host is, also in the forms that only resolvers know (127.1, 0x7f000001, 2130706433)."""
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except (OSError, UnicodeEncodeError):
        return None


def _check(host: str, address: str) -> None:
    if not is_public(address):
        named = host if host.strip("[]") == address else f"{host} is {address}, which"
        raise Refused(f"{named} is not a public address. {_REMEDY}")


async def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The addresses of `host`, each judged: one that may not be reached refuses them all.

    Raises Refused for such an address, OSError where the name has none.
    """
    written = _as_written(host)
    if written is not None:
        addresses = [written]
    else:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private:
        for address in addresses:
            _check(host, address)
    return addresses
