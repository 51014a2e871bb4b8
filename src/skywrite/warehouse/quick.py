"""The quick way, in columns: some thousand events of one source -> pieces of tables. What it can't do it hands back.

It reads the same bytes as `events_of` and `rows_of` do one event at a time, and tests hold it to them. Handed back, for
the plain way, are: events with keys that no shape knows yet, escaped NULs, lone surrogates, ids that are booleans,
aliases, an envelope's context under an event's own, numbers beyond a double, properties named `context_...`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from itertools import compress
from typing import Any

import msgspec
import numpy as np
from msgspec import Raw, Struct
from msgspec.structs import astuple

from skywrite.events.batch import id_text, made_message_id, split
from skywrite.events.names import snake
from skywrite.events.time import parse_time
from skywrite.kit import json
from skywrite.log.base import Record
from skywrite.warehouse.columns import (
    BELIEVED_SKEW,
    NAMELESS,
    OBJECTS_OF,
    RESERVED,
    SHADOWED,
    TABLE_OF,
    Discard,
    reserved_in,
    slug_of,
)
from skywrite.warehouse.naming import Spelling, column_name, table_name
from skywrite.warehouse.pieces import ORDER, Moments, Piece, Values, places_of, times_of
from skywrite.warehouse.shapes import Path, Shape

Item = tuple[Record, int]  # an event: its record, and its index there
ALL_ITEMS = -1  # instead of an index: all events of the record
Taken = tuple[Record, Collection[int]]  # a record, and the indexes of its events to skip

Columns = dict[str, tuple[Values, int]]

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_SAMPLES = 64
_LEARNING_ROUNDS = 3
_MOST_SHAPES = 2_000
_ABSENT: Any = object()  # the default of context.ip, to be told from a null that was sent
_QUICK_TYPES = ("track", "page", "screen", "identify", "group")
_BELIEVED = int(BELIEVED_SKEW.total_seconds() * 1_000_000)
_FIRST, _LAST = -62_135_596_800_000_000, 253_402_300_799_999_999  # the years 1 to 9999
_EMPTY = Raw(b"{}")
_Id = str | int | float | None


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
    properties: Raw = _EMPTY
    traits: Raw = _EMPTY


class _Target(Struct, frozen=True):
    """Where the values of one path go: a column, or, where that is "", the discards under the path's name."""

    column: str
    path: str


class _Known:
    """A shape, the decoder made of it, and the column of each of its paths."""

    def __init__(self, prefix: str, spelling: Spelling) -> None:
        self._prefix = prefix
        self._spelling = spelling
        # Of each column; the sender's address, which events need not send themselves, has its own from the start.
        self._owner: dict[str, Path] = {"context_ip": ("ip",)} if prefix else {}
        self.shape = Shape(absent={"ip": _ABSENT} if prefix else None)
        self._compile()

    def learn(self, samples: Sequence[Any]) -> bool:
        """Take in the paths of `samples`; True where that changed anything."""
        grown = self.shape.learn(samples, self._refuse)
        if grown:
            self._compile()
        return grown

    def _refuse(self, path: Path) -> bool:
        # Two paths with one column, or a property in the context's place: the plain way weighs those.
        column = self._column(path)
        taken = column and self._owner.setdefault(column, path) != path
        return bool(taken) or (not self._prefix and column.startswith("context_"))

    def _column(self, path: Path) -> str:
        slug = slug_of(path)
        return column_name(f"{self._prefix}_{slug}" if self._prefix and slug else slug, self._spelling)

    def _compile(self) -> None:
        self.decode: Callable[[bytes], list[Any]] = msgspec.json.Decoder(list[self.shape.kind | None]).decode  # type: ignore[name-defined]
        prefix = (self._prefix,) if self._prefix else ()
        self.targets = [_Target(self._column(path), ".".join((*prefix, *path))) for path in self.shape.paths]


class _Calls(Struct):
    """Decoded events side by side: each with its type, the number of its record, and its index there."""

    calls: list[Any]
    types: list[str]
    owners: list[int]
    items: list[int]
    sent: list[int | None]  # of each record


class _Group(Struct):
    """Events of one type and name, with their payloads in columns."""

    type: str
    event: str
    members: list[int]
    targets: list[_Target]
    payload: list[Sequence[Any]]


