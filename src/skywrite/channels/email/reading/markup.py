"""HTML to text by its tags alone: linear, no tree. For replies, what a client quoted is left out."""

import html
import re
from collections.abc import Iterator

from msgspec import Struct

from skywrite.channels.email.reading.words import phrases

_TOKEN = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,40})([^<>]*)>|<!--.*?(?:-->|\Z)|<[!?][^<>]*>", re.DOTALL)
_BLOCKS = frozenset(
    phrases(
        """
        address | article | aside | blockquote | center | dd | div | dl | dt | fieldset | figure |
        footer | form | h1 | h2 | h3 | h4 | h5 |
        h6 | header | hr | li | main | nav | ol | p | pre | section | table | tbody | thead | tr | ul
        """
    )
)
_HIDDEN = frozenset({"head", "script", "style", "title", "template", "noscript", "object", "svg"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
)


class Quote(Struct, frozen=True):
    """How a mail client marks what it quotes: a tag ("" for any) whose attributes hold one of `marks`."""

    client: str
    tag: str
    marks: tuple[str, ...]
    to_the_end: bool = False  # it opens the quote, and all that follows belongs to it


QUOTES: tuple[Quote, ...] = (
    Quote("Gmail", "", ("gmail_quote", "gmail_extra", "gmail_attr")),
    Quote("Apple Mail, Thunderbird", "blockquote", ("cite",)),
    Quote("Thunderbird", "", ("moz-cite-prefix", "moz-forward-container")),
    Quote("Outlook on the web", "", ("divrplyfwdmsg", "appendonsend", "x_divrplyfwdmsg"), to_the_end=True),
    Quote(
        "Outlook on a phone",
        "",
        ("ms-outlook-mobile-reference-message", "mail-editor-reference-message-container"),
        to_the_end=True,
    ),
    Quote("Outlook for Mac", "", ("olk_src_body_section",), to_the_end=True),
    Quote("Outlook", "div", ("border-top:solid #e1e1e1", "border-top:solid #b5c4df"), to_the_end=True),
    Quote("Windows Mail", "div", ("border-top-color: rgb(229, 229, 229)",), to_the_end=True),
    Quote("Hotmail", "", ("ecxstopspelling", "stopspelling"), to_the_end=True),
    Quote("Yahoo", "", ("yahoo_quoted", "yqt")),
    Quote(
        "Zimbra, mail.ru, Yandex, ProtonMail",
        "",
        ("zmail_extra", "mail-quote-collapse", "protonmail_quote", "tutanota_quote"),
    ),
    Quote("GMX, web.de", "div", ('name="quote"', "name='quote'")),
    Quote("QQ", "", ("qmbox",)),
    Quote("Spark", "div", ('name="messagereplysection"', "name='messagereplysection'")),
    Quote("mail.ru", "", ("js-compose-quote", "mailruquote")),
)


def text_of(source: str, *, quotes: bool = True) -> str:
    """The text of an HTML page as a person would see it; without `quotes`, only what stands outside them."""
    pieces: list[str] = []
    skipped: tuple[str, int] | None = None  # the tag that we wait to see closed, and how deep it is nested in itself
    for closing, tag, attributes, text in _tokens(source):
        if skipped:
            skipped = skipped if text else _deeper(skipped, tag, closing, attributes)
        elif closing or text:
            pieces.append(text or _space(tag))
        else:
            quote = None if quotes else _quote(tag, attributes)
            if quote and quote.to_the_end:
                break
            if (quote or tag in _HIDDEN) and tag not in _VOID and attributes[-1:] != "/":
                skipped = (tag, 1)
            pieces.append(_space(tag))
    return _tidied("".join(pieces))


def _space(tag: str) -> str:
    """What a tag puts between the texts around it."""
    if tag in {"td", "th"}:
        return " "
    return "\n\n" if tag == "p" else "\n" if tag in _BLOCKS or tag == "br" else ""


def _tokens(source: str) -> Iterator[tuple[bool, str, str, str]]:
    """Tags as (closing, tag, attributes, "") and the text between as (False, "", "", text)."""
    at = 0
    for match in _TOKEN.finditer(source):
        if match.start() > at:
            yield False, "", "", _plain(source[at : match.start()])
        at = match.end()
        if match[2]:
            yield bool(match[1]), match[2].lower(), match[3], ""
    if at < len(source):
        yield False, "", "", _plain(source[at:])


def _plain(text: str) -> str:
    """Text between tags: white space collapsed, entities read."""
    folded = re.sub(r"\s+", " ", text)
    return html.unescape(folded).replace("\xa0", " ").replace("\u200b", "")


def _deeper(skipped: tuple[str, int], tag: str, closing: bool, attributes: str) -> tuple[str, int] | None:
    name, depth = skipped
    if tag != name or attributes[-1:] == "/":
        return skipped
    depth += -1 if closing else 1
    return (name, depth) if depth else None


def _quote(tag: str, attributes: str) -> Quote | None:
    if not attributes:
        return None
    folded = attributes.lower()
    return next(
        (row for row in QUOTES if row.tag in {"", tag} and any(mark in folded for mark in row.marks)),
        None,
    )


def _tidied(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
