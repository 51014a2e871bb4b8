"""What spam filters and mail clients punish, and what must not be sent at all, with where in the source it is."""

import html
import re
from collections.abc import Callable, Iterator

from skywrite.channels.email.templates.addresses import doubtful, host_of
from skywrite.channels.email.templates.compiling import PIXEL, compiled, expanded, unclosed_line
from skywrite.channels.email.templates.links import bare_addresses, judged
from skywrite.channels.email.templates.liquid import line_of
from skywrite.channels.email.templates.model import Compiled, MailPlaces, Source
from skywrite.channels.email.templates.problems import Problem
from skywrite.channels.email.templates.protect import check_closed, protect
from skywrite.channels.email.templates.unsubscribe_link import standing
from skywrite.channels.email.templates.variables import Known, variable_problems
from skywrite.kit.errors import Refused

CLIPPED = 102 * 1024  # bytes of HTML, from which Gmail cuts a mail off
_LITTLE_TEXT = 80  # characters beside images
_WIDEST = 700  # pixels
_SHORTENERS = frozenset(
    (
        *("bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "ow.ly", "rb.gy", "rebrand.ly", "shorturl.at", "t.co"),
        *("t.ly", "tiny.cc", "tinyurl.com", "v.gd"),
    )
)
_TAG = r"(?:\"[^\"]*\"|'[^']*'|[^'\"<>])*"
_IMAGE = re.compile(rf"<(?:img|mj-image)\b({_TAG})>", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=", re.IGNORECASE)
_WIDTH = re.compile(r"(?<![\w-])(?:width\s*=\s*[\"']?|width\s*:\s*)([0-9]{3,5})(?:px)?(?=[\s\"';>])", re.IGNORECASE)
_LANG = re.compile(r"<(?:html|mjml)\b[^>]*\blang\s*=", re.IGNORECASE)
_PREVIEW = re.compile(r"<mj-preview\b[^>]*>\s*\S", re.IGNORECASE)
_ANCHOR = re.compile(rf"<a\b{_TAG}href\s*=\s*[\"']([^\"']*)[\"']{_TAG}>(.*?)</a\s*>", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(rf"<(?:a|area|mj-(?:button|image|navbar-link|social-element))\b(?=[\s>])({_TAG})>", re.IGNORECASE)
_HREF_VALUE = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_LOOKS_LIKE_HOST = re.compile(r"^(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#]\S*)?$", re.IGNORECASE)
_UNFILLED = re.compile(r"\[\[\w[^\]]*\]\]|\*\|\w+\|\*|%%\w+%%|\$\{\w+\}|\{\w+\}|<%=")
# What clients take out, or take for an attack.
_EMBEDDED = {
    "script": "Scripts do not run in mails, and filters punish them.",
    "form": "Most clients do not let forms be sent.",
    "iframe": "Clients take frames out.",
    "object": "Clients take embedded objects out.",
    "embed": "Clients take embedded objects out.",
    "video": "Most clients do not play video: link an image to it.",
    "audio": "Most clients do not play audio: link to it.",
}
_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_ANYWHERE = "https://a.example/"  # what a relative address leads to is for the compiler, which knows <base>


def problems(source: Source, places: MailPlaces, traits: tuple[str, ...] = ()) -> tuple[list[Problem], Compiled | None]:
    """All that is wrong with a template, errors first, and the compiled template where it can be compiled."""
    try:
        for text in (source.body, source.text):
            check_closed(text)
    except Refused as error:
        return [_of(error)], None
    found = list(_variables(source, traits)) if source.body or source.text else []
    made = None
    try:
        made = compiled(source, traits)
    except Refused as error:
        found.append(_of(error))
    if not source.subject.strip():
        found.append(_error("subject", "A mail needs a subject.", field="subject"))
    for check in _CHECKS:
        found += check(source)
    if made is not None:
        found += _of_compiled(source, made, places)
    placed = {one.message for one in found if one.line}
    found = [one for one in found if one.line or one.message not in placed]  # the compiler has no line of a link
    unique = {(one.code, one.message, one.line, one.field): one for one in found}
    return sorted(unique.values(), key=lambda one: (one.level != "error", one.field, one.line or 0)), made


def _variables(source: Source, traits: tuple[str, ...]) -> Iterator[Problem]:
    known = Known(traits, is_transactional=source.is_transactional)
    whole = expanded(source, traits)
    for field in ("subject", "preheader", "text", "body"):
        try:
            yield from variable_problems(getattr(whole, field), field, known)
        except Refused:  # its syntax: compiling says it
            return


def _of(error: Refused) -> Problem:
    line = int(error.where[5:]) if error.where.startswith("line:") else None
    field = "body" if line or error.where in ("", "links") else error.where
    return Problem(level="error", code="syntax", message=str(error), field=field, line=line)


def _warning(code: str, message: str, line: int | None = None, field: str = "body") -> Problem:
    return Problem(level="warning", code=code, message=message, line=line, field=field)


def _error(code: str, message: str, line: int | None = None, field: str = "body") -> Problem:
    return Problem(level="error", code=code, message=message, line=line, field=field)


def _subject(source: Source) -> Iterator[Problem]:
    words = _LIQUID.sub("", source.subject)
    letters = [each for each in words if each.isalpha()]
    if len(letters) > 5 and all(each.isupper() for each in letters):
        yield _warning("subject-capitals", "A subject all in capitals looks like spam.", field="subject")
    if re.search(r"!{2,}|\?{2,}|\${2,}", words):
        yield _warning("subject-marks", "A subject with !!! or $$$ looks like spam.", field="subject")
    if len(words) > 90:
        yield _warning(
            "subject-long", "Phones show some 40 characters of a subject; this has more than 90.", field="subject"
        )


def _preheader(source: Source) -> Iterator[Problem]:
    if source.body and not source.preheader.strip() and not _PREVIEW.search(source.body):
        yield _warning(
            "preheader", "There is no preheader: inboxes show the first words of the mail instead.", field="preheader"
        )


def _images(source: Source) -> Iterator[Problem]:
    for each in _IMAGE.finditer(source.body):
        if not _ALT.search(each[1]):
            yield _warning(
                "alt", "This image has no alt text: many readers see no images.", line_of(source.body, each.start())
            )


def _elements(source: Source) -> Iterator[Problem]:
    for name, sentence in _EMBEDDED.items():
        for each in re.finditer(rf"<{name}\b", source.body, re.IGNORECASE):
            yield _warning(name, sentence, line_of(source.body, each.start()))


def _language(source: Source) -> Iterator[Problem]:
    if source.body and not _LANG.search(source.body):
        element = "mjml" if source.kind == "mjml" else "html"
        yield _warning("lang", f'Say the language, as <{element} lang="en">: screen readers ask for it.', 1)


def _widths(source: Source) -> Iterator[Problem]:
    for each in _WIDTH.finditer(source.body):
        if int(each[1]) > _WIDEST:
            yield _warning(
                "wide", f"{each[1]} pixels are wider than most mails are shown.", line_of(source.body, each.start())
            )


def _anchors(source: Source) -> Iterator[Problem]:
    for each in _ANCHOR.finditer(source.body):
        label = html.unescape(re.sub(r"<[^>]*>", "", each[2])).strip()
        shown, host = _LOOKS_LIKE_HOST.match(label), host_of(each[1].strip())
        if shown and host and not _same_site(shown[1].lower(), host):
            sentence = f"The text shows {shown[1]}, the link leads to {host}: filters take that for phishing."
            yield _warning("mismatch", sentence, line_of(source.body, each.start()))


def _same_site(shown: str, host: str) -> bool:
    return shown == host or host.endswith(f".{shown}") or shown.endswith(f".{host}")


def _targets(source: Source) -> Iterator[Problem]:
    begin = max(source.body.find("<mj-body"), 0)  # before it stand the defaults of elements
    for each in _HREF.finditer(source.body, begin):
        value = _HREF_VALUE.search(each[1])
        target = html.unescape((value[1] or value[2] or "") if value else "").strip()
        line = line_of(source.body, each.start())
        if (value and target in ("", "#")) or (not value and each[0].lower().startswith("<mj-button")):
            yield _warning("empty-link", "This link leads nowhere.", line)
        if target.lower().startswith("http://"):
            yield _warning("http", "This link is not encrypted: use https.", line)
        yield from _address(target, line, "body")
    own = protect(source.text)
    for one in bare_addresses(own.text, own):
        yield from _address(one.written, own.restored(own.text[: one.start]).count("\n") + 1, "text")


def _address(target: str, line: int, field: str) -> Iterator[Problem]:
    if host_of(target) in _SHORTENERS:
        sentence = "Filters punish links of URL shorteners: write the address itself."
        yield _warning("shortener", sentence, line, field)
    if _UNFILLED.search(_LIQUID.sub("", target)):
        yield _error("unfilled", f"There is a placeholder left in the link {target[:80]!r}.", line, field)
    _, fate, why = judged(target, _ANYWHERE)
    if fate == "refuse":
        yield _error("link", why, line, field)
    elif (doubt := doubtful(target)) and (doubt[0] == "scheme" or not _LIQUID.search(target)):
        yield _warning(*doubt, line, field)


def _closed(source: Source) -> Iterator[Problem]:
    if source.kind == "mjml" and not re.search(r"<mjml\b", source.body):
        yield _error("mjml", "An MJML template begins with <mjml>.", unclosed_line(source.body))


_CHECKS: tuple[Callable[[Source], Iterator[Problem]], ...] = (
    _subject, _preheader, _images, _elements, _language, _widths, _anchors, _targets, _closed,
)  # fmt: skip


def _of_compiled(source: Source, made: Compiled, places: MailPlaces) -> Iterator[Problem]:
    whole = made.html + made.text
    if not source.is_transactional:
        yield from _unsubscribe(made)
    size = len(made.html.encode())
    if size > CLIPPED:
        yield _warning(
            "clipped", f"The HTML has {size // 1024} KB: Gmail cuts mails off at 102 KB, and the pixel with it."
        )
    if not source.is_transactional and "company.address" in whole and not places.postal_address:
        yield _warning("address", "The law asks for a postal address: give yours on the Channels page.")
    elif not source.is_transactional and not _has_address(whole, places):
        yield _warning(
            "address", "There is no postal address, which the law asks for: put {{ company.address }} into it."
        )
    letters = len(re.sub(r"\s+", "", _LIQUID.sub("", made.text)))
    if made.html and letters == 0:
        yield _warning("no-text", "The mail has no text.")
    elif _IMAGE.search(made.html.replace(PIXEL, "")) and letters < _LITTLE_TEXT:
        yield _warning("image-only", "The mail is mostly images: filters want text beside them.")


def _unsubscribe(made: Compiled) -> Iterator[Problem]:
    stands = standing(made)
    field = "body" if made.html else "text"
    if stands == "never":
        sentence = "There is no unsubscribe link that readers see: put {{ unsubscribe_url }} into one."
        yield _error("unsubscribe", sentence, field=field)
    elif stands == "sometimes":
        sentence = "The unsubscribe link stands only in a condition: some readers may get none."
        yield _warning("unsubscribe", sentence, field=field)


def _has_address(whole: str, places: MailPlaces) -> bool:
    return "company.address" in whole or bool(places.postal_address and places.postal_address in whole)
