"""`read`: what an incoming mail is, in the order of email events, section 3. What it knows stands in its neighbours."""

import re

from msgspec import Struct, structs

from skywrite.channels.email.reading import automatic, bounces, complaints, mime, notices, report
from skywrite.channels.email.reading.complaints import Feedback
from skywrite.channels.email.reading.headers import Headers, address_of, addresses
from skywrite.channels.email.reading.markup import text_of
from skywrite.channels.email.reading.mime import Mail, Part
from skywrite.channels.email.reading.model import Envelope, Kind, Reading, Recipient, Trace
from skywrite.channels.email.reading.notices import Notice
from skywrite.channels.email.reading.replies import own_words, quotes_mail
from skywrite.channels.email.reading.report import Report

REPLY_CHARACTERS = 8_000
_TEXT_CHARACTERS = 256 * 1024
_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RECEIPT_TYPES = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_RETURNED_TYPES = frozenset(
    {
        "message/rfc822",
        "message/global",
        "message/global-headers",
        "text/rfc822-headers",
        "text/rfc822-header",
        "message/rfc822-headers",
    }
)
_MESSAGE_ID = re.compile(r"<([^<>\s]{3,998})>")
_BARE_ID = re.compile(r"[^\s<>,;()\"]{1,400}@[^\s<>,;()\"]{1,400}")
_MENTIONED_ID = re.compile(
    r"^[\s>]{0,20}message-id[ \t]{0,3}:[ \t]{0,3}<?([^<>\s]{3,400})", re.IGNORECASE | re.MULTILINE
)
_UNSUBSCRIBE_ADDRESS = re.compile(r"(?<![0-9a-z])u[0-9a-f]{36}@", re.IGNORECASE)  # `u` and a token (email.tokens)
_REPLY_ADDRESS = re.compile(r"(?<![0-9a-z])(?:r[0-9a-f]{36}|reply\+[\w.=-]{8,200})@", re.IGNORECASE)
_UNSUBSCRIBE_WORDS = frozenset(
    {"unsubscribe", "remove", "stop", "opt-out", "optout", "remove me", "unsubscribe me", "list-unsubscribe"}
)
_OF_ANY_MAIL = ("from", "to", "subject", "date", "message-id", "received", "return-path", "in-reply-to", "references")
_DMARC_SUBJECTS = ("dmarc failure report", "dmarc forensic report", "report domain:", "dmarc aggregate report")


def read(raw: bytes, envelope: Envelope | None = None) -> Reading:
    """What a mail is: a bounce, a complaint, a reply, or none of these. Never raises, whatever the bytes.

    Tokens are not verified here: `traces` has each string that may hold one.
    """
    opened = _open(_unwrapped(mime.parse(raw)), envelope or Envelope())
    found = _unsubscribed(opened) or _complained(opened) or _reported(opened) or _received(opened) or _noticed(opened)
    return _whole(opened, found or _answered(opened))


def _unwrapped(mail: Mail) -> Mail:
    """A report that a gateway or a person forwards whole, in a mail of its own, is read as if it had come by itself.

    Not in an answer: there it is what somebody writes about.
    """
    if (
        mail.type != "multipart/mixed"
        or mail.headers.has("in-reply-to")
        or bounces.is_answer(mail.headers.text("subject"))
    ):
        return mail
    carried = next((part for part in mail.parts if part.type in {"message/rfc822", "message/global"}), None)
    inner = mime.parse(carried.data()) if carried else mail
    if any(part.type in _STATUS_TYPES or part.type == "message/feedback-report" for part in inner.parts):
        return inner
    return mail


class _Opened(Struct, frozen=True):
    """A mail taken apart once, for each of the questions."""

    mail: Mail
    envelope: Envelope
    text: str
    html: str
    notice: Notice
    returned: Headers
    subject: str
    null_sender: bool
    report: Report | None
    feedback: Feedback | None

    @property
    def headers(self) -> Headers:
        """The mail's own."""
        return self.mail.headers

    def context(self) -> bounces.Context:
        """As the rules for bounces want it."""
        return bounces.Context(self.headers, self.notice, self.returned, null_sender=self.null_sender)


def _open(mail: Mail, envelope: Envelope) -> _Opened:
    plain, html = _texts(mail)
    text = plain if plain.strip() else text_of(html)
    notice = notices.cut(text)
    returned = _returned(mail) or notice.returned
    return _Opened(
        mail=mail,
        envelope=envelope,
        text=text,
        html=html,
        notice=notice,
        returned=returned,
        subject=mail.headers.text("subject"),
        null_sender=_is_null_sender(mail.headers, envelope),
        report=_report(mail, notice),
        feedback=_feedback(mail, returned),
    )


def _is_null_sender(headers: Headers, envelope: Envelope) -> bool:
    if envelope.mail_from is not None:
        return envelope.mail_from.strip() in {"", "<>"}
    return headers.has("return-path") and headers.get("return-path").strip() in {"", "<>"}


