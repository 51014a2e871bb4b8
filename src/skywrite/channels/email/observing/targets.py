"""Where a link leads, as a Location header may say it: byte for byte, what no header may hold encoded. Pure."""

import re
import urllib.parse

import idna

_PLAIN = re.compile(r"https?://[!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~\-^`{|}\\]+", re.IGNORECASE)
_PARTS = re.compile(r"(https?)://((?:[^/?#@]*@)?)(\[[^\]/?#]*\]|[^/?#:@]*)(:\d{0,5})?([/?#].*)?", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_UNTOUCHED = "!#$%&'()*+,/:;=?@[]~^`{|}\\-._"  # ASCII that stays as it is, escapes of the target included


def location(target: str) -> str | None:
    """The header's value; None where the target is no web address that a header may hold."""
    if _PLAIN.fullmatch(target):
        return target
    if _CONTROLS.search(target):
        return None
    parts = _PARTS.fullmatch(target)
    if parts is None or not parts[3]:
        return None
    host = _ascii_host(parts[3])
    if host is None:
        return None
    rest = (parts[4] or "") + urllib.parse.quote(parts[5] or "", safe=_UNTOUCHED)
    return f"{parts[1]}://{urllib.parse.quote(parts[2], safe=_UNTOUCHED)}{host}{rest}"


def _ascii_host(host: str) -> str | None:
    if host.isascii():
        return None if re.search(r"[\s\"<>]", host) else host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return None
