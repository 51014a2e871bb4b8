"""Quoted-printable in pieces: each begins a line and ends with a soft break, so that pieces and holes can be joined.

RFC 2045, section 6.7: lines of at most 76 characters, line ends as CRLF. None begins with a dot, which SMTP doubles.
"""

import binascii
import re

SOFT = "=\r\n"
_LONGEST = 75  # and the "=" of a soft break
_TOO_LONG = re.compile(r"[^\r\n]{77}")
_DOT = re.compile(r"^\.", re.MULTILINE)
_BREAKS = re.compile(r"\r\n|\r|\n")


def encoded(text: str) -> str:
    """A text that stands alone, without a soft break at its end."""
    lines = _BREAKS.sub("\n", text).encode("utf-8", "replace")
    made = _DOT.sub("=2E", binascii.b2a_qp(lines).decode("ascii")).replace("\n", "\r\n")
    if _TOO_LONG.search(made):  # it miscounts where many escapes meet
        made = "\r\n".join(_cut(line) for line in made.split("\r\n"))
    return made


def piece(text: str) -> str:
    """A text that others follow: "" or lines that end with a soft break."""
    if not text:
        return ""
    whole = encoded(text)
    head, _, last = whole.rpartition("\n")
    last = _cut(last)
    return f"{head}\n{last}{SOFT}" if head else last + SOFT


def _cut(line: str) -> str:
    """A line in parts to each of which a soft break can be added; no escape is cut in two."""
    parts = []
    while len(line) > _LONGEST:
        at = _LONGEST - 3
        at -= 1 if line[at - 1] == "=" else 2 if line[at - 2] == "=" else 0
        parts.append(line[:at])
        line = _DOT.sub("=2E", line[at:])
    return SOFT.join([*parts, line])


def hole(text: str) -> str:
    """The same for a value, which is mostly a word or two, or an address."""
    if len(text) < _LONGEST and text.isascii() and text.isprintable() and "=" not in text and text[:1] != ".":
        return text + SOFT if text else ""
    return piece(text)