def _texts(mail: Mail) -> tuple[str, str]:
    """What the mail itself says, as plain text and as HTML: its text parts before anything that is returned."""
    plain: list[str] = []
    html: list[str] = []
    for part in mail.parts:
        if (
            part.type in _RETURNED_TYPES
            or (part.depth and part.headers.has("received"))
            or (part.type in _STATUS_TYPES and (plain or html))
        ):
            break
        if part.is_attached or not part.type.startswith("text/") or (part.filename and (plain or html)):
            continue
        target = html if part.type == "text/html" else plain
        if sum(map(len, target)) < _TEXT_CHARACTERS and part.type in {"text/plain", "text/html"}:
            target.append(part.text()[:_TEXT_CHARACTERS])
    return "\n".join(plain), "\n".join(html)


def _returned(mail: Mail) -> Headers | None:
    """The headers of the mail that is returned: of the part that holds it, else of one that looks so after a report."""
    for part in mail.parts:
        if part.type in _RETURNED_TYPES and (headers := mime.returned_headers(part)).fields:
            return headers
        if part.depth and part.headers.has("received"):  # the mail itself, put there without a header of the part's own
            return part.headers
    after = False
    for part in mail.parts:
        if after and part.type.startswith("text/"):
            headers = mime.returned_headers(part)
            if headers.has("from") or headers.has("message-id"):
                return headers
        after = after or part.type in _STATUS_TYPES or part.type == "message/feedback-report"
    return None


def _report(mail: Mail, notice: Notice) -> Report | None:
    """A delivery report: of the parts that are one, else of fields that stand in the text or make up another part."""
    labelled = [report.parse_report(part.text()) for part in mail.parts if part.type in _STATUS_TYPES]
    if any(each.entries for each in labelled):
        return report.joined(labelled)
    labelled_whole = mail.parameters.get("report-type", "").lower() == "delivery-status"
    start = report.stands_in(notice.text)
    if start is not None and (found := report.parse_report(notice.text[start:])).entries:
        return found
    return next(
        (
            found
            for part in mail.parts
            if part.type == "text/plain"
            and (labelled_whole or _labelled(part) or report.begins_as_one(part.text()))
            and (found := report.parse_report(part.text())).entries
        ),
        None,
    )


def _labelled(part: Part) -> bool:
    return (
        "delivery" in part.headers.get("content-description").lower()
        and "report" in part.headers.get("content-description").lower()
    )


def _feedback(mail: Mail, returned: Headers) -> Feedback | None:
    for part in mail.parts:
        if part.type == "message/feedback-report":
            return complaints.parse_feedback(part.text(), returned)
    if mail.type == "multipart/report" and mail.parameters.get("report-type", "").lower() == "feedback-report":
        texts = (part.text() for part in mail.parts if part.type.startswith("text/"))
        return complaints.parse_feedback(
            next((text for text in texts if "feedback-type" in text.lower()), ""), returned
        )
    return complaints.junk_mail_report(returned)


def _unsubscribed(opened: _Opened) -> Reading | None:
    """An unsubscribe by mail, before any test for automatic answers: Apple Mail's says that it is one."""
    headers = opened.headers
    sign = None
    if headers.get("x-apple-unsubscribe").strip().lower() == "true":
        sign = "x-apple-unsubscribe"
    elif opened.report is None and opened.feedback is None:
        if _UNSUBSCRIBE_ADDRESS.search(_came_to(opened)):
            sign = "address"
        elif opened.subject.strip().lower() in _UNSUBSCRIBE_WORDS:
            sign = "subject"
    if sign is None:
        return None
    sender = address_of(headers.get("from"))
    people = (Recipient(address=sender),) if sender else ()
    return Reading(kind=Kind.UNSUBSCRIBE, note=sign, recipients=people, reply_text=_words(opened))


def _came_to(opened: _Opened) -> str:
    """The addresses that a mail came to, as text."""
    headers = opened.headers
    return f"{opened.envelope.rcpt_to or ''} {headers.get('to')[:1_000]} {headers.get('delivered-to')[:1_000]}"


def _complained(opened: _Opened) -> Reading | None:
    feedback = opened.feedback
    if feedback is None:
        return None
    return Reading(
        kind=feedback.kind,
        note=feedback.type or "feedback report",
        recipients=feedback.recipients,
        feedback_type=feedback.type,
        arrived_at=feedback.arrived_at,
    )


def _reported(opened: _Opened) -> Reading | None:
    if opened.report is None:
        return None
    found = bounces.from_report(opened.report, opened.context())
    return Reading(kind=found.kind, note=found.note, recipients=found.recipients, arrived_at=opened.report.arrived_at)


