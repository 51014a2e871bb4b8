"""The wire format of incoming mail."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

Found = Literal[
    "bounce",
    "delayed",
    "delivered",
    "relayed",
    "complaint",
    "not_spam",
    "unsubscribe",
    "auto_reply",
    "reply",
    "receipt",
    "unmatched",
    "capped",
    "failed",
    "unknown",
]


class IncomingMail(Struct):
    """A mail that came in, and what it was found to be. `sender` is its From, `to` whom its envelope was for."""

    id: int
    at: datetime
    outcome: Found
    read_as: str  # what it says by itself, whoever it is about: "bounce", "human_reply", ...
    sender: str
    to: str
    subject: str
    note: str  # a sentence or a word on why
    said: str  # a server's words, or the beginning of a person's
    message_id: str | None  # the message that it is about
    bounce_class: str | None
    bounce_code: str | None
    way: str  # how it came: "smtp", "pipe", "http"
    ip: str
    size: int  # bytes, as it was sent


class IncomingMailText(Struct):
    """An incoming mail with what is kept of its bytes; of a person's letter those are the headers."""

    mail: IncomingMail
    text: str


class IncomingCount(Struct):
    """How much mail of these days was found to be what."""

    outcome: Found
    count: int
