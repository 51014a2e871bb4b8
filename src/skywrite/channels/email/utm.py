"""UTM parameters: what is added to a link that is counted, and when it is followed. Pure.

A link's seal covers both where it leads and what is added on the way, parted by a space, which no address holds. So an
event tells the link as its author wrote it, and whoever follows it gets there with the parameters.
"""

import re
from urllib.parse import quote, urlsplit

from msgspec import Struct

_BETWEEN = re.compile(r"[\s,]+")
# A signature covers the query: one that is longer would be refused.
_SIGNED = frozenset(("hmac", "sig", "sign", "signature", "x-amz-signature", "x-goog-signature"))

Parameters = tuple[tuple[str, str], ...]  # names and values, in order


class Utm(Struct, frozen=True):
    """What is set of them. `campaign` is "" for the mail's own; no `domains` are all."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    domains: frozenset[str] = frozenset()

    def parameters(self, campaign: str) -> Parameters:
        """What links of a mail get, which is of `campaign`."""
        values = (("source", self.source), ("medium", self.medium), ("campaign", self.campaign or campaign))
        return tuple((f"utm_{name}", value) for name, value in values if value)

    def target(self, address: str, parameters: Parameters) -> str:
        """A link's target, with what of `parameters` it lacks; alone where it must not get any."""
        parts = urlsplit(address)
        present = {each.partition("=")[0].lower() for each in parts.query.split("&")}
        if present & _SIGNED or not self._is_meant(parts.hostname or ""):
            return address
        absent = [(name, value) for name, value in parameters if name not in present]
        added = "&".join(f"{name}={quote(value, safe='', errors='replace')}" for name, value in absent)
        return f"{address} {added}" if added else address

    def _is_meant(self, host: str) -> bool:
        return not self.domains or any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


def domains_in(written: str) -> frozenset[str]:
    """The domains of a setting, between commas or spaces."""
    return frozenset(filter(None, _BETWEEN.split(written.lower())))


def led(target: str) -> tuple[str, str]:
    """The address of a link as its author wrote it, and the one to go to."""
    address, _, added = target.partition(" ")
    if not added:
        return target, target
    before, sign, fragment = address.partition("#")
    join = "" if before.endswith(("?", "&")) else "&" if "?" in before else "?"
    return address, f"{before}{join}{added}{sign}{fragment}"
