"""What a mail server says to a client (RFC 5321), as a machine without I/O: bytes in, replies and mails out.

Only CRLF ends a line and only CRLF.CRLF a mail; a bare LF or CR is a part of what it stands in, so nothing can be
smuggled behind one. What comes behind STARTTLS before TLS began is thrown away, and all that was said before is
forgotten (RFC 3207). Of a mail no more is held than is kept. Nothing is relayed, and nothing is ever answered by mail.
"""

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import ClassVar

from msgspec import Struct

from skywrite.channels.email.observing.hits import KEPT_BYTES

MOST_BYTES = 50 << 20
_CUT_OFF = 2 * MOST_BYTES  # who sends on and on is waited for no longer
_LONGEST_LINE = 4_096  # of a command, RFC 5321 section 4.5.3.1.4 and room for parameters
_MOST_RCPTS = 20
_MOST_ERRORS = 20
_MOST_COMMANDS = 200  # without a mail: of 20 recipients one needs 26
_END = b"\r\n.\r\n"
_PATH = re.compile(r"<([^<>]*)>\s*(.*)|(\S+)\s*(.*)", re.DOTALL)
_VERB = re.compile(rb"([A-Za-z]{4,8})(?: +(.*)|)", re.DOTALL)

Knows = Callable[[str], str]  # a recipient's address: "" where it is taken, else the refusing reply


