"""The plain way: one event in normal form -> the rows it gives. Pure; it defines what is right.

A row holds JSON values; which type a column has, and whether a value fits it, is decided later (values.py). What can
have no column is not dropped: it is a discard, with its reason. Reference: warehouse, sections 1 to 3.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from skywrite.warehouse.naming import Spelling, column_name, snake, table_name
from skywrite.warehouse.values import text_of

BELIEVED_SKEW = timedelta(hours=24)  # between sentAt and receivedAt
DEEPEST = 16  # levels of nesting that become columns; what lies deeper is one JSON text

CALL_COLUMNS = (
    "id", "anonymous_id", "user_id", "received_at", "sent_at", "timestamp", "original_timestamp", "uuid_ts",
)  # fmt: skip
OBJECT_COLUMNS = ("id", "received_at", "uuid_ts")
TIME_COLUMNS = frozenset({"received_at", "sent_at", "timestamp", "original_timestamp", "uuid_ts"})
_NEVER_SENT = ("uuid", "loaded_at")

TABLE_OF = {
    "identify": "identifies", "group": "groups", "page": "pages", "screen": "screens", "alias": "aliases",
}  # fmt: skip
OBJECTS_OF = {"identify": ("users", "userId"), "group": ("accounts", "groupId")}

# dbt-labs/segment reads these from `pages`; a column that was never sent would break its models.
PAGE_COLUMNS = (
    "url", "path", "title", "search", "referrer", "context_ip", "context_user_agent", "context_campaign_source",
    "context_campaign_medium", "context_campaign_name", "context_campaign_term", "context_campaign_content",
)  # fmt: skip

RESERVED = "the name belongs to a column of Skywrite's own"
NAMELESS = "the name has no ASCII letter or digit, so there is no column for it"
SHADOWED = "another property of this event has the same column"
TABLELESS = "the event's name has no ASCII letter or digit, so there is no table for it"


class Discard(Struct, frozen=True):
    """A value of a row that got no column."""

    column: str
    value: Any
    reason: str


class Row(Struct):
    """One row to be: the table, its values by column, and what found no column."""

    table: str
    values: dict[str, Any]
    discards: list[Discard]


class Leaf(Struct, frozen=True):
    """A value that gets one column: its path in the JSON, the path's slug, and the value."""

    path: tuple[str, ...]
    slug: str
    value: Any

    @property
    def is_spelled_so(self) -> bool:
        """Whether the sender wrote the slug itself, which wins over other spellings of it."""
        return len(self.path) == 1 and self.path[0] == self.slug


def slug_of(path: tuple[str, ...]) -> str:
    """The slug of a path: that of each key, joined; a key without a letter or digit vanishes."""
    return "_".join(filter(None, map(snake, path)))


