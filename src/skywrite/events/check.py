"""Which events are accepted: the checks of the tracking API, with Segment's codes and our sentences."""

from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct, field

from skywrite.kit import json

EventType = Literal["identify", "track", "page", "screen", "group", "alias"]
EVENT_TYPES: frozenset[str] = frozenset(get_args(EventType))
MAX_EVENT_BYTES = 32 * 1024
MAX_MESSAGE_ID = 100
MAX_DEPTH = 200  # levels of arrays and objects; deeper ones come from mistakes and attacks alone

_Id = str | int | float | None


class _Object(Struct):
    """Any JSON object, its content skipped."""


class Head(Struct, rename="camel"):
    """What the intake must see of an event; anything else is skipped without being built."""

    type: str | None = None
    message_id: str | None = None
    user_id: _Id = None
    anonymous_id: _Id = None
    event: str | None = None
    group_id: _Id = None
    previous_id: _Id = None
    old: Any = field(default=None, name="from")  # of an alias in its old spelling; anybody else's `from` is anything
    new: Any = field(default=None, name="to")
    name: str | None = None
    category: str | None = None
    properties: _Object | None = None
    traits: _Object | None = None
    context: _Object | None = None
    integrations: _Object | None = None


class Fault(Struct, frozen=True):
    """Why one event is refused: Segment's code, and a sentence that names the field and what was expected."""

    code: str
    reason: str


_OBJECTS = {
    "properties": "properties_not_object",
    "traits": "traits_not_object",
    "context": "bad_request",
    "integrations": "bad_request",
}
_STRINGS = {"event": "event_not_string", "name": "name_not_string", "category": "category_not_string"}
_IDS = ("userId", "anonymousId", "groupId", "previousId")
_OLD_IDS = ("from", "to")  # of an alias; `events.batch` gives them their new names


def fault_of_head(head: Head, call: str | None, size: int) -> Fault | None:
    """What is wrong with an event whose `head` could be read, or None. `size` is its length in bytes.

    `call` is the type that the path gives; None in a batch, where the event names its own.
    """
    kind = call or head.type
    if size > MAX_EVENT_BYTES:
        return Fault("bad_request", f"The event has {size} bytes; at most {MAX_EVENT_BYTES} are taken.")
    if kind not in EVENT_TYPES:
        return _fault_of_type(head.type)
    if head.message_id is not None and len(head.message_id) > MAX_MESSAGE_ID:
        return Fault("bad_request", f"messageId has {len(head.message_id)} characters; at most {MAX_MESSAGE_ID}.")
    if kind == "alias" and (fault := _fault_of_ids({"from": head.old, "to": head.new}, _OLD_IDS)):
        return fault
    # 0 is an id, an empty string is none.
    if head.user_id in (None, "") and head.anonymous_id in (None, "") and not _is_named_otherwise(head, kind):
        return Fault("no_user_anon_id", "Neither userId nor anonymousId is given; every event needs one of them.")
    if kind == "track" and (not head.event or head.event.isspace()):
        return Fault("event_not_defined", "event is missing; a track call needs the event's name.")
    if kind == "group" and head.group_id in (None, ""):
        return Fault("id_required", "groupId is missing; a group call needs it.")
    return None


def _is_named_otherwise(head: Head, kind: str) -> bool:
    # The Node SDK lets a lone groupId or previousId count as the id.
    if kind == "alias":
        return any(value not in (None, "") for value in (head.previous_id, head.old, head.new))
    return kind == "group" and head.group_id not in (None, "")


def _fault_of_type(kind: str | None) -> Fault:
    expected = ", ".join(sorted(EVENT_TYPES))
    if kind is None:
        return Fault("bad_request", f"type is missing; it must be one of {expected}.")
    return Fault("bad_request", f"type is {kind[:40]!r}; it must be one of {expected}.")


def may_be_deep(raw: bytes) -> bool:
    """Whether JSON may nest deeper than MAX_DEPTH: a quick look that is sure only of its no."""
    return raw.count(b"{") + raw.count(b"[") > MAX_DEPTH


def fault_of_depth(raw: bytes) -> Fault | None:
    """What is wrong with an event that nests deeper than every reader of it can follow, or None."""
    if may_be_deep(raw) and _depth(json.decode(raw)) > MAX_DEPTH:
        return Fault("bad_request", f"The event nests deeper than {MAX_DEPTH} levels.")
    return None


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        inner = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = [item for items in inner for item in items if isinstance(item, dict | list)]
    return deepest


def fault_of_raw(raw: bytes | msgspec.Raw, call: str | None) -> Fault | None:
    """What is wrong with an event whose head could not be read as it should: the slow way, that names the field."""
    try:
        event = json.decode(raw)
    except RecursionError:
        return Fault("bad_request", "The event nests too deeply.")
    except ValueError as error:
        return Fault("bad_request", f"The event is not valid JSON: {error}.")
    if not isinstance(event, dict):
        return Fault("bad_request", f"An event must be an object, not {_word(event)}.")
    return _fault_of_fields(event) or fault_of_head(readable_head(event), call, len(memoryview(raw)))


def _fault_of_fields(event: dict[str, Any]) -> Fault | None:
    for name, code in _OBJECTS.items():
        if not isinstance(event.get(name), dict | None):
            return Fault(code, f"{name} must be an object, not {_word(event[name])}.")
    for name, code in _STRINGS.items():
        if not isinstance(event.get(name), str | None):
            return Fault(code, f"{name} must be a string, not {_word(event[name])}.")
    if fault := _fault_of_ids(event, _IDS):
        return fault
    for name in ("type", "messageId"):
        if not isinstance(event.get(name), str | None):
            return Fault("bad_request", f"{name} must be a string, not {_word(event[name])}.")
    return None


def _fault_of_ids(event: dict[str, Any], names: tuple[str, ...]) -> Fault | None:
    for name in names:
        if isinstance(event.get(name), bool | list | dict):
            return Fault("id_not_string", f"{name} must be a string, not {_word(event[name])}.")
    return None


def readable_head(event: dict[str, Any]) -> Head:
    """The head of an event that is a dict already and whose fields have the right types."""
    return msgspec.convert(event, Head)


def _word(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
