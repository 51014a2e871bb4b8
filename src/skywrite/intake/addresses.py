"""Whose address a request came from, when a proxy stands in front."""

import ipaddress


class TrustedProxies:
    """The proxies whose X-Forwarded-For is believed: addresses and networks by commas, or * for all."""

    def __init__(self, trusted: str) -> None:
        words = [word.strip() for word in trusted.split(",") if word.strip()]
        self._all = "*" in words
        self._networks = [ipaddress.ip_network(word, strict=False) for word in words if word != "*"]

    def client(self, peer: str, forwarded: bytes) -> str:
        """The address of who sent it: the last one in `forwarded` that is no trusted proxy, if `peer` is one."""
        if not forwarded or not self.trusts(peer):
            return peer
        hops = [hop.strip() for hop in forwarded.decode("latin-1").split(",") if hop.strip()]
        for index in range(len(hops) - 1, -1, -1):
            hop = hops[index]
            if index == 0 or not self.trusts(hop):
                return hop if _is_address(hop) else peer
        return peer

    def trusts(self, address: str) -> bool:
        """Whether `address` is such a proxy."""
        if self._all:
            return True
        if not self._networks or not _is_address(address):
            return False
        parsed = ipaddress.ip_address(address)
        return any(parsed in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
