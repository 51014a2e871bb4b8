"""Traits: what an identify changes in them, and which of their rows change by it. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

from skywrite.contacts.controls import LIST, SESSION
from skywrite.contacts.trait_rows import Rows, rows_of

Traits = dict[str, Any]

CONTROLS = frozenset({"email", "_NewEmail", LIST, SESSION})  # these are no traits; the address has a column of its own


def changed(traits: Traits, given: Mapping[str, Any]) -> Traits | None:
    """The traits with those that are given: null takes one away. None where nothing changes by it."""
    news = {
        name: value
        for name, value in given.items()
        if name not in CONTROLS and (value is None or name not in traits or not _same(traits[name], value))
    }
    gone = [name for name, value in news.items() if value is None]
    if not news or (len(gone) == len(news) and not any(name in traits for name in gone)):
        return None
    after = traits | news
    for name in gone:
        del after[name]
    return after


def united(kept: Traits, other: Traits) -> Traits:
    """The traits of two contacts that become one: those of the one that stays, and what only the other had."""
    return {**other, **kept}


def _same(first: object, second: object) -> bool:
    # True is 1 to Python, and 1 is 1.0: to others they are not.
    if type(first) is not type(second):
        return False
    if isinstance(first, str | int):
        return first == second
    return msgspec.json.encode(first) == msgspec.json.encode(second)


def difference(before: Traits, after: Traits) -> tuple[list[tuple[str, int]], Rows]:
    """The keys of the rows that go, and the rows that are new or changed."""
    if "." not in "".join([*before, *after]):
        # Paths cannot meet: so only what changed need be looked at.
        before, after = (
            {name: value for name, value in before.items() if name not in after or after[name] is not value},
            {name: value for name, value in after.items() if name not in before or before[name] is not value},
        )
    old, new = rows_of(before), rows_of(after)
    return [at for at in old if at not in new], {at: row for at, row in new.items() if old.get(at) != row}
