"""What reading an incoming mail finds: plain values, no rules."""

from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What a mail is, as an observer needs to tell it."""

    BOUNCE = "bounce"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    AUTO_REPLY = "auto_reply"
    HUMAN_REPLY = "human_reply"
    NONE = "none"


class BounceClass(StrEnum):
    """What a bounce says about the address: dead, not now, or that we are refused and the address says nothing."""

    HARD = "hard"
    SOFT = "soft"
    BLOCK = "block"


class Envelope(Struct, frozen=True):
    """What SMTP said before the mail: MAIL FROM ("" is the null sender) and the RCPT TO it came for."""

    mail_from: str | None = None
    rcpt_to: str | None = None


class Recipient(Struct, frozen=True, kw_only=True):
    """One recipient whom a bounce, delay, delivery notice or complaint names. Times are µs UTC."""

    address: str
    original: str | None = None  # Original-Recipient, where it is another address
    action: str | None = None  # failed, delayed, delivered, relayed, expanded
    status: str | None = None  # enhanced status code (RFC 3463)
    smtp_reply: str | None = None  # three digits
    bounce_class: BounceClass | None = None
    reason: str | None = None  # a word of `reasons.REASONS`
    diagnostic: str = ""
    last_attempt: int | None = None
    will_retry_until: int | None = None


class Trace(Struct, frozen=True):
    """A string that may hold a token of ours, and the place where it stood; whoever has the keys verifies it."""

    place: str
    value: str


class Reading(Struct, frozen=True, kw_only=True):
    """What a mail is and says. `note` tells apart what is of kind `none`, or which sign decided."""

    kind: Kind
    note: str = ""
    recipients: tuple[Recipient, ...] = ()
    reply_text: str | None = None  # a person's own words; of an unsubscribe and of ordinary mail too
    traces: tuple[Trace, ...] = ()  # in the order in which they are to be tried
    from_address: str | None = None
    subject: str = ""
    message_id: str | None = None
    attachments: tuple[str, ...] = ()
    auto_sign: str | None = None  # the sign by which a mail was found to be automatic
    feedback_type: str | None = None
    arrived_at: int | None = None  # a report's Arrival-Date: when the mail reached whoever reports, µs UTC
