"""From one request to log records and an answer. Pure: the time, the source and the body are arguments."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from skywrite.events.check import Fault, Head, fault_of_depth, fault_of_head, fault_of_raw, may_be_deep
from skywrite.intake.limits import MAX_BATCH_EVENTS, MAX_BATCH_ITEMS
from skywrite.intake.refusals import Refusals, Rejected
from skywrite.kit import json
from skywrite.kit.errors import Refused
from skywrite.kit.hashing import id_hash, id_hashes
from skywrite.log.base import NewRecord


class Accepted(Struct, frozen=True):
    """What a request comes to: the records to be made durable, and what was refused of it."""

    records: list[NewRecord]
    rejected: list[Rejected]
    events: int


class _Heads(Struct):
    batch: list[Head]


class _Raws(Struct):
    batch: list[Raw]


_head = msgspec.json.Decoder(Head).decode
_heads = msgspec.json.Decoder(_Heads).decode
_raws = msgspec.json.Decoder(_Raws).decode
_fields = msgspec.json.Decoder(dict[str, Raw]).decode
_UNREADABLE = (msgspec.DecodeError, msgspec.ValidationError, RecursionError)
_decode_rejected = msgspec.json.Decoder(list[Rejected]).decode


def rejected_of(body: bytes) -> list[Rejected]:
    """The refused events of a log record of the kind "rejected"."""
    return _decode_rejected(body)


def accept(call: str | None, source_id: str, body: bytes, ip: str, now: int) -> Accepted:
    """Check a request's body. `call` is the type that the path gives, None for a batch; `now` is in µs.

    Raises Refused where nothing of it can be used, not even kept as a refused event of this source.
    """
    try:
        if not body.isascii():
            str(body, "utf-8")
        return _single(call, source_id, body, ip, now) if call else _batch(source_id, body, ip, now)
    except UnicodeDecodeError as error:
        raise Refused(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from error


# ---- one event ----


def _single(call: str, source_id: str, body: bytes, ip: str, now: int) -> Accepted:
    try:
        head = _head(body)
    except _UNREADABLE:
        return _single_slowly(call, source_id, body, ip, now)
    fault = fault_of_head(head, call, len(body)) or fault_of_depth(body)
    if fault is not None:
        return _refused(source_id, now, ip, fault, _typed(body, call))
    return Accepted([NewRecord(now, source_id, call, ip, id_hash(source_id, head.message_id), body)], [], 1)


def _single_slowly(call: str, source_id: str, body: bytes, ip: str, now: int) -> Accepted:
    mended = _mended(body)
    fault = fault_of_raw(mended, call)
    if fault is not None:
        return _refused(source_id, now, ip, fault, _typed(mended, call))
    return _single(call, source_id, mended, ip, now)


def _typed(body: bytes, call: str) -> bytes:
    """The event with the type that its path gave: kept apart from the path, it must say so itself."""
    try:
        return json.encode({"type": call, **_fields(body)})
    except msgspec.ValidationError:
        return body  # no object: there is nothing to be typed


def _refused(source_id: str, now: int, ip: str, fault: Fault, body: bytes) -> Accepted:
    refusals = Refusals(ip)
    refusals.add(0, fault, body)
    return _all_rejected(source_id, now, refusals.rejected)


def _mended(body: bytes) -> bytes:
    """The same JSON without what only a lenient reader takes: lone surrogates; a number beyond a double is its text."""
    try:
        return json.encode(json.decode(body))
    except RecursionError:
        raise Refused("The body nests too deeply.") from None
    except ValueError as error:
        raise Refused(f"The body is not valid JSON: {error}.") from error


# ---- a batch ----


def _batch(source_id: str, body: bytes, ip: str, now: int) -> Accepted:
    try:
        heads = _heads(body).batch
        raws = _raws(body).batch
    except _UNREADABLE:
        return _batch_slowly(source_id, body, ip, now)
    _check_count(len(raws))
    if len(raws) > MAX_BATCH_EVENTS:
        return _without_faulty(source_id, body, ip, now)
    is_any_deep = may_be_deep(body)
    for head, raw in zip(heads, raws, strict=True):
        is_faulty = fault_of_head(head, None, len(memoryview(raw))) is not None
        if is_faulty or (is_any_deep and may_be_deep(bytes(raw))):
            return _without_faulty(source_id, body, ip, now)
    ids = id_hashes(source_id, [head.message_id for head in heads])
    return Accepted([NewRecord(now, source_id, "batch", ip, ids, body)], [], len(heads))


def _batch_slowly(source_id: str, body: bytes, ip: str, now: int) -> Accepted:
    try:
        _check_count(len(_raws(body).batch))
    except _UNREADABLE:
        body = _mended(body)
        if not isinstance(batch := _batch_of(body), list):
            raise Refused("batch must be an array of events.", where="batch") from None
        _check_count(len(batch))
    return _without_faulty(source_id, body, ip, now)


def _batch_of(body: bytes) -> Any:
    whole = json.decode(body)
    return whole.get("batch") if isinstance(whole, dict) else None


def _check_count(count: int) -> None:
    if count == 0:
        raise Refused("batch is empty; it needs at least one event.", where="batch")


def _without_faulty(source_id: str, body: bytes, ip: str, now: int) -> Accepted:
    """Each event by itself, the slow way: the good ones as a batch of their own, the others refused with a reason."""
    good: list[Raw] = []
    ids: list[str | None] = []
    raws = _raws(body).batch
    refusals = Refusals(ip, body)
    for item, raw in enumerate(raws[:MAX_BATCH_ITEMS]):
        checked = _checked(item, raw)
        if isinstance(checked, Fault):
            refusals.add(item, checked, bytes(raw))
        else:
            good.append(checked[0])
            ids.append(checked[1].message_id)
    if len(raws) > MAX_BATCH_ITEMS:
        refusals.tell(MAX_BATCH_ITEMS, _fault_of_count(len(raws)))
    rejected = refusals.rejected
    accepted = _all_rejected(source_id, now, rejected) if rejected else Accepted([], [], 0)
    if not good:
        return accepted
    kept = json.encode(_fields(body) | {"batch": good})
    record = NewRecord(now, source_id, "batch", ip, id_hashes(source_id, ids), kept)
    return Accepted([record, *accepted.records], rejected, len(good))


def _fault_of_count(count: int) -> Fault:
    what = f"This batch has {count} events: the first {MAX_BATCH_EVENTS} are taken, the next are refused and kept"
    return Fault("bad_request", f"{what}, and all from number {MAX_BATCH_ITEMS + 1} on are refused and not kept.")


def _checked(item: int, raw: Raw) -> Fault | tuple[Raw, Head]:
    if item >= MAX_BATCH_EVENTS:
        return Fault("bad_request", f"A batch may hold {MAX_BATCH_EVENTS} events; this is number {item + 1}.")
    try:
        head = _head(raw)
    except _UNREADABLE:
        fault = fault_of_raw(raw, None)
        if fault is not None:
            return fault
        raw = Raw(_mended(bytes(raw)))
        head = _head(raw)
    return fault_of_head(head, None, len(memoryview(raw))) or fault_of_depth(bytes(raw)) or (raw, head)


# ---- refusals ----


def _all_rejected(source_id: str, now: int, rejected: list[Rejected]) -> Accepted:
    return Accepted([NewRecord(now, source_id, "rejected", "", b"", json.encode(rejected))], rejected, 0)
