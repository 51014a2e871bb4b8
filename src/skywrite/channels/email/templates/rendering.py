"""A mail for one recipient: the bytes that a provider sends, made of a frame that is built once for each version."""

import time
from binascii import b2a_base64
from collections import OrderedDict
from collections.abc import Callable, Mapping
from email.utils import formatdate
from functools import lru_cache
from html import unescape
from typing import Any

from markupsafe import escape
from msgspec import Struct, field

from skywrite.channels.email.templates import compiling, quoted
from skywrite.channels.email.templates import headers as head
from skywrite.channels.email.templates.addresses import web_address
from skywrite.channels.email.templates.liquid import HTML, TEXT, parse, render
from skywrite.channels.email.templates.model import MailPlaces, Source, Version
from skywrite.channels.email.templates.quick import Rendering, quick
from skywrite.channels.email.tokens import Purpose, Tokens
from skywrite.channels.email.utm import Parameters, Utm
from skywrite.contacts import ids as contact_ids
from skywrite.kit.errors import Refused

_KEPT_FRAMES = 256
_KEPT_CAMPAIGNS = 32
_KEPT_VALUES, _SHORT = 8_192, 100
_LINE = 72  # of a long address in quoted-printable
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Person(Struct, frozen=True):
    """Whom a mail goes to; `id` None for an address that no contact has."""

    email: str
    id: int | None = None
    user_id: str | None = None
    traits: dict[str, Any] = field(default_factory=dict)


class Message(Struct, frozen=True, kw_only=True):
    """What a mail is about; `id` is the message's, which its tokens hold."""

    id: int
    campaign_id: str = ""
    campaign_name: str = ""
    data: dict[str, Any] = field(default_factory=dict)  # of the API
    headers: dict[str, str] = field(default_factory=dict)  # X-... of the API
    at: float | None = None  # seconds since 1970, for Date; None for now


class Rendered(Struct, frozen=True):
    """A whole mail with CRLF line ends, unsigned, and its subject as people read it."""

    content: bytes
    subject: str
    sender_domain: str  # of From, whose DKIM key signs it


class Words(Struct, frozen=True):
    """A mail's parts as a preview shows them."""

    subject: str
    html: str
    text: str


class Marks:
    """What of one mail is its own: the addresses that lead back here."""

    __slots__ = ("_tokens", "_utm", "base", "clicks", "id", "message", "parameters", "sealer", "unsubscribe")

    def __init__(self, tokens: Tokens, places: MailPlaces, message_id: int, campaign: str = "") -> None:
        self._tokens = tokens
        self._utm = places.utm
        self.parameters = places.utm.parameters(campaign) if places.utm else ()
        self.base = places.base_url
        self.id = message_id
        self.unsubscribe = tokens.token(Purpose.UNSUBSCRIBE, message_id)
        self.message = tokens.token(Purpose.MESSAGE, message_id)
        self.sealer = tokens.links(message_id)  # makes the paths of its links
        self.clicks = quoted.hole(f"{self.base}/c/{self.sealer.token}")  # how each begins, in quoted-printable

    @property
    def unsubscribe_url(self) -> str:
        """Asks first; a POST unsubscribes at once."""
        return f"{self.base}/u/{self.unsubscribe}"

    @property
    def preferences_url(self) -> str:
        """The same page: it has the topics."""
        return self.unsubscribe_url

    @property
    def view_url(self) -> str:
        """The mail in a browser."""
        return f"{self.base}/v/{self._tokens.token(Purpose.VIEW, self.id)}"

    @property
    def open_url(self) -> str:
        """The pixel."""
        return f"{self.base}/o/{self._tokens.token(Purpose.OPEN, self.id)}.gif"

    def target(self, address: str) -> str:
        """What a link to a web address seals: the address, and what is added to it when it is followed."""
        return self._utm.target(address, self.parameters) if self._utm else address

    def link(self, link_id: str, target: str) -> str:
        """The address that counts a click on `target`. Raises Refused where that is no address of the web."""
        target = web_address(target)
        if not target.lower().startswith(("http://", "https://")):
            return target
        return f"{self.base}{self.sealer.path(link_id, self.target(target))}"


class NoMarks:
    """For a mail that is looked at and not sent: links lead where they lead."""

    unsubscribe_url = preferences_url = view_url = "#"
    open_url = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="

    def link(self, link_id: str, target: str) -> str:  # noqa: ARG002
        """The target itself. Raises Refused where it is no address."""
        return web_address(target)


