"""Groups of decoded events -> pieces of tables, in columns: what `columns.rows_of` does event by event. Pure."""

from collections.abc import Sequence
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import astuple

from skywrite.events.batch import id_text, made_message_id
from skywrite.events.names import snake
from skywrite.warehouse.calls import Calls, Taken
from skywrite.warehouse.columns import (
    NAMELESS,
    OBJECTS_OF,
    RESERVED,
    SHADOWED,
    TABLE_OF,
    Discard,
    holders,
    reserved_in,
)
from skywrite.warehouse.corrected import corrected_times, of_each_event, to_millis
from skywrite.warehouse.known import ABSENT, Known, Target
from skywrite.warehouse.naming import Spelling, table_name
from skywrite.warehouse.pieces import ORDER, Moments, Piece, Values, places_of

QUICK_TYPES = ("track", "page", "screen", "identify", "group")
Columns = dict[str, tuple[Values, int]]
_PLAIN_IDS = frozenset({str, type(None)})


class Group(Struct):
    """Events of one type and name, with their payloads in columns."""

    type: str
    event: str
    members: list[int]
    targets: list[Target]
    payload: list[Sequence[Any]]


class Assembly:
    """Groups of decoded events on their way into pieces. They lie group by group: a table is a slice of columns."""

    def __init__(
        self, taken: Sequence[Taken], decoded: Calls, groups: list[Group], context: Known, spelling: Spelling
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

    def _pieces_of(self, group: Group, start: int) -> list[Piece]:
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

    def _piece(self, table: str, start: int, count: int, payload: list[tuple[Target, Values]], more: Columns) -> Piece:
        own = {name: (values, start) for name, values in self._own.items()} | more
        piece = Piece(table, count, {}, [])
        _place(piece, [(target, values, 0) for target, values in payload], reserved_in(table), own)
        _place(piece, [(target, values, start) for target, values in self._context], frozenset(), own)
        for column, (values, first) in own.items():
            before = piece.columns.get(column)
            piece.columns[column] = (values, first) if before is None else _over(piece, column, values, before)
        return piece

    def _object_piece(self, group: Group, start: int, payload: list[tuple[Target, Values]]) -> list[Piece]:
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
            "received_at": Moments(to_millis(received)),
            **corrected_times(self._fields, received, of_each_event(batch_sent, self._owners)),
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
                    (addresses[number] if addresses else None) if value is ABSENT else value
                    for number, value in enumerate(values.items)
                ]
                self._context[index] = (target, Values(filled))
                return
        if addresses:
            self._context.append((Target("context_ip", "context.ip"), Values(addresses)))


def _place(piece: Piece, sent: list[tuple[Target, Values, int]], reserved: frozenset[str], own: Columns) -> None:
    for target, values, start in sent:
        if target.column and target.column not in reserved:
            piece.columns[target.column] = (values, start)
            continue
        column, reason = (target.column, RESERVED) if target.column else (target.path, NAMELESS)
        kept = [
            cells.slice(first, piece.count)
            for cells, first in (own[holder] for holder in holders(column) if holder in own)
            if not isinstance(cells, Moments)
        ]
        for row, value in enumerate(values.slice(start, piece.count)):
            if value is not None and not any(_same(held[row], value) for held in kept):
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
