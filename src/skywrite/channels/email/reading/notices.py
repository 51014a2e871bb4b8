"""The part of a bounce written for people: where the returned copy begins, whom it names, what it says of each."""

# ruff: noqa: RUF001 - words and marks of other languages

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from skywrite.channels.email.reading.formats import FORMATS, Format
from skywrite.channels.email.reading.formats_others import OTHER_FORMATS
from skywrite.channels.email.reading.headers import ADDRESS, Headers, addresses, parse_fields
from skywrite.channels.email.reading.notice_words import (
    ARRIVED,
    BEFORE,
    COPIES,
    DELAYED,
    FAILED,
    FINAL,
    FOREIGN,
    HELD,
    LABELS,
)
from skywrite.channels.email.reading.words import Phrases, folded

NOTICE_CHARACTERS = 64 * 1024
LINES = 2_000
_RECIPIENTS = 1_000
_DASHES = re.compile(r"-[ -]{2,200}")
_COPIES = tuple(_DASHES.sub("--- ", folded(mark)) for mark in COPIES)
_FAILED, _DELAYED, _FINAL, _ARRIVED, _HELD = (Phrases(words) for words in (FAILED, DELAYED, FINAL, ARRIVED, HELD))
_ROWS = (*FORMATS, *OTHER_FORMATS)
_TEXTS = tuple((row, Phrases(row.texts)) for row in _ROWS)
_HEADERS = tuple((name, part, row) for row in _ROWS for name, part in row.headers)

_ADDRESS = ADDRESS.pattern
_LEAD = r"[\s>*#|\-•·–\"'“(\[]{0,12}(?:\d{1,3}[.)]\s{1,4})?"


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


_FOREIGN = re.compile(rf"(?:{_any(FOREIGN)})[\s:<\"'(]{{0,4}}$", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    r"[\s>]{0,20}(?:message-id|from|sender|reply-to|return-path|mail from|x-[\w-]{1,40}|date|subject)[ \t]{0,3}:",
    re.IGNORECASE,
)
_LISTED = re.compile(rf"\s{{0,8}}<?{_ADDRESS}>?(?:[,;]\s{{0,3}}<?{_ADDRESS}>?){{1,40}}[,;.]?\s*$")
# The shapes of a line that names a recipient, the surest first.
_SHAPES: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        1,
        re.compile(
            rf"{_LEAD}(?:(?:rfc822|smtp|to|for)[;:=\s]\s{{0,3}})?<?({_ADDRESS})>?[\s\"')\]:;,.]{{0,8}}$", re.IGNORECASE
        ),
    ),
    (1, re.compile(rf"{_LEAD}(?:>>>\s)?[^\s<>]{{1,200}} <({_ADDRESS})>\s{{0,8}}(?:$|:)")),
    (1, re.compile(rf"{_LEAD}<({_ADDRESS})>[ \t]{{0,3}}:?\s")),
    (1, re.compile(rf"\s{{0,8}}\"?({_ADDRESS})\"?[ \t]{{0,3}}:(?:\s|$)")),
    (1, re.compile(rf"\s{{0,8}}(?:{_any(LABELS)})[ \t]{{0,3}}[:\uff1a]?\s{{0,8}}<?\"?({_ADDRESS})", re.IGNORECASE)),
    (2, re.compile(rf"\s{{0,8}}[245]\d\d[ -]<?({_ADDRESS})>?\s{{0,3}}\.\.\.")),
    (2, re.compile(rf"{_LEAD}<?({_ADDRESS})>?\s{{0,3}}(?:\.\.\.|on |\(|-{{1,2}} |, | |\[)")),
    (2, re.compile(rf".{{0,200}}?\bc=[^;]{{0,20}};.{{0,120}}?smtp=({_ADDRESS});? on ", re.IGNORECASE)),
    (3, re.compile(rf".{{0,160}}?(?:{_any(BEFORE)})[:\s]{{1,6}}(?:the )?<?\"?({_ADDRESS})", re.IGNORECASE)),
)


class Named(Struct, frozen=True):
    """A recipient whom a notice names, and the lines that are about it."""

    address: str
    about: str


class Notice(Struct, frozen=True):
    """A notice without the returned copy, and what of the copy's headers stood in the text."""

    text: str
    plain: str  # folded, for phrases
    returned: Headers

    @property
    def failed(self) -> bool:
        """Whether it speaks of mail that could not be delivered."""
        return _FAILED.found_in(self.plain) is not None

    @property
    def arrived(self) -> bool:
        """Whether it says that the mail arrived, and nothing of failure."""
        return _ARRIVED.found_in(self.plain) is not None and not self.failed

    @property
    def held(self) -> bool:
        """Whether it says that the mail is held, and nothing of failure."""
        return _HELD.found_in(self.plain) is not None and not self.failed

    @property
    def delayed(self) -> bool:
        """Whether it says that it is only a delay."""
        return _DELAYED.found_in(self.plain) is not None and _FINAL.found_in(self.plain) is None


def cut(text: str) -> Notice:
    """A text as a notice: what stands before the returned copy."""
    text = text[:NOTICE_CHARACTERS]
    lines = text.split("\n")[:LINES]
    end = next((number for number, line in enumerate(lines) if number and _begins_copy(line)), len(lines))
    kept = "\n".join(lines[:end])
    return Notice(kept, folded(kept), Headers(parse_fields(_margin(lines[end:]))))


def _begins_copy(line: str) -> bool:
    plain = line.strip()
    if len(plain) > 120 or not plain:
        return False
    plain = _DASHES.sub("--- ", folded(plain), count=1)
    return plain.startswith(_COPIES) or plain.removeprefix("--- ").startswith(_COPIES)