class SourceReader:
    """Reads the events of one source; what their objects look like it learns as it goes."""

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling
        self._context = _Known("context", spelling)
        self._payloads: dict[tuple[str, str], _Known] = {}
        self._samples: list[Any] = []
        self._compile()

    def read(self, taken: Sequence[Taken]) -> tuple[list[Piece], list[Item]]:
        """The events of `taken` as pieces of tables, and those that are left to the plain way."""
        for _ in range(_LEARNING_ROUNDS):
            self._samples = []
            decoded, left = self._decoded(taken)
            if not self._samples or not self._context.learn(self._samples):
                break
            self._compile()  # decoded events have the old shape's type: begin again
        else:
            decoded, left = self._decoded(taken)
        groups = self._grouped(decoded, taken, left)
        if not groups:
            return [], left
        return _Assembly(taken, decoded, groups, self._context, self._spelling).pieces(), left

    def _compile(self) -> None:
        kind = self._context.shape.kind
        empty = kind()
        self._no_context = empty
        call = msgspec.defstruct("Call", [("context", kind | None, empty)], bases=(_Call,), gc=False, kw_only=True)
        batch = msgspec.defstruct(
            "Batch",
            [("batch", list[call]), ("sentAt", Any, None), ("context", kind | None, empty)],  # type: ignore[valid-type]
            gc=False,
        )
        self._decode_call: Callable[[Any], Any] = msgspec.json.Decoder(call).decode
        self._decode_batch: Callable[[bytes], Any] = msgspec.json.Decoder(batch).decode

    def _decoded(self, taken: Sequence[Taken]) -> tuple[_Calls, list[Item]]:
        found = _Calls([], [], [], [], [])
        left: list[Item] = []
        for number, (record, skip) in enumerate(taken):
            calls, sent = self._calls_of(record, skip, left)
            items = [item for item, call in enumerate(calls) if call is not None and item not in skip]
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
        except _UNREADABLE:
            return self._one_by_one(record, skip, left, is_odd=False)
        if batch.context is not self._no_context and batch.context is not None:
            self._lay_under(batch.context, batch.batch, record, skip, left)
        return batch.batch, None if batch.sentAt is None else parse_time(batch.sentAt)

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
        except _UNREADABLE:
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
        except _UNREADABLE:
            if len(self._samples) < _SAMPLES:
                self._samples.append(json.decode(raw).get("context"))
            return None

    def _grouped(self, decoded: _Calls, taken: Sequence[Taken], left: list[Item]) -> list[_Group]:
        members: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, (kind, call) in enumerate(zip(decoded.types, decoded.calls, strict=True)):
            members[kind, call.event if kind == "track" else ""].append(number)
        groups: list[_Group] = []
        for (kind, event), numbers in members.items():
            bad = numbers
            if kind in _QUICK_TYPES and (kind != "track" or table_name(event or "", self._spelling)):
                bad = self._add_group(kind, event, numbers, decoded, groups)
            left += [(taken[decoded.owners[number]][0], decoded.items[number]) for number in bad]
        return sorted(groups, key=lambda group: _QUICK_TYPES.index(group.type))

    def _add_group(self, kind: str, event: str, numbers: list[int], decoded: _Calls, groups: list[_Group]) -> list[int]:
        """Append the group of events `numbers`; the numbers of those that it can't take."""
        known = self._payload_of(kind, event)
        field = "traits" if kind in OBJECTS_OF else "properties"
        raws = [getattr(decoded.calls[number], field) for number in numbers]
        objects, failed = _objects_of(raws, known)
        bad: list[int] = []
        if failed:
            bad = [numbers[index] for index in failed]
            out = set(failed)
            numbers = [number for index, number in enumerate(numbers) if index not in out]
        if numbers:
            groups.append(_Group(kind, event, numbers, known.targets, known.shape.columns(objects)))
        return bad

    def _payload_of(self, kind: str, event: str) -> _Known:
        known = self._payloads.pop((kind, event), None) or _Known("", self._spelling)
        self._payloads[kind, event] = known
        if len(self._payloads) > _MOST_SHAPES:
            del self._payloads[next(iter(self._payloads))]  # the one that was longest unused
        return known


def _objects_of(raws: list[Raw], known: _Known) -> tuple[list[Any], list[int]]:
    """The payloads as the shape's Structs, and the indexes of those that it can't read even after learning."""
    for _ in range(_LEARNING_ROUNDS):
        try:
            return known.decode(b"[" + b",".join(raws) + b"]"), []
        except _UNREADABLE:
            objects, failed = _each_object(raws, known)
        samples = [json.decode(raws[index]) for index in failed[:_SAMPLES]]
        if not known.learn(samples):
            return objects, failed
    return _each_object(raws, known)


def _each_object(raws: list[Raw], known: _Known) -> tuple[list[Any], list[int]]:
    objects: list[Any] = []
    failed: list[int] = []
    for index, raw in enumerate(raws):
        try:
            objects += known.decode(b"[" + bytes(raw) + b"]")
        except _UNREADABLE:
            failed.append(index)
    return objects, failed


