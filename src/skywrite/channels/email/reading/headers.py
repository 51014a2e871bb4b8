"""Header blocks: fields, encoded words, parameters, addresses. Linear on any input; nothing here raises."""

import binascii
import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from skywrite.channels.email.reading.charset import decoded
from skywrite.kit.time import to_micros

HEADER_BLOCK_BYTES = 256 * 1024
HEADER_BYTES = 16 * 1024
_NAME = re.compile(r"([!-9;-~]{1,100})[ \t]*:")
_FOLDED_BADLY = re.compile(r"(?:boundary|charset|name|filename|report-type)=", re.IGNORECASE)
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\n]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]{1,200}(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_PARAMETER = re.compile(r'[;\s]\s*([\w.*-]{1,60})\s*=\s*("(?:[^"\\]|\\.|\\\Z)*(?:"|\Z)|[^;\s"]*)')
_LETTERS = r"A-Za-z0-9\u00c0-\u024f\u0370-\u052f"  # not the ideographs, which stand beside an address without a space
ADDRESS = re.compile(
    rf"""(?:"[^"\s@<>]{{1,64}}"|[{_LETTERS}!#$%&+/?^_{{}}~-][{_LETTERS}!#$%&'*+/=?^_`{{|}}~.-]{{0,254}})"""
    rf"""@(?:[{_LETTERS}_-]{{1,63}}\.){{0,10}}[{_LETTERS}_-]{{1,63}}"""
)


class Headers:
    """The fields of one header block, in order; names without case."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        self.fields = fields
        self._first: dict[str, str] = {}
        for name, value in fields:
            self._first.setdefault(name, value)

    def get(self, name: str) -> str:
        """The first field of this lower-case name as it stands, unfolded; "" where there is none."""
        return self._first.get(name, "")

    def has(self, name: str) -> bool:
        """Whether there is such a field."""
        return name in self._first

    def all(self, name: str) -> list[str]:
        """Every field of this name."""
        return [value for key, value in self.fields if key == name] if name in self._first else []

    def text(self, name: str) -> str:
        """A field with its encoded words (RFC 2047) decoded."""
        return unworded(self.get(name))


def parse_fields(text: str) -> list[tuple[str, str]]:
    """The fields of a block of header-like lines, unfolded; what is no field is passed over."""
    fields: list[tuple[str, list[str]]] = []
    for line in text[:HEADER_BLOCK_BYTES].split("\n"):
        if line[:1] in {" ", "\t"}:
            if fields:
                fields[-1][1].append(line.strip())
        elif fields and _FOLDED_BADLY.match(line):
            fields[-1][1].append(line.strip())
        elif match := _NAME.match(line):
            fields.append((match[1].lower(), [line[match.end() :].strip()]))
    return [(name, " ".join(lines)[:HEADER_BYTES].strip()) for name, lines in fields]


def unworded(value: str) -> str:
    """A header's value with its encoded words decoded (RFC 2047)."""
    if "=?" not in value:
        return value
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    return _WORD.sub(lambda word: _word(word[1], word[2], word[3]), joined)


def _word(charset: str, coding: str, text: str) -> str:
    data = text.encode("utf-8", "surrogateescape")
    try:
        raw = base64_bytes(data) if coding in "bB" else binascii.a2b_qp(data, header=True)
    except (ValueError, binascii.Error):
        return text
    return decoded(raw, charset.partition("*")[0])


def base64_bytes(data: bytes) -> bytes:
    """Base64 decoded as far as it goes, whatever stands between."""
    for cut in (b"", b"=", b"==", b"A=="):
        try:
            return binascii.a2b_base64(data + cut)
        except binascii.Error:
            continue
    return b""


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """A structured field (Content-Type) as its lower-case value and its parameters (RFC 2231 joined and decoded)."""
    main = re.split(r"[;\s]", value.strip(), maxsplit=1)[0]
    value = value.strip()
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(value[len(main) :]):
        text = match[2]
        if text[:1] == '"':
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        found.setdefault(match[1].lower(), text)
    return main.split("(", maxsplit=1)[0].strip().lower(), _joined(found) if any("*" in key for key in found) else found


def _joined(found: dict[str, str]) -> dict[str, str]:
    """Continued and encoded parameters (RFC 2231) under their plain names."""
    plain = {key: value for key, value in found.items() if "*" not in key}
    for key in list(found):
        name = key.partition("*")[0]
        if name in plain:
            continue
        pieces = [
            found[form] for number in range(20) for form in (f"{name}*{number}*", f"{name}*{number}") if form in found
        ]
        text = "".join(pieces) or found.get(f"{name}*", "")
        charset, quote, rest = text.partition("'")
        language, second, value = rest.partition("'")
        plain[name] = decoded(unquote_to_bytes(value), charset) if quote and second and len(language) < 20 else text
    return plain


def without_comments(value: str) -> str:
    """A field without its comments in parentheses, nested as deep as they may be; linear."""
    if "(" not in value:
        return value
    kept: list[str] = []
    depth = 0
    for piece in re.split(r"([()])", value):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(piece)
    return "".join(kept).strip()


def addresses(value: str) -> Iterator[str]:
    """Each address in a field or a text, in order."""
    return (match[0].strip(".'") for match in ADDRESS.finditer(value))


def address_of(value: str) -> str | None:
    """The address of a From-like field: what stands in brackets, else the first that reads like one."""
    bracketed = re.search(r"<\s*([^<>\s]{1,320})\s*>", value)
    if bracketed and "@" in bracketed[1]:
        return bracketed[1]
    return next(addresses(without_comments(value)), None) or next(addresses(value), None)


def micros(value: str) -> int | None:
    """A date of a header as µs UTC; None where it cannot be read."""
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value[:100])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    try:
        return to_micros(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
    except OverflowError:
        return None
