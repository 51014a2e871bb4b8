"""Incoming mail: what each finding does to a message, its address, the timeline (email events, 5-10)."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from skywrite.channels.email.observing import queries
from skywrite.channels.email.observing.book import Book, Message
from skywrite.channels.email.observing.findings import Finding, Outcome, about, reply_id
from skywrite.channels.email.observing.hits import Incoming
from skywrite.channels.email.observing.settings import ObservingSettings
from skywrite.channels.email.outbox.bounces import Bounced
from skywrite.channels.email.outbox.rules import ALL
from skywrite.channels.email.reading.model import BounceClass, Reading, Recipient
from skywrite.channels.email.states import Observed
from skywrite.events.email import EmailEvent

_DAY = 24 * 3600 * 1_000_000
_OLDEST = 30 * _DAY  # of a mail that may still bounce
_MINUTE = 60_000_000
_REPORT_CHARACTERS, _HEAD_CHARACTERS = 64_000, 16_000


class Letter(Struct, frozen=True):
    """An incoming mail, read: for one of those whom it came for."""

    at: int
    ip: str
    head: Incoming
    rcpt_to: str | None
    raw: bytes
    reading: Reading
    finding: Finding


class Caps:
    """How many addresses the reports of one host have suppressed in this minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minute = 0
        self._counts: dict[str, int] = {}

    def allows(self, host: str, at: int) -> bool:
        """Count one more; whether it is within the bounds."""
        if at // _MINUTE != self._minute:
            self._minute, self._counts = at // _MINUTE, {}
        self._counts[host] = self._counts.get(host, 0) + 1
        return self._counts[host] <= self._most


class Mails:
    """Applies findings. Each `_<outcome>` gives the outcome that the observation is kept under."""

    def __init__(self, settings: ObservingSettings) -> None:
        self._caps = Caps(settings.most_suppressed)
        self._apply: dict[Outcome, Callable[[Book, Message, Letter], str]] = {
            Outcome.BOUNCE: self._bounced,
            Outcome.DELAYED: self._delayed,
            Outcome.DELIVERED: self._delivered,
            Outcome.RELAYED: lambda _book, _message, _letter: Outcome.RELAYED,
            Outcome.COMPLAINT: self._complained,
            Outcome.NOT_SPAM: lambda book, message, letter: _told(book, message, letter, "Email Marked as Not Spam"),
            Outcome.UNSUBSCRIBE: self._unsubscribed,
            Outcome.AUTO_REPLY: lambda book, message, letter: _told(book, message, letter, "Email Autoresponded"),
            Outcome.REPLY: self._replied,
            Outcome.RECEIPT: lambda book, message, letter: _told(book, message, letter, "Email Read Receipt"),
        }

    def received(self, book: Book, letter: Letter) -> None:
        """Do what a mail asks for, and keep what it was."""
        found = letter.finding
        message = book.message(found.message_id) if found.message_id is not None else None
        outcome = self._apply[found.outcome](book, message, letter) if message else Outcome.UNMATCHED.value
        book.note("mail", outcome, letter.at, message.id if message else None, _detail(letter), _kept(letter, outcome))

    # ---- reports ----

    def _bounced(self, book: Book, message: Message, letter: Letter) -> str:
        recipient = about(letter.reading.recipients, message["address"])
        if recipient is None or not message.was_sent or letter.at - (message.sent_at or 0) > _OLDEST:
            return Outcome.UNMATCHED
        if recipient.action == "delayed":
            return self._delayed(book, message, letter)
        meant = (recipient.bounce_class or BounceClass.SOFT).value
        if message["bounced_at"] is None:
            self._first_bounce(book, message, letter, recipient, meant)
        if meant != BounceClass.HARD or self._may_suppress(book, message, letter, "hard_bounce"):
            book.bounced.append(Bounced(message["address"], meant, _evidence(letter, recipient.diagnostic)))
        return Outcome.BOUNCE

    def _first_bounce(
        self, book: Book, message: Message, letter: Letter, recipient: Recipient, bounce_class: str
    ) -> None:
        at = _when(recipient, message, letter)
        code = recipient.status or recipient.smtp_reply
        message.change(bounced_at=at, bounce_class=bounce_class, bounce_code=code, reason=recipient.diagnostic[:2_000])
        message.observe(Observed.BOUNCED)
        said = {"bounce_class": bounce_class, "bounce_code": code, "reason": recipient.diagnostic or recipient.reason}
        book.tell(message, EmailEvent.BOUNCED.value, at, said)

    def _delayed(self, book: Book, message: Message, letter: Letter) -> str:
        """The relay goes on trying: nothing is final, and nothing is for us to send again."""
        recipient = about(letter.reading.recipients, message["address"])
        said = {"reason": recipient.diagnostic or None, "bounce_code": recipient.status} if recipient else {}
        return _told(book, message, letter, "Email Deferred", Outcome.DELAYED, said)

    def _delivered(self, book: Book, message: Message, letter: Letter) -> str:
        recipient = about(letter.reading.recipients, message["address"])
        if recipient is None or not message.was_sent:
            return Outcome.UNMATCHED
        if message["delivered_at"] is None:
            at = _when(recipient, message, letter)
            message.change(delivered_at=at)
            message.observe(Observed.DELIVERED)
            book.tell(message, EmailEvent.DELIVERED.value, at, {"delivered_by": "dsn"})
        return Outcome.DELIVERED

    def _complained(self, book: Book, message: Message, letter: Letter) -> str:
        if not message.was_sent:
            return Outcome.UNMATCHED
        if message.first("complained_at", letter.at):
            message.observe(Observed.SEEN)
            book.tell(
                message, EmailEvent.MARKED_AS_SPAM.value, letter.at, {"feedback_type": letter.reading.feedback_type}
            )
        if self._may_suppress(book, message, letter, "complaint"):
            book.suppress(message, ALL, "complaint", letter.at, _evidence(letter, letter.reading.feedback_type or ""))
        return Outcome.COMPLAINT

    def _may_suppress(self, book: Book, message: Message, letter: Letter, reason: str) -> bool:
        """Whether this is within the cap of the host that reports: beyond it a person looks first."""
        if self._caps.allows(_reporter(letter), letter.at):
            return True
        book.note("mail", "capped", letter.at, message.id, _detail(letter) | {"reason": reason})
        return False

    # ---- people ----

    def _unsubscribed(self, book: Book, message: Message, letter: Letter) -> str:
        unsubscribe(book, message, ALL, letter.finding.method, letter.at)
        return Outcome.UNSUBSCRIBE

    def _replied(self, book: Book, message: Message, letter: Letter) -> str:
        message.first("replied_at", letter.at)
        message.observe(Observed.SEEN)
        asks = {"asks_to_stop": True} if letter.reading.kind == "unsubscribe" else {}
        return _told(book, message, letter, EmailEvent.REPLIED.value, Outcome.REPLY, asks)