class _Assembly:
    """Groups of decoded events on their way into pieces. They lie group by group: a table is a slice of columns."""

    def __init__(
        self, taken: Sequence[Taken], decoded: _Calls, groups: list[_Group], context: _Known, spelling: Spelling
    ) -> None:
        self._groups = groups
        self._spelling = spelling
        order = [number for group in groups for number in group.members]
        calls = [decoded.calls[number] for number in order]
        fields = type(calls[0]).__struct_fields__
        self._fields: dict[str, Sequence[Any]] = dict(zip(fields, zip(*map(astuple, calls), strict=True), strict=True))
        self._owners = np.array(decoded.owners, np.int64)[order]
        self._items = np.array(decoded.items, np.int64)[order]
        self._records = [record for record, _ in taken]
        self._own = self._own_columns(decoded.sent)
        self._context = [
            (target, Values(values))
            for target, values in zip(context.targets, context.shape.columns(self._fields["context"]), strict=True)
        ]
        self._fill_ip()

    def pieces(self) -> list[Piece]:
        """All tables' pieces: `tracks`, one for each event, and those of the other calls."""
        pieces: list[Piece] = []
        start = 0
        tracked = 0
        for group in self._groups:
            pieces += self._pieces_of(group, start)
            start += len(group.members)
            if group.type == "track":
                tracked = start
        if tracked:
            pieces.append(self._piece("tracks", 0, tracked, [], self._event_columns(0)))
        return pieces

    def _pieces_of(self, group: _Group, start: int) -> list[Piece]:
        count = len(group.members)
        payload = [(target, Values(values)) for target, values in zip(group.targets, group.payload, strict=True)]
        if group.type == "track":
            table = table_name(group.event, self._spelling)
            return [self._piece(table, start, count, payload, self._event_columns(start))]
        own = {"group_id": (self._ids["groupId"], start)} if group.type == "group" else {}
        if group.type in ("page", "screen"):
            own = {name: (Values(self._fields[name][start : start + count]), 0) for name in ("name", "category")}
        pieces = [self._piece(TABLE_OF[group.type], start, count, payload, own)]
        if group.type in OBJECTS_OF:
            pieces += self._object_piece(group, start, payload)
        return pieces

    def _piece(self, table: str, start: int, count: int, payload: list[tuple[_Target, Values]], more: Columns) -> Piece:
        own = {name: (values, start) for name, values in self._own.items()} | more
        piece = Piece(table, count, {}, [])
        _place(piece, [(target, values, 0) for target, values in payload], reserved_in(table), own)
        _place(piece, [(target, values, start) for target, values in self._context], frozenset(), own)
        for column, (values, first) in own.items():
            before = piece.columns.get(column)
            piece.columns[column] = (values, first) if before is None else _over(piece, column, values, before)
        return piece

    def _object_piece(self, group: _Group, start: int, payload: list[tuple[_Target, Values]]) -> list[Piece]:
        table, field = OBJECTS_OF[group.type]
        count = len(group.members)
        ids = self._ids[field].items[start : start + count]
        kept = [value is not None for value in ids]
        if not any(kept):
            return []
        piece = Piece(table, count, {}, [])
        own: Columns = {
            "id": (self._ids[field], start),
            "received_at": (self._own["received_at"], start),
            ORDER: (Values(places_of(self._positions, self._items)), start),
        }
        _place(piece, [(target, values, 0) for target, values in payload], reserved_in(table), own)
        _place(piece, [(target, values, start) for target, values in self._context], frozenset(), own)
        piece.columns |= own
        return [piece if all(kept) else _only(piece, kept)]

    def _event_columns(self, start: int) -> Columns:
        return {name: (values, start) for name, values in self._events.items()}

    @cached_property
    def _events(self) -> dict[str, Values]:
        tracks = [group for group in self._groups if group.type == "track"]
        slugs = [slug for group in tracks for slug in [snake(group.event)] * len(group.members)]
        names = [name for group in tracks for name in [group.event] * len(group.members)]
        return {"event": Values(slugs), "event_text": Values(names)}

    @cached_property
    def _ids(self) -> dict[str, Values]:
        return {field: Values(_ids(self._fields[field])) for field in ("userId", "anonymousId", "groupId")}

    @cached_property
    def _positions(self) -> Any:
        return np.array([record.position for record in self._records], np.int64)[self._owners]

    def _own_columns(self, batch_sent: list[int | None]) -> dict[str, Values]:
        received = np.array([record.received_at for record in self._records], np.int64)[self._owners]
        return {
            "id": Values(self._message_ids()),
            "anonymous_id": self._ids["anonymousId"],
            "user_id": self._ids["userId"],
            "received_at": Moments(_to_millis(received)),
            **_times(self._fields, received, _per_event(batch_sent, self._owners)),
        }

    def _message_ids(self) -> Sequence[str]:
        given = self._fields["messageId"]
        if None not in given and "" not in given:
            return given
        made = zip(self._owners.tolist(), self._items.tolist(), strict=True)
        return [
            value or made_message_id(self._records[owner].source_id, self._records[owner].position, item)
            for value, (owner, item) in zip(given, made, strict=True)
        ]

    def _fill_ip(self) -> None:
        """Put the sender's address where the context names none; a null that was sent stays one."""
        ips = [record.ip or None for record in self._records]
        addresses = [ips[owner] for owner in self._owners.tolist()] if any(ips) else None
        for index, (target, values) in enumerate(self._context):
            if target.path == "context.ip":
                filled = [
                    (addresses[number] if addresses else None) if value is _ABSENT else value
                    for number, value in enumerate(values.items)
                ]
                self._context[index] = (target, Values(filled))
                return
        if addresses:
            self._context.append((_Target("context_ip", "context.ip"), Values(addresses)))


