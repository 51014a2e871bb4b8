"""What goes to a provider and what comes back: plain data, and the protocol that every provider keeps."""

from collections.abc import Callable
from enum import StrEnum
from typing import Literal, Protocol

from msgspec import Struct


class Outgoing(Struct, frozen=True, array_like=True, gc=False):
    """One mail to one recipient, ready to be sent."""

    id: int  # the message's
    sender: str  # the envelope's: the return path with its token
    recipient: str
    content: bytes  # the whole mail, signed, with CRLF line ends, not yet dot-stuffed
    envelope_id: str = ""  # ENVID, where DSNs are offered


class Stage(StrEnum):
    """How far the talk with a server had come."""

    LOOKUP = "lookup"
    CONNECT = "connect"
    HELO = "helo"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # the answer to DATA itself
    DOT = "dot"  # the content was sent; the answer to its final dot


class Outcome(Struct, frozen=True):
    """What became of one attempt.

    `taken` is a 250 after the final dot; `refused` a final no; `later` to be tried again; `lost` when nobody can tell:
    the content was on its way and no answer came.
    """

    result: Literal["taken", "refused", "later", "lost"]
    stage: Stage
    reason: str = ""  # a sentence, or the server's own words
    code: int = 0  # the SMTP reply, 0 where there was none
    enhanced: str = ""  # "5.1.1"
    host: str = ""  # who said so
    is_final_host: bool = True  # one of the recipient's own servers, not a relay
    after: float = 0.0  # with `later`: not before so many seconds


Done = Callable[[Outcome], None]


class Provider(Protocol):
    """Carries mails. All calls are made in one event loop; `done` is called in it, once for each mail."""

    def submit(self, mail: Outgoing, done: Done) -> None:
        """Take a mail; never blocks. How many may wait is asked of `room`."""

    @property
    def room(self) -> int:
        """How many more mails it wants now."""

    @property
    def most(self) -> int:
        """How many mails it lets wait at most: where it keeps a pace, such as go out in a second or two."""

    @property
    def on_room(self) -> Callable[[], None]:
        """Called when there is room again (settable)."""

    async def close(self) -> None:
        """Let what is being sent come to its end, refuse the rest as `later`, and part from the servers."""
