"""What people do with a mail, each over real HTTP or SMTP and from what stands in the mail itself, and what their
mail servers send back. Nobody here knows Skywrite.
"""

import asyncio
import contextlib
import re
import smtplib
from collections.abc import AsyncIterator
from email import message_from_string
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid, parseaddr
from html.parser import HTMLParser
from urllib.parse import urlsplit

import aiohttp

from skywrite.demo.cast import Person
from skywrite.demo.mailbox.mails import Mail

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
APPLE = "Mozilla/5.0"  # all that Apple's privacy proxy says of itself
SCANNER = "python-requests/2.32"
_POSTMASTER = "MAILER-DAEMON@mx.example"
_ONE_CLICK = "List-Unsubscribe=One-Click"
_IN_ANGLES = re.compile(r"<([^<>]+)>")
_SECONDS = 20


class World:
    """By what people act: the web, each from an address of their own, and the server that takes the sender's mail."""

    def __init__(self, mail_host: str, mail_port: int) -> None:
        self.mail_host, self.mail_port = mail_host, mail_port
        self._addresses: dict[str, str] = {}

    @contextlib.asynccontextmanager
    async def web(self, mail: Mail) -> AsyncIterator[aiohttp.ClientSession]:
        """What the reader of a mail goes to the web by: on this machine everybody has a loopback network."""
        number = len(self._addresses) + 1
        own = self._addresses.setdefault(mail.recipient, f"127.{10 + number // 250 % 200}.{number % 250}.1")
        connector = aiohttp.TCPConnector(local_addr=(own, 0))
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout, raise_for_status=True) as session:
            yield session


class _Reader(HTMLParser):
    """The pictures and links of a mail, in their order, as a mail program finds them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pictures: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img" and values.get("src"):
            self.pictures.append(str(values["src"]))
        elif tag == "a" and str(values.get("href", "")).startswith("http"):
            self.links.append(str(values["href"]))


def links_of(mail: Mail) -> list[str]:
    """What a reader may click, the links about unsubscribing left out."""
    own = {urlsplit(address).path[:3] for address in _unsubscribe(mail)}
    return [link for link in _Reader(mail.part("html")).links if urlsplit(link).path[:3] not in own]


# ---- on the web ----


async def opens(world: World, mail: Mail, agent: str = BROWSER) -> None:
    """Load the mail's pictures."""
    for picture in _Reader(mail.part("html")).pictures:
        if picture.startswith("http"):
            await _get(world, mail, picture, agent)


async def clicks(world: World, mail: Mail, which: int = 0, agent: str = BROWSER) -> None:
    """Follow a link, as far as the server that the mail names; the places behind it are not of this demo."""
    links = links_of(mail)
    if links:
        await _get(world, mail, links[which % len(links)], agent)


async def follows_every_link(world: World, mail: Mail) -> None:
    """What a scanner does, seconds after delivery."""
    for number in range(len(links_of(mail))):
        await clicks(world, mail, number, SCANNER)


async def unsubscribes_at_once(world: World, mail: Mail) -> None:
    """The button that mail programs show beside the sender (RFC 8058)."""
    for address in _unsubscribe(mail):
        if address.startswith("http"):
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            async with world.web(mail) as web, web.post(address, data=_ONE_CLICK, headers=kind) as answer:
                await answer.read()


async def unsubscribes_on_page(world: World, mail: Mail) -> None:
    """Go to the page, read it, and press its button."""
    address = next((address for address in _unsubscribe(mail) if address.startswith("http")), "")
    if not address:  # a receipt, say
        return
    page = await _get(world, mail, address, BROWSER)
    await asyncio.sleep(1)
    form = _Form(page)
    headers = {"User-Agent": BROWSER}
    async with world.web(mail) as web, web.post(address, data=form.values, headers=headers) as answer:
        await answer.read()


class _Form(HTMLParser):
    """What a browser sends when somebody presses the button "all", or where there is none the first."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._is_pressed = False
        self._is_over = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if self._is_over or "name" not in values:
            return
        if tag == "input" and (values.get("type") not in ("checkbox", "radio", "submit") or "checked" in values):
            self.values[values["name"]] = values.get("value", "on" if values.get("type") == "checkbox" else "")
        elif tag == "button" and (not self._is_pressed or values.get("value") == "all"):
            self._is_pressed = True
            self.values[values["name"]] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._is_over = self._is_over or (tag == "form" and bool(self.values))


async def _get(world: World, mail: Mail, address: str, agent: str) -> str:
    headers = {"User-Agent": agent} | ({"Accept-Language": "en"} if agent == BROWSER else {})
    async with world.web(mail) as web, web.get(address, headers=headers, allow_redirects=False) as answer:
        return await answer.text(errors="replace")


def _unsubscribe(mail: Mail) -> list[str]:
    return _IN_ANGLES.findall(str(mail.parsed.get("List-Unsubscribe", "")))


# ---- by mail ----


async def replies(world: World, mail: Mail, person: Person) -> None:
    """Answer, with the mail quoted below."""
    said = f"Thanks, this is just what I was looking for. Could you call me on Thursday?\n\n{person.first_name}\n\n"
    quoted = "\n".join(f"> {line}" for line in mail.part("plain").splitlines()[:12])
    written = f"{said}On {formatdate(mail.at / 1e6)}, {mail.parsed['From']} wrote:\n{quoted}\n"
    await _send(world, _answer(mail, person, "Re: ", written), person.email, _reply_to(mail))


async def is_away(world: World, mail: Mail, person: Person) -> None:
    """What a holiday's automatic answer looks like."""
    answer = _answer(mail, person, "Automatic reply: ", "I am out of the office until Monday, without my mail.\n")
    answer["Auto-Submitted"] = "auto-replied"
    await _send(world, answer, "", _reply_to(mail))