@lru_cache(maxsize=_KEPT_VALUES)
def _said_in_html(text: str) -> str:
    return quoted.hole(str(escape(text)))


@lru_cache(maxsize=_KEPT_VALUES)
def _said_in_text(text: str) -> str:
    return quoted.hole(text)


class _Quoted:
    """A part in quoted-printable (`quick.Form`)."""

    piece = staticmethod(quoted.piece)
    hole = staticmethod(quoted.hole)

    def __init__(self, *, escapes: bool, utm: Utm | None) -> None:
        self.escapes = escapes
        self._utm = utm
        self._kept = _said_in_html if escapes else _said_in_text

    def said(self, text: str) -> str:
        """A value that is text; short ones, which come again in other mails, are remembered."""
        return self._kept(text) if len(text) < _SHORT else self._kept.__wrapped__(text)

    def link(self, link_id: str, target: str) -> Callable[[Marks], tuple[str, ...]]:
        """A link that is the same in each mail: its seal alone is not."""
        address = web_address(unescape(target) if self.escapes else target)
        raw = address.encode()
        if not address.lower().startswith(("http://", "https://")):
            still = quoted.piece(address)
            return lambda _: (still,)
        middle, tail = f"/{link_id}/", _broken(raw)
        if self._utm is not None:
            return _tagged(self._utm, link_id, address)
        return lambda mail: (mail.clicks, middle, mail.sealer.seal(link_id, raw), tail)

    def personal(self, link_id: str) -> Callable[[Marks, str], str]:
        """A link whose target differs."""
        middle, escapes = f"/{link_id}/", self.escapes

        def written(mail: Marks, target: str) -> str:
            address = web_address(unescape(target) if escapes else target)
            if not address.lower().startswith(("http://", "https://")):
                return quoted.piece(address)
            raw = mail.target(address).encode()
            return f"{mail.clicks}{middle}{mail.sealer.seal(link_id, raw)}{_broken(raw)}"

        return written


def _tagged(utm: Utm, link_id: str, address: str) -> Callable[[Marks], tuple[str, ...]]:
    """A link that is the same in each mail of a campaign."""
    middle = f"/{link_id}/"

    @lru_cache(maxsize=_KEPT_CAMPAIGNS)
    def target(parameters: Parameters) -> tuple[bytes, str]:
        raw = utm.target(address, parameters).encode()
        return raw, _broken(raw)

    def written(mail: Marks) -> tuple[str, ...]:
        raw, tail = target(mail.parameters)
        return mail.clicks, middle, mail.sealer.seal(link_id, raw), tail

    return written


def _broken(raw: bytes) -> str:
    """A target in base64url over several lines: the first follows a link's id and its seal."""
    word = b2a_base64(raw, newline=False).rstrip(b"=").translate(_URL_SAFE).decode()
    if len(word) <= _LINE:
        return f"{word[:20]}{quoted.SOFT}{word[20:]}{quoted.SOFT}" if len(word) > 20 else word + quoted.SOFT
    parts = [word[:20], *[word[at : at + _LINE] for at in range(20, len(word), _LINE)]]
    return quoted.SOFT.join(parts) + quoted.SOFT


class _Plain:
    """Text as it is: the subject."""

    escapes = False

    def piece(self, text: str) -> str:
        return text

    def said(self, text: str) -> str:
        return text

    def hole(self, text: str) -> str:
        return text

    def link(self, link_id: str, target: str) -> Callable[[Any], tuple[str, ...]]:  # noqa: ARG002
        return lambda _: (target,)

    def personal(self, link_id: str) -> Callable[[Any, str], str]:  # noqa: ARG002
        return lambda _, target: target


