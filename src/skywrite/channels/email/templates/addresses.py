"""Web addresses of a mail: which lead somewhere, and as what they are written. Pure."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from skywrite.channels.email.templates import headers as head
from skywrite.kit.errors import Refused

_LONGEST = 8_000
_UNCOUNTED = ("mailto", "tel", "sms")
# What most addresses look like, so that a mail's links are not taken apart.
_PLAIN = re.compile(
    r"https?://(?:[a-z0-9-]{1,63}\.){0,3}[a-z][a-z0-9-]{0,62}(?::[1-9][0-9]{0,3})?(?:[/?#][!#-;=?-\[\]_a-z~]*)?"
)
_SAFE = frozenset(range(0x21, 0x7F)) - frozenset(b'"<>\\^`{|}')
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?", re.IGNORECASE)
_LONGEST_NAME = 254  # with a dot at its end (RFC 1035, section 2.3.4)
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE)  # what browsers take for an IPv4 address
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_FOLLOWED = ("http", "https", *_UNCOUNTED, "cid", "whatsapp", "facetime", "geo", "webcal", "callto", "skype")
_HALF_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_MAILBOX = re.compile(r"[^\s@,]+@[^\s@,]+")
_OF_ONE_NETWORK = ("localhost", "local", "internal", "lan", "home.arpa")


def web_address(written: str) -> str:
    """A target as a Location header can have it: host as A-labels, what no address holds percent-encoded.

    Raises Refused for one that leads to no host, or has a scheme that must not be in a mail.
    """
    if _PLAIN.fullmatch(written):
        return written
    target = written.strip()
    if len(target) < _LONGEST and target.partition(":")[0].lower() in _UNCOUNTED:
        return head.clean(target)
    if why := broken(target):
        raise Refused(why, where="links")
    netloc = urlsplit(target).netloc
    if not netloc.isascii():
        user, sign, place = netloc.rpartition("@")
        host, colon, port = place.partition(":")
        target = target.replace(netloc, f"{user}{sign}{head.ascii_domain(host)}{colon}{port}", 1)
    if target.isascii() and target.isprintable() and not any(mark in target for mark in ' "<>\\^`{|}'):
        return target
    return "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in target.encode("utf-8", "ignore"))


def broken(target: str) -> str:
    """Why an address leads to no host of the web, as a sentence that names it; "" where it leads to one."""
    name = f"The link {target[:80]!r}"
    parts = _split(target) if len(target) < _LONGEST else None
    if parts is None or parts.scheme not in ("http", "https"):
        return f"{name} leads to no web address."
    if not parts.hostname:
        return f"{name} has no host."
    # What is not in the target as it was split had a line end or tab within.
    if parts.netloc not in target or "\\" in parts.netloc or not _is_host(parts):
        return f"{name} has a host that can't be: {parts.netloc.rpartition('@')[2]}."
    return "" if _has_port(parts) else f"{name} has a port that can't be: {parts.netloc.rpartition(':')[2]}."


def doubtful(target: str) -> tuple[str, str] | None:
    """What an author may have got wrong in an address that is not broken: a code and a sentence, if anything."""
    scheme = _SCHEME.match(target)
    word = scheme[1].lower() if scheme else ""
    rest = target[scheme.end() :] if scheme else ""
    if word and word not in _FOLLOWED:
        return "scheme", f"Most clients don't follow the link {target[:80]!r}: is https: meant?"
    if word == "mailto" and not _has_recipient(rest):
        return "recipient", f"The link {target[:80]!r} has no address to write to."
    if word in ("tel", "sms") and not any(each.isdigit() for each in rest):
        return "recipient", f"The link {target[:80]!r} has no number."
    if word in ("http", "https"):
        if _HALF_ESCAPE.search(target):
            return "escape", f"The link {target[:80]!r} has a % without two hexadecimal digits after it: write %25."
        if _is_of_one_network(host_of(target)):
            return "host", f"The link {target[:80]!r} leads to a host that only your own network may know."
    return None


def host_of(target: str) -> str:
    """An address's host in small letters, "" where it has none."""
    parts = _split(target)
    return (parts.hostname or "") if parts else ""


def _split(target: str) -> SplitResult | None:
    try:
        return urlsplit(target)
    except ValueError:  # brackets, and what Unicode makes a delimiter
        return None


def _is_host(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    place = parts.netloc.rpartition("@")[2]
    if place.startswith("["):
        return _ip(host) is not None
    name = head.ascii_domain(host)
    if _NUMBER.fullmatch(name):
        return isinstance(_ip(name.removesuffix(".")), IPv4Address)
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None


def _has_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_of_one_network(host: str) -> bool:
    name = host.rstrip(".")
    if known := _ip(name):
        return not known.is_global
    return "." not in name or name.endswith(tuple(f".{each}" for each in _OF_ONE_NETWORK))


def _has_recipient(rest: str) -> bool:
    """RFC 6068, section 2: before the query or in its `to`. One with a query alone is for the reader to address."""
    recipients, _, query = rest.partition("?")
    if not recipients.strip():
        return bool(query)
    return all(_MAILBOX.fullmatch(unquote(each).strip()) for each in recipients.split(","))
