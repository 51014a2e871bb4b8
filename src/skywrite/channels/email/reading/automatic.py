"""Mail that no person wrote: which sign of an automatic answer it bears, the surest first (RFC 3834)."""

# ruff: noqa: RUF001 - words and marks of other languages

import re
from collections.abc import Iterable

from skywrite.channels.email.reading.automatic_signs import (
    ABSENCES,
    COURTESIES,
    HEADERS,
    LISTS,
    PERSONAL,
    PREFIXES,
    PROGRAMS,
    STAND_INS,
    VALUES,
)
from skywrite.channels.email.reading.headers import Headers, without_comments
from skywrite.channels.email.reading.words import Phrases, folded

_PREFIXES = tuple(sorted((folded(prefix) for prefix in PREFIXES), key=len, reverse=True))
_PROGRAMS, _ABSENCES, _STAND_INS, _PERSONAL = (Phrases(words) for words in (PROGRAMS, ABSENCES, STAND_INS, PERSONAL))
_COURTESIES = tuple(folded(words) for words in COURTESIES)
_SHORT = 1_500
_BEGINNING = 600
_COURTESY = 120
_SENTENCES = re.compile(r"(?<=[^\W\d_]{2})[.!?]+\s+|[。！？]\s*|\n\s*\n")  # not at the point of "4. bis 12. Mai"
_AFTER = (":", "：", " :", "-", " -", "–", " –", " re", " aw", " (", "(", "[", "|", "!", ".", ",", "]")
_BRACKETED = re.compile(r"[\[(]([^\[\]()]{1,40})[\])]$")
_TITLES = re.compile(r"\b(mr|mrs|ms|dr|hr|fr|prof|sr|sra|dra|sig|dott|ing|mme)\.\s", re.IGNORECASE)
_LIST_SENDER = re.compile(r"(?<![\w-])owner-|-(?:owner|admin|bounces|request)@", re.IGNORECASE)
_ENDS = re.compile(r"\s*[\[(]")


def sign(
    headers: Headers, subject: str, text: str, parts: Iterable[Headers], *, null_sender: bool, quotes: bool
) -> str | None:
    """The sign by which a mail is automatic, None where a person seems to have written it.

    `parts` are the headers of its parts; `quotes` says whether it quotes another mail: then its words are no sign,
    since they may be the other's.
    """
    return (
        _header_sign(headers)
        or _list_sign(headers, subject, null_sender=null_sender)
        or ("null sender" if null_sender else None)
        or _type_sign(headers, parts)
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
    answers = (headers.has("in-reply-to") or headers.has("references")) and not is_of_a_list(headers)
    return "precedence" if bulk and (null_sender or answers or begins_automatically(subject)) else None


def is_of_a_list(headers: Headers) -> bool:
    """Whether a mail came by a mailing list, or is a newsletter."""
    return any(map(headers.has, LISTS)) or _LIST_SENDER.search(headers.get("sender")) is not None


def _type_sign(headers: Headers, parts: Iterable[Headers]) -> str | None:
    if any(_answers_an_invitation(each.get("content-type").lower()) for each in (headers, *parts)):
        return "calendar"
    return "report" if headers.get("content-type").lower().startswith("multipart/report") else None


def _answers_an_invitation(kind: str) -> bool:
    return kind.startswith("text/calendar") and "method=reply" in kind.replace('"', "").replace(" ", "")


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
    """Whether a text says that a program answers, or opens with somebody's absence.

    Further down, absence counts only together with a stand-in or a return, and with no question: people tell each
    other of their holidays too.
    """
    beginning = text[:_BEGINNING]
    plain = folded(beginning)
    if _PROGRAMS.found_in(plain):
        return True
    if not _ABSENCES.found_in(plain) or _PERSONAL.found_in(plain):
        return False
    if _ABSENCES.found_in(_opening(beginning)):
        return True
    return _STAND_INS.found_in(plain) is not None and "?" not in plain and "？" not in plain


def _opening(text: str) -> str:
    """The first sentence that is more than a greeting or a thank-you, folded, with what greets before it."""
    said = ""
    for sentence in _SENTENCES.split(_TITLES.sub(r"\1 ", text)):
        plain = folded(sentence)
        said = f"{said} {plain}".strip()
        if plain and not (len(plain) < _COURTESY and any(words in plain for words in _COURTESIES)):
            break
    return said