class Frame:
    """What of a version's mails is the same: its templates made ready, the headers that do not change."""

    def __init__(self, version: Version, places: MailPlaces) -> None:
        compiled, source = version.compiled, version.source
        self.version = version
        self.templates = {
            "subject": parse(compiled.subject, TEXT),
            "html": parse(compiled.html, HTML),
            "text": parse(compiled.text, TEXT),
        }
        self.quick: dict[str, Rendering | None] = {
            "subject": quick(self.templates["subject"], _Plain()),
            "html": quick(self.templates["html"], _Quoted(escapes=True, utm=places.utm)),
            "text": quick(self.templates["text"], _Quoted(escapes=False, utm=places.utm)),
        }
        address = source.from_address or places.from_address
        if "@" not in address:
            raise Refused("There is no address to send from: set one on the Channels page.", where="from_address")
        self.sender = head.mailbox(source.from_name or places.from_name, address)
        self.sender_name = source.from_name or places.from_name
        self.domain = head.route(address).rpartition("@")[2]
        self.message_domain = head.ascii_domain(places.message_domain) or self.domain
        self.company = {"name": self.sender_name or self.domain, "address": places.postal_address}
        self.template = {"id": f"template_{version.template_id}", "name": source.name, "version": version.number}
        self.boundary = f"=_sw{version.template_id:x}-{version.number:x}_part"
        self.begins, self.between, self.ends = self._bodies(compiled.text != "", compiled.html != "")
        self.fixed = self._fixed(source)
        self._set_reply(source, places)
        self._feedback: dict[str, str] = {}

    def feedback(self, campaign_id: str) -> str:
        """Google's Feedback-ID: campaign, template, kind, sender."""
        known = self._feedback.get(campaign_id)
        if known is None:
            kind = "transactional" if self.version.source.is_transactional else "marketing"
            parts = (campaign_id or "none", self.template["id"], kind, self.domain)
            known = self._feedback[campaign_id] = ":".join(_identifier(str(part)) for part in parts)
        return known

    def _set_reply(self, source: Source, places: MailPlaces) -> None:
        other = head.route(source.reply_to) if source.reply_to else ""
        self.reply_alone = f"Reply-To: {other}\r\n" if other else ""
        marked = head.mailbox(self.sender_name, "rTOKEN".join(places.comes_back))
        begins, _, ends = marked.rpartition("TOKEN")
        self.reply_begins = f"Reply-To: {begins}"
        self.reply_ends = f"{ends},\r\n {other}\r\n" if other else f"{ends}\r\n"

    def _fixed(self, source: Source) -> str:
        robots = "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n"
        if source.is_transactional:
            return robots
        topic = f"topic-{source.topic_id or 0}"
        return f"{robots}Precedence: bulk\r\nList-Id: <{topic}.{self.domain}>\r\n"

    def _bodies(self, has_text: bool, has_html: bool) -> tuple[str, str, str]:
        form = "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        if not (has_text and has_html):
            return f"MIME-Version: 1.0\r\n{form.format('html' if has_html else 'plain')}", "", "\r\n"
        multi = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{self.boundary}"\r\n\r\n'
        mark = f"--{self.boundary}\r\n"
        return multi + mark + form.format("plain"), f"\r\n{mark}{form.format('html')}", f"\r\n--{self.boundary}--\r\n"