def _place(piece: Piece, sent: list[tuple[_Target, Values, int]], reserved: frozenset[str], own: Columns) -> None:
    for target, values, start in sent:
        if target.column and target.column not in reserved:
            piece.columns[target.column] = (values, start)
            continue
        column, reason = (target.column, RESERVED) if target.column else (target.path, NAMELESS)
        kept: Sequence[Any] = ()
        if column in own:
            cells, first = own[column]
            kept = cells.slice(first, piece.count) if not isinstance(cells, Moments) else ()
        for row, value in enumerate(values.slice(start, piece.count)):
            if value is not None and not (kept and _same(kept[row], value)):
                piece.discards.append((row, Discard(column, value, reason)))


def _over(piece: Piece, column: str, values: Values, before: tuple[Values, int]) -> tuple[Values, int]:
    """A page's name and category: the call's own where it has one, else the property."""
    sent = before[0].slice(before[1], piece.count)
    merged = []
    for row, (own, other) in enumerate(zip(values.items, sent, strict=True)):
        if own is not None and other is not None and not _same(own, other):
            piece.discards.append((row, Discard(column, other, SHADOWED)))
        merged.append(other if own is None else own)
    return Values(merged), 0


def _only(piece: Piece, kept: list[bool]) -> Piece:
    """The rows of a piece that are marked in `kept`."""
    numbers = {row: number for number, row in enumerate(compress(range(piece.count), kept))}
    columns = {column: (values.only(start, kept), 0) for column, (values, start) in piece.columns.items()}
    discards = [(numbers[row], discard) for row, discard in piece.discards if row in numbers]
    return Piece(piece.table, len(numbers), columns, discards)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _ids(given: Sequence[Any]) -> Sequence[str | None]:
    """Ids as text; empty ones are none."""
    if _PLAIN_IDS.issuperset(map(type, given)) and "" not in given:
        return given
    return [
        None if value is None or value == "" else value if isinstance(value, str) else id_text(value) for value in given
    ]


_PLAIN_IDS = frozenset({str, type(None)})


def _to_millis(micros: Any) -> Any:
    return micros // 1000 * 1000


def _micros(given: Sequence[Any]) -> tuple[Any, Any]:
    """Times of the wire as µs, and whether each is one."""
    array = times_of(given)
    if array is None:
        return _masked([parse_time(value) for value in given])
    valid = array.is_valid().to_numpy(zero_copy_only=False)
    return array.cast("int64").fill_null(0).to_numpy(), valid


def _masked(micros: Sequence[int | None]) -> tuple[Any, Any]:
    valid = np.array([value is not None for value in micros], bool)
    return np.array([value or 0 for value in micros], np.int64), valid


def _per_event(micros: list[int | None], owners: Any) -> tuple[Any, Any]:
    values, valid = _masked(micros)
    return values[owners], valid[owners]


def _times(fields: dict[str, Sequence[Any]], received: Any, batch_sent: tuple[Any, Any]) -> dict[str, Values]:
    """The three corrected times of each event, as `events.batch.normalise` and `columns` have them."""
    sent, has_sent = _micros(fields["sentAt"])
    sent, has_sent = np.where(has_sent, sent, batch_sent[0]), has_sent | batch_sent[1]
    stated, has_stated = _micros(fields["timestamp"])
    original, has_original = _micros(fields["originalTimestamp"])
    is_final = has_original & has_stated
    original = np.where(has_original, original, stated)
    has_original |= has_stated
    skewed = received - (sent - original)
    skewed = np.where((skewed >= _FIRST) & (skewed <= _LAST), skewed, received)
    moment = np.where(has_original, np.where(has_sent, skewed, original), received)
    moment = np.where(is_final, stated, moment)
    original = np.where(has_original, original, np.where(has_sent, sent, received))
    received, sent = _to_millis(received), _to_millis(sent)
    sent = np.where(has_sent & (np.abs(sent - received) <= _BELIEVED), sent, received)
    return {
        "sent_at": Moments(sent),
        "timestamp": Moments(_to_millis(moment)),
        "original_timestamp": Moments(_to_millis(original)),
    }
