"""A mail's bytes as its parts: without recursion, in linear time, within caps, and never raising."""

import binascii
import re
from collections.abc import Iterable

from msgspec import Struct

from skywrite.channels.email.reading.charset import decoded
from skywrite.channels.email.reading.headers import HEADER_BLOCK_BYTES, Headers, base64_bytes, parameters, parse_fields

KEPT_BYTES = 1 << 20  # of a mail of any size: enough to say what it is
PARTS = 1_000
DEPTH = 50
_DELIMITER = re.compile(rb"^--[^\n]*", re.MULTILINE)
_GUESSED = re.compile(rb"^--([^\n]{1,200})\n(?=content-[a-z-]{1,40}:)", re.MULTILINE | re.IGNORECASE)
_MBOX = re.compile(rb"\A(?:\s*\n)*(?:>?From [^\n]*\n)?")


class Part(Struct, frozen=True):
    """One leaf of a mail's tree: its headers, type and bytes as they came."""

    headers: Headers
    type: str
    parameters: dict[str, str]
    body: bytes
    depth: int = 0

    @property
    def filename(self) -> str:
        """The name under which it is attached, "" for none."""
        disposition = self.headers.text("content-disposition")
        said = parameters(disposition)[1].get("filename") if "=" in disposition else None
        return said or self.parameters.get("name", "")

    @property
    def is_attached(self) -> bool:
        """Whether it says so itself."""
        return self.headers.get("content-disposition")[:10].lower() == "attachment"

    def data(self) -> bytes:
        """Its bytes, transfer encoding undone."""
        coding = self.headers.get("content-transfer-encoding").split("(", maxsplit=1)[0].strip().strip('"').lower()
        if coding == "base64":
            return base64_bytes(self.body)
        if coding == "quoted-printable":
            try:
                return binascii.a2b_qp(self.body)
            except ValueError:
                return self.body
        return self.body

    def text(self) -> str:
        """Its text, line ends as LF."""
        return decoded(self.data(), self.parameters.get("charset")).replace("\r\n", "\n").replace("\r", "\n")


class Mail(Struct, frozen=True):
    """A mail: its own headers, its type, and its leaves in order."""

    headers: Headers
    type: str
    parameters: dict[str, str]
    parts: tuple[Part, ...]


def parse(raw: bytes) -> Mail:
    """A mail's headers and leaves. Of the bytes only the first `KEPT_BYTES` are looked at."""
    data = raw[:KEPT_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data = data[_MBOX.match(data).end() :]  # type: ignore[union-attr]  # it matches the empty string too
    headers, start = _block(data, 0)
    kind, found = parameters(headers.get("content-type"))
    if not kind.startswith("multipart/"):
        return Mail(headers, kind, found, (Part(headers, kind or "text/plain", found, data[start:]),))
    leaves = _leaves(data, start, found.get("boundary", ""))
    if not leaves and (guess := _GUESSED.search(data, start)):
        leaves = _leaves(data, start, guess[1].rstrip().decode("latin-1"))
    return Mail(headers, kind, found, tuple(leaves) or (Part(Headers(()), "text/plain", found, data[start:]),))


def _block(data: bytes, start: int) -> tuple[Headers, int]:
    """The header block from `start` on, and where the body begins: after a blank line, or at a delimiter before one."""
    if data[start : start + 1] == b"\n":
        return Headers(()), start + 1
    if data[start : start + 2] == b"--":
        return Headers(()), start
    end = data.find(b"\n\n", start, start + HEADER_BLOCK_BYTES)
    if end < 0:
        end = min(len(data), start + HEADER_BLOCK_BYTES)
    delimiter = data.find(b"\n--", start, end)
    body = end + 2 if delimiter < 0 else delimiter + 1
    return Headers(parse_fields(header_text(data[start : body - 1]))), min(body, len(data))


def header_text(data: bytes) -> str:
    """A header block's bytes as text: UTF-8 where it is that (RFC 6532)."""
    data = data.replace(b"\x00", b"")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _leaves(data: bytes, start: int, boundary: str) -> list[Part]:
    """The leaves under a multipart whose body begins at `start`."""
    walk = _Walk(data, boundary)
    for line in _DELIMITER.finditer(data, start):
        if len(walk.parts) >= PARTS:
            break
        walk.see(line[0].rstrip(), line.start(), line.end() + 1)
    walk.close(len(data))
    return walk.parts


class _Walk:
    """From delimiter to delimiter: which multiparts are open, and the leaf that is being read."""

    def __init__(self, data: bytes, boundary: str) -> None:
        self.data = data
        self.parts: list[Part] = []
        self._open = [_mark(boundary)]
        self._leaf: tuple[Headers, str, dict[str, str], int] | None = None

    def see(self, line: bytes, start: int, after: int) -> None:
        """A line that begins with two hyphens: perhaps a delimiter of an open multipart, the innermost first."""
        ends = line[-2:] == b"--" and line[:-2] in self._open
        mark = line[:-2] if ends and line not in self._open else line
        if mark not in self._open:
            return
        self.close(start)
        while self._open[-1] != mark:
            self._open.pop()
        if mark != line:
            if len(self._open) > 1:  # the outermost stays: some write on after their own end
                self._open.pop()
            return
        self._begin(after)

    def close(self, end: int) -> None:
        """The leaf being read ends before this position."""
        if self._leaf and len(self.parts) < PARTS:
            headers, kind, found, start = self._leaf
            self.parts.append(Part(headers, kind, found, self.data[start : max(start, end - 1)], len(self._open)))
            self._leaf = None

    def _begin(self, start: int) -> None:
        headers, body = _block(self.data, start)
        kind, found = parameters(headers.get("content-type"))
        if kind.startswith("multipart/") and found.get("boundary") and len(self._open) < DEPTH:
            self._open.append(_mark(found["boundary"]))
        else:
            self._leaf = (headers, kind or "text/plain", found, body)


def _mark(boundary: str) -> bytes:
    return b"--" + boundary.rstrip().encode("utf-8", "replace")


def returned_headers(part: Part) -> Headers:
    """The headers of the mail that a part returns."""
    data = part.data()
    data = data[_MBOX.match(data).end() :]  # type: ignore[union-attr]
    return _block(data, 0)[0]


def named(parts: Iterable[Part]) -> tuple[str, ...]:
    """The names of what is attached."""
    return tuple(part.filename[:255] for part in parts if part.filename)