async def unsubscribes_by_mail(world: World, mail: Mail, person: Person) -> None:
    """Write to the address that the mail names for it."""
    for address in _unsubscribe(mail):
        if address.startswith("mailto:"):
            recipient = urlsplit(address).path
            answer = EmailMessage()
            answer["From"], answer["To"], answer["Subject"] = person.email, recipient, "unsubscribe"
            answer.set_content("Please take me off this list.\n")
            await _send(world, answer, person.email, recipient)


async def bounces(world: World, mail: Mail) -> None:
    """The notice of a server that first took the mail, and then found nobody there (RFC 3464)."""
    status = (
        f"Reporting-MTA: dns; mx.{mail.recipient.rpartition('@')[2]}\nArrival-Date: {formatdate(mail.at / 1e6)}\n\n"
        f"Final-Recipient: rfc822; {mail.recipient}\nAction: failed\nStatus: 5.1.1\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 <{mail.recipient}>: user unknown\n"
    )
    words = f"Your message to {mail.recipient} could not be delivered: there is no such user here.\n"
    report = _report(mail, "delivery-status", "Undelivered Mail Returned to Sender", words, status)
    await _send(world, report, "", mail.sender)


async def complains(world: World, mail: Mail) -> None:
    """The report that a mail provider sends when somebody presses "this is spam" (RFC 5965)."""
    recipient = parseaddr(str(mail.parsed.get("CFBL-Address", "")).partition(";")[0])[1] or mail.sender
    status = (
        "Feedback-Type: abuse\nUser-Agent: Demo-FBL/1.0\nVersion: 1\n"
        f"Original-Mail-From: <{mail.sender}>\nArrival-Date: {formatdate(mail.at / 1e6)}\n"
    )
    words = "This is an email abuse report for a message that one of our users received.\n"
    report = _report(mail, "feedback-report", f"FW: {mail.parsed['Subject']}", words, status)
    await _send(world, report, "feedback@mx.example", recipient)


def _report(mail: Mail, kind: str, subject: str, words: str, status: str) -> MIMEMultipart:
    report = MIMEMultipart("report")
    report.set_param("report-type", kind)
    report["From"], report["To"], report["Subject"] = f"Mail Delivery <{_POSTMASTER}>", mail.sender, subject
    report["Date"], report["Message-ID"] = formatdate(), make_msgid(domain="mx.example")
    report.attach(MIMEText(words))
    for subtype, content in ((kind, status), ("rfc822-headers", mail.raw.partition(b"\r\n\r\n")[0].decode("latin-1"))):
        part = MIMEBase("text" if subtype == "rfc822-headers" else "message", subtype)
        if subtype == "rfc822-headers":
            part.set_payload(content)
        else:
            part.set_payload([message_from_string(block) for block in content.split("\n\n")])
        report.attach(part)
    return report


def _answer(mail: Mail, person: Person, prefix: str, text: str) -> EmailMessage:
    answer = EmailMessage()
    answer["From"] = f"{person.first_name} {person.last_name} <{person.email}>"
    answer["To"] = _reply_to(mail)
    answer["Subject"] = f"{prefix}{mail.parsed['Subject']}"
    answer["Date"], answer["Message-ID"] = formatdate(), make_msgid(domain=person.email.rpartition("@")[2])
    answer["In-Reply-To"] = answer["References"] = str(mail.parsed["Message-ID"])
    answer.set_content(text)
    return answer


def _reply_to(mail: Mail) -> str:
    return parseaddr(str(mail.parsed.get("Reply-To") or mail.parsed["From"]))[1]


async def _send(world: World, mail: EmailMessage | MIMEMultipart, sender: str, recipient: str) -> None:
    def by_smtp() -> None:
        with smtplib.SMTP(world.mail_host, world.mail_port, timeout=_SECONDS) as server:
            server.send_message(mail, sender, [recipient])

    await asyncio.to_thread(by_smtp)
