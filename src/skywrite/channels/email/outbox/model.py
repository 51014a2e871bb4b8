"""What the outbox takes and gives: plain data. Times are µs since 1970."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from skywrite.channels.email.carrying import Outgoing

TOPIC = "outbox"  # what is announced when there is something to send, or to stop


class Origin(StrEnum):
    """Who asked for a message."""

    API = "api"
    BROADCAST = "broadcast"
    JOURNEY = "journey"
    TEST = "test"


class NewMessage(Struct, frozen=True, kw_only=True, gc=False):
    """One template, or a body of its own, for one recipient. The same `key` is the same message for ever."""

    key: str
    origin: Origin
    email: str
    contact_id: int | None = None
    template_id: int | None = None
    version: int | None = None  # None: the one that is published when it is sent
    broadcast_id: int | None = None
    campaign_id: str | None = None
    campaign_name: str | None = None
    topic_id: int | None = None
    is_transactional: bool = False
    body: Mapping[str, Any] | None = None  # {subject, html, text, from_name, from_address, reply_to, data, ...}


class Enqueued(Struct, frozen=True):
    """What became of a message that was handed in; `is_new` is false where its key was known."""

    id: int
    key: str
    state: str
    reason: str
    is_new: bool


class Addressed(Struct, frozen=True, array_like=True, gc=False):
    """A message: to whom, what of, and which attempt it is."""

    id: int
    email: str
    template_id: int | None
    version: int | None
    broadcast_id: int | None
    campaign_id: str | None
    campaign_name: str | None
    attempt: int  # 1 for the first


class Claimed(Addressed, frozen=True, array_like=True, gc=False):
    """A message that is ours to send, with what making its mail needs."""

    contact_id: int | None = None
    user_id: str | None = None
    traits: str = "{}"  # JSON
    body: str | None = None  # JSON


class Rendered(Struct, frozen=True, array_like=True, tag=True, gc=False):
    """A message as it goes out."""

    subject: str
    mail: Outgoing


class Rejected(Struct, frozen=True, array_like=True, tag=True):
    """A message that cannot be rendered, and why, as a sentence."""

    reason: str


Made = Rendered | Rejected
Make = Callable[[Sequence[Claimed]], Awaitable[list[Made]]]  # in the order of the messages