_WAYS = {"one_click": "in one click", "page": "on its page", "mailto": "by mail"}


def unsubscribe(book: Book, message: Message, scope: str, method: str, at: int) -> None:
    """Write no more to the message's address, in a scope: "all" or a topic's id. Once told a message and scope."""
    book.suppress(message, scope, "unsubscribed", at, f"message {message.id}, {_WAYS.get(method, method)}")
    said = scope_of(book, scope) | {"method": method}
    if book.is_new(message, EmailEvent.UNSUBSCRIBED.value, said):
        message.first("unsubscribed_at", at)
        message.observe(Observed.SEEN)
        book.tell(message, EmailEvent.UNSUBSCRIBED.value, at, said)


def scope_of(book: Book, scope: str) -> dict[str, Any]:
    """What the timeline says of a scope: everything, or a topic by its id and the name that it has now."""
    if scope == ALL:
        return {"scope": ALL}
    name = book.connection.execute(queries.topic_name(int(scope))).scalar()
    return {"scope": "topic", "topic_id": scope} | ({"topic": name} if name else {})


def _told(
    book: Book, message: Message, letter: Letter, name: str, outcome: str = "", said: dict[str, Any] | None = None
) -> str:
    """Put a letter on the timeline, once however often it comes."""
    reading = letter.reading
    data = {
        "reply_id": reply_id(reading, letter.raw),
        "from": reading.from_address,
        "subject": reading.subject or None,
        "reply_text": reading.reply_text,
        "sign": reading.auto_sign,
        "attachments": list(reading.attachments) or None,
    } | (said or {})
    if book.is_new(message, name, data):
        book.tell(message, name, letter.at, data)
    return outcome or letter.finding.outcome.value


def _reporter(letter: Letter) -> str:
    return letter.ip or (letter.reading.from_address or "").rpartition("@")[2]


def _evidence(letter: Letter, said: str) -> str:
    return f"{said[:500]} (reported by {_reporter(letter) or 'nobody known'})".strip()


def _when(recipient: Recipient, message: Message, letter: Letter) -> int:
    """When it happened, by the report where that can be: not in the future, not before the mail was sent."""
    said = recipient.last_attempt
    return said if said is not None and (message.sent_at or 0) <= said <= letter.at else letter.at


def _detail(letter: Letter) -> dict[str, Any]:
    reading, head = letter.reading, letter.head
    found = next(iter(reading.recipients), None)
    return {
        "from": reading.from_address,
        "mail_from": head.mail_from,
        "to": letter.rcpt_to,
        "subject": reading.subject,
        "note": reading.note,
        "read_as": reading.kind.value,
        "place": letter.finding.place,
        "ip": letter.ip,
        "way": head.way,
        "size": head.size,
        "bounce_class": found.bounce_class.value if found and found.bounce_class else None,
        "bounce_code": (found.status or found.smtp_reply) if found else None,
        "said": found.diagnostic[:500] if found else (reading.reply_text or "")[:500],
    }


def _kept(letter: Letter, outcome: str) -> str:
    """What is kept of its bytes: a report whole, of a person's letter the headers."""
    text = letter.raw[:_REPORT_CHARACTERS].decode("utf-8", "replace")
    if outcome in (Outcome.REPLY, Outcome.AUTO_REPLY):
        return text.replace("\r\n", "\n").partition("\n\n")[0][:_HEAD_CHARACTERS]
    return text
