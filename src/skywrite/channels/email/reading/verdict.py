"""From codes and words to a class: which of the several codes in a bounce is believed, and what it means.

Order of trust: an enhanced code in the diagnostic text, the Status field where it says something, words, the SMTP
reply; catch-alls are overruled by words, both ways (reference: email events, section 5).
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from skywrite.channels.email.reading.model import BounceClass
from skywrite.channels.email.reading.reason_words import FAINT_WORDS, WORDS
from skywrite.channels.email.reading.reasons import (
    BOILERPLATE,
    CATCH_ALLS,
    CODES,
    DOUBTED,
    REASONS,
    REPLIES,
    STEPS,
)
from skywrite.channels.email.reading.words import Phrases, folded

DIAGNOSTIC_CHARACTERS = 2_000
_STATUS = re.compile(r"(?<![\d.])([245])\.([0-7])\.(\d{1,3})(?![\d]|\.\d)")
_REPLY = re.compile(r"(?:(?<=[\s\[(\"':;#<=>,])|^)([45][0-5]\d)(?=[\s\-#:,;)\"'.]|$)", re.MULTILINE)
_RELAYED = re.compile(r"\.\.\. ([45][0-5]\d)(?=[ -])")  # Sendmail: its own reply, then the other server's
_INTRODUCED = re.compile(
    r"(?:^|said:?|smtp;|says:?|respon[sd]e[ds]?:?|repl(?:y|ied)(?: was)?:?|error:?|code ?:?|returned:?|<<<|message:|\]:"
    r"|[\[\"'])"
    r"[\s#\"']{0,5}([45][0-5]\d)(?=[\s\-#:,;)\"'.]|$)",
    re.MULTILINE | re.IGNORECASE,
)
_ROWS = tuple((reason, Phrases(phrases)) for reason, phrases in WORDS)
_FAINT_ROWS = tuple((reason, Phrases(phrases)) for reason, phrases in FAINT_WORDS)
_STEP_ROWS = tuple((reason, Phrases(phrases)) for reason, phrases in STEPS)
_SILENT = frozenset({"0.0", "1.0", "2.0", "3.0", "5.0"})  # not even the subject of these codes is to be believed
_BLOCKS_ANYHOW = frozenset({"reputation", "spam", "authentication", "virus"})  # a 4xx with such words is no soft bounce


class Verdict(Struct, frozen=True):
    """What a recipient's codes and words come to."""

    status: str | None
    smtp_reply: str | None
    reason: str
    bounce_class: BounceClass


@lru_cache(maxsize=2_048)
def judge(status: str | None, diagnostic: str, hint: str | None = None) -> Verdict:
    """The verdict on a failure: its Status field, what the other server said, the reason to take if both are silent."""
    text = diagnostic[:DIAGNOSTIC_CHARACTERS]
    said = enhanced(text)
    code = _believed(said, status)
    reply = smtp_reply(text)
    reason = _reason(code, _clear_reason(text), _first(_FAINT_ROWS, text), reply) or hint or _of_reply(reply, text)
    return Verdict(code, reply, reason, _class(reason, code, reply))


def enhanced(text: str) -> str | None:
    """The enhanced code in a text: the first that is no catch-all, else the first."""
    codes = [match[0] for match in _STATUS.finditer(text)]
    return min(codes, key=_weakness, default=None)


def smtp_reply(text: str) -> str | None:
    """The three digits of an SMTP reply in a text: such as stand where replies are quoted, else the first."""
    match = _RELAYED.search(text) or _INTRODUCED.search(text) or _REPLY.search(text)
    return match[1] if match else None


def reason_of_words(text: str) -> str | None:
    """The reason that a text's words give, faint ones last."""
    found = _clear_reason(text)
    return found or _first(_FAINT_ROWS, text)


def _clear_reason(text: str) -> str | None:
    return _first(_ROWS, text)


def _first(rows: Iterable[tuple[str, Phrases]], text: str) -> str | None:
    plain = folded(text)
    for said in BOILERPLATE:
        plain = plain.replace(said, "")
    return next((reason for reason, phrases in rows if phrases.found_in(plain)), None)


def _believed(said: str | None, status: str | None) -> str | None:
    if said is None or (status is not None and _is_weak(said) and not _is_weak(status)):
        return status
    return said


def _weakness(code: str) -> int:
    """0 for a code that says something, 1 for a catch-all with a subject and a detail, 2 for one without."""
    return 2 if code.endswith(".0") else int(code in CATCH_ALLS)


def _is_weak(code: str) -> bool:
    return code in CATCH_ALLS or code.endswith(".0")


def _reason(code: str | None, words: str | None, faint: str | None, reply: str | None) -> str | None:
    """Code, words, reply, in the order that their strength gives."""
    meant = reason_of_code(code) if code else None
    if code and meant and not _is_weak(code) and words not in DOUBTED.get(meant, ()):
        return meant
    if words:
        return words
    if code and meant and code[2:] not in _SILENT:
        return meant
    return faint or (meant if code and not reply else None)


def _of_reply(reply: str | None, text: str) -> str:
    """What an SMTP reply alone means; a final one by the step at which it came."""
    meant = REPLIES.get(reply or "", "refused")
    stepped = (
        _first(_STEP_ROWS, text)
        if reply and reply[0] == "5" and meant in {"user_unknown", "policy", "refused"}
        else None
    )
    return stepped or meant


def reason_of_code(code: str) -> str | None:
    """What an enhanced code means by itself: its own row, else its subject's."""
    detail = code[2:]
    if detail in CODES:
        return CODES[detail]
    if detail.startswith("7.6"):  # Microsoft: 5.7.606-649, an address on its block list
        return "reputation" if len(detail) == 5 else CODES["7"]
    return CODES.get(detail[0])


def _class(reason: str, code: str | None, reply: str | None) -> BounceClass:
    natural = REASONS[reason][0]
    digit = (code or reply or "5")[0]
    if digit == "4" and reason not in _BLOCKS_ANYHOW:
        return BounceClass.SOFT
    return natural