def _received(opened: _Opened) -> Reading | None:
    """A read receipt (RFC 8098), unless it says that a program threw the mail away unread."""
    if not any(part.type in _RECEIPT_TYPES for part in opened.mail.parts):
        return None
    if opened.notice.failed and (
        "reject" in opened.subject.lower() or "rejected" in opened.headers.get("auto-submitted").lower()
    ):
        return None
    return Reading(kind=Kind.NONE, note="read receipt")


def _noticed(opened: _Opened) -> Reading | None:
    """A bounce or delay by its text."""
    context = opened.context()
    labelled = any(part.type in _STATUS_TYPES for part in opened.mail.parts)
    labelled = labelled or opened.mail.parameters.get("report-type", "").lower() == "delivery-status"
    if automatic.begins_automatically(opened.subject) and not labelled:
        return None
    if not (labelled or bounces.is_notice(context)):
        return None
    found = bounces.from_notice(context)
    return Reading(kind=found.kind, note=found.note, recipients=found.recipients)


def _answered(opened: _Opened) -> Reading:
    """What is left: an automatic answer, a person's answer, or mail that is neither."""
    headers = opened.headers
    if not any(headers.has(name) for name in _OF_ANY_MAIL):
        return Reading(kind=Kind.NONE, note="no mail")
    if any(title in opened.subject.lower() for title in _DMARC_SUBJECTS):
        return Reading(kind=Kind.NONE, note="dmarc report")
    quotes = quotes_mail(opened.text, opened.html)
    parts = (part.headers for part in opened.mail.parts)
    sign = automatic.sign(headers, opened.subject, opened.text, parts, null_sender=opened.null_sender, quotes=quotes)
    if sign:
        return Reading(kind=Kind.AUTO_REPLY, note=sign, auto_sign=sign)
    answers = headers.has("in-reply-to") or headers.has("references") or bounces.is_answer(opened.subject)
    answers = answers or (quotes and not bounces.is_forward(opened.subject))
    answers = answers or (_REPLY_ADDRESS.search(_came_to(opened)) is not None and not automatic.is_of_a_list(headers))
    words = _words(opened)
    if answers:
        return Reading(kind=Kind.HUMAN_REPLY, reply_text=words)
    return Reading(kind=Kind.NONE, note="ordinary mail", reply_text=words)


def _words(opened: _Opened) -> str:
    """The person's own words, at most `REPLY_CHARACTERS` of them."""
    return own_words(opened.text if _has_plain(opened) else "", opened.html)[:REPLY_CHARACTERS]


def _has_plain(opened: _Opened) -> bool:
    return any(part.type == "text/plain" and part.body.strip() for part in opened.mail.parts)


def _whole(opened: _Opened, found: Reading) -> Reading:
    """What was found, with what every reading has."""
    headers = opened.headers
    identity = _MESSAGE_ID.search(headers.get("message-id"))
    return structs.replace(
        found,
        traces=_traces(opened),
        from_address=address_of(headers.get("from")),
        subject=opened.subject[:2_000],
        message_id=identity[1] if identity else headers.get("message-id").strip() or None,
        attachments=mime.named(opened.mail.parts)[:100],
    )


def _traces(opened: _Opened) -> tuple[Trace, ...]:
    """Each place where a token may stand, in the order in which they are to be tried, none twice."""
    headers, returned, feedback = opened.headers, opened.returned, opened.feedback
    found = [Trace("rcpt_to", opened.envelope.rcpt_to)] if opened.envelope.rcpt_to else []
    found += [Trace("in_reply_to", each) for field in headers.all("in-reply-to") for each in ids(field)]
    found += [Trace("references", each) for field in headers.all("references") for each in reversed(ids(field))]
    found += [Trace("returned_message_id", each) for field in returned.all("message-id") for each in ids(field)]
    found += [Trace("returned_id", field) for field in returned.all("x-skywrite-id")]
    for name in ("feedback-id", "cfbl-feedback-id", "list-unsubscribe"):
        found += [Trace(name.replace("-", "_"), field) for field in returned.all(name)]
    if feedback:
        found += [Trace("original_message_id", each) for each in ids(feedback.message_id or "")]
        found += [Trace("original_mail_from", each) for each in feedback.mail_from]
    found += [Trace("return_path", each) for field in returned.all("return-path") for each in addresses(field)]
    envelope_id = (opened.report and opened.report.envelope_id) or (feedback and feedback.envelope_id)
    found += [Trace("envelope_id", envelope_id)] if envelope_id else []
    found += [Trace("mentioned_id", each) for each in _MENTIONED_ID.findall(opened.notice.text)[:10]]
    for name in ("to", "delivered-to", "x-original-to", "cc"):
        found += [
            Trace(name.replace("-", "_"), each)
            for field in headers.all(name)[:10]
            for each in list(addresses(field))[:20]
        ]
    return tuple(dict.fromkeys(found))[:200]


def ids(field: str) -> list[str]:
    """The Message-IDs in a header, without their brackets; such as lost them too."""
    return (_MESSAGE_ID.findall(field) or _BARE_ID.findall(field))[:100]
