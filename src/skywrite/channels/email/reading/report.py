"""Delivery reports: the fields of `message/delivery-status` (RFC 3464, 6533), however broken."""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from skywrite.channels.email.reading.charset import decoded
from skywrite.channels.email.reading.headers import (
    addresses,
    base64_bytes,
    micros,
    parse_fields,
    unworded,
    without_comments,
)
from skywrite.channels.email.reading.verdict import enhanced

BLOCKS = 1_000
_RECIPIENT_FIELDS = {"final-recipient", "original-recipient", "action", "status", "x-actual-recipient"}
_IN_TEXT = re.compile(
    r"^[ \t]{0,8}(?:final-recipient|original-recipient|reporting-mta|action|diagnostic-code)[ \t]?:",
    re.MULTILINE | re.IGNORECASE,
)
_ACTIONS = {"fail": "failed", "dela": "delayed", "deli": "delivered", "rela": "relayed", "expa": "expanded"}
_FIELD = re.compile(r"\s|[!-9;-~]{1,100}[ \t]*:")
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


class Entry(Struct, frozen=True):
    """One recipient's block, its values plain."""

    address: str
    original: str | None
    action: str | None
    status: str | None
    diagnostic: str
    last_attempt: int | None
    will_retry_until: int | None


class Report(Struct, frozen=True):
    """A delivery report: about the message, and about each recipient."""

    envelope_id: str | None
    arrived_at: int | None
    entries: tuple[Entry, ...]


def stands_in(text: str) -> int | None:
    """Where a report's fields begin in a text that is not labelled as one; None where none do."""
    match = _IN_TEXT.search(text)
    return match.start() if match and "final-recipient" in text[match.start() :].lower() else None


def begins_as_one(text: str) -> bool:
    """Whether a text is a report's fields from its first line on, as where a gateway made an attachment of them."""
    return _IN_TEXT.match(text.lstrip()[:200]) is not None


def parse_report(text: str) -> Report:
    """A report's text as its blocks; a blank line too many or too few does no harm."""
    blocks = list(_blocks(text))
    about = blocks[0] if blocks else {}
    entries = [entry for block in blocks[1 : BLOCKS + 1] if (entry := _entry(block))]
    return Report(about.get("original-envelope-id") or None, micros(about.get("arrival-date", "")), tuple(entries))


def joined(reports: Sequence[Report]) -> Report:
    """Several reports of one mail as one; what is about the message, from the first that says it."""
    entries = [entry for each in reports for entry in each.entries]
    return Report(
        envelope_id=next((each.envelope_id for each in reports if each.envelope_id), None),
        arrived_at=next((each.arrived_at for each in reports if each.arrived_at), None),
        entries=tuple(entries[:BLOCKS]),
    )


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """First what is said about the message, then each recipient's fields."""
    about: dict[str, str] = {}
    found: list[dict[str, str]] = []
    current = about
    for chunk in re.split(r"\n[ \t]*\n", text, maxsplit=4 * BLOCKS):
        if not chunk or chunk.isspace():
            continue
        fields = parse_fields(_refolded(_dedented(chunk)))
        if not fields and "base64" in (current or about).get("content-transfer-encoding", "").lower():
            # gateways that rewrite reports take a recipient's block for a part of its own, and encode it
            fields = parse_fields(decoded(base64_bytes(chunk.encode("utf-8", "replace"))))
        names = {name for name, _ in fields}
        first = current is about and "original-recipient" in names
        begins = first or ("final-recipient" in names and (current is about or "final-recipient" in current))
        if begins:
            current = _new(found)
        for name, value in fields:
            if name in _RECIPIENT_FIELDS and (current is about or name in current):
                current = _new(found)
            current.setdefault(name, value)
            if current is not about and name in {"original-envelope-id", "arrival-date"}:
                about.setdefault(name, value)
        if len(found) > BLOCKS:
            break
    yield about
    yield from found


def _new(found: list[dict[str, str]]) -> dict[str, str]:
    found.append({})
    return found[-1]


def _dedented(chunk: str) -> str:
    """A block whose every line is indented, as some show it in text, moved to the margin."""
    lines = chunk.strip("\n").split("\n")
    indent = min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines) if indent else "\n".join(lines)


def _refolded(chunk: str) -> str:
    """A block whose long lines were broken anew, without the indentation that a folded field has, with it."""
    lines = chunk.split("\n")
    return "\n".join(
        f" {line}" if number and line and not _FIELD.match(line) else line for number, line in enumerate(lines)
    )


def _entry(block: dict[str, str]) -> Entry | None:
    final = typed_address(block.get("final-recipient", ""))
    original = typed_address(block.get("original-recipient", ""))
    actual = typed_address(block.get("x-actual-recipient", ""))
    routable = (each for each in (final, original, actual) if "." in each.rpartition("@")[2] and "@" in each)
    address = next(routable, final or original or "")
    action = without_comments(block.get("action", "")).strip().lower()
    status = block.get("status", "")
    if not (address or action or status):
        return None
    return Entry(
        address=address,
        original=original if original and original != address else None,
        action=_ACTIONS.get(action[:4]),
        status=enhanced(without_comments(status)) or enhanced(status),
        diagnostic=_diagnostic(block, status),
        last_attempt=micros(block.get("last-attempt-date", "")),
        will_retry_until=micros(block.get("will-retry-until", "")),
    )


def _diagnostic(block: dict[str, str], status: str) -> str:
    """What the other server said, its type left out; a comment in Status or Action may be all there is."""
    texts = [
        re.sub(
            r"\A\s*(?:smtp|x-[\w-]{1,40}|dns|unix)\s*;\s*", "", block.get("diagnostic-code", ""), flags=re.IGNORECASE
        )
    ]
    texts += [value[value.index("(") :] for value in (status, block.get("action", "")) if "(" in value]
    return unworded(" ".join(text for text in texts if text))


def typed_address(value: str) -> str:
    """`rfc822; <a@b>` as `a@b`; utf-8 addresses (RFC 6533) unescaped; of what is no address, the text."""
    kind, semicolon, rest = value.partition(";")
    text = (rest if semicolon else kind).strip()
    if kind.strip().lower() == "utf-8":
        text = _ESCAPED.sub(_unescaped, text)
    inner = re.search(r"<([^<>\s]{1,320})>", text)
    text = inner[1] if inner else text
    if text[:1] == "@" and ":" in text:  # a source route (RFC 5321, appendix C)
        text = text.rpartition(":")[2]
    if "@" in text and (" " in text or "(" in text or "," in text):
        return next(iter(addresses(text)), text)
    return text.strip("<>'\" ")


def _unescaped(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else match[0]


def worst(actions: Iterable[str | None]) -> str | None:
    """The action that decides for a report of several recipients."""
    said = set(actions)
    return next(
        (action for action in ("failed", "delayed", "delivered", "expanded", "relayed") if action in said), None
    )
