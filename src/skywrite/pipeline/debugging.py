"""From log records to what the debugger shows; of the store, only the ids of refused events."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, Literal

from msgspec import Struct

from skywrite.events.apart import found_in
from skywrite.intake.accept import rejected_of
from skywrite.kit import json
from skywrite.kit.time import to_datetime
from skywrite.log.base import Record
from skywrite.pipeline import queries
from skywrite.pipeline.reader import Marked
from skywrite.store.engine import Store

REJECTED = "rejected"
_PATIENCE_MICROS = 700_000  # how long an arrival waits for dedupe's word before it is shown without


class DebugEvent(Struct):
    """One arrival in the debugger. A refused or unreadable one has `code` and `reason`, and its body in `raw`."""

    id: str  # position and item: unique and in order of arrival
    received_at: datetime
    status: Literal["accepted", "duplicate", "rejected"]
    type: str
    name: str  # the event of a track, the name of a page; for others what they are about
    user: str  # userId, else anonymousId
    raw: Any  # the whole event as it goes to destinations; for a refused one its body, as JSON where it parses
    code: str = ""
    reason: str = ""
    rejection: int | None = None  # of a refused one: the id to send it again by, once it is kept


def debug_events(marked: Iterable[Marked]) -> Iterator[DebugEvent]:
    """Every event of these records, in order of arrival, the refused ones too."""
    for record, duplicates in marked:
        yield from _refused(record) if record.kind == REJECTED else _taken(record, duplicates)


def latest_events(marked: Sequence[Marked], most: int) -> list[DebugEvent]:
    """The last `most` events of these records, in order of arrival; of a batch no others are decoded."""
    found: list[DebugEvent] = []
    for record, duplicates in reversed(marked):
        lacking = most - len(found)
        if lacking == 0:
            break
        if record.kind == REJECTED:
            events = list(_refused(record, lacking))
        else:
            events = list(_taken(record, duplicates, range(_count(record) - lacking)))
        found[:0] = events[-lacking:]
    return found


def with_rejections(store: Store, source_id: str, events: list[DebugEvent]) -> list[DebugEvent]:
    """The same events, the refused ones with the id by which they are kept, if they are by now."""
    positions = {int(event.id.partition("-")[0]) for event in events if event.status == REJECTED}
    if positions:
        with store.read() as connection:
            rows = connection.execute(queries.rejection_ids(source_id, sorted(positions))).all()
        kept = {f"{row.position}-{row.item}": row.id for row in rows}
        for event in events:
            event.rejection = kept.get(event.id) if event.status == REJECTED else None
    return events


def ripe(marked: Sequence[Marked], decided: int, now: int) -> list[Marked]:
    """The first of these records: up to one that dedupe has not decided and that has not waited long enough for it."""

    def is_ripe(each: Marked) -> bool:
        return each[0].position <= decided or now - each[0].received_at > _PATIENCE_MICROS

    return list(takewhile(is_ripe, marked))


def count_events(marked: Iterable[Marked]) -> int:
    """How many events these records hold, without decoding them."""
    return sum(_count(record) for record, _ in marked)


def _count(record: Record) -> int:
    return max(1, len(record.ids) // 16)


def _taken(record: Record, duplicates: Collection[int], skip: Collection[int] = ()) -> Iterator[DebugEvent]:
    for found in found_in(record, skip):
        raw = _parsed(found.event["body"]) if found.fault else found.event
        event = raw if isinstance(raw, dict) else {}
        yield DebugEvent(
            id=f"{record.position}-{found.item}",
            received_at=to_datetime(record.received_at),
            status="duplicate" if found.item in duplicates else "accepted",
            type=_text(event.get("type")),
            name=_name(event),
            user=_user(event),
            raw=raw,
            code="unreadable" if found.fault else "",
            reason=found.fault,
        )


def _refused(record: Record, most: int = 0) -> Iterator[DebugEvent]:
    """All of them, or the last `most`."""
    for refused in rejected_of(record.body)[-most:]:
        body = _parsed(refused.body)
        event = body if isinstance(body, dict) else {}
        yield DebugEvent(
            id=f"{record.position}-{refused.item}",
            received_at=to_datetime(record.received_at),
            status="rejected",
            type=_text(event.get("type")),
            name=_name(event),
            user=_user(event),
            raw=body,
            code=refused.code,
            reason=refused.reason,
        )


def _parsed(body: str) -> Any:
    try:
        return json.decode(body)
    except (ValueError, RecursionError):
        return body


def _name(event: dict[str, Any]) -> str:
    """The event of a track, the name of a page or screen; for others whom or what they are about."""
    kind = event.get("type")
    if kind in ("page", "screen"):
        return _text(event.get("name"))
    if kind == "group":
        return _text(event.get("groupId"))
    if kind == "alias":
        return _text(event.get("previousId"))
    if kind == "identify":
        traits = event.get("traits")
        return _text(traits.get("email") or traits.get("name")) if isinstance(traits, dict) else ""
    return _text(event.get("event"))


def _user(event: dict[str, Any]) -> str:
    return _text(event.get("userId")) or _text(event.get("anonymousId"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
