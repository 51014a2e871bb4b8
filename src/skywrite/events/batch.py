"""From a log record to events: `split` cuts a batch without decoding it, `events_of` gives every event in normal form.

`events_of` is the plain way that defines what is right; quicker ways elsewhere are held to it by tests.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, Protocol

import msgspec
from msgspec import Raw, Struct

from skywrite.events.time import corrected, parse_time
from skywrite.kit import json
from skywrite.kit.time import iso_millis

API_VERSION = 2


class HoldsEvents(Protocol):
    """A record of the log, as far as this module looks at it."""

    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def received_at(self) -> int: ...  # noqa: D102
    @property
    def source_id(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def ip(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> bytes: ...  # noqa: D102


class Envelope(Struct, frozen=True):
    """What a batch says of all its events: merged under what each says itself."""

    sent_at: Any = None
    context: dict[str, Any] | None = None
    integrations: dict[str, Any] | None = None


class Split(Struct, frozen=True):
    """A record cut into the raw JSON of its events. `call` is the type of a single call, None in a batch."""

    call: str | None
    envelope: Envelope
    events: list[Raw]


_ABSENT = Raw(b"null")


class _Batch(Struct, rename="camel"):
    batch: list[Raw]
    sent_at: Raw = _ABSENT
    context: Raw = _ABSENT
    integrations: Raw = _ABSENT


_decode_batch = msgspec.json.Decoder(_Batch).decode
_NO_ENVELOPE = Envelope()


def split(record: HoldsEvents) -> Split:
    """The raw events of a record, in order; their index is what ids and duplicates are counted by."""
    if record.kind == "rejected":
        return Split(None, _NO_ENVELOPE, [])
    if record.kind != "batch":
        return Split(record.kind, _NO_ENVELOPE, [Raw(record.body)])
    batch = _decode_batch(record.body)
    envelope = Envelope(json.decode(batch.sent_at), _object(batch.context), _object(batch.integrations))
    return Split(None, envelope, batch.batch)


def _object(raw: Raw) -> dict[str, Any] | None:
    value = json.decode(raw)
    return value if isinstance(value, dict) and value else None


def events_of(record: HoldsEvents, skip: Collection[int] = ()) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every event of a record in normal form with its index in the record, less those at the indexes in `skip`."""
    parts = split(record)
    for item, raw in enumerate(parts.events):
        if item not in skip:
            yield item, normalise(json.decode(raw), record, item, parts.call, parts.envelope)


def made_message_id(source_id: str, position: int, item: int) -> str:
    """The messageId of an event that came without one: the same every time the log is read."""
    return f"sw-{source_id}-{position}-{item}"


def normalise(
    event: dict[str, Any], record: HoldsEvents, item: int, call: str | None, envelope: Envelope
) -> dict[str, Any]:
    """One event as destinations and the debugger get it; `event` is changed in place and returned.

    Ids are strings or absent, times are ISO 8601 with milliseconds and Z, the batch's context and integrations lie
    under the event's own, `writeKey` is gone (reference: tracking API, section 3).
    """
    event.pop("writeKey", None)
    event.pop("options", None)
    event["type"] = call or event["type"]
    if event["type"] == "alias":
        _modern_alias(event)
    for field in ("userId", "anonymousId", "groupId", "previousId"):
        _clean_id(event, field)
    if not event.get("messageId"):
        event["messageId"] = made_message_id(record.source_id, record.position, item)
    _merge_context(event, record.ip, envelope)
    _set_times(event, record.received_at, envelope.sent_at)
    event["version"] = API_VERSION
    return event


def _modern_alias(event: dict[str, Any]) -> None:
    for old, new in (("from", "previousId"), ("to", "userId")):
        value = event.pop(old, None)
        if value is not None and event.get(new) in (None, ""):
            event[new] = value


def _clean_id(event: dict[str, Any], field: str) -> None:
    value = event.get(field)
    if value is None or value == "":
        event.pop(field, None)
    elif not isinstance(value, str):
        event[field] = id_text(value)


def id_text(value: object) -> str:
    """An id that a caller sent as a number, as the string that it meant: 7 and 7.0 are both "7"."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _merge_context(event: dict[str, Any], ip: str, envelope: Envelope) -> None:
    context = event.get("context") or {}
    if envelope.context:
        context = _under(envelope.context, context)
    if ip and "ip" not in context:
        context["ip"] = ip
    event["context"] = context
    integrations = event.get("integrations") or {}
    event["integrations"] = {**envelope.integrations, **integrations} if envelope.integrations else integrations


def _under(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        lower = merged.get(key)
        merged[key] = _under(lower, value) if isinstance(lower, dict) and isinstance(value, dict) else value
    return merged


def _set_times(event: dict[str, Any], received: int, batch_sent: Any) -> None:
    sent, original, moment = moments(
        event.get("timestamp"), event.get("originalTimestamp"), event.get("sentAt"), batch_sent, received
    )
    event["originalTimestamp"] = iso_millis(original)
    event["timestamp"] = iso_millis(moment)
    event["receivedAt"] = iso_millis(received)
    if sent is None:
        event.pop("sentAt", None)
    else:
        event["sentAt"] = iso_millis(sent)


# It is asked of each event of a batch.
_batch_time = lru_cache(maxsize=256)(parse_time)


def moments(
    timestamp: object, original_timestamp: object, sent_at: object, batch_sent: object, received: int
) -> tuple[int | None, int, int]:
    """When an event was sent, when the device says it happened, and when it did, by what it and its batch say."""
    sent = parse_time(sent_at)
    if sent is None:
        sent = _batch_time(batch_sent) if isinstance(batch_sent, str) else None
    stated, original = parse_time(timestamp), parse_time(original_timestamp)
    # RudderStack sends the device's time as originalTimestamp; a timestamp beside it is the caller's, and final.
    if original is not None and stated is not None:
        moment = stated
    else:
        original = stated if original is None else original
        moment = corrected(received, sent, original)
    if original is None:
        original = received if sent is None else sent
    return sent, original, moment