class Renderer:
    """Makes mails; one for each process or thread that sends."""

    def __init__(self, tokens: Tokens, places: MailPlaces) -> None:
        self._tokens = tokens
        self.places = places
        self._frames: OrderedDict[tuple[int, int], Frame] = OrderedDict()
        self._inline: OrderedDict[Source, Version] = OrderedDict()
        self._second: tuple[int, str] = (0, "")

    def render(self, version: Version, person: Person, message: Message) -> Rendered:
        """The mail of `version` for one person.

        Raises Refused where it must not be sent: a variable without a value and fallback (`where` names it), a link
        that leads nowhere, a template that takes too much work.
        """
        frame = self.frame(version)
        marks = self.marks(version, message)
        scope = scope_of(frame, person, message)
        subject = head.clean("".join(self._part(frame, "subject", scope, marks)))
        if not subject:
            raise Refused("The subject is empty.", where="subject")
        text = self._part(frame, "text", scope, marks) if version.compiled.text else []
        page = self._part(frame, "html", scope, marks) if version.compiled.html else []
        content = "".join(
            [self._head(frame, person, message, marks, subject), frame.begins, *text, frame.between, *page, frame.ends]
        )
        return Rendered(content.encode("utf-8", "replace"), subject, frame.domain)

    def words(
        self, version: Version, person: Person, message: Message, marks: "Marks | NoMarks | None" = None
    ) -> Words:
        """The parts as a browser shows them; without `marks` nothing is tracked. Raises Refused as `render` does."""
        frame, marks = self.frame(version), marks or NoMarks()
        scope = _with_urls(scope_of(frame, person, message), marks)
        said = {name: render(each, scope, marks) for name, each in frame.templates.items()}
        return Words(head.clean(said["subject"]), said["html"], said["text"])

    def marks(self, version: Version, message: Message) -> Marks:
        """The addresses of one mail."""
        return Marks(self._tokens, self.places, message.id, message.campaign_name or version.source.name)

    def inline(self, source: Source) -> Version:
        """A body of the API as a version, compiled when it is first seen. Raises Refused where it can't be."""
        found = self._inline.get(source)
        if found is None:
            found = Version(template_id=0, number=0, source=source, compiled=compiling.compiled(source))
            self._inline[source] = found
            if len(self._inline) > _KEPT_FRAMES:
                self._inline.popitem(last=False)
        return found

    def frame(self, version: Version) -> Frame:
        """The version made ready, kept for the next mail of it."""
        key = (version.template_id, version.number) if version.number else (-1, id(version))
        found = self._frames.get(key)
        if found is None or (found.version is not version and not version.number):
            found = Frame(version, self.places)
            self._frames[key] = found
            if len(self._frames) > _KEPT_FRAMES:
                self._frames.popitem(last=False)
        return found

    def _part(self, frame: Frame, name: str, scope: Mapping[str, Any], marks: Marks) -> list[str]:
        simple = frame.quick[name]
        if simple is not None:
            return simple(scope, marks)
        whole = render(frame.templates[name], _with_urls(scope, marks), marks)
        return [whole if name == "subject" else quoted.encoded(whole)]

    def _head(self, frame: Frame, person: Person, message: Message, marks: Marks, subject: str) -> str:
        own = "".join(f"{name}: {head.unstructured(name, value)}\r\n" for name, value in _extra(message.headers))
        return (
            f"From: {frame.sender}\r\nTo: {head.route(person.email)}\r\n"
            f"Subject: {head.unstructured('Subject', subject)}\r\nDate: {self._date(message.at)}\r\n"
            f"Message-ID: <{marks.message}@{frame.message_domain}>\r\nX-Skywrite-Id: {marks.message}\r\n"
            f"{self._reply_to(frame, message)}{self._unsubscribe(frame, marks)}"
            f"Feedback-ID: {frame.feedback(message.campaign_id)}\r\n{self._complaints(marks)}{frame.fixed}{own}"
        )

    def _reply_to(self, frame: Frame, message: Message) -> str:
        """Our own address first, which records the reply; then whom the template names."""
        if not any(self.places.comes_back):
            return frame.reply_alone
        return f"{frame.reply_begins}{self._tokens.token(Purpose.REPLY, message.id)}{frame.reply_ends}"

    def _unsubscribe(self, frame: Frame, marks: Marks) -> str:
        """RFC 2369 and 8058; marketing alone."""
        if frame.version.source.is_transactional:
            return ""
        address = f"u{marks.unsubscribe}".join(self.places.comes_back)
        mail = f",\r\n <mailto:{address}?subject=unsubscribe>" if any(self.places.comes_back) else ""
        return (
            f"List-Unsubscribe: <{marks.unsubscribe_url}>{mail}\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        )

    def _complaints(self, marks: Marks) -> str:
        """RFC 9477."""
        if not any(self.places.comes_back):
            return ""
        address = "fbl".join(self.places.comes_back)
        return f"CFBL-Address: {address}; report=arf\r\nCFBL-Feedback-ID: {marks.message}\r\n"

    def _date(self, at: float | None) -> str:
        second = int(time.time() if at is None else at)
        if second != self._second[0]:
            self._second = (second, formatdate(second))
        return self._second[1]


def scope_of(frame: Frame, person: Person, message: Message) -> dict[str, Any]:
    """What templates can name. A trait can't stand for an address or an id."""
    own = {"email": person.email, "user_id": person.user_id}
    if person.id is not None:
        own["id"] = contact_ids.public(person.id)
    return {
        "contact": person.traits | own,
        "message": {"id": message.id, "template": frame.template, "campaign_id": message.campaign_id},
        "data": message.data,
        "broadcast": {"id": message.campaign_id, "name": message.campaign_name},
        "company": frame.company,
    }


def _with_urls(scope: Mapping[str, Any], marks: Marks | NoMarks) -> dict[str, Any]:
    names = ("unsubscribe_url", "preferences_url", "view_url", "open_url")
    return {**scope, **{name: getattr(marks, name) for name in names}}


def _identifier(value: str) -> str:
    return "".join(each if (each.isalnum() and each.isascii()) or each in "._-" else "-" for each in value)[:60]


def _extra(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Headers of the API: those that begin with X- and are none of ours."""
    return [
        (name, value)
        for name, value in given.items()
        if name[:2].lower() == "x-" and name.replace("-", "").isalnum() and name.isascii()
        and not name.lower().startswith("x-skywrite")
    ]  # fmt: skip
