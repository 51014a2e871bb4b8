"""What the builder suggests: the traits, events and things that there are, from what is newest, never all rows."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import Connection, Select, Table, func, select

from skywrite.events.time import parse_time
from skywrite.store.contact_tables import activities, contact_traits, contacts, lists
from skywrite.store.engine import Store
from skywrite.store.mail_tables import broadcasts, templates, topics

ValueKind = Literal["text", "number", "boolean", "date"]
_SAMPLE = 500  # contacts, or events, that are looked at
_MOST_NAMES = 300
_MOST_VALUES = 20
_LONGEST_VALUE = 80
_DID = ("track", "page", "screen")


class SuggestedField(Struct, frozen=True):
    """A trait or a property: what it is called, what it mostly holds, its most frequent values of late."""

    name: str
    kind: ValueKind
    values: list[str]


class SuggestedEvent(Struct, frozen=True):
    """An event by its name, and whether it is tracked, a page or a screen."""

    name: str
    kind: str


class SuggestedThing(Struct, frozen=True):
    """Something that a condition may name by its number."""

    id: int
    name: str


class Suggestions(Struct, frozen=True):
    """All that the builder offers."""

    traits: list[SuggestedField]
    events: list[SuggestedEvent]
    lists: list[SuggestedThing]
    templates: list[SuggestedThing]
    broadcasts: list[SuggestedThing]
    topics: list[SuggestedThing]


def suggestions(store: Store) -> Suggestions:
    """What there is to build conditions from."""
    with store.read() as connection:
        return Suggestions(
            traits=_traits(connection),
            events=list(itertools.islice(_events(connection), _MOST_NAMES)),
            lists=_things(connection, lists),
            templates=_things(connection, templates),
            broadcasts=_things(connection, broadcasts),
            topics=_things(connection, topics),
        )


def properties(store: Store, kind: str, name: str) -> list[SuggestedField]:
    """The properties of the newest events of a name."""
    a = activities.c
    newest = select(a.data).where(a.name == name, a.kind == kind).order_by(a.at.desc()).limit(_SAMPLE)
    found: dict[str, list[Any]] = defaultdict(list)
    with store.read() as connection:
        for data in connection.execute(newest).scalars():
            for path, value in _flat(data.get("properties") or {}):
                found[path].append(value)
    return [
        _field(path, [(_text(value), _is_number(value)) for value in values]) for path, values in sorted(found.items())
    ]


def _traits(connection: Connection) -> list[SuggestedField]:
    newest = select(contacts.c.id).order_by(contacts.c.id.desc()).limit(_SAMPLE)
    t = contact_traits.c
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    rows = select(t.name, t.text, t.number).where(t.contact_id.in_(select(newest.subquery().c.id)))
    for row in connection.execute(rows):
        found[row.name].append((row.text, row.number is not None))
    for name in itertools.islice(_distinct(connection, t.name), _MOST_NAMES):
        found.setdefault(name, [])
    return [_field(name, values) for name, values in sorted(found.items())]


def _events(connection: Connection) -> Iterator[SuggestedEvent]:
    a = activities.c
    for name in _distinct(connection, a.name):
        for kind in _DID:
            if connection.execute(select(a.id).where(a.name == name, a.kind == kind).limit(1)).first():
                yield SuggestedEvent(name, kind)


def _distinct(connection: Connection, column: Any) -> Iterator[str]:
    """The values of an indexed column, each found by one look into the index."""
    last = connection.execute(select(func.min(column))).scalar()
    while last is not None:
        yield last
        last = connection.execute(select(func.min(column)).where(column > last)).scalar()


def _things(connection: Connection, table: Table) -> list[SuggestedThing]:
    wanted: Select[Any] = select(table.c.id, table.c.name).order_by(func.lower(table.c.name)).limit(_MOST_NAMES)
    if "removed_at" in table.c:
        wanted = wanted.where(table.c.removed_at.is_(None))
    return [SuggestedThing(row.id, row.name) for row in connection.execute(wanted)]


def _field(name: str, values: list[tuple[str, bool]]) -> SuggestedField:
    common = [text for text, _ in Counter(text for text, _ in values).most_common(_MOST_VALUES)]
    kinds = Counter(_kind(text, is_number) for text, is_number in values)
    kind = kinds.most_common(1)[0][0] if kinds else "text"
    return SuggestedField(name, kind, [text for text in common if 0 < len(text) <= _LONGEST_VALUE])


def _kind(text: str, is_number: bool) -> ValueKind:
    if text in ("true", "false"):
        return "boolean"
    if parse_time(text) is not None:
        return "date"
    return "number" if is_number else "text"


def _flat(value: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        name = f"{path}.{key}" if path else key
        if isinstance(inner, dict):
            yield from _flat(inner, name)
        elif isinstance(inner, str | int | float):
            yield name, inner


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
