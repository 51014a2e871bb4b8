"""Feedback reports: ARF (RFC 5965) in every degree of redaction, Microsoft's JMRP, opt-outs."""

from collections.abc import Iterable

from msgspec import Struct

from skywrite.channels.email.reading.headers import Headers, addresses, micros, parse_fields
from skywrite.channels.email.reading.model import Kind, Recipient

# Feedback-Type -> what it means; what is not listed is a complaint, and so is a missing type.
TYPES: dict[str, Kind] = {
    "abuse": Kind.COMPLAINT,
    "fraud": Kind.COMPLAINT,
    "virus": Kind.COMPLAINT,
    "other": Kind.COMPLAINT,
    "miscategorized": Kind.COMPLAINT,
    "complaint": Kind.COMPLAINT,
    "not-spam": Kind.NONE,
    "not_spam": Kind.NONE,
    "auth-failure": Kind.NONE,
    "dmarc": Kind.NONE,
    "opt-out": Kind.UNSUBSCRIBE,
    "opt-out-list": Kind.UNSUBSCRIBE,
    "unsubscribe": Kind.UNSUBSCRIBE,
}
_REDACTED = ("redacted", "undisclosed", "hashed", "anonymous", "removed", "hidden")
_AUTHENTICATION_FIELDS = ("auth-failure", "dkim-domain", "spf-dns", "delivery-result", "identity-alignment")


class Feedback(Struct, frozen=True):
    """A feedback report: its type, whom it names (nobody, where that is struck out), the places for tokens."""

    kind: Kind
    type: str | None
    recipients: tuple[Recipient, ...]
    mail_from: tuple[str, ...]
    envelope_id: str | None
    message_id: str | None
    arrived_at: int | None


def parse_feedback(text: str, returned: Headers) -> Feedback:
    """The fields of a `message/feedback-report`; where it names nobody, whom the returned mail was for."""
    fields = Headers(parse_fields("\n".join(line for line in text.split("\n") if line.strip())))
    kind = fields.get("feedback-type").split(";")[0].strip().lower()
    if not kind and any(fields.has(name) for name in _AUTHENTICATION_FIELDS):
        kind = "auth-failure"
    meant = TYPES.get(kind, Kind.COMPLAINT)
    named = [
        address
        for name in ("original-rcpt-to", "removal-recipient")
        for field in fields.all(name)
        for address in addresses(field)
    ]
    if all(is_redacted(address) for address in named):
        named = [*addresses(returned.get("to")), *addresses(returned.get("x-hmxmroriginalrecipient"))]
    return Feedback(
        kind=meant,
        type=kind or None,
        recipients=_people(named) if meant is not Kind.NONE else (),
        mail_from=tuple(address for field in fields.all("original-mail-from") for address in addresses(field)),
        envelope_id=fields.get("original-envelope-id") or None,
        message_id=fields.get("original-message-id") or None,
        arrived_at=micros(fields.get("arrival-date") or fields.get("received-date")),
    )


def junk_mail_report(returned: Headers) -> Feedback | None:
    """A report of Microsoft's Junk Mail Reporting Program: a returned mail with a header that names the reader."""
    reader = returned.get("x-hmxmroriginalrecipient")
    if not reader:
        return None
    named = list(addresses(reader))[-1:]
    return Feedback(Kind.COMPLAINT, "abuse", _people(named), (), None, None, None)


def is_redacted(address: str) -> bool:
    """Whether the reporter struck out who it was (RFC 6590), so that the address names nobody."""
    local = address.partition("@")[0].lower().strip("[]<>-")
    long_hash = len(local) >= 32 and all(char in "0123456789abcdef" for char in local)
    return local.startswith(_REDACTED) or long_hash


def _people(named: Iterable[str]) -> tuple[Recipient, ...]:
    kept = dict.fromkeys(address for address in named if not is_redacted(address))
    return tuple(Recipient(address=address) for address in list(kept)[:1_000])
