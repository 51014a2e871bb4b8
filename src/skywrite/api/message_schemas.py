"""What the API takes and gives of messages, broadcasts, suppressions and reports."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from skywrite.api.schemas import Name, RequestBody, SerialId

MessageState = Literal["queued", "sending", "sent", "delivered", "deferred", "bounced", "rejected", "unknown"]
BroadcastState = Literal["draft", "scheduled", "running", "paused", "done", "cancelled", "failed"]
Text = Annotated[str, Meta(max_length=2_000_000)]
Short = Annotated[str, Meta(max_length=998)]
Key = Annotated[str, Meta(max_length=255)]
AnyId = SerialId | Key  # 7, or as others see it: "template_7"

# ---- messages ------------------------------------------------------------------------------------------------


class Recipient(RequestBody, kw_only=True):
    """One of the three: a contact's id, its user id, or an email address.

    An email beside one of the others is where this message goes. `create` makes the contact where there is none, of
    the email and, where it is given, the user id.
    """

    contact_id: Key = ""
    user_id: Key = ""
    email: Key = ""
    create: bool = False


class SendMessage(RequestBody, kw_only=True):
    """A message to one recipient: a published template with its data, or a subject with HTML or text."""

    to: Recipient
    key: Key = ""
    template_id: AnyId | None = None
    data: dict[str, Any] = field(default_factory=dict)
    subject: Short = ""
    html: Text = ""
    text: Text = ""
    from_name: Short = ""
    from_address: Key = ""
    reply_to: Key = ""
    topic_id: SerialId | None = None
    is_transactional: bool | None = None


class MessageQueued(Struct):
    """What stands in the outbox under the key of a request."""

    id: int
    key: str
    state: MessageState
    reason: str


class MessageStep(Struct):
    """Something that happened to a message."""

    at: datetime
    name: str
    data: dict[str, Any]


class MessageRow(Struct, kw_only=True):
    """A message as lists show it."""

    id: int
    email: str
    contact_id: str | None
    subject: str
    state: MessageState
    reason: str
    origin: Literal["api", "broadcast", "journey", "test"]
    template_id: int | None
    template_name: str | None
    broadcast_id: int | None
    broadcast_name: str | None
    is_transactional: bool
    attempts: int
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    bounced_at: datetime | None
    bounce_class: str | None
    bounce_code: str | None
    opened_at: datetime | None
    machine_opened_at: datetime | None
    clicked_at: datetime | None
    complained_at: datetime | None
    unsubscribed_at: datetime | None
    replied_at: datetime | None


class MessageDetail(Struct):
    """One message, its way from the beginning, and what it brought along."""

    message: MessageRow
    key: str
    steps: list[MessageStep]
    body: dict[str, Any]


class MessageMail(Struct):
    """A mail as it reads, its links uncounted; `refusal` says why it can't be shown."""

    subject: str
    html: str
    text: str
    refusal: str


# ---- broadcasts ----------------------------------------------------------------------------------------------


class BroadcastAudience(RequestBody):
    """The members of a list or a segment (by its number), or all contacts."""

    kind: Literal["list", "segment", "all"]
    id: AnyId | None = None


class NewBroadcast(RequestBody, kw_only=True):
    """A draft; nothing is sent until it is started or scheduled."""

    name: Name
    template_id: AnyId
    audience: BroadcastAudience
    per_second: float | None = None


class BroadcastChange(RequestBody, kw_only=True):
    """Only what is given changes; a rate of 0 is none."""

    name: Name | None = None
    template_id: AnyId | None = None
    audience: BroadcastAudience | None = None
    per_second: float | None = None


class BroadcastStart(RequestBody):
    """Now, or at a time."""

    at: datetime | None = None


class BroadcastView(Struct, kw_only=True):
    """A broadcast with how far it has come."""

    id: int
    name: str
    template_id: int
    template_name: str
    audience: BroadcastAudience
    audience_name: str  # of the list or segment
    state: BroadcastState
    reason: str
    per_second: float | None
    total: int  # contacts of its audience when it started
    enqueued: int
    progress: dict[str, int]  # messages by state
    created_at: datetime
    due_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None


# ---- suppressions --------------------------------------------------------------------------------------------


class SuppressionView(Struct):
    """An address that is not written to, and why."""

    address: str
    scope: str  # "all", or a topic's id
    reason: Literal["unsubscribed", "hard_bounce", "complaint", "repeated_soft", "manual", "imported", "erased"]
    since: datetime
    evidence: str
    cursor: str  # its place in the list


class NewSuppressions(RequestBody):
    """Addresses to suppress."""

    addresses: Annotated[list[Key], Meta(min_length=1, max_length=10_000)]
    reason: Literal["manual", "imported", "unsubscribed"] = "manual"


class SuppressionsAdded(Struct):
    """How many addresses were given."""

    count: int


# ---- reports -------------------------------------------------------------------------------------------------


class ReportClicks(Struct):
    """How often a link was clicked, and by how many people."""

    link_id: str
    url: str
    clicks: int
    people: int


class ReportPoint(Struct):
    """What happened in the hour or day that begins at `at`."""

    at: datetime
    delivered: int
    opened: int
    clicked: int
    bounced: int


class ReportReason(Struct):
    """How many messages were not sent for a reason; `said` is the reason as a sentence."""

    reason: str
    said: str
    count: int


class ReportView(Struct):
    """Figures, each a number of messages; rates as docs/messages.md defines them, None of nothing."""

    figures: dict[str, int]
    rates: dict[str, float | None]
    reasons: list[ReportReason]  # of those that were not sent, the commonest
    clicks: list[ReportClicks]
    points: list[ReportPoint]


class ReportMap(Struct):
    """The mail, in which each counted link's address is `#` and its id."""

    html: str


class ReportContact(Struct):
    """Who got one of the messages behind a number; `id` is None where the address is no contact's, or was erased."""

    message_id: int
    id: str | None
    email: str  # "" of an erased contact


class ReportList(RequestBody):
    """The name of the list that is made of the contacts behind a number."""

    name: Name


class MadeList(Struct):
    """The list, and how many contacts it has."""

    id: int
    count: int
