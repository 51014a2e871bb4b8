"""The records of one source -> decoded events side by side. It learns what a context looks like as it goes. Pure."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from skywrite.events.batch import split
from skywrite.events.time import parse_time
from skywrite.kit import json
from skywrite.log.base import Record
from skywrite.warehouse.known import LEARNING_ROUNDS, SAMPLES, UNREADABLE, Known
from skywrite.warehouse.naming import Spelling
from skywrite.warehouse.wanted import is_wanted

Item = tuple[Record, int]  # an event: its record, and its index there
ALL_ITEMS = -1  # instead of an index: all events of the record
Taken = tuple[Record, Collection[int]]  # a record, and the indexes of its events to skip

_EMPTY = Raw(b"{}")
_Id = str | int | float | None


class _Integrations(Struct, gc=False, frozen=True):
    Warehouses: Any = None


_UNSAID = _Integrations()


class _Call(Struct, gc=False):
    """The fields of an event that have columns. The real decoder's `context` has the source's shape."""

    type: str | None = None
    event: str | None = None
    messageId: str | None = None  # noqa: N815
    userId: _Id = None  # noqa: N815
    anonymousId: _Id = None  # noqa: N815
    groupId: _Id = None  # noqa: N815
    name: str | None = None
    category: str | None = None
    timestamp: Any = None
    originalTimestamp: Any = None  # noqa: N815
    sentAt: Any = None  # noqa: N815
    integrations: _Integrations | None = _UNSAID
    properties: Raw = _EMPTY
    traits: Raw = _EMPTY


class Calls(Struct):
    """Decoded events side by side: each with its type, the number of its record, and its index there."""

    calls: list[Any]
    types: list[str]
    owners: list[int]
    items: list[int]
    sent: list[int | None]  # of each record


class CallReader:
    """Decodes the records of one source; `context` is what it knows of their contexts."""

    def __init__(self, spelling: Spelling) -> None:
        self.context = Known("context", spelling)
        self._samples: list[Any] = []
        self._compile()

    def read(self, taken: Sequence[Taken]) -> tuple[Calls, list[Item]]:
        """The events of `taken`, and those that are left to the plain way."""
        for _ in range(LEARNING_ROUNDS):
            self._samples = []
            decoded, left = self._decoded(taken)
            if not self._samples or not self.context.learn(self._samples):
                return decoded, left
            self._compile()  # decoded events have the old shape's type: begin again
        return self._decoded(taken)

    def _compile(self) -> None:
        kind = self.context.shape.kind
        empty = kind()
        self._no_context = empty
        call = msgspec.defstruct("Call", [("context", kind | None, empty)], bases=(_Call,), gc=False, kw_only=True)
        batch = msgspec.defstruct(
            "Batch",
            [
                ("batch", list[call]),  # type: ignore[valid-type]
                ("sentAt", Any, None),
                ("context", kind | None, empty),
                ("integrations", _Integrations | None, _UNSAID),
            ],
            gc=False,
        )
        self._decode_call: Callable[[Any], Any] = msgspec.json.Decoder(call).decode
        self._decode_batch: Callable[[bytes], Any] = msgspec.json.Decoder(batch).decode

    def _decoded(self, taken: Sequence[Taken]) -> tuple[Calls, list[Item]]:
        found = Calls([], [], [], [], [])
        left: list[Item] = []
        for number, (record, skip) in enumerate(taken):
            calls, sent = self._calls_of(record, skip, left)
            items = [
                item
                for item, call in enumerate(calls)
                if call is not None
                and item not in skip
                and (call.integrations is None or call.integrations.Warehouses is None or _is_let_in(call))
            ]
            found.sent.append(sent)
            if len(items) < len(calls):
                calls = [calls[item] for item in items]
            found.calls += calls
            found.items += items
            found.owners += [number] * len(items)
            found.types += [call.type for call in calls] if record.kind == "batch" else [record.kind] * len(items)
        return found, left

    def _calls_of(self, record: Record, skip: Collection[int], left: list[Item]) -> tuple[list[Any], int | None]:
        if record.kind == "rejected":
            return [], None
        try:
            # Most bodies have no backslash at all, which one quick look shows.
            if b"\\" in record.body and b"\\u0000" in record.body:
                return self._one_by_one(record, skip, left, is_odd=True)
            if record.kind != "batch":
                return [self._decode_call(record.body)], None
            batch = self._decode_batch(record.body)
        except UNREADABLE:
            return self._one_by_one(record, skip, left, is_odd=False)
        if batch.integrations is not None and batch.integrations.Warehouses is not None:
            return self._all_to_the_plain_way(record, len(batch.batch), skip, left)
        if batch.context is not self._no_context and batch.context is not None:
            self._lay_under(batch.context, batch.batch, record, skip, left)
        return batch.batch, None if batch.sentAt is None else parse_time(batch.sentAt)

    def _all_to_the_plain_way(
        self, record: Record, count: int, skip: Collection[int], left: list[Item]
    ) -> tuple[list[Any], None]:
        left += [(record, item) for item in range(count) if item not in skip]
        return [None] * count, None

    def _lay_under(
        self, context: Any, calls: list[Any], record: Record, skip: Collection[int], left: list[Item]
    ) -> None:
        """Give the batch's context to its events; one that has a context too needs the plain way's merge."""
        for item, call in enumerate(calls):
            if call.context is self._no_context or call.context is None:
                call.context = context
            elif item not in skip:
                left.append((record, item))
                calls[item] = None

    def _one_by_one(
        self, record: Record, skip: Collection[int], left: list[Item], *, is_odd: bool
    ) -> tuple[list[Any], int | None]:
        try:
            parts = split(record)
        except UNREADABLE:
            left.append((record, ALL_ITEMS))
            return [], None
        calls: list[Any] = []
        for item, raw in enumerate(parts.events):
            call = None
            if not is_odd and not parts.envelope.context:
                call = self._call_or_sample(raw)
            if call is None and item not in skip:
                left.append((record, item))
            calls.append(call)
        if parts.envelope.context and not is_odd:
            self._samples.append(parts.envelope.context)
        return calls, parse_time(parts.envelope.sent_at)

    def _call_or_sample(self, raw: Raw) -> Any:
        try:
            return self._decode_call(raw)
        except UNREADABLE:
            if len(self._samples) < SAMPLES:
                self._samples.append(json.decode(raw).get("context"))
            return None


def _is_let_in(call: Any) -> bool:
    return is_wanted(call.integrations.Warehouses)
