"""The seven email events of the AutopilotHQ source, and the one function that makes them.

Names, properties and the rule of identity are Segment's page on the Autopilot source (reference: spec and sources,
section 1.2). Nothing else in Skywrite builds such an event by hand.
"""

from enum import StrEnum
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, to_builtins

from skywrite.kit.errors import Refused
from skywrite.kit.time import iso_millis


class EmailEvent(StrEnum):
    """What may happen to an email; the value is the event's name, and its slug the table's in the warehouse."""

    DELIVERED = "Email Delivered"
    BOUNCED = "Email Bounced"
    OPENED = "Email Opened"
    CLICKED = "Email Clicked"
    MARKED_AS_SPAM = "Email Marked as Spam"
    UNSUBSCRIBED = "Email Unsubscribed"
    REPLIED = "Email Replied"


class Recipient(Struct, frozen=True):
    """The contact that the email went to. `user_id` is "" where it did not come with one."""

    contact_id: str
    email: str
    user_id: str = ""


class Email(Struct, frozen=True):
    """The email that it happened to; the campaign is its journey (or its broadcast), None for an email without one.

    `email_name` is its name in Autopilot, which samples of the vendor's send as well; None where it has none.
    """

    email_id: str
    email_subject: str
    transactional: bool
    campaign_id: str | None = None
    campaign_name: str | None = None
    email_name: str | None = None


class Link(Struct, frozen=True):
    """The link that was clicked."""

    link_id: str
    link_url: str


class Delivery(Struct, frozen=True, omit_defaults=True):
    """What says that an email was delivered, such as `smtp` or a provider."""

    delivered_by: str | None = None


class Bounce(Struct, frozen=True, omit_defaults=True):
    """How an email bounced, and the receiving server's code."""

    bounce_class: Literal["hard", "soft", "block"] | None = None
    bounce_code: str | None = None


class Fetch(Struct, frozen=True, omit_defaults=True):
    """Who fetched: whether a machine, and through whose proxy."""

    machine: bool | None = None
    proxy: str | None = None


class Unsubscribing(Struct, frozen=True, omit_defaults=True):
    """What somebody unsubscribed from, and by which way; a topic is the spec's list (reference: its section 2.1)."""

    scope: Literal["all", "topic"] | None = None
    method: Literal["one_click", "page", "mailto", "esp", "arf"] | None = None
    list_id: str | None = None
    list_name: str | None = None


Extras = Delivery | Bounce | Fetch | Unsubscribing
# What is known beyond Segment's page of how each happened (reference: email events, section 1).
EXTRAS_OF: dict[EmailEvent, type[Extras]] = {
    EmailEvent.DELIVERED: Delivery,
    EmailEvent.BOUNCED: Bounce,
    EmailEvent.OPENED: Fetch,
    EmailEvent.CLICKED: Fetch,
    EmailEvent.UNSUBSCRIBED: Unsubscribing,
}


class EmailProperties(Struct, frozen=True, kw_only=True):
    """The properties of every one of the seven; the link's on clicks only, and the name where there is one."""

    event: str
    campaign_id: str | None
    campaign_name: str | None
    email_id: str
    email_subject: str
    transactional: bool
    link_id: str | UnsetType = UNSET
    link_url: str | UnsetType = UNSET
    email_name: str | UnsetType = UNSET


def email_event(
    kind: EmailEvent,
    recipient: Recipient,
    email: Email,
    *,
    at: int,
    message_id: str,
    link: Link | None = None,
    extras: Extras | None = None,
) -> dict[str, Any]:
    """A track call that says what happened to an email, ready for the intake.

    `at` is when, in µs; `message_id` must be the same whenever the same happening is told again. A recipient with a
    user id goes by it as `userId`, any other by the email address as `anonymousId`; address and contact id are always
    in `context.traits`. `extras` are of the type that `EXTRAS_OF` names; what is None in them is not sent. Raises
    Refused when a click has no link, another event has one, the recipient lacks an id, or `extras` are another event's.
    """
    if (kind is EmailEvent.CLICKED) != (link is not None):
        raise Refused(f"{kind.value} {'needs its link' if link is None else 'has no link'}.", where="link")
    if not recipient.email or not recipient.contact_id:
        raise Refused("A recipient needs an email address and a contact id.", where="recipient")
    if extras is not None and type(extras) is not EXTRAS_OF.get(kind):
        raise Refused(f"{kind.value} has no extras of the kind {type(extras).__name__}.", where="extras")
    properties = EmailProperties(
        event=kind.value,
        campaign_id=email.campaign_id,
        campaign_name=email.campaign_name,
        email_id=email.email_id,
        email_subject=email.email_subject,
        transactional=email.transactional,
        link_id=link.link_id if link else UNSET,
        link_url=link.link_url if link else UNSET,
        email_name=UNSET if email.email_name is None else email.email_name,
    )
    identity = {"userId": recipient.user_id} if recipient.user_id else {"anonymousId": recipient.email}
    return {
        "type": "track",
        "messageId": message_id,
        **identity,
        "event": kind.value,
        "properties": to_builtins(properties) | ({} if extras is None else to_builtins(extras)),
        "context": {"traits": {"email": recipient.email, "contact_id": recipient.contact_id}},
        "timestamp": iso_millis(at),
    }
