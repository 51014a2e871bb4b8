"""Header values: nothing in them can begin another header, and what is not ASCII is encoded (RFC 2047, 5322)."""

import base64
import re
from functools import lru_cache

import idna

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ATOM = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_LINE = 76
_ENCODED_BYTES = 42  # of text in one encoded word: 56 characters of base64, 12 around it


def clean(value: str) -> str:
    """A value in one line: controls and line ends become one space."""
    if value.isascii() and value.isprintable():
        return value.strip()
    return _CONTROLS.sub(" ", value).strip()


def unstructured(name: str, value: str) -> str:
    """The value of a header such as Subject, encoded where it must be, folded."""
    value = clean(value)
    if value.isascii() and "=?" not in value:
        return value if len(name) + 2 + len(value) <= _LINE else _folded(value, len(name) + 2)
    return "\r\n ".join(_words(value))


def mailbox(name: str, address: str) -> str:
    """`Name <address>`, the name quoted or encoded as it needs."""
    name, address = clean(name), route(address)
    if not name:
        return address
    if not name.isascii() or "=?" in name:
        return "\r\n ".join([*_words(name), f"<{address}>"])
    if _ATOM.fullmatch(name):
        return f"{name} <{address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def route(address: str) -> str:
    """An address with its domain as A-labels (RFC 5890); a local part that is not ASCII stays (RFC 6531)."""
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    local, sign, domain = re.sub(r'[\s<>,;"]', "", clean(address)).rpartition("@")
    return f"{local}@{ascii_domain(domain)}" if sign else domain


@lru_cache(maxsize=4096)
def ascii_domain(domain: str) -> str:
    """A domain as A-labels; as it is where it is none."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def _words(value: str) -> list[str]:
    """Encoded words, none of which cuts a character in two."""
    words, now = [], b""
    for character in value:
        raw = character.encode()
        if len(now) + len(raw) > _ENCODED_BYTES:
            words.append(now)
            now = b""
        now += raw
    return [f"=?utf-8?B?{base64.b64encode(word).decode()}?=" for word in (*words, now)]


def _folded(value: str, used: int) -> str:
    """Broken before a space; a word too long for any line is encoded, since lines must not pass 998 characters."""
    if any(len(word) > _LINE for word in value.split(" ")):
        return "\r\n ".join(_words(value))
    lines, line = [], ""
    for word in value.split(" "):
        if line and used + len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line, used = word, 1
        else:
            line = f"{line} {word}" if line or lines else word
    return "\r\n ".join([*lines, line])
