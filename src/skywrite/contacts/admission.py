"""What another server posts to the door: its calls as records of the inbox, and what is refused of them."""

from collections.abc import Callable, Collection

from msgspec import Raw, Struct

from skywrite.contacts.calls import KEPT, MISSING, TAKEN, Call, calls_in
from skywrite.events.check import EVENT_TYPES, MAX_EVENT_BYTES, fault_of_depth, may_be_deep
from skywrite.intake.limits import MAX_BATCH_EVENTS
from skywrite.kit import json
from skywrite.kit.errors import Refused
from skywrite.kit.hashing import id_hash
from skywrite.log.base import NewRecord, Record

_SPACE = "inbox"  # the messageIds of all callers are remembered as one's: a caller may change its key
_BAD_REQUEST = 400


class Turned(Struct, frozen=True):
    """A call of a batch that is refused."""

    index: int
    message: str


class Admitted(Struct, frozen=True):
    """What is kept of a request, and what is not."""

    records: list[NewRecord]
    refused: list[Turned]


def admit(body: bytes, key_id: str, now: int, known: Callable[[Collection[str]], set[str]]) -> Admitted:
    """Look at a request: one call, an array of calls, or an object with a `batch` of them.

    `known` says which of some anonymousIds contacts have; it is asked once, and only where calls name nobody else.
    Raises Refused where the body holds no calls at all.
    """
    taken: list[tuple[int, NewRecord, str]] = []
    refused = []
    for index, raw in enumerate(_calls(body)):
        try:
            taken.append((index, *_record(bytes(raw), key_id, now)))
        except Refused as refusal:
            refused.append(Turned(index, str(refusal)))
    alone = {anonymous_id for _, _, anonymous_id in taken if anonymous_id}
    strangers = alone - known(alone) if alone else alone
    refused += [Turned(index, MISSING) for index, _, anonymous_id in taken if anonymous_id in strangers]
    records = [record for _, record, anonymous_id in taken if anonymous_id not in strangers]
    return Admitted(records, sorted(refused, key=lambda one: one.index))


def _calls(body: bytes) -> list[Raw | bytes]:
    try:
        whole = json.decode(body)
    except (ValueError, RecursionError) as error:
        raise Refused(f"The body is not valid JSON: {error}.", where="body") from None
    found = whole.get("batch", [whole]) if isinstance(whole, dict) else whole
    if not isinstance(found, list):
        raise Refused("The body must be a call, an array of calls, or an object with a batch of them.", where="body")
    if len(found) > MAX_BATCH_EVENTS:
        raise Refused(f"A request holds at most {MAX_BATCH_EVENTS} calls; this one has {len(found)}.", where="batch")
    if isinstance(whole, dict) and "batch" not in whole:
        return [body]
    return [json.encode(one) for one in found]


def _record(raw: bytes, key_id: str, now: int) -> tuple[NewRecord, str]:
    """A call as a record, and its anonymousId where it names nobody else, else ""."""
    if len(raw) > MAX_EVENT_BYTES:
        raise Refused(f"The call has {len(raw)} bytes; at most {MAX_EVENT_BYTES} are taken.")
    fault = fault_of_depth(raw) if may_be_deep(raw) else None
    event = json.decode(raw)
    if fault is not None or not isinstance(event, dict):
        raise Refused(fault.reason if fault is not None else "A call must be an object.")
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in EVENT_TYPES:
        raise Refused(
            f"The type {str(kind)[:40]!r} is not supported; AutopilotHQ takes identify and track.", where="type"
        )
    call = next(iter(calls_in(Record(0, now, key_id, kind, "", b"", raw))))
    if call.fault or not isinstance(event.get("traits"), dict | None):
        raise Refused(call.fault or "traits must be an object.", where="traits")
    alone = _named_alone(call)
    return NewRecord(now, key_id, kind, "", id_hash(_SPACE, call.message_id or None), raw), alone


def _named_alone(call: Call) -> str:
    named = call.named
    if call.type == "track" and not call.name:
        raise Refused("event is missing; a track call needs the event's name.", where="event")
    if call.type in KEPT or call.type not in TAKEN or named.user_id or named.email:
        return ""
    if not named.anonymous_id:
        raise Refused(MISSING, where="traits", status=_BAD_REQUEST)
    return named.anonymous_id
