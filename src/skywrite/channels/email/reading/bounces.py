"""Delivery reports and notices: who was not reached, and why. Structure first (RFC 3464), then the tables."""

# ruff: noqa: RUF001 - words and marks of other languages

import re
from collections.abc import Iterable
from functools import cached_property

from msgspec import Struct

from skywrite.channels.email.reading.automatic import speaks_of_absence
from skywrite.channels.email.reading.formats import Format
from skywrite.channels.email.reading.headers import Headers, address_of, addresses
from skywrite.channels.email.reading.model import BounceClass, Kind, Recipient
from skywrite.channels.email.reading.notice_words import DAEMONS, SUBJECTS
from skywrite.channels.email.reading.notices import Named, Notice, anybody_in, format_of, named_in
from skywrite.channels.email.reading.report import Entry, Report, worst
from skywrite.channels.email.reading.verdict import Verdict, judge
from skywrite.channels.email.reading.words import Phrases, folded

_SUBJECTS = Phrases(SUBJECTS)
_ANSWER = re.compile(r"\s*(?:re|aw|sv|antw|rif|odp|vs|回复|答复)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
_FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|i|pd|vl|vb|doorst|转发|轉寄)\s*[:：]", re.IGNORECASE)
_BARE_NAME = re.compile(r"\n[ \t]{1,8}([\w.-]{1,64})(?:[ \t]{1,8}\([^()\n]{1,200}\))?[ \t]{0,8}(?=\n|\Z)")
_ANSWERS = re.compile(r"^<<< ([45]\d\d[ -].{1,500})$", re.MULTILINE)
_KINDS = {
    "failed": Kind.BOUNCE,
    "delayed": Kind.DELAYED,
    "delivered": Kind.DELIVERED,
    "relayed": Kind.NONE,
    "expanded": Kind.NONE,
}


class Found(Struct, frozen=True):
    """What a report or notice comes to."""

    kind: Kind
    note: str
    recipients: tuple[Recipient, ...]


class Context:
    """What surrounds a report: the mail's headers, its notice for people, the returned mail's headers."""

    def __init__(self, headers: Headers, notice: Notice, returned: Headers, *, null_sender: bool) -> None:
        self.headers = headers
        self.notice = notice
        self.returned = returned
        self.null_sender = null_sender

    @cached_property
    def row(self) -> Format | None:
        """The writer, where a row of the table fits."""
        return format_of(self.notice, self.headers)

    @cached_property
    def own(self) -> frozenset[str]:
        """Addresses that are ours or the writer's, not a recipient's."""
        fields = [self.headers.get(name) for name in ("to", "cc", "from", "delivered-to", "reply-to")]
        fields += [self.returned.get(name) for name in ("from", "return-path")]
        return frozenset(address.lower() for field in fields for address in addresses(field[:4_000]))

    @cached_property
    def expected(self) -> frozenset[str]:
        """Whom the returned mail was for, and whom Exim and its kin name in a header."""
        fields = [self.returned.get("to"), self.returned.get("x-original-to"), *self.headers.all("x-failed-recipients")]
        return frozenset(address.lower() for field in fields for address in addresses(field[:4_000]))

    @cached_property
    def named(self) -> list[Named]:
        """The recipients whom the notice names."""
        return named_in(self.notice, self.row, self.own, self.expected)

    @cached_property
    def is_delay(self) -> bool:
        """Whether it is only a warning."""
        subject = folded(self.headers.text("subject"))
        warned = any(
            word in subject for word in ("delay", "warning: message", "still being retried", "warning: could not send")
        )
        return self.notice.delayed or (warned and "permanent" not in self.notice.plain)


def from_report(report: Report, context: Context) -> Found:
    """What a delivery report says, each recipient by its own block; the notice helps where a block says little."""
    recipients = [_of_entry(entry, context) for entry in report.entries]
    action = worst(recipient.action for recipient in recipients) or "failed"
    return Found(_KINDS[action], action, tuple(_merged(recipients)))


def from_notice(context: Context) -> Found:
    """What a text says that is a bounce by its signs."""
    row, delayed, named = context.row, context.is_delay, _named(context)
    if context.notice.arrived and not delayed:
        arrived = tuple(Recipient(address=each.address, action="delivered") for each in named)
        return Found(Kind.DELIVERED, "by its words", arrived)
    recipients = tuple(_of_text(each, delayed, context, alone=len(named) == 1) for each in named)
    kind = Kind.DELAYED if delayed else Kind.BOUNCE
    return Found(kind, row.name if row else "by its words", recipients)


def is_notice(context: Context) -> bool:
    """Whether a mail without a delivery report tells how another fared, by its sender, subject, headers and words.

    One sign is not enough: people write about mail that was not delivered, and answer while they are away.
    """
    headers, row = context.headers, context.row
    if headers.has("x-failed-recipients"):
        return True
    if context.notice.held:
        return False
    if context.notice.arrived:
        return _by_daemon(headers) and bool(context.named) and not _tells_why(context.notice)
    if row and any(headers.has(name) for name, _ in row.headers) and (context.notice.failed or row.reason):
        return True
    daemon, titled = _by_daemon(headers), _is_titled(headers.text("subject"))
    if not (context.notice.failed or context.notice.delayed or row):
        return daemon and (titled or (context.null_sender and _tells_why(context.notice)))
    if daemon:
        return True
    if headers.has("in-reply-to") or not (row or context.named):
        return False
    return titled or (context.null_sender and context.notice.failed and not speaks_of_absence(context.notice.text))


def _is_titled(subject: str) -> bool:
    return _SUBJECTS.found_in(folded(subject)) is not None and not is_answer(subject)


