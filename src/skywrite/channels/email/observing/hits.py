"""What the public doors write into the inbox: one record a hit or a mail, decided on by nobody yet."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct

from skywrite.log.base import NewRecord, Record

KEPT_BYTES = 1 << 20  # of a mail: what it is shows at its beginning
_LONGEST = 500  # characters of a header that a client chose


class HitKind(StrEnum):
    """A record's kind."""

    OPEN = "open"
    CLICK = "click"
    UNSUBSCRIBE = "unsubscribe"
    MAIL = "mail"


class Hit(Struct, frozen=True, omit_defaults=True):
    """A fetch of the pixel or of a link of a message. The record holds when it came and from which address."""

    message_id: int
    agent: str = ""
    prefetch: str = ""  # what a header said of fetching ahead
    link_id: str = ""
    url: str = ""  # the target, as it stood in the mail


class Choice(Struct, frozen=True, omit_defaults=True):
    """What somebody chose on a message's unsubscribe page, or had their mail program say."""

    message_id: int
    method: str  # "one_click", "page"
    everything: bool | None = None  # True: no more of anything; False: that is taken back
    off: tuple[int, ...] = ()  # topics that are not wanted any more
    on: tuple[int, ...] = ()  # topics that are wanted again


class Incoming(Struct, frozen=True, omit_defaults=True):
    """A mail's head; behind it stands the mail itself, or as much of it as is kept."""

    mail_from: str | None  # "" is the null sender, None where nobody told
    rcpt_to: tuple[str, ...]
    way: str = "smtp"  # "pipe", "http"
    size: int = 0


def hit_record(kind: HitKind, hit: Hit | Choice, ip: str, at: int) -> NewRecord:
    """The record of a hit from `ip` at `at`, in µs."""
    return NewRecord(at, "", kind.value, ip, b"", msgspec.json.encode(hit))


def mail_record(head: Incoming, parts: Sequence[bytes], ip: str, at: int) -> NewRecord:
    """The record of a mail that came in pieces."""
    raw = b"".join(parts)[:KEPT_BYTES]
    return NewRecord(at, "", HitKind.MAIL.value, ip, b"", msgspec.json.encode(head) + b"\n" + raw)


_hit = msgspec.json.Decoder(Hit).decode
_choice = msgspec.json.Decoder(Choice).decode
_incoming = msgspec.json.Decoder(Incoming).decode


def hit_of(record: Record) -> Hit:
    """The hit of an open's or a click's record."""
    return _hit(record.body)


def choice_of(record: Record) -> Choice:
    """The choice of an unsubscribe's record."""
    return _choice(record.body)


def mail_of(record: Record) -> tuple[Incoming, bytes]:
    """The head and the bytes of an incoming mail."""
    head, _, raw = record.body.partition(b"\n")
    return _incoming(head), raw


def said(header: bytes) -> str:
    """A header that a client chose, as text to keep."""
    return header[:_LONGEST].decode("utf-8", "replace")
