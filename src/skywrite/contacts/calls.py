"""From a record of a log to calls as contacts take them: the quick way, which decodes only what they need."""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from skywrite.contacts.addresses import folded
from skywrite.contacts.controls import LIST, NAME, SESSION, Controls, controls_in
from skywrite.contacts.identity import Named, named_by
from skywrite.contacts.traits import Traits
from skywrite.events.batch import Envelope, HoldsEvents, id_text, moments, normalise, split
from skywrite.kit import json
from skywrite.store.types import key as storable_key
from skywrite.store.types import storable_json

TAKEN = frozenset({"identify", "track"})  # what the destination takes
KEPT = frozenset({"page", "screen", "group"})  # what is on the timeline too, of a contact that is known
MISSING = "Missing unique identifier traits. Either `email` or `user_id` traits must be provided"  # Segment's words
_Id = str | int | float | None
_NOTHING = Raw(b"")


class Call(Struct, eq=False, gc=False):
    """One call. `item` is its index in the record; times are µs; `data` is what the timeline keeps, as JSON."""

    item: int
    type: str
    named: Named
    spelling: str  # the email as it was given
    new_email: str  # the address that is to take its place, as it was given
    at: int
    received_at: int
    source_id: str
    name: str
    data: str
    traits: Traits | None  # of an identify
    previous: str  # of an alias
    contact_id: str  # as our own events name it
    message_id: str
    integrations: dict[str, Any] | None
    raw: Raw
    fault: str = ""
    controls: Controls | None = None


class _Traits(Struct):
    email: Any = None
    contact_id: Any = None
    new_email: Any = msgspec.field(default=None, name="_NewEmail")
    autopilot_list: Any = msgspec.field(default=None, name=LIST)
    session: Any = msgspec.field(default=None, name=SESSION)


class _Context(Struct):
    traits: _Traits | None = None


class _Head(Struct, rename="camel"):
    type: str | None = None
    event: str | None = None
    user_id: _Id = None
    anonymous_id: _Id = None
    group_id: _Id = None
    previous_id: _Id = None
    old: _Id = msgspec.field(default=None, name="from")
    new: _Id = msgspec.field(default=None, name="to")
    name: str | None = None
    message_id: str | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    properties: Raw = _NOTHING
    traits: Raw = _NOTHING
    context: _Context | None = None
    integrations: dict[str, Any] | None = None


_head_of = msgspec.json.Decoder(_Head).decode
_hint_in = msgspec.json.Decoder(_Traits).decode


def calls_in(record: HoldsEvents, skip: Collection[int] = ()) -> Iterator[Call]:
    """The calls of a record, less those at the indexes in `skip`; one that cannot be read says so in its `fault`."""
    try:
        parts = split(record)
    except Exception as error:  # noqa: BLE001 - whatever a record holds, the reader goes on to the next
        yield _faulty(record, 0, Raw(record.body), error)
        return
    for item, raw in enumerate(parts.events):
        if item in skip:
            continue
        try:
            yield _call(record, item, raw, parts.call, parts.envelope)
        except Exception as error:  # noqa: BLE001 - the same of an event
            yield _faulty(record, item, raw, error)


def event_of(record: HoldsEvents, item: int) -> dict[str, Any]:
    """A call in normal form, for a dead letter or a sample."""
    parts = split(record)
    return normalise(json.decode(parts.events[item]), record, item, parts.call, parts.envelope)


def _call(record: HoldsEvents, item: int, raw: Raw, call: str | None, envelope: Envelope) -> Call:
    if envelope.context is None:
        try:
            return _read(record, item, raw, _head_of(raw), call, envelope)
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass  # something odd, which the plain way may make sense of
    event = normalise(json.decode(raw), record, item, call, envelope)
    plain = Raw(json.encode(event))
    return _read(record, item, plain, _lenient(event), call, Envelope())


def _lenient(event: dict[str, Any]) -> _Head:
    """The head of an event whose traits may be anything."""
    context = event.get("context")
    traits = context.get("traits") if isinstance(context, dict) else None
    event = event | {"context": {"traits": traits if isinstance(traits, dict) else None}}
    for name in ("from", "to"):  # an alias has them under their new names by now, anybody else's are anything
        event.pop(name, None)
    return _head_of(json.encode(event))


def _read(record: HoldsEvents, item: int, raw: Raw, head: _Head, call: str | None, envelope: Envelope) -> Call:
    kind = call or head.type or ""
    received = record.received_at
    said = head.context.traits if head.context is not None else None
    _, _, at = moments(head.timestamp, head.original_timestamp, head.sent_at, envelope.sent_at, received)
    traits: Traits | None = None
    email, new_email, is_hint = (said.email, said.new_email, False) if said is not None else (None, None, False)
    listed, session = (said.autopilot_list, said.session) if said is not None else (None, None)
    if kind == "identify":
        traits = (json.decode(head.traits) if head.traits else None) or {}
        email, new_email = traits.get("email", email), traits.get("_NewEmail", new_email)
        listed, session = traits.get(LIST, listed), traits.get(SESSION, session)
    elif kind == "track":
        text = bytes(head.properties)
        if b"mail" in text or b"_autopilot_" in text:
            hint = _hint_in(text)
            if not folded(email):
                email, new_email, is_hint = hint.email, hint.new_email or new_email, True
            listed, session = hint.autopilot_list or listed, hint.session or session
    integrations = head.integrations
    if envelope.integrations:
        integrations = {**envelope.integrations, **(integrations or {})}
    controls = None
    if listed or session or (integrations and NAME in integrations):
        controls = controls_in(listed, session, integrations)
    is_alias = kind == "alias"
    address = folded(email)
    return Call(
        item,
        kind,
        named_by(
            _id(_other(head.user_id, head.new) if is_alias else head.user_id),
            address,
            _id(head.anonymous_id),
            is_hint=is_hint,
        ),
        str(email).strip() if address else "",
        str(new_email).strip() if folded(new_email) else "",
        at,
        received,
        record.source_id,
        _name(kind, head),
        _data(kind, head) if kind in KEPT or kind == "track" else "",
        traits,
        _id(_other(head.previous_id, head.old)) if is_alias else "",
        said.contact_id if said is not None and isinstance(said.contact_id, str) else "",
        head.message_id or "",
        integrations,
        raw,
        "",
        controls,
    )


def _other(value: _Id, older: _Id) -> _Id:
    return older if value in (None, "") else value


def _id(value: _Id) -> str:
    if value is None:
        return ""
    return storable_key(value if isinstance(value, str) else id_text(value))


def _name(kind: str, head: _Head) -> str:
    if kind == "group":
        return _id(head.group_id)
    return storable_key((head.event if kind == "track" else head.name) or "")


def _data(kind: str, head: _Head) -> str:
    name, raw = ("traits", head.traits) if kind == "group" else ("properties", head.properties)
    text = storable_json(bytes(raw).decode())
    return f'{{"{name}":{text if text not in ("", "null") else "{}"}}}'


def _faulty(record: HoldsEvents, item: int, raw: Raw, error: Exception) -> Call:
    fault = f"This event cannot be read: {type(error).__name__}: {error}."
    at = record.received_at
    return Call(item, "", Named(), "", "", at, at, record.source_id, "", "", None, "", "", "", None, raw, fault)
