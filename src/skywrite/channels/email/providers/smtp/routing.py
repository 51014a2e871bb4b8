"""Which servers take the mail of a domain: its MX records, or what the settings name in their place (RFC 5321, 5.1)."""

import random
import time
from collections.abc import Mapping

from msgspec import Struct

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.dns import Dns, NoSuchDomain
from skywrite.kit.errors import Later

_SHORTEST, _LONGEST, _FAILED = 60.0, 86_400.0, 30.0  # seconds that an answer is kept
_MOST_KEPT = 100_000
_MOST_HOSTS = 20
SMTP_PORT = 25


class Route(Struct, frozen=True):
    """The servers of a domain, and who else has the same: a group shares connections and limits."""

    name: str  # of the first server: how the group is called
    key: tuple[str, ...]  # of the group
    hosts: tuple[tuple[int, str], ...]  # by preference
    port: int = SMTP_PORT
    is_fixed: bool = False  # from the settings: not judged by where it leads

    def in_order(self) -> list[str]:
        """The hosts by preference, those of one preference in any order."""
        return [host for _, host in sorted(self.hosts, key=lambda pair: (pair[0], random.random()))]  # noqa: S311


class Routes:
    """Finds routes and keeps them as long as DNS allows. `fixed` maps a domain, or *, to host:port."""

    def __init__(self, dns: Dns, fixed: Mapping[str, tuple[str, int]], *, port: int = SMTP_PORT) -> None:
        self._dns, self._port = dns, port
        self._fixed = {domain: _fixed(*place) for domain, place in fixed.items()}
        self._kept: dict[str, tuple[Route | Outcome, float]] = {}

    def known(self, domain: str) -> Route | Outcome | None:
        """A domain's route, or what its mail comes to without one; None where DNS must be asked."""
        if self._fixed and (fixed := self._fixed.get(domain) or self._fixed.get("*")):
            return fixed
        found, until = self._kept.get(domain, (None, 0.0))
        return found if until > time.time() else None

    async def find(self, domain: str) -> Route | Outcome:
        """The same, asking DNS."""
        found, until = await self._ask(domain)
        now = time.time()
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[domain] = (found, min(max(until, now + _SHORTEST), now + _LONGEST) if until else now + _FAILED)
        return found

    async def _ask(self, domain: str) -> tuple[Route | Outcome, float]:
        try:
            servers, until = await self._dns.mx(domain)
            if not servers:
                return await self._implicit(domain, until)
        except NoSuchDomain:
            return refused("5.1.2", f"There is no domain {domain}."), time.time() + _SHORTEST
        except Later as error:
            return Outcome("later", Stage.LOOKUP, str(error)), 0.0
        if all(not host for _, host in servers):
            return refused("5.1.10", f"{domain} takes no mail, as its null MX says."), until
        hosts = tuple(pair for pair in servers if pair[1])[:_MOST_HOSTS]
        return Route(hosts[0][1], tuple(sorted(host for _, host in hosts)), hosts, self._port), until

    async def _implicit(self, domain: str, until: float) -> tuple[Route | Outcome, float]:
        """Without an MX record the domain's own address is its mail server."""
        if not await self._dns.addresses(domain, ipv6=True):
            return refused("5.1.2", f"{domain} has neither a mail server nor an address."), until
        return Route(domain, (domain,), ((0, domain),), self._port), until


def refused(code: str, reason: str) -> Outcome:
    """What mail comes to that no server takes."""
    return Outcome("refused", Stage.LOOKUP, reason, enhanced=code)


def _fixed(host: str, port: int) -> Route:
    return Route(host, (f"{host}:{port}",), ((0, host),), port, is_fixed=True)
