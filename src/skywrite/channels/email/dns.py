"""What DNS says of domains: asked without waiting for each other, kept as long as it may be, its noes too."""

import dns.asyncresolver
import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
import dns.reversename

from skywrite.kit.errors import Later

_KEPT_ANSWERS = 50_000
_LIFETIME = 15.0  # seconds for one question, all servers and tries together


class NoSuchDomain(Exception):
    """DNS says that there is no such name at all."""


class Dns:
    """Asks DNS. Every call raises Later when nobody answers, and NoSuchDomain for a name that does not exist."""

    def __init__(self, nameservers: list[str] | None = None, *, port: int = 53, lifetime: float = _LIFETIME) -> None:
        self._resolver = _of_this_machine() if nameservers is None else dns.asyncresolver.Resolver(configure=False)
        if nameservers is not None:
            self._resolver.nameservers = list(nameservers)
            self._resolver.port = port
        self._resolver.lifetime = lifetime
        self._resolver.cache = dns.resolver.LRUCache(_KEPT_ANSWERS)

    async def mx(self, domain: str) -> tuple[list[tuple[int, str]], float]:
        """The mail servers by preference ("" is the null MX of RFC 7505), and until when that holds (`time.time`)."""
        answer = await self._ask(domain, "MX")
        found = [(record.preference, _plain(record.exchange)) for record in answer]
        return sorted(found), answer.expiration

    async def addresses(self, host: str, *, ipv6: bool = False) -> list[str]:
        """The addresses of a host, of version 4 first."""
        found = [record.address for record in await self._ask(host, "A")]
        if ipv6:
            found += [record.address for record in await self._ask(host, "AAAA")]
        return found

    async def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each in one piece; none where there is no such name."""
        try:
            answer = await self._ask(name, "TXT")
        except NoSuchDomain:
            return []
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]

    async def names_of(self, address: str) -> list[str]:
        """The names that an IP address points back to."""
        try:
            answer = await self._ask(dns.reversename.from_address(address).to_text(), "PTR")
        except (NoSuchDomain, dns.exception.SyntaxError):
            return []
        return [_plain(record.target) for record in answer]

    async def _ask(self, name: str, kind: str) -> dns.resolver.Answer:
        try:
            return await self._resolver.resolve(name, kind, raise_on_no_answer=False, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN, dns.name.LabelTooLong, dns.name.EmptyLabel) as error:
            raise NoSuchDomain(f"There is no domain {name}.") from error
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise Later(f"DNS did not answer for {name}: {error}") from error


def _of_this_machine() -> dns.asyncresolver.Resolver:
    try:
        return dns.asyncresolver.Resolver()
    except dns.resolver.NoResolverConfiguration:  # a machine without a network: every question ends in Later
        return dns.asyncresolver.Resolver(configure=False)


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower().strip(".")
