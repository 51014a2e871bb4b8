"""A person's own words in a reply: quotes, their attributions and signatures are taken away.

Answers between quotes stay, with the quotes; when unsure, more is kept.
"""

# ruff: noqa: RUF001 - words and marks of other languages

import html
import re
from collections.abc import Sequence

from skywrite.channels.email.reading.markup import text_of
from skywrite.channels.email.reading.reply_words import DIVIDERS, FROM, OPENERS, OTHERS, SIGNATURES, VERBS

LINES = 2_000
_SPAN = 6  # lines over which an attribution may be folded
_LENGTH = 500
_RULE = re.compile(r"[\s>]*[_=\-–—*~]{5,}\s*$")
_DELIMITER = re.compile(r"\s*(?:--|__|—|–)\s*$")
_DIVIDER = re.compile(r"[\s>*_=\-–—~.]*(" + "|".join(map(re.escape, DIVIDERS)) + r")[\s*_=\-–—~:.]*$", re.IGNORECASE)
_FROM = re.compile(r"[\s>*]{0,8}(?:" + "|".join(map(re.escape, FROM)) + r")[\s*]{0,4}[:：]", re.IGNORECASE)
_OTHER = re.compile(r"[\s>*]{0,8}(?:" + "|".join(map(re.escape, (*OTHERS, *FROM))) + r")[\s*]{0,4}[:：]", re.IGNORECASE)
_OPENER = re.compile(r"[\s>*]{0,8}(?:" + "|".join(map(re.escape, OPENERS)) + r")(?:[\s,]|(?=\d))", re.IGNORECASE)
_DATED = re.compile(
    r"[\s>*]{0,8}(?:\w{2,12}[.,]{0,2}\s{1,2})?"
    r"(?:\d{1,2}[./ -][\w.]{1,12}[./ -]\d{2,4}|\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2})"
)
_VERB = re.compile(
    r"(?:^|[\s>)\]\"'\d])(?:" + "|".join(map(re.escape, sorted(VERBS, key=len, reverse=True))) + r")(?=[\s:：,(]|$)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"[\s*_\[<(]{0,8}(?:" + "|".join(map(re.escape, SIGNATURES)) + r")", re.IGNORECASE)
_QUOTE = re.compile(r"\s{0,3}(?:>|\|\s|\|$)")
_BETWEEN_ARROWS = re.compile(r">>> .{1,200}@.{1,200} >>>$")  # GroupWise
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # of the direction of writing


def own_words(plain: str, page: str) -> str:
    """The person's words of a mail's plain text, else of its HTML without the nodes that quote."""
    if plain.strip():
        return from_text(plain)
    return from_text(text_of(page, quotes=False)) or from_text(text_of(page))


def quotes_mail(plain: str, page: str) -> bool:
    """Whether a mail quotes another: lines with `>`, an attribution, a header block, a divider, a quoting node."""
    lines = _lines(plain)
    if any(_QUOTE.match(line) and line.lstrip()[:1] == ">" for line in lines):
        return True
    return (
        any(_opens(lines, number) for number in range(len(lines))) or "gmail_quote" in page or "divRplyFwdMsg" in page
    )


def from_text(text: str) -> str:
    """The person's own lines of a plain text."""
    lines = _lines(text)
    kept = _unsigned(_without_quotes(lines))
    if not any(line.strip() for line in kept):
        kept = _unsigned(lines)
    if _is_all_quoted(kept):
        return ""
    return "\n".join(kept).strip()


def _is_all_quoted(lines: Sequence[str]) -> bool:
    """Whether nothing is left but a quoted mail with its attribution. A quote alone stays: it may be meant."""
    words = [line for line in lines if line.strip()]
    if not words or not all(_QUOTE.match(line) for line in words):
        return False
    inner = [line.lstrip("> ") for line in words]
    return any(_opens(inner, number) for number in range(len(inner)))


def _lines(text: str) -> list[str]:
    folded = html.unescape(text) if "&lt;" in text else text
    folded = (
        folded.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\xa0", " ")
        .replace("\u200b", "")
        .replace("\u202f", " ")
        .replace("\u1427", "")
    )
    folded = _MARKS.sub("", folded)
    return [line.rstrip() for line in folded.split("\n")[:LINES]]


def _without_quotes(lines: Sequence[str]) -> list[str]:
    """Lines before the quoted mail, or below it; where answers stand between quotes, those quotes too."""
    kept: list[str] = []
    last = _last_word(lines)
    number = 0
    begun = False
    while number < len(lines):
        length = _opens(lines, number)
        if not length:
            kept.append(lines[number])
            begun = begun or bool(lines[number].strip())
            number += 1
            continue
        after = number + length
        if begun and (_header_opens(lines, number) or not after < _quote_end(lines, after) <= last):
            break
        number = after if begun else _past_headers(lines, after)
        if not begun and number < (end := _quote_end(lines, number)) <= last and not _quoted(lines[end : last + 1]):
            number = end
    return _trimmed(kept)


def _quoted(lines: Sequence[str]) -> bool:
    return any(_QUOTE.match(line) for line in lines)


def _last_word(lines: Sequence[str]) -> int:
    """The number of the last line that is neither blank, nor quoted, nor a signature's; -1 where there is none."""
    end = _signature_at(lines) or len(lines)
    return next(
        (number for number in range(end - 1, -1, -1) if lines[number].strip() and not _QUOTE.match(lines[number])), -1
    )


def _past_headers(lines: Sequence[str], number: int) -> int:
    """Where the text of a forwarded mail begins, whose headers begin here; with none, here."""
    at = number
    while at < len(lines) and lines[at].strip() and (_OTHER.match(lines[at]) or at > number):
        at += 1
    return at


def _trimmed(lines: list[str]) -> list[str]:
    """Without the quote at the end, if anything stands before it."""
    end = _signature_at(lines) or len(lines)
    while end and (not lines[end - 1].strip() or _QUOTE.match(lines[end - 1])):
        end -= 1
    return lines[:end] if end else lines


def _quote_end(lines: Sequence[str], start: int) -> int:
    """Where the block of quoted lines from `start` on ends; `start` where there is none."""
    end = start
    for number in range(start, len(lines)):
        if _QUOTE.match(lines[number]):
            end = number + 1
        elif lines[number].strip():
            break
    return end


def _opens(lines: Sequence[str], number: int) -> int:
    """How many lines from this one on introduce a quoted mail; 0 where they do not."""
    line = lines[number]
    if not line.strip():
        return 0
    if _BETWEEN_ARROWS.match(line):
        return 1
    if _QUOTE.match(line):
        return 0
    if len(line) < 120 and _DIVIDER.match(line):
        return 1
    return _header_opens(lines, number) or _attribution(lines, number)


def _header_opens(lines: Sequence[str], number: int) -> int:
    """A header block as Outlook writes it, a rule above it or not: its length, 0 where there is none."""
    start = number + 1 if _RULE.match(lines[number]) else number
    while start > number and start < len(lines) and not lines[start].strip() and start < number + 3:
        start += 1
    block = [line for line in lines[start : start + 9] if line.strip()]
    if not block or not _OTHER.match(block[0]):
        return 0
    named = 0
    for line in block:
        if not _OTHER.match(line) and len(line) > 100:
            break
        named += bool(_OTHER.match(line))
    has_from = any(_FROM.match(line) for line in block[:5])
    return start - number + 1 if named >= 3 and has_from else 0


def _attribution(lines: Sequence[str], number: int) -> int:
    """A line, perhaps folded, that says who wrote what follows: its length, 0 where it is none."""
    first = lines[number]
    opens = bool(_OPENER.match(first) or _DATED.match(first))
    joined = ""
    starts: list[str] = []  # of an attribution that begins further down, which this line is then no part of
    for length in range(1, _SPAN + 1 if opens else 3):
        if number + length > len(lines):
            break
        if length == 2 and not opens and (_QUOTE.match(lines[number + 1]) or not ("@" in first or "<" in first)):
            break
        line = lines[number + length - 1].strip().lstrip(">").strip()
        if length > 1 and opens and not line and "<" not in joined and length < 3:
            continue
        joined = f"{joined} {line}".strip()
        starts = [f"{start} {line}" for start in starts]
        if length > 1 and (_OPENER.match(line) or _DATED.match(line)):
            starts.append(line)
        if len(joined) > _LENGTH:
            break
        if _attributes(joined, opens=opens) or (
            joined.endswith((":", "：")) and _tells_who(joined) and _quote_end(lines, number + length) > number + length
        ):
            return 0 if any(_attributes(start, opens=True) for start in starts) else length
    return 0


def _tells_who(text: str) -> bool:
    """Whether a line names an address and a time: above a quote that is an attribution, whatever its language."""
    return "@" in text and sum(map(str.isdigit, text)) >= 3


def _attributes(text: str, *, opens: bool) -> bool:
    bare = text.strip("-–—_* ")
    if bare != text and _VERB.search(bare[-40:]) and any(char.isdigit() for char in bare):
        return True
    ends = text[-1:] in {":", "："} or text[-2:] in {":*", ":_"}
    told = any(char.isdigit() for char in text) or "@" in text
    if ends and told and _VERB.search(text[-160:]):
        return True
    dated = _DATED.match(text) is not None
    if dated and "GMT" in text and len(text) < 100:
        return True
    return dated and "@" in text and (ends or text.endswith((">", "]"))) and opens


def _unsigned(lines: Sequence[str]) -> list[str]:
    """Lines above a signature."""
    return list(lines[: _signature_at(lines)])


def _signature_at(lines: Sequence[str]) -> int | None:
    """Where a signature begins: at `-- `, or at a phone's line with little below it; None where there is none."""
    below = sum(1 for line in lines if line.strip())
    for number, line in enumerate(lines):
        below -= bool(line.strip())
        if number and _DELIMITER.match(line):
            return number
        short = below <= 3 and len(line) < 80 and "," not in line and len(line.split()) <= 10
        if short and _SIGNATURE.match(line):
            return number
    return None
