"""Signs mails: each by the key of the domain that its From names."""

import re
from collections.abc import Mapping
from functools import lru_cache

from skywrite.channels.email.domains.dkim import DkimKey

_LINE_ENDS = re.compile(rb"\r\n|\r|\n")


class Signing:
    """The keys of all sending domains; a mail of a domain without one goes out unsigned."""

    def __init__(self, keys: Mapping[str, DkimKey] | None = None) -> None:
        self._keys = dict(keys or {})

    def signed(self, content: bytes, domain: str) -> bytes:
        """A mail as it is to be sent: its lines as they must end, and the signature of `domain` before it."""
        content = with_line_ends(content)
        key = self._key_of(domain)
        return key.header(content) + content if key else content

    def signs_for(self, domain: str) -> bool:
        """Whether there is a key for mail of a domain."""
        return self._key_of(domain) is not None

    def _key_of(self, domain: str) -> DkimKey | None:
        """The key of a domain, or of the one above it that has one: DMARC takes either as aligned."""
        if not self._keys:
            return None
        name = domain.lower()
        if not name.isascii():
            name = _a_labels(name)
        while name:
            if name in self._keys:
                return self._keys[name]
            name = name.partition(".")[2]
        return None


@lru_cache(1_000)
def _a_labels(domain: str) -> str:
    import idna  # noqa: PLC0415 - its tables are large, and few domains need them

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def with_line_ends(content: bytes) -> bytes:
    """A mail whose every line ends in CRLF, as is right already for all but a careless caller's.

    A lone CR or LF would be changed on the way and break the signature, or end a mail early ("SMTP smuggling").
    """
    ends = content.count(b"\r\n")
    if content.count(b"\n") == ends and content.count(b"\r") == ends:
        return content if content.endswith(b"\r\n") else content + b"\r\n"
    mended = _LINE_ENDS.sub(b"\r\n", content)
    return mended if mended.endswith(b"\r\n") else mended + b"\r\n"
