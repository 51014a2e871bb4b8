"""Mail that no person wrote: which sign of an automatic answer it bears, the surest first (RFC 3834)."""

# ruff: noqa: RUF001 - words and marks of other languages

import re
from collections.abc import Iterable
from itertools import takewhile

from skywrite.channels.email.reading.automatic_signs import (
    ABSENCES,
    ANSWERED,
    ARRIVALS,
    CLOSINGS,
    COURTESIES,
    DEPARTURES,
    GENERATED,
    HEADERS,
    LISTS,
    MAILS,
    NOTICES,
    PERSONAL,
    PREFIXES,
    PROGRAMS,
    PROMISES,
    STAND_INS,
    TERMS,
    VALUES,
)
from skywrite.channels.email.reading.headers import Headers, without_comments
from skywrite.channels.email.reading.person_words import ANSWERS, FIRST_PERSON
from skywrite.channels.email.reading.words import Phrases, folded

_PREFIXES = tuple(sorted((folded(prefix) for prefix in PREFIXES), key=len, reverse=True))
_PROGRAMS, _NOTICES, _ARRIVALS, _PROMISES = map(Phrases, (PROGRAMS, NOTICES, ARRIVALS, PROMISES))
_ABSENCES, _DEPARTURES, _STAND_INS, _TERMS = map(Phrases, (ABSENCES, DEPARTURES, STAND_INS, TERMS))
_COURTESIES, _CLOSINGS, _GENERATED, _MAILS = map(Phrases, (COURTESIES, CLOSINGS, GENERATED, MAILS))
_PERSONAL, _ANSWERS, _FIRST_PERSON = map(Phrases, (PERSONAL, ANSWERS, FIRST_PERSON))
_SIGNS = Phrases((*PROGRAMS, *GENERATED, *NOTICES, *ARRIVALS, *ABSENCES, *DEPARTURES))
_SHORT = 1_500
_BEGINNING = 600
_COURTESY = 120
_LONG = 8  # letters that a word of the table must exceed to be a sign in brackets
_BARE = 14  # so much may stand beside the words of an absence that says no more
_FEW, _NAME = 2, 24  # words and letters that a name or a place has
_ENDINGS = (".", "!", "。", "！")
_SENTENCES = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s+|(?<=[。！？])\s*|\n\s*\n")  # not at the point of "4. bis 12. Mai"
_JOINTS = r"and|but|so|und|aber|et|mais|pero|mas|maar|men|og|och(?!\smed)|ale|но"
_CLAUSES = re.compile(rf"[,;]\s|[、，；]|\s[-–—]\s|\s(?:{_JOINTS})\s")
_NO_WORD = re.compile(r"[^\w']+")
_AFTER = (":", "：", " :", "-", " -", "–", " –", " re", " aw", " (", "(", "[", "|", "!", ".", ",", "]")
_BRACKETED = re.compile(r"[\[(]([^\[\]()]{1,40})[\])]$")
_ANSWER = re.compile(r"\s*\w{1,4}\s*(?:\[\d+\]\s*)?[:：]")  # Re:, AW:, RES: and all of their length
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
        or ("text" if not quotes and len(text) < _SHORT and speaks_automatically(text) else None)
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

    One in brackets at the end is as good: "News [Out of office]". Behind "Re:" it may be our own subject's: there
    only such count as name an answer, "Re: News [Auto Reply]".
    """
    last = _BRACKETED.search(folded(subject)[-60:])
    if last and len(last[1]) > _LONG and last[1].strip() in (ANSWERED if _ANSWER.match(subject) else _PREFIXES):
        return True
    plain = _ENDS.sub("", folded(subject)[:200], count=1) if subject[:1] in {"[", "("} else folded(subject)[:200]
    for prefix in _PREFIXES:
        if plain.startswith(prefix):
            rest = plain[len(prefix) :]
            if not rest or rest.startswith(_AFTER) or (len(prefix) > 12 and rest[:1] == " "):
                return True
    return False


def speaks_of_absence(text: str) -> bool:
    """Whether a text begins with words of an automatic answer: enough where no person can have sent it."""
    beginning = _beginning(text)
    opening, plain = _opening(_sentences(beginning)), folded(beginning)
    return any(each.found_in(plain) for each in (_PROGRAMS, _GENERATED, _NOTICES, _ARRIVALS)) or any(
        each.found_in(opening) for each in (_ABSENCES, _DEPARTURES)
    )


def speaks_automatically(text: str) -> bool:
    """Whether the beginning of a text can only be a program's.

    That is where a program speaks of itself or acknowledges a mail, or where the text opens with an absence and says
    nothing else; never beside a request to us or an answer, since a person's reply must not be lost.
    """
    beginning = _beginning(text)
    plain = folded(beginning)
    if not _SIGNS.found_in(plain) or _ANSWERS.found_in(_words(plain)):
        return False
    sentences = _sentences(beginning)
    if any(_is_programs(each) and not _asks(each) for each in sentences):
        return True
    if _asks(plain) or _PERSONAL.found_in(plain):
        return False
    return _acknowledges(sentences, plain) or _is_absence(sentences, plain)


def _beginning(text: str) -> str:
    return text[:_BEGINNING].replace("’", "'")


def _sentences(text: str) -> list[str]:
    """The sentences of a text, folded."""
    return [folded(each) for each in _SENTENCES.split(_TITLES.sub(r"\1 ", text)) if each.strip()]


def _opening(sentences: list[str]) -> str:
    """The first sentence that is more than a greeting or a thank-you."""
    return next((each for each in sentences if _tells(each) or not _is_courtesy(each)), "")


def _words(plain: str) -> str:
    """The bare words of a folded text, each between spaces."""
    return f" {_NO_WORD.sub(' ', plain).strip()} "


def _asks(plain: str) -> bool:
    return "?" in plain or "？" in plain


def _is_programs(sentence: str) -> bool:
    """Whether a program speaks of itself in a sentence."""
    made = _GENERATED.found_in(sentence) is not None and _MAILS.found_in(sentence) is not None
    return made or _PROGRAMS.found_in(sentence) is not None


def _acknowledges(sentences: list[str], plain: str) -> bool:
    """Whether a text says in two ways that a mail came in, or that it is held and nothing else; nobody says "I"."""
    said = [each for each in (_NOTICES, _ARRIVALS, _PROMISES) if each.found_in(plain)]
    if not said or _FIRST_PERSON.found_in(_words(plain)):
        return False
    if len(said) > 1:
        return True
    return said == [_NOTICES] and all(_NOTICES.found_in(clause) or _belongs(clause) for clause in _clauses(sentences))


def _is_absence(sentences: list[str], plain: str) -> bool:
    """Whether sentences are a note of absence: they open with one, say until when, and all belong to it.

    Elsewhere an absence counts only beside what to do in urgent cases: people tell each other of their holidays too.
    """
    if not (_ABSENCES.found_in(plain) or _DEPARTURES.found_in(plain)):
        return False
    if _STAND_INS.found_in(plain) or _NOTICES.found_in(plain):
        return True
    if not all(_belongs(clause) for clause in _clauses(sentences)):
        return False
    opening = _opening(sentences)
    if _DEPARTURES.found_in(opening):
        return True
    absence = _ABSENCES.found_in(opening)
    return absence is not None and (
        len(opening) <= len(absence) + _BARE or any(_TERMS.found_in(_words(each)) for each in sentences)
    )


def _is_courtesy(sentence: str) -> bool:
    return len(sentence) < _COURTESY and _COURTESIES.found_in(_words(sentence)) is not None


def _clauses(sentences: list[str]) -> list[str]:
    """The clauses of sentences up to where the letter closes."""
    rest = takewhile(lambda each: not _CLOSINGS.found_in(each), sentences[1:])
    return [clause for each in (*sentences[:1], *rest) for clause in _CLAUSES.split(each) if clause]


def _belongs(clause: str) -> bool:
    """Whether a clause may stand in a note of absence: it is of it, a courtesy, or a name."""
    return _tells(clause) or _is_courtesy(clause) or _is_name(clause)


def _is_name(clause: str) -> bool:
    return len(clause.split()) <= _FEW and not clause.endswith(_ENDINGS) and len(clause) <= _NAME


def _tells(sentence: str) -> bool:
    """Whether a sentence tells of an absence, of its time, or of another address."""
    return (
        "@" in sentence
        or any(each.found_in(sentence) for each in (_ABSENCES, _DEPARTURES))
        or _TERMS.found_in(_words(sentence)) is not None
    )
