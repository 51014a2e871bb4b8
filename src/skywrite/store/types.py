"""Column types that take whatever an event may hold, on every engine.

PostgreSQL's text refuses NUL, no engine takes a lone surrogate, and an index has a longest key; what cannot be
stored as it is becomes its nearest printable form, the same one on reading as on writing.
"""

import hashlib
import re
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_LONGEST_KEY_BYTES = 1000  # two of them, an id and a type stay under PostgreSQL's 2,704 bytes an index row
_PLAIN_LENGTH = 250


def storable(text: str) -> str:
    """`text` with NUL as its picture (U+2400) and lone surrogates as U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", "␀")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def short_key(text: str) -> str:
    """`text` cut to what an index takes; what was cut is told apart by a hash at the end."""
    raw = text.encode()
    if len(raw) <= _LONGEST_KEY_BYTES:
        return text
    mark = "…" + hashlib.sha256(raw).hexdigest()[:12]
    return raw[: _LONGEST_KEY_BYTES - len(mark.encode())].decode(errors="ignore") + mark


def key(text: str) -> str:
    """`text` as a key of any table holds it: storable and short; the quick way for what is so already."""
    if len(text) <= _PLAIN_LENGTH and text.isascii() and "\x00" not in text:
        return text
    return short_key(storable(text))


def storable_json(text: str) -> str:
    """JSON text whose strings are storable: PostgreSQL takes an escaped NUL, and then fails on whoever asks for it."""
    return _ESCAPED_NUL.sub("\\1␀", text) if "\\u0000" in text else text


class AnyText(TypeDecorator[str]):
    """Text that takes any string."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """See `storable`."""
        return storable(value) if isinstance(value, str) else value


class KeyText(AnyText):
    """Text that is part of a key or an index."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """See `key`."""
        return key(value) if isinstance(value, str) else value
