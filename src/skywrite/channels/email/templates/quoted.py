"""Quoted-printable in pieces: each begins a line and ends with a soft break, so that pieces and holes can be joined.

RFC 2045, section 6.7: lines of at most 76 characters, line ends as CRLF.
"""

import binascii
import re

SOFT = "=\r\n"
_LONGEST = 75  # and the "=" of a soft break
_BREAKS = re.compile(r"\r\n|\r|\n")


def encoded(text: str) -> str:
    """A text that stands alone, without a soft break at its end."""
    lines = _BREAKS.sub("\r\n", text).encode("utf-8", "replace")
    return binascii.b2a_qp(lines).decode("ascii")


def piece(text: str) -> str:
    """A text that others follow: "" or lines that end with a soft break."""
    if not text:
        return ""
    whole = encoded(text)
    head, _, last = whole.rpartition("\n")
    if len(last) > _LONGEST:
        cut = _LONGEST - 3
        cut -= 1 if last[cut - 1] == "=" else 2 if last[cut - 2] == "=" else 0
        last = last[:cut] + SOFT + last[cut:]
    return f"{head}\n{last}{SOFT}" if head else last + SOFT


def hole(text: str) -> str:
    """The same for a value, which is mostly a word or two, or an address."""
    if len(text) < _LONGEST and text.isascii() and text.isprintable() and "=" not in text:
        return text + SOFT if text else ""
    return piece(text)
