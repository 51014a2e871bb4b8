"""From codes and words to a class: which of the several codes in a bounce is believed, and what it means.

Order of trust: an enhanced code in the diagnostic text, the Status field where it says something, words, the SMTP
reply; catch-alls are overruled by words, both ways (reference: email events, section 5). The same rule judges what a
server answers while we send, what a report tells later, and what anybody else says of a mail.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from skywrite.channels.email.carrying import Stage
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
_ADDRESS = re.compile(r"(?<![\w.+%=-])[\w.+%=-]+@[\w.-]+")
_ROWS = tuple((reason, Phrases(phrases)) for reason, phrases in WORDS)
_FAINT_ROWS = tuple((reason, Phrases(phrases)) for reason, phrases in FAINT_WORDS)
_STEP_ROWS = tuple((stage, Phrases(phrases)) for stage, phrases in STEPS)
_ABOUT_US = frozenset({Stage.CONNECT, Stage.HELO, Stage.TLS, Stage.AUTH, Stage.MAIL})  # no recipient is named yet
_ABOUT_THE_MAIL = frozenset({Stage.DATA, Stage.DOT})
_SILENT = frozenset({"0.0", "1.0", "2.0", "3.0", "5.0"})  # not even the subject of these codes is to be believed
_UNSPECIFIC = frozenset({"protocol", "system", "network"})  # words of these do not overrule a code that says policy
_BLOCKS_ANYHOW = frozenset({"reputation", "spam", "authentication", "virus"})  # a 4xx with such words is no soft bounce


class Verdict(Struct, frozen=True):
    """What a recipient's codes and words come to."""

    status: str | None
    smtp_reply: str | None
    reason: str
    bounce_class: BounceClass


@lru_cache(maxsize=64)  # the blocks of a long report say the same
def judge(status: str | None, diagnostic: str, hint: str | None = None) -> Verdict:
    """The verdict on a failure that is told of; reply and stage are looked for in what the other server said.

    `status` is a report's field; `hint` the reason to take where all else is silent.
    """
    text = diagnostic[:DIAGNOSTIC_CHARACTERS]
    return _judged(_stage_in(text), smtp_reply(text), status, text, hint)


def judge_reply(stage: Stage, code: int, status: str, text: str) -> Verdict:
    """The verdict on a failure that we met, or that somebody tells of in parts.

    `stage` is how far the talk had come; `code` the reply, 0 for none; `status` its enhanced code, "" for none; `text`
    its words.
    """
    return _judged(stage, str(code) if code else None, status or None, text[:DIAGNOSTIC_CHARACTERS])


@lru_cache(maxsize=2_048)
def _judged(stage: Stage | None, reply: str | None, status: str | None, text: str, hint: str | None = None) -> Verdict:
    code = _believed(enhanced(text), status)
    words = _first(_ROWS, text)
    if (
        stage in _ABOUT_US and (reply or "").startswith("5") and words != "too_big"
    ):  # SIZE is looked at there (RFC 1870)
        reason = words if words and REASONS[words][0] is BounceClass.BLOCK else "sender"
        return Verdict(code, reply, reason, BounceClass.BLOCK)
    reason = _reason(code, words, _first(_FAINT_ROWS, text), reply) or hint or _of_reply(reply, stage)
    return Verdict(code, reply, reason, _class(reason, code, reply))


def enhanced(text: str) -> str | None:
    """The enhanced code in a text: the first that is no catch-all, else the first."""
    codes = [match[0] for match in _STATUS.finditer(text)]
    return min(codes, key=_weakness, default=None)


def smtp_reply(text: str) -> str | None:
    """The three digits of an SMTP reply in a text: such as stand where replies are quoted, else the first."""
    match = _RELAYED.search(text) or _INTRODUCED.search(text) or _REPLY.search(text)
    return match[1] if match else None


def _stage_in(text: str) -> Stage | None:
    plain = folded(text)
    return next((stage for stage, phrases in _STEP_ROWS if phrases.found_in(plain)), None)


def _first(rows: Iterable[tuple[str, Phrases]], text: str) -> str | None:
    plain = _ADDRESS.sub("…", folded(text))  # a mailbox may be named spam@
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
    if words and not (words in _UNSPECIFIC and code and code[2:] == "7.1"):
        return words
    if code and meant and code[2:] not in _SILENT:
        return meant
    return faint or (meant if code and not reply else None)


def _of_reply(reply: str | None, stage: Stage | None) -> str:
    """What an SMTP reply alone means; a final one after RCPT speaks of the mail."""
    meant = REPLIES.get(reply or "", "refused")
    is_of_the_mail = stage in _ABOUT_THE_MAIL and (reply or "").startswith("5") and meant in {"user_unknown", "refused"}
    return "policy" if is_of_the_mail else meant


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