def _tells_why(notice: Notice) -> bool:
    """Whether it has a code of failure (RFC 3463), which speaks every language, or says that an address is dead."""
    verdict = judge(None, notice.text[:2_000])
    return (verdict.status or "")[:1] in {"4", "5"} or verdict.reason == "user_unknown"


def _by_daemon(headers: Headers) -> bool:
    sender = headers.text("from").lower()
    return (headers.has("from") and sender.strip() in {"", "<>"}) or any(word in sender for word in DAEMONS)


def _named(context: Context) -> list[Named]:
    """The recipients of a notice; where it names none, whom the headers or the returned copy say."""
    if context.named:
        return context.named
    listed = [address for field in context.headers.all("x-failed-recipients") for address in addresses(field[:8_000])]
    listed = listed or _screen_names(context)
    if not listed:
        listed = _sole_reader(context)
    named = [Named(address, context.notice.text) for address in dict.fromkeys(listed)]
    return named or anybody_in(context.notice, context.own)


def _sole_reader(context: Context) -> list[str]:
    """Whom the returned mail was for, if for one person only: not where it went to a list or to several."""
    if any(
        context.returned.has(name)
        for name in ("cc", "list-id", "list-post", "newsgroups", "path", "mailing-list", "x-beenthere")
    ):
        return []
    returned = list(addresses(context.returned.get("to")[:4_000]))
    return returned if len(returned) == 1 and returned[0].lower() not in context.own else []


def _screen_names(context: Context) -> list[str]:
    """AOL and its kin name mailboxes of their own domain without it, each in an indented line, perhaps with why."""
    domain = (address_of(context.headers.get("from")) or "").rpartition("@")[2].lower()
    if context.row is None or not context.row.bare_names or not domain:
        return []
    expected = {address.partition("@")[0]: address for address in context.expected}
    return [expected.get(name.lower(), f"{name}@{domain}") for name in _BARE_NAME.findall(context.notice.text)]


def _of_entry(entry: Entry, context: Context) -> Recipient:
    action = entry.action or _action_of(entry.status, context)
    address = entry.address if "@" in entry.address else _instead(entry, context)
    verdict = _verdict(entry, context) if action in {"failed", "delayed"} else None
    return Recipient(
        address=address,
        original=entry.original,
        action=action,
        status=verdict.status if verdict else entry.status,
        smtp_reply=verdict.smtp_reply if verdict else None,
        bounce_class=None if verdict is None else BounceClass.SOFT if action == "delayed" else verdict.bounce_class,
        reason=verdict.reason if verdict else None,
        diagnostic=(entry.diagnostic or _about(entry, context))[:2_000].strip(),
        last_attempt=entry.last_attempt,
        will_retry_until=entry.will_retry_until,
    )


def _about(entry: Entry, context: Context) -> str:
    """What the notice says of a block's recipient; all of it, where it names no more than one."""
    own = next((each for each in context.named if each.address.lower() == entry.address.lower()), None)
    return own.about if own else context.notice.text if len(context.named) <= 1 else ""


def _instead(entry: Entry, context: Context) -> str:
    """An address for a block whose own is none: X.400, a local user, a program."""
    if context.named:
        return context.named[0].address
    return next(iter(context.expected)) if len(context.expected) == 1 else entry.address


def _verdict(entry: Entry, context: Context) -> Verdict:
    """By what the field says; where that is little, by what the notice says of the same recipient too."""
    verdict = judge(entry.status, entry.diagnostic[:2_000])
    if verdict.reason in {"refused", "system", "protocol"} or not entry.diagnostic.strip():
        wider = judge(entry.status, f"{entry.diagnostic}\n{_about(entry, context)}"[:2_000])
        if wider.reason != "refused":
            return wider
    return verdict


def _action_of(status: str | None, context: Context) -> str:
    if context.is_delay:
        return "delayed"
    return "delivered" if status and status.startswith("2") else "failed"


def _of_text(named: Named, delayed: bool, context: Context, *, alone: bool) -> Recipient:
    hint = context.row.reason if context.row else None
    verdict = judge(None, _answered(named) or named.about[:2_000], hint)
    if alone and (verdict.reason == "refused" or (verdict.smtp_reply is None and verdict.status is None)):
        wider = judge(None, f"{named.about[:1_000]}\n{context.notice.text[:2_000]}"[:2_000], hint)
        verdict = wider if verdict.reason == "refused" or wider.status or wider.smtp_reply else verdict
    if verdict.reason == "refused":
        titled = judge(None, context.headers.text("subject"), hint)
        verdict = titled if titled.reason != "refused" else verdict
    return Recipient(
        address=named.address,
        action="delayed" if delayed else "failed",
        status=verdict.status,
        smtp_reply=verdict.smtp_reply,
        bounce_class=BounceClass.SOFT if delayed else verdict.bounce_class,
        reason=verdict.reason,
        diagnostic=named.about[:2_000].strip(),
    )


def _answered(named: Named) -> str:
    """What the other server answered of a recipient in a transcript; Sendmail's line below may say something else."""
    answers = _ANSWERS.findall(named.about[:2_000])
    return next((each for each in answers if named.address.lower() in each.lower()), "")


def _merged(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Each address once; of two blocks for one address the one with the worse action."""
    found: dict[str, Recipient] = {}
    for each in recipients:
        key = each.address.lower()
        before = found.get(key)
        if before is None or (before.action != each.action and worst((before.action, each.action)) == each.action):
            found[key] = each
    return list(found.values())


def is_answer(subject: str) -> bool:
    """Whether a subject begins as an answer's does: Re:, AW:, SV: and kin."""
    return _ANSWER.match(subject) is not None


def is_forward(subject: str) -> bool:
    """Whether a subject begins as that of a mail which somebody passes on: Fwd:, WG:, TR: and kin."""
    return _FORWARD.match(subject) is not None
