"""What an incoming mail comes to, by its reading, the mailbox that it came for and our tokens in it. Pure.

The order is that of the reference (email events, section 3): the mailbox first, then the content, which may overrule.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from skywrite.channels.email.observing.addresses import Mailbox, mailbox, tokens_in
from skywrite.channels.email.reading.model import Kind, Reading, Recipient, Trace
from skywrite.channels.email.tokens import Purpose, Tokens
from skywrite.contacts.addresses import address_key


class Outcome(StrEnum):
    """What an incoming mail was found to be."""

    BOUNCE = "bounce"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    COMPLAINT = "complaint"
    NOT_SPAM = "not_spam"
    UNSUBSCRIBE = "unsubscribe"
    AUTO_REPLY = "auto_reply"
    REPLY = "reply"
    RECEIPT = "receipt"
    UNMATCHED = "unmatched"  # it may be about a mail of ours, but nothing in it proves of which


class Finding(Struct, frozen=True):
    """What a mail is, and of which message. `method` says how somebody unsubscribed."""

    outcome: Outcome
    message_id: int | None = None
    place: str = ""  # where the token stood
    method: str = ""


_REPORTS = {
    Kind.BOUNCE: Outcome.BOUNCE,
    Kind.DELAYED: Outcome.DELAYED,
    Kind.DELIVERED: Outcome.DELIVERED,
    Kind.COMPLAINT: Outcome.COMPLAINT,
}
_OTHERS = {Kind.AUTO_REPLY: Outcome.AUTO_REPLY, Kind.HUMAN_REPLY: Outcome.REPLY}
_NOTED = {"read receipt": Outcome.RECEIPT, "not-spam": Outcome.NOT_SPAM, "ordinary mail": Outcome.REPLY}
# Which tokens may stand in a place; elsewhere only a message's own.
_PURPOSES: dict[str, tuple[Purpose, ...]] = {
    "list_unsubscribe": (Purpose.UNSUBSCRIBE,),
    "envelope_id": (Purpose.MESSAGE, Purpose.BOUNCE),
}
_BY_LETTER = {"b": (Purpose.BOUNCE,), "r": (Purpose.REPLY,), "u": (Purpose.UNSUBSCRIBE,)}
# What shows that a report comes from where the mail went. A reply's token does not: whoever is written to sees it.
_REPORTED_BY = (Purpose.BOUNCE, Purpose.MESSAGE)
_WHOM = ("rcpt_to", "to", "delivered_to", "x_original_to", "cc")  # places that name whom the mail was for


def found_in(reading: Reading, rcpt_to: str | None, tokens: Tokens) -> Finding:
    """The finding. Where `rcpt_to` is None, or no mailbox of ours, the mail's own headers say whom it was for."""
    box = (mailbox(rcpt_to, tokens) if rcpt_to else None) or _own_mailbox(reading, tokens)
    outcome, method = _outcome(reading, box)
    if outcome is Outcome.UNMATCHED:
        return Finding(outcome)
    message_id, place = _matched(reading, box, tokens, outcome)
    if message_id is None:
        return Finding(Outcome.UNMATCHED, place=outcome.value)
    return Finding(outcome, message_id, place, method)


def _outcome(reading: Reading, box: Mailbox | None) -> tuple[Outcome, str]:
    if reading.kind in _REPORTS:
        return _REPORTS[reading.kind], ""
    if reading.kind is Kind.NONE and (passed := _passed_on(reading.recipients)):
        return passed, ""
    if reading.kind is Kind.UNSUBSCRIBE and reading.feedback_type:
        return Outcome.UNSUBSCRIBE, "arf"
    if (
        box is not None and box.purpose is Purpose.UNSUBSCRIBE
    ):  # whatever its subject, body, sender, or signs of a robot
        return Outcome.UNSUBSCRIBE, "mailto"
    if reading.kind is Kind.UNSUBSCRIBE:  # a person's word in an answer: shown to the operator, who decides
        return Outcome.REPLY, ""
    if reading.kind is Kind.NONE:
        return _NOTED.get(reading.note, Outcome.UNMATCHED), ""
    return _OTHERS[reading.kind], ""


def _passed_on(recipients: Sequence[Recipient]) -> Outcome | None:
    """What a report comes to that speaks of no end: a list took the mail, or the next host, which sends no notices."""
    actions = {each.action for each in recipients}
    if "expanded" in actions:
        return Outcome.DELIVERED
    return Outcome.RELAYED if "relayed" in actions else None


def _matched(reading: Reading, box: Mailbox | None, tokens: Tokens, outcome: Outcome) -> tuple[int | None, str]:
    is_report = reading.kind in _REPORTS or outcome in (Outcome.RELAYED, Outcome.DELIVERED)
    purposes = _REPORTED_BY if is_report else tuple(Purpose)
    may_tell = box is not None and (box.purpose is Purpose.BOUNCE or not is_report)
    own = [(box.message_id, "rcpt_to")] if box is not None and may_tell else []
    told = ((opened(trace, tokens, purposes), trace.place) for trace in reading.traces if trace.place != "rcpt_to")
    # A complaint is about the mail that it returns; whatever else comes is about the mail whose address it came to.
    places: Iterable[tuple[int | None, str]]
    places = [*told, *own] if outcome in (Outcome.COMPLAINT, Outcome.NOT_SPAM) else [*own, *told]
    return next((found for found in places if found[0] is not None), (None, ""))


def opened(trace: Trace, tokens: Tokens, purposes: Collection[Purpose] = tuple(Purpose)) -> int | None:
    """The number of the message whose token a trace holds, as its place allows it and for one of `purposes`."""
    for letter, token in tokens_in(trace.value):
        for purpose in _BY_LETTER.get(letter) or _PURPOSES.get(trace.place, (Purpose.MESSAGE,)):
            may_tell = purpose in purposes or purpose in _PURPOSES.get(trace.place, ())
            message_id = tokens.opened(purpose, token) if may_tell else None
            if message_id is not None:
                return message_id
    return None


def _own_mailbox(reading: Reading, tokens: Tokens) -> Mailbox | None:
    boxes = (mailbox(trace.value, tokens) for trace in reading.traces if trace.place in _WHOM)
    return next((box for box in boxes if box is not None and box.message_id is not None), None)


def about(recipients: Sequence[Recipient], address: str) -> Recipient | None:
    """Which of a report's recipients speaks of a message to `address` (folded); None where it is plainly others'.

    Ours; else the only one, as a forwarder may name another address; else the worst of them.
    """
    named = [each for each in recipients if address in (address_key(each.address), address_key(each.original or ""))]
    if named:
        return named[0]
    if any(each.original and "@" in each.original for each in recipients):
        return None
    return min(
        recipients, key=lambda each: _WORST_FIRST.get(each.action or "failed", 9), default=Recipient(address=address)
    )


_WORST_FIRST = {"failed": 0, "delayed": 1, "relayed": 2, "expanded": 3, "delivered": 4}


def reply_id(reading: Reading, raw: bytes) -> str:
    """What makes a letter one and the same however often it comes: its Message-ID, else a hash of it."""
    return reading.message_id or f"sha256:{hashlib.sha256(raw).hexdigest()[:32]}"
