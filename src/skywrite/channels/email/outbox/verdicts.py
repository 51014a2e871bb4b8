"""What one attempt comes to: the step of the message, what its timeline says, and when it is tried again. Pure."""

from typing import Any

from msgspec import Struct

from skywrite.channels.email.carrying import Outcome
from skywrite.channels.email.outbox.model import Rejected
from skywrite.channels.email.outbox.rules import Rules, next_try
from skywrite.channels.email.reading.verdict import judge_reply
from skywrite.channels.email.states import Observed
from skywrite.events.email import EmailEvent

EXPIRED = "expired"
_NO_ANSWER = "4.4.7"  # what nobody ever answered to: delivery time expired (RFC 3463)


class Attempt(Struct, frozen=True):
    """Which attempt of a message it was."""

    number: int
    first_tried_at: int
    is_transactional: bool


class Verdict(Struct, frozen=True):
    """What an attempt comes to."""

    observed: Observed
    name: str  # of the activity
    data: dict[str, Any]
    reason: str = ""
    due_at: int | None = None
    bounce_class: str = ""
    bounce_code: str = ""


def verdict(what: Outcome | Rejected, attempt: Attempt, now: int, rules: Rules, chance: float | None = None) -> Verdict:
    """What became of a message by this; `chance` (0 to 1) is for tests."""
    if isinstance(what, Rejected):
        return Verdict(Observed.REJECTED, "Email Rejected", {"reason": what.reason}, what.reason)
    if what.result == "taken":
        return _taken(what)
    if what.result == "refused":
        return _bounced(what, what.reason)
    if what.result == "lost" and not (attempt.is_transactional and rules.resends_unknown_transactional):
        return Verdict(Observed.LOST, "Email Unknown", _said(what), what.reason)
    due = next_try(
        attempt.number,
        attempt.first_tried_at,
        now,
        rules,
        is_transactional=attempt.is_transactional,
        after=what.after,
        chance=chance,
    )
    if due is None:
        return _bounced(what, f"{EXPIRED}: {what.reason}" if what.reason else EXPIRED)
    return Verdict(Observed.DEFERRED, "Email Deferred", _said(what), what.reason, due)


def _taken(what: Outcome) -> Verdict:
    if what.is_final_host:
        return Verdict(Observed.DELIVERED, EmailEvent.DELIVERED, {"delivered_by": "smtp"}, what.reason)
    return Verdict(Observed.RELAYED, "Email Sent", {"host": what.host} if what.host else {}, what.reason)


def _bounced(what: Outcome, reason: str) -> Verdict:
    is_silent = what.result == "later" and not what.code
    found = judge_reply(
        what.stage, what.code, _NO_ANSWER if is_silent else what.enhanced, what.reason
    ).bounce_class.value
    code = what.enhanced or (str(what.code) if what.code else "")
    data = {"bounce_class": found, "bounce_code": code or None, "reason": reason}
    return Verdict(Observed.BOUNCED, EmailEvent.BOUNCED, data, reason, None, found, code)


def _said(what: Outcome) -> dict[str, Any]:
    code = what.enhanced or (str(what.code) if what.code else "")
    return {"reason": what.reason, **({"code": code} if code else {}), **({"host": what.host} if what.host else {})}
