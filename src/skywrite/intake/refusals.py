"""What is kept of a request's refused events: each whole, with what it would have been taken with, to be mended."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from skywrite.events.batch import Envelope, normalise, split
from skywrite.events.check import Fault
from skywrite.intake.limits import MAX_KEPT_BYTES
from skywrite.kit import json
from skywrite.log.base import Record

_fields = msgspec.json.Decoder(dict[str, Raw]).decode
_OBJECTS = ("context", "integrations")
_NOTHING = Envelope()


class Rejected(Struct, frozen=True):
    """One refused event: its index in the request, why, and its body with what its batch said of it."""

    item: int
    code: str
    reason: str
    body: str


class Refusals:
    """Gathers them, up to MAX_KEPT_BYTES a request; what is beyond is told and not kept.

    The batch's context, integrations and sentAt are put under an event's own, and the sender's address with them: apart
    from its batch it would go where the sender forbade.
    """

    def __init__(self, ip: str, batch: bytes = b"") -> None:
        self.rejected: list[Rejected] = []
        self._ip = ip
        self._envelope = _envelope_of(batch) if batch else _NOTHING
        self._shared_bytes = len(json.encode(self._envelope))
        self._left = MAX_KEPT_BYTES

    def add(self, item: int, fault: Fault, event: bytes) -> None:
        """Refuse an event."""
        reason, body = fault.reason, b""
        if len(event) + self._shared_bytes <= self._left:
            body = self._as_taken(event)
            self._left -= len(body)
        else:
            reason = f"{reason} It is not kept: this request has more to be kept than {MAX_KEPT_BYTES} bytes."
        self.rejected.append(Rejected(item, fault.code, reason, body.decode("utf-8", "replace")))

    def tell(self, item: int, fault: Fault) -> None:
        """Refuse what begins at an index, without keeping it."""
        self.rejected.append(Rejected(item, fault.code, fault.reason, ""))

    def _as_taken(self, event: bytes) -> bytes:
        if not self._ip and self._envelope == _NOTHING:
            return event
        try:
            fields = _fields_of(event)
            return json.encode(fields | self._shared(fields))
        except (ValueError, RecursionError):
            return event  # no object, or not to be read: what is wrong with it must be mended first

    def _shared(self, fields: dict[str, Raw]) -> dict[str, Any]:
        """What an event says itself and its batch of it, merged as it is when a taken event is read."""
        own = {name: json.decode(fields[name]) for name in (*_OBJECTS, "sentAt") if name in fields}
        wrong = [name for name in _OBJECTS if not isinstance(own.get(name), dict | None)]
        kept = {name: value for name, value in own.items() if name not in wrong}
        merged = normalise({"type": "track", **kept}, Record(0, 0, "", "", self._ip, b"", b""), 0, None, self._envelope)
        return {name: merged[name] for name in (*_OBJECTS, "sentAt") if merged.get(name) and name not in wrong}


def _fields_of(event: bytes) -> dict[str, Raw]:
    try:
        return _fields(event)
    except msgspec.DecodeError:
        return _fields(json.encode(json.decode(event)))  # it may only hold what a lenient reader takes


def _envelope_of(batch: bytes) -> Envelope:
    try:
        return split(Record(0, 0, "", "batch", "", b"", batch)).envelope
    except (ValueError, RecursionError):
        return _NOTHING
