"""Who is not written to, when a failed try is made again, and when many soft bounces are a hard one. Pure."""

import random
from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from skywrite.channels.email.outbox.addresses import is_writable

_HOUR = 3_600 * 1_000_000
_DAY = 24 * _HOUR
_MINUTE_SECONDS = 60.0
ALL = "all"  # the scope of a suppression from everything


class Rules(Struct, frozen=True, kw_only=True):
    """What is set of sending; see `EmailSettings` for each."""

    once_days: int = 90
    complaints_stop_transactional: bool = True
    resends_unknown_transactional: bool = False
    marketing_hours: float = 48.0
    transactional_hours: float = 24.0
    soft_bounces: int = 5
    soft_days: int = 7

    @property
    def once_micros(self) -> int:
        """The period of the once rule."""
        return self.once_days * _DAY


class Skip(StrEnum):
    """Why a message is not sent at all."""

    NO_ADDRESS = "no_address"
    INVALID_ADDRESS = "invalid_address"
    CONTACT_DELETED = "contact_deleted"
    UNSUBSCRIBED = "unsubscribed"
    UNSUBSCRIBED_TOPIC = "unsubscribed_topic"
    HARD_BOUNCE = "hard_bounce"
    REPEATED_SOFT = "repeated_soft"
    COMPLAINT = "complaint"
    MANUAL = "manual"
    IMPORTED = "imported"
    ERASED = "erased"
    SENT_ALREADY = "sent_already"
    HAD_BROADCAST = "had_broadcast"
    CANCELLED = "cancelled"


SENTENCES = {
    Skip.NO_ADDRESS: "The contact has no email address.",
    Skip.INVALID_ADDRESS: "Mail cannot be sent to an address of this form.",
    Skip.CONTACT_DELETED: "The contact was deleted.",
    Skip.UNSUBSCRIBED: "The recipient has unsubscribed.",
    Skip.UNSUBSCRIBED_TOPIC: "The recipient has unsubscribed from this topic.",
    Skip.HARD_BOUNCE: "Mail to this address bounced for good.",
    Skip.REPEATED_SOFT: "Mail to this address bounced again and again.",
    Skip.COMPLAINT: "The recipient marked a mail as spam.",
    Skip.MANUAL: "The address was put on the suppression list by hand.",
    Skip.IMPORTED: "The address came with an imported suppression list.",
    Skip.ERASED: "The contact asked to be forgotten.",
    Skip.SENT_ALREADY: "This template went to this address not long ago.",
    Skip.HAD_BROADCAST: "The contact had this broadcast at another address, before two contacts became one.",
    Skip.CANCELLED: "Its broadcast was cancelled.",
}

# Suppressions by reason, the gravest first: why a message is skipped, and whether a transactional one is too.
_GRAVEST: tuple[tuple[str, Skip, bool], ...] = (
    ("erased", Skip.ERASED, True),
    ("hard_bounce", Skip.HARD_BOUNCE, True),
    ("repeated_soft", Skip.REPEATED_SOFT, True),
    ("complaint", Skip.COMPLAINT, True),  # by setting
    ("manual", Skip.MANUAL, True),
    ("imported", Skip.IMPORTED, False),
    ("unsubscribed", Skip.UNSUBSCRIBED, False),
)


class Facts(Struct, frozen=True):
    """What decides whether a message may go out."""

    email: str
    is_transactional: bool = False
    topic: str = ""  # its topic's id
    suppressions: Sequence[tuple[str, str]] = ()  # (scope, reason) of the address
    is_contact_gone: bool = False
    was_sent: bool = False  # the same template, to the same address, within the period
    had_broadcast: bool = False  # the contact, in another message


def why_not(facts: Facts, rules: Rules) -> Skip | None:
    """Why a message is not sent, None where it may be."""
    if facts.is_contact_gone:
        return Skip.CONTACT_DELETED
    if not facts.email:
        return Skip.NO_ADDRESS
    if not is_writable(facts.email):
        return Skip.INVALID_ADDRESS
    if facts.suppressions:
        suppressed = _suppressed(facts, rules)
        if suppressed:
            return suppressed
    if facts.had_broadcast:
        return Skip.HAD_BROADCAST
    return Skip.SENT_ALREADY if facts.was_sent and not facts.is_transactional else None


def _suppressed(facts: Facts, rules: Rules) -> Skip | None:
    everywhere = {reason for scope, reason in facts.suppressions if scope == ALL}
    for reason, skip, stops_transactional in _GRAVEST:
        stops = stops_transactional and (skip is not Skip.COMPLAINT or rules.complaints_stop_transactional)
        if reason in everywhere and (stops or not facts.is_transactional):
            return skip
    if not facts.is_transactional and any(scope == facts.topic for scope, _ in facts.suppressions):
        return Skip.UNSUBSCRIBED_TOPIC
    return None


# ---- retries -----------------------------------------------------------------------------------------------------


def next_try(
    attempt: int,
    first_tried_at: int,
    now: int,
    rules: Rules,
    *,
    is_transactional: bool,
    after: float = 0.0,
    chance: float | None = None,
) -> int | None:
    """When a message that was put off is tried again, None where its window has ended.

    The second try comes after 5 to 15 minutes, as greylisting wants it; from then on the pause doubles from 20 minutes
    to 4 hours, less up to a half at random. `after` is what the server, or our own pacing, asks for at least, in
    seconds. Source: reference, email events, section 13.
    """
    share = random.random() if chance is None else chance  # noqa: S311 - spreads load, hides nothing
    if attempt <= 1:
        pause = (5 + 10 * share) * _MINUTE_SECONDS
    else:
        pause = min(240.0, 20 * 2.0 ** min(attempt - 2, 10)) * (0.5 + 0.5 * share) * _MINUTE_SECONDS
    due = now + round(max(pause, after) * 1_000_000)
    hours = rules.transactional_hours if is_transactional else rules.marketing_hours
    return due if due <= first_tried_at + hours * _HOUR else None


# ---- repeated softs ----------------------------------------------------------------------------------------------


def are_hard(soft_bounces: Iterable[int], life: int, rules: Rules) -> bool:
    """Whether soft bounces of different messages, at these times, mean a dead address.

    `life` is when it last showed itself alive: took a mail, opened, clicked, replied; 0 for never.
    """
    since = sorted(at for at in soft_bounces if at > life)
    return len(since) >= rules.soft_bounces and since[-1] - since[0] >= rules.soft_days * _DAY