class Mail(Struct, frozen=True):
    """A mail that was sent whole, to be kept before it is acknowledged. `parts` hold its beginning."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    parts: tuple[bytes, ...]
    size: int


class Reply(Struct, frozen=True):
    """A line to the client; `closes` when it is the last, `secures` when TLS begins behind it."""

    text: str
    closes: bool = False
    secures: bool = False


class _State(Enum):
    COMMAND = "command"
    DATA = "data"
    KEEPING = "keeping"  # a mail was handed out, and waits to be kept
    SECURING = "securing"  # TLS is about to begin: nothing is heard until `secured`
    CLOSED = "closed"


class Session:
    """One connection. `take` feeds it; while a mail is being kept it holds what comes, until `kept` is called.

    Where it `offers_tls`, whoever carries it begins TLS after a reply that `secures`, and then calls `secured`.
    """

    def __init__(self, name: str, knows: Knows, *, offers_tls: bool = False) -> None:
        self._name = name
        self._knows = knows
        self._offers_tls = offers_tls
        self._state = _State.COMMAND
        self._buffer = bytearray()
        self._greeted = False
        self._mail_from: str | None = None
        self._rcpt_to: list[str] = []
        self._errors = self._commands = 0
        self._body: list[bytes] = []
        self._held = self._size = 0

    @property
    def greeting(self) -> Reply:
        """The first line."""
        return Reply(f"220 {self._name} ESMTP")

    def take(self, data: bytes) -> Iterator[Reply | Mail]:
        """What follows from more bytes."""
        if self._state is _State.SECURING:
            return
        self._buffer += data
        while self._state in (_State.COMMAND, _State.DATA):
            if self._state is _State.DATA:
                whole = self._take_body()
                if whole is None:
                    return
                yield whole
            else:
                end = self._buffer.find(b"\r\n")
                if end < 0:
                    if len(self._buffer) > _LONGEST_LINE:
                        yield self._close("500 5.5.2 The line is too long")
                    return
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 2]
                yield self._command(line)

    def kept(self, is_kept: bool) -> Iterator[Reply | Mail]:
        """Answer the mail that was handed out, and go on with what came meanwhile."""
        self._state = _State.COMMAND
        self._reset()
        yield Reply("250 2.0.0 Kept" if is_kept else "451 4.3.0 It cannot be kept just now; try again")
        yield from self.take(b"")

    def secured(self) -> None:
        """TLS has begun: the talk starts anew, as if nothing had been said."""
        self._state = _State.COMMAND
        self._offers_tls = self._greeted = False
        self._reset()

    # ---- commands ----

    def _command(self, line: bytes) -> Reply:
        match = (
            _VERB.fullmatch(line) if len(line) <= _LONGEST_LINE and b"\n" not in line and b"\r" not in line else None
        )
        if match is None:
            return self._error("500 5.5.2 That is no command")
        self._commands += 1
        if self._commands > _MOST_COMMANDS:
            return self._close("421 4.7.0 Too many commands without a mail")
        verb, rest = match[1].upper(), (match[2] or b"").decode("utf-8", "replace").strip()
        handle = self._COMMANDS.get(verb)
        return handle(self, rest) if handle else self._error("502 5.5.1 That command is not known here")

    def _hello(self, _: str) -> Reply:
        self._reset()
        self._greeted = True
        return Reply(f"250 {self._name}")

    def _extended_hello(self, _: str) -> Reply:
        self._reset()
        self._greeted = True
        offered = ("PIPELINING", f"SIZE {MOST_BYTES}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
        lines = [self._name, *offered, *(("STARTTLS",) if self._offers_tls else ())]
        return Reply("\r\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines))

    def _start_tls(self, rest: str) -> Reply:
        if not self._offers_tls:
            return self._error("503 5.5.1 TLS is not to be had, or runs already")
        if rest:
            return self._error("501 5.5.4 STARTTLS stands alone")
        self._state = _State.SECURING
        self._buffer.clear()
        return Reply("220 2.0.0 Go on in TLS", secures=True)

    def _mail(self, rest: str) -> Reply:
        path = _path(rest, "FROM:")
        if not self._greeted or self._mail_from is not None:
            return self._error("503 5.5.1 Say EHLO first" if not self._greeted else "503 5.5.1 A mail is under way")
        if path is None:
            return self._error("501 5.5.4 Write MAIL FROM:<address>")
        size = re.search(r"\bSIZE=(\d{1,18})\b", path[1], re.IGNORECASE)
        if size and int(size[1]) > MOST_BYTES:
            return Reply("552 5.3.4 That mail is too large")
        self._mail_from = path[0]
        return Reply("250 2.1.0 Well")

    def _rcpt(self, rest: str) -> Reply:
        path = _path(rest, "TO:")
        if self._mail_from is None:
            return self._error("503 5.5.1 Say MAIL first")
        if path is None or not path[0]:
            return self._error("501 5.5.4 Write RCPT TO:<address>")
        if len(self._rcpt_to) >= _MOST_RCPTS:
            return Reply("452 4.5.3 Too many recipients")
        if refusal := self._knows(path[0]):
            return self._error(refusal)
        if path[0].lower() not in map(str.lower, self._rcpt_to):  # who is named twice gets it once
            self._rcpt_to.append(path[0])
        return Reply("250 2.1.5 Well")

    def _data(self, _: str) -> Reply:
        if not self._rcpt_to:
            return self._error("503 5.5.1 There are no recipients")
        self._state = _State.DATA
        self._buffer[:0] = b"\r\n"  # so that a dot on the first line is at the beginning of one
        self._body, self._held, self._size = [], 0, -2
        return Reply("354 Go on, and end with a dot on a line of its own")

    def _rset(self, _: str) -> Reply:
        self._reset()
        return Reply("250 2.0.0 Forgotten")

    def _noop(self, _: str) -> Reply:
        return Reply("250 2.0.0 Well")

    def _vrfy(self, _: str) -> Reply:
        return Reply("252 2.1.5 Send it, and see")

    def _quit(self, _: str) -> Reply:
        return self._close("221 2.0.0 Good bye")

    def _reset(self) -> None:
        self._mail_from, self._rcpt_to = None, []
        self._body, self._held, self._size = [], 0, 0

    def _error(self, text: str) -> Reply:
        self._errors += 1
        return self._close("421 4.7.0 Too many errors") if self._errors >= _MOST_ERRORS else Reply(text)

    def _close(self, text: str) -> Reply:
        self._state = _State.CLOSED
        return Reply(text, closes=True)

    # ---- the mail itself ----

    def _take_body(self) -> Reply | Mail | None:
        """Take what came of it; the mail, or why not, once it is whole."""
        end = self._buffer.find(_END)
        sure = end if end >= 0 else max(0, len(self._buffer) - len(_END) + 1)
        self._keep(bytes(self._buffer[:sure]))
        del self._buffer[:sure]
        if end < 0:
            return self._close("552 5.3.4 That mail is too large") if self._size > _CUT_OFF else None
        del self._buffer[: len(_END)]
        self._keep(b"\r\n")
        if self._size > MOST_BYTES:
            self._state = _State.COMMAND
            self._reset()
            return Reply("552 5.3.4 That mail is too large")
        self._state = _State.KEEPING
        self._commands = 0
        return Mail(self._mail_from or "", tuple(self._rcpt_to), (_unstuffed(b"".join(self._body)),), self._size)

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._held < KEPT_BYTES:
            self._body.append(part)
            self._held += len(part)

    _COMMANDS: ClassVar[dict[bytes, Callable[["Session", str], Reply]]] = {
        b"HELO": _hello,
        b"EHLO": _extended_hello,
        b"STARTTLS": _start_tls,
        b"MAIL": _mail,
        b"RCPT": _rcpt,
        b"DATA": _data,
        b"RSET": _rset,
        b"NOOP": _noop,
        b"VRFY": _vrfy,
        b"QUIT": _quit,
    }


def _path(rest: str, word: str) -> tuple[str, str] | None:
    """The address and the parameters of MAIL or RCPT."""
    if rest[: len(word)].upper() != word:
        return None
    match = _PATH.fullmatch(rest[len(word) :].strip())
    if match is None:
        return None
    return (match[1], match[2]) if match[1] is not None else (match[3], match[4])


def _unstuffed(body: bytes) -> bytes:
    """A mail as it was before it was sent: without the CRLF that was put before it, and the dots of dot-stuffing."""
    return body.replace(b"\r\n.", b"\r\n")[2:]