def flatten(value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """The leaves of a JSON object in document order; null and {} have none, an array is one."""
    for key, inner in value.items():
        here = (*path, key)
        if isinstance(inner, dict) and len(here) < DEEPEST:
            yield from flatten(inner, here)
        elif inner is not None and inner != {}:
            yield Leaf(here, slug_of(here), text_of(inner) if isinstance(inner, dict) else inner)


def rows_of(event: dict[str, Any], spelling: Spelling) -> list[Row]:
    """The rows that an event in normal form gives, one a table, `users` and `accounts` included."""
    kind = event["type"]
    payload = event.get("properties" if kind in ("track", "page", "screen") else "traits") or {}
    leaves = list(flatten(payload))
    context = list(flatten(event["context"]))
    if kind == "track":
        return _track_rows(event, leaves, context, spelling)
    rows = [_assembled(TABLE_OF[kind], leaves, context, _own_of(event), spelling)]
    if kind in OBJECTS_OF:
        table, field = OBJECTS_OF[kind]
        if event.get(field):
            own = {"id": event[field], "received_at": event["receivedAt"]}
            rows.append(_assembled(table, leaves, context, own, spelling))
    return rows


def _track_rows(event: dict[str, Any], leaves: list[Leaf], context: list[Leaf], spelling: Spelling) -> list[Row]:
    own = _own_of(event)
    tracks = _assembled("tracks", [], context, own, spelling)
    table = table_name(event["event"], spelling)
    if table:
        return [tracks, _assembled(table, leaves, context, own, spelling)]
    if leaves:
        tracks.discards.append(Discard("properties", event["properties"], TABLELESS))
    return [tracks]


def reserved_in(table: str) -> frozenset[str]:
    """The columns of a table that a property or trait cannot have."""
    if table in ("users", "accounts"):
        return _RESERVED_IN_OBJECTS
    if table in _RESERVED_MORE:
        return _RESERVED_IN_CALLS | _RESERVED_MORE[table]
    return _RESERVED_IN_EVENTS


_RESERVED_IN_CALLS = frozenset((*CALL_COLUMNS, *_NEVER_SENT))
_RESERVED_IN_EVENTS = _RESERVED_IN_CALLS | {"event", "event_text"}
_RESERVED_IN_OBJECTS = frozenset((*OBJECT_COLUMNS, *_NEVER_SENT))
_RESERVED_MORE: dict[str, frozenset[str]] = {
    "identifies": frozenset(), "groups": frozenset({"group_id"}), "aliases": frozenset({"previous_id"}),
    "pages": frozenset(), "screens": frozenset(), "tracks": frozenset({"event", "event_text"}),
}  # fmt: skip


def _own_of(event: dict[str, Any]) -> dict[str, Any]:
    own = {
        "id": event["messageId"],
        "anonymous_id": event.get("anonymousId"),
        "user_id": event.get("userId"),
        "received_at": event["receivedAt"],
        "sent_at": _sent_at(event),
        "timestamp": event["timestamp"],
        "original_timestamp": event["originalTimestamp"],
    }
    match event["type"]:
        case "track":
            own |= {"event": snake(event["event"]), "event_text": event["event"]}
        case "page" | "screen":
            own |= {"name": event.get("name"), "category": event.get("category")}
        case "group":
            own["group_id"] = event.get("groupId")
        case "alias":
            own["previous_id"] = event.get("previousId")
    return own


def _sent_at(event: dict[str, Any]) -> str:
    """When it was sent; a clock that is a day wrong says nothing, so then when it was received."""
    received: str = event["receivedAt"]
    sent: str = event.get("sentAt", received)
    distance = datetime.fromisoformat(sent) - datetime.fromisoformat(received)
    return sent if abs(distance) <= BELIEVED_SKEW else received


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)  # 1, 1.0 and true are equal in Python, not in JSON


def holders(column: str) -> tuple[str, ...]:
    """The columns of our own in which a value sent under a reserved name may stand already, and so is not lost.

    AutopilotHQ's events say their name once more in the property `event`; the table has it in `event_text`.
    """
    return ("event", "event_text") if column == "event" else (column,)


def _assembled(table: str, payload: list[Leaf], context: list[Leaf], own: dict[str, Any], spelling: Spelling) -> Row:
    row = Row(table, {}, [])
    _place(row, _columned(payload, "", spelling), reserved_in(table), own)
    _place(row, _columned(context, "context", spelling), frozenset(), own)
    for column, value in own.items():
        shadowed = row.values.get(column)
        # The browser and Node copy a page's name into its properties: the same value is no loss.
        if value is not None:
            if shadowed is not None and not _same(shadowed, value):
                row.discards.append(Discard(column, shadowed, SHADOWED))
            row.values[column] = value
    return row


def _columned(leaves: list[Leaf], prefix: str, spelling: Spelling) -> Iterator[tuple[str, Leaf]]:
    """Each leaf with its column; one that can have none is a discard under its whole path, marked by ""."""
    for leaf in leaves:
        if not prefix:
            yield column_name(leaf.slug, spelling), leaf
        elif leaf.slug:
            yield column_name(f"{prefix}_{leaf.slug}", spelling), leaf
        else:
            yield "", Leaf((prefix, *leaf.path), "", leaf.value)


def _place(row: Row, sent: Iterable[tuple[str, Leaf]], reserved: frozenset[str], own: Mapping[str, Any]) -> None:
    placed: dict[str, Leaf] = {}
    for column, leaf in sent:
        if not column:
            row.discards.append(Discard(".".join(leaf.path), leaf.value, NAMELESS))
        elif column in reserved:
            if not any(_same(own.get(holder), leaf.value) for holder in holders(column)):
                row.discards.append(Discard(column, leaf.value, RESERVED))
        else:
            placed[column] = _winner(row, column, placed.get(column), leaf)
    for column, leaf in placed.items():
        if column in row.values and not _same(row.values[column], leaf.value):
            row.discards.append(Discard(column, row.values[column], SHADOWED))
        row.values[column] = leaf.value


def _winner(row: Row, column: str, before: Leaf | None, leaf: Leaf) -> Leaf:
    """Which of two leaves gets their column; the other is a discard, unless it says the same."""
    if before is None:
        return leaf
    winner, loser = (before, leaf) if before.is_spelled_so and not leaf.is_spelled_so else (leaf, before)
    if not _same(winner.value, loser.value):
        row.discards.append(Discard(column, loser.value, SHADOWED))
    return winner
