"""What a server says: replies cut out of the bytes that come (RFC 5321 section 4.2, RFC 2034). Pure."""

import re
from collections.abc import Iterator

from msgspec import Struct

_LONGEST_LINE = 4_096  # the standard says 512; some say more
_MOST_LINES = 200
_KEPT = 1_000  # characters of a reply's words
_MOST_KNOWN = 256
_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")


class NotSmtp(Exception):
    """What came is no SMTP reply."""


class Reply(Struct, frozen=True):
    """One reply, its lines joined."""

    code: int
    text: str = ""  # without the codes
    enhanced: str = ""  # "5.1.1"
    lines: tuple[str, ...] = ()  # of EHLO: each names an extension

    @property
    def words(self) -> str:
        """The reply as a person is told of it: "550 5.1.1 No such user"."""
        said = f"{self.enhanced} {self.text}" if self.enhanced and self.text else self.enhanced or self.text
        return f"{self.code} {said}" if said else str(self.code)


class Replies:
    """Takes bytes as they come and gives whole replies. Raises NotSmtp for what is none, or too long."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []
        self._known: dict[bytes, Reply] = {}  # a server says the same few lines for every mail

    @property
    def is_between(self) -> bool:
        """Whether nothing of a further reply has come."""
        return not self._rest and not self._lines

    def feed(self, data: bytes) -> Iterator[Reply]:
        """The replies that are whole by now, those before what is none included."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            reply = self._known.get(line) if not self._lines else None
            if reply is None:
                reply = self._line(line)
                if reply is not None and len(reply.lines) == 1 and len(self._known) < _MOST_KNOWN:
                    self._known[line] = reply
            if reply is not None:
                yield reply
        if len(self._rest) > _LONGEST_LINE:
            raise NotSmtp("A line of its answer is too long.")

    def _line(self, line: bytes) -> Reply | None:
        found = _LINE.fullmatch(line.rstrip(b"\r")) if len(line) <= _LONGEST_LINE else None
        if found is None:
            raise NotSmtp(f"It answered what is no SMTP: {line[:80].decode('latin-1')!r}.")
        code, mark, text = found.groups()
        self._lines.append((text or b"").decode("utf-8", "replace").strip())
        if len(self._lines) > _MOST_LINES:
            raise NotSmtp("Its answer has too many lines.")
        if mark == b"-":
            return None
        lines, self._lines = tuple(self._lines), []
        return _joined(int(code), lines)


def _joined(code: int, lines: tuple[str, ...]) -> Reply:
    if len(lines) == 1 and code == 250 and not _ENHANCED.match(lines[0]):  # by far the most
        return Reply(code, lines[0][:_KEPT], "", lines)
    enhanced, words = "", []
    for line in lines:
        found = _ENHANCED.match(line)
        if found and found[1][0] == str(code)[0]:
            enhanced = enhanced or found[1]
            line = line[found.end() :]  # noqa: PLW2901 - the same line, less its code
        words.append(line)
    return Reply(code, " ".join(word for word in words if word)[:_KEPT], enhanced, lines)