def _margin(lines: Sequence[str]) -> str:
    """Lines with the indentation of the first that has text taken away."""
    first = next((line for line in lines if ":" in line), "")
    indent = len(first) - len(first.lstrip())
    return "\n".join(line[indent:] if not line[:indent].strip() else line for line in lines)


def format_of(notice: Notice, headers: Headers) -> Format | None:
    """The writer whose row fits: by its header, else by its text."""
    for name, part, row in _HEADERS:
        if headers.has(name) and part in headers.get(name).lower():
            return row
    return next((row for row, phrases in _TEXTS if phrases.found_in(notice.plain)), None)


def named_in(notice: Notice, row: Format | None, own: Collection[str], expected: Collection[str]) -> list[Named]:
    """The recipients that a notice names by the shape of a line: those between the row's marks, else anywhere.

    Never the sender (`own`). Of the least sure shape, first whom the returned copy was for (`expected`).
    """
    lines = notice.text.split("\n")
    start, stop = _region(lines, row)
    for first, last in dict.fromkeys(((start, stop), (0, len(lines)))):
        hits = list(_hits(lines[first:last], own, expected))
        if (
            not hits and row and first
        ):  # between its marks even our own address is a recipient: people write to themselves
            hits = [hit for hit in _hits(lines[first:last], (), ()) if hit.sureness == 1]
        least = 2 if last - first == len(lines) else 3
        if chosen := _chosen(hits, least):
            return _with_text(lines[first:last], chosen)
    mentioned = [address for address in others_in(notice.text) if address.lower() in expected]
    return [Named(address, notice.text) for address in mentioned] or _with_text(
        lines, [hit for hit in hits if hit.sureness == 3][:1]
    )


def anybody_in(notice: Notice, own: Collection[str]) -> list[Named]:
    """The first address in a notice that may be a recipient's: not ours, and not one to write to for help."""
    for match in ADDRESS.finditer(notice.text):
        before = notice.text[max(0, match.start() - 20) : match.start()]
        address = match[0].strip(".'\"")
        if address.lower() not in own and not _FOREIGN.search(before):
            return [Named(address, notice.text)]
    return []


def _region(lines: Sequence[str], row: Format | None) -> tuple[int, int]:
    if row is None:
        return 0, len(lines)
    starts = [number for number, line in enumerate(lines) if row.start and _holds(line, row.start)]
    start = starts[0] if starts else 0
    stops = (number for number in range(start + 1, len(lines)) if row.stop and _holds(lines[number], row.stop))
    return start, next(stops, len(lines))


def _holds(line: str, marks: Sequence[str]) -> bool:
    plain = folded(line[:400])
    return any(mark in plain for mark in marks)


class _Hit(Struct, frozen=True):
    line: int
    sureness: int
    address: str
    is_below: bool = False  # the lines about it stand above it


def _hits(lines: Sequence[str], own: Collection[str], expected: Collection[str]) -> Iterator[_Hit]:
    """Each line that names somebody, by its surest shape."""
    found = 0
    for number, line in enumerate(lines):
        if "@" not in line or found >= _RECIPIENTS or _OF_ANOTHER.match(line):
            continue
        if line.count("@") > 1 and _LISTED.match(line[:1_000]):
            listed = [each for each in others_in(line) if each.lower() not in own or each.lower() in expected]
            found += len(listed)
            yield from (_Hit(number, 1, each) for each in listed)
            continue
        for sureness, shape in _SHAPES:
            match = shape.match(line[:1_000])
            address = match and match[1].strip(".'\"")
            if address and (address.lower() not in own or address.lower() in expected):
                found += 1
                yield _Hit(number, sureness, address, line.lstrip()[:3].isdigit() and "..." in line)
                break


def _chosen(hits: Sequence[_Hit], least: int) -> list[_Hit]:
    """The hits of the surest shape that there is; none that is less sure than `least`."""
    for sureness in range(1, least + 1):
        if same := [hit for hit in hits if hit.sureness == sureness]:
            return same
    return []


def _with_text(lines: Sequence[str], hits: Sequence[_Hit]) -> list[Named]:
    """Each recipient once, with the lines from its own to the next one's, and others that name it."""
    about: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for before, hit, after in zip([None, *hits], hits, [*hits[1:], None], strict=False):
        key = hit.address.lower()
        spelled.setdefault(key, hit.address)
        first, last = hit.line, after.line if after else len(lines)
        if hit.is_below:
            first, last = before.line + 1 if before else 0, hit.line
        about.setdefault(key, []).extend([lines[hit.line], *lines[first : max(last, first)][:40]])
    for line in lines if len(about) <= 20 else ():
        for key, text in about.items():
            if key in line.lower() and line not in text:
                text.append(line)
    shared = lines[hits[-1].line + 1 :][:40] if hits and not hits[-1].is_below else []
    told = {key: text if _says(text, key) else [*text, *shared] for key, text in about.items()}
    return [Named(spelled[key], "\n".join(dict.fromkeys(text))) for key, text in told.items()]


def _says(text: Sequence[str], address: str) -> bool:
    """Whether lines say more than an address or a list of them; where not, what stands below the list is about each."""
    return any(char.isalpha() for line in text for char in ADDRESS.sub("", line.lower().replace(address, "")))


def others_in(text: str) -> list[str]:
    """Every address in a short text, in order, once."""
    return list(dict.fromkeys(addresses(text[:10_000])))
