"""Mail that no person wrote: which sign of an automatic answer it bears, the surest first (RFC 3834)."""

# ruff: noqa: RUF001 - words and marks of other languages

import re

from skywrite.channels.email.reading.automatic_signs import HEADERS, PREFIXES, TEXTS, VALUES
from skywrite.channels.email.reading.headers import Headers, without_comments
from skywrite.channels.email.reading.words import Phrases, folded

_PREFIXES = tuple(sorted((folded(prefix) for prefix in PREFIXES), key=len, reverse=True))
_TEXTS = Phrases(TEXTS)
_SHORT = 1_500
_AFTER = (":", "：", " :", "-", " -", "–", " –", " re", " aw", " (", "(", "[", "|", "!", ".", ",", "]")
_BRACKETED = re.compile(r"[\[(]([^\[\]()]{1,40})[\])]$")
_ENDS = re.compile(r"\s*[\[(]")


def sign(headers: Headers, subject: str, text: str, *, null_sender: bool, quotes: bool) -> str | None:
    """The sign by which a mail is automatic, None where a person seems to have written it.

    `quotes` says whether it quotes another mail: then its words are no sign, since they may be the other's.
    """
    return (
        _header_sign(headers)
        or _list_sign(headers, subject, null_sender=null_sender)
        or ("null sender" if null_sender else None)
        or _type_sign(headers)
        or ("subject" if begins_automatically(subject) else None)
        or ("text" if not quotes and len(text) < _SHORT and speaks_of_absence(text) else None)
    )


def _header_sign(headers: Headers) -> str | None:
    for name, innocent in HEADERS.items():
        if headers.has(name) and without_comments(headers.get(name)).split(";")[0].strip().lower() not in innocent:
            return name
    for name, parts in VALUES.items():
        if headers.has(name) and any(part in headers.get(name).lower() for part in parts):
            return name
    return None


def _list_sign(headers: Headers, subject: str, *, null_sender: bool) -> str | None:
    bulk = headers.get("precedence").strip().lower() in {"bulk", "junk"}
    return "precedence" if bulk and (null_sender or begins_automatically(subject)) else None


def _type_sign(headers: Headers) -> str | None:
    kind = headers.get("content-type").lower()
    if kind.startswith("text/calendar") and "method=reply" in kind.replace('"', "").replace(" ", ""):
        return "calendar"
    return "report" if kind.startswith("multipart/report") else None


def begins_automatically(subject: str) -> bool:
    """Whether a subject begins as programs' do: a prefix of the table with its colon, or nothing after it.

    One in brackets at the end is as good: "Re: News [Auto Reply]".
    """
    if (last := _BRACKETED.search(folded(subject)[-60:])) and len(last[1]) > 8 and last[1].strip() in _PREFIXES:
        return True
    plain = _ENDS.sub("", folded(subject)[:200], count=1) if subject[:1] in {"[", "("} else folded(subject)[:200]
    for prefix in _PREFIXES:
        if plain.startswith(prefix):
            rest = plain[len(prefix) :]
            if not rest or rest.startswith(_AFTER) or (len(prefix) > 12 and rest[:1] == " "):
                return True
    return False


def speaks_of_absence(text: str) -> bool:
    """Whether the first lines of a text say that somebody is away, or that a program answers."""
    return _TEXTS.found_in(folded(text[:600])) is not None
