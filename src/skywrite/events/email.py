"""The seven email events of the AutopilotHQ source, and the one function that makes them.

Names, properties and the rule of identity are Segment's page on the Autopilot source (reference: spec and sources,
section 1.2). Nothing else in Skywrite builds such an event by hand.
"""

from enum import StrEnum
from typing import Any

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
    """The email that it happened to; the campaign is its journey (or its broadcast), None for an email without one."""

    email_id: str
    email_subject: str
    transactional: bool
    campaign_id: str | None = None
    campaign_name: str | None = None


class Link(Struct, frozen=True):
    """The link that was clicked."""

    link_id: str
    link_url: str


class EmailProperties(Struct, frozen=True, kw_only=True):
    """The properties of every one of the seven; the last two on clicks only."""

    event: str
    campaign_id: str | None
    campaign_name: str | None
    email_id: str
    email_subject: str
    transactional: bool
    link_id: str | UnsetType = UNSET
    link_url: str | UnsetType = UNSET


def email_event(
    kind: EmailEvent, recipient: Recipient, email: Email, *, at: int, message_id: str, link: Link | None = None
) -> dict[str, Any]:
    """A track call that says what happened to an email, ready for the intake.

    `at` is when, in µs; `message_id` must be the same whenever the same happening is told again. A recipient with a
    user id goes by it as `userId`, any other by the email address as `anonymousId`; address and contact id are always
    in `context.traits`. Raises Refused when a click has no link, another event has one, or the recipient lacks an id.
    """
    if (kind is EmailEvent.CLICKED) != (link is not None):
        raise Refused(f"{kind.value} {'needs its link' if link is None else 'has no link'}.", where="link")
    if not recipient.email or not recipient.contact_id:
        raise Refused("A recipient needs an email address and a contact id.", where="recipient")
    properties = EmailProperties(
        event=kind.value,
        campaign_id=email.campaign_id,
        campaign_name=email.campaign_name,
        email_id=email.email_id,
        email_subject=email.email_subject,
        transactional=email.transactional,
        link_id=link.link_id if link else UNSET,
        link_url=link.link_url if link else UNSET,
    )
    identity = {"userId": recipient.user_id} if recipient.user_id else {"anonymousId": recipient.email}
    return {
        "type": "track",
        "messageId": message_id,
        **identity,
        "event": kind.value,
        "properties": to_builtins(properties),
        "context": {"traits": {"email": recipient.email, "contact_id": recipient.contact_id}},
        "timestamp": iso_millis(at),
    }
