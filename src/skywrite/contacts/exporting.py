"""Contacts as CSV: the whole or what a search finds, streamed, traits as columns."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Row

from skywrite.contacts import search_queries as queries
from skywrite.contacts.ids import public
from skywrite.contacts.mapping import EXACT, escaped, is_no_trait
from skywrite.contacts.search import Search, every, find, trait_names
from skywrite.contacts.service import shown_subscriptions
from skywrite.contacts.trait_rows import text_of
from skywrite.kit.json import decode, encode
from skywrite.kit.time import iso_millis
from skywrite.store.engine import Store

_MOST_COLUMNS = 500
_BATCH = 2_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LAST = ("unsubscribed", "subscription", "contact id", "contact created", "contact last seen")


class Style(Struct, frozen=True):
    """How cells are written.

    `exact`: so that an import gives the same contacts again; text that would be read as something else is in JSON's
    quotes, and each trait is one column. Else each value of an object is a column of its own, as spreadsheets like it.
    `safe`: a spreadsheet takes no cell for a formula; an apostrophe stands before one that it would.
    """

    exact: bool = False
    safe: bool = True


def export(store: Store, search: Search, style: Style) -> Iterator[bytes]:
    """The file, in pieces. Raises Refused, before there is one, naming what is wrong with the search."""
    with store.read() as connection:
        find(connection, search, limit=1)
    return _pieces(store, search, style)


def _pieces(store: Store, search: Search, style: Style) -> Iterator[bytes]:
    names = _keys(store, search) if style.exact else _paths(store)
    yield "\ufeff".encode() + _lines([_heading(names, style)])
    for rows in every(store, search, _BATCH):
        with store.read() as connection:
            states = shown_subscriptions(connection, rows)
            of_visitors = connection.execute(queries.anonymous_ids([row.id for row in rows])).all()
        visitors = {row[0]: row[1] for row in of_visitors}
        yield _lines([_cells(row, visitors.get(row.id, ""), states[row.id], names, style) for row in rows])


def _paths(store: Store) -> list[str]:
    with store.read() as connection:
        return trait_names(connection, _MOST_COLUMNS)


def _keys(store: Store, search: Search) -> list[str]:
    """The names of the traits that those found have, as they are: a name may hold a dot, which a path would hide."""
    return sorted({name for rows in every(store, search, _BATCH) for row in rows for name in row.traits})


def _heading(names: Sequence[str], style: Style) -> list[str]:
    if style.exact:
        traits = [EXACT + escaped(name) for name in names]
    else:
        traits = [EXACT + name if is_no_trait(name) else name for name in names]
    head = ["email", "userId", "anonymousId", *traits, *_LAST]
    return [_guarded(name, style) for name in head]


def _cells(row: Row[Any], anonymous_id: str, subscription: str, names: Sequence[str], style: Style) -> list[str]:
    traits = [_exact(row.traits, name) if style.exact else _plain(_at(row.traits, name)) for name in names]
    cells = [
        row.email or "",
        row.user_id or "",
        anonymous_id,
        *traits,
        "yes" if subscription == "unsubscribed" else "",
        subscription,
        public(row.id),
        iso_millis(row.created_at),
        iso_millis(row.seen_at),
    ]
    return [_guarded(cell, style) for cell in cells]


def _guarded(cell: str, style: Style) -> str:
    if not style.safe or not cell.startswith(_FORMULA) or _is_number(cell):
        return cell
    return "'" + cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _at(traits: Mapping[str, Any], path: str) -> Any:
    """The value at a path; a name that holds a dot itself goes before."""
    if path in traits:
        return traits[path]
    value: Any = traits
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return encode(value).decode() if isinstance(value, dict | list) else text_of(value)


def _exact(traits: Mapping[str, Any], name: str) -> str:
    """The value so that an import reads it as it is: as JSON, or as text that is none."""
    if name not in traits:
        return ""
    value = traits[name]
    if not isinstance(value, str) or not value or _is_json(value):
        return encode(value).decode()
    return value


def _is_json(text: str) -> bool:
    try:
        decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8", "replace")
