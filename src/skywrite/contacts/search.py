"""Finding contacts: what a search may ask for, and pages and counts that come quickly whatever it asks.

Where one condition has few contacts, those are looked at. Otherwise contacts are walked in the page's order, by the
index of a condition that has that order or by their own, in windows; a page that has looked for long enough ends where
it is, perhaps short, and says from where to go on.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Dialect, Row

from skywrite.contacts import ids
from skywrite.contacts import search_queries as queries
from skywrite.contacts.trait_rows import number_of
from skywrite.kit.errors import Refused
from skywrite.store.engine import Store

_FEW = 5_000
_FIRST_WINDOW = 2_000
_LARGEST_WINDOW = 32_000
_PATIENCE_SECONDS = 0.12
_MOST_COUNTED = 500_000
_SAMPLE = 10_000
_EXACT_ROWS = 100_000  # up to here PostgreSQL counts, beyond it guesses
_LONGEST_TEXT = 320

Op = Literal["is", "begins", "greater", "less", "exists"]
Sort = Literal["newest", "seen"]
Exactness = Literal["exact", "at_least", "about"]
SUBSCRIPTIONS = ("subscribed", "unsubscribed", "bounced", "complained", "none")


class TraitRule(Struct, frozen=True):
    """What a search asks of a trait; `value` is text as typed, a number or ISO date for greater and less."""

    name: str
    op: Op
    value: str = ""


class Search(Struct, frozen=True):
    """All that is given must hold; the ids are the numbers inside."""

    text: str = ""
    traits: tuple[TraitRule, ...] = ()
    list_id: int | None = None
    segment_id: int | None = None
    subscription: str = ""
    sort: Sort = "newest"

    @property
    def finds_everybody(self) -> bool:
        """Whether it asks for nothing."""
        return not (self.text.strip() or self.traits or self.list_id or self.segment_id or self.subscription)


class Page(Struct, frozen=True):
    """Contacts in order; `after` is where the next page begins, None at the end. A page may be short before the end."""

    rows: Sequence[Row[Any]]
    after: str | None


class Count(Struct, frozen=True):
    """How many, and how well that is known."""

    number: int
    exactness: Exactness


def find(
    connection: Connection,
    search: Search,
    after: str = "",
    limit: int = 50,
    clock: Callable[[], float] = time.monotonic,
    patience: float = _PATIENCE_SECONDS,
) -> Page:
    """The page that begins at `after` ("" for the first). Raises Refused naming the field that is wrong."""
    conditions = _conditions(search, connection.dialect)
    place = _place(search.sort, after)
    few = _few(connection, conditions)
    if few is not None:
        members, rest = few
        where = [queries.among(members), *(each.holds for each in rest)]
        return _page(search.sort, connection.execute(_statement(search.sort, where, place, limit + 1)).all(), limit)
    return _walked(connection, search.sort, conditions, place, limit, clock, clock() + patience)


def count(connection: Connection, search: Search) -> Count:
    """How many it finds: exact where that is cheap."""
    conditions = _conditions(search, connection.dialect)
    if not conditions:
        return _all(connection)
    few = _few(connection, conditions)
    if few is not None:
        members, rest = few
        number = connection.execute(queries.count_among(members, [each.holds for each in rest])).scalar_one()
        return Count(number, "exact")
    [first, *others] = sorted(conditions, key=lambda each: not each.in_order)
    if not others and first.members is not None and not isinstance(first.members, list):
        number = connection.execute(queries.count_members(first, _MOST_COUNTED)).scalar_one()
        return Count(number, "exact" if number < _MOST_COUNTED else "at_least")
    return _estimated(connection, conditions)


def every(store: Store, search: Search, batch: int = 5_000) -> Iterator[Sequence[Row[Any]]]:
    """All that it finds, batch by batch, each read in a transaction of its own."""
    after: str | None = ""
    while after is not None:
        with store.read() as connection:
            page = find(connection, search, after, batch)
        if page.rows:
            yield page.rows
        after = page.after


def trait_names(connection: Connection, most: int = 500) -> list[str]:
    """The names of all traits that any contact has, sorted."""
    names: list[str] = []
    while len(names) < most:
        found = connection.execute(queries.next_trait_name(names[-1] if names else "")).scalar()
        if found is None:
            break
        names.append(found)
    return names


# ---- what is asked -----------------------------------------------------------------------------------------------


def _conditions(search: Search, dialect: Dialect) -> list[queries.Condition]:
    found = [_of_trait(rule, dialect) for rule in search.traits]
    if search.list_id is not None:
        found.append(queries.in_list(search.list_id))
    if search.segment_id is not None:
        found.append(queries.in_segment(search.segment_id))
    text = search.text.strip()
    if len(text) > _LONGEST_TEXT or "\x00" in text:
        raise Refused(f"A search is at most {_LONGEST_TEXT} characters.", where="q")
    if text:
        found.append(queries.text_matches(text, ids.number(text), dialect))
    if search.subscription:
        if search.subscription not in SUBSCRIPTIONS:
            raise Refused(f"A subscription is one of {', '.join(SUBSCRIPTIONS)}.", where="subscription")
        found.append(queries.subscription_is(search.subscription))
    return found


def _of_trait(rule: TraitRule, dialect: Dialect) -> queries.Condition:
    if not rule.name:
        raise Refused("A rule needs the name of a trait.", where="traits")
    if rule.op == "is":
        return queries.trait_is(rule.name, rule.value)
    if rule.op == "begins":
        return queries.trait_begins(rule.name, rule.value, dialect)
    if rule.op == "exists":
        return queries.trait_exists(rule.name)
    number = _number(rule.value)
    low, high = (number, None) if rule.op == "greater" else (None, number)
    return queries.trait_between(rule.name, low, high, inclusive=False)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        found = number_of(text.strip())
        if found is None:
            raise Refused(f"{text[:80]!r} is neither a number nor a date such as 2026-11-30.", where="traits") from None
        return found
    if not math.isfinite(number):
        raise Refused(f"{text[:80]!r} is no number.", where="traits")
    return number


# ---- how it is found ---------------------------------------------------------------------------------------------


def _few(
    connection: Connection, conditions: Sequence[queries.Condition]
) -> tuple[list[int], list[queries.Condition]] | None:
    """The contacts of a condition that has few, and the other conditions; None where each has many."""
    for condition in conditions:
        if condition.members is None:
            continue
        members = connection.execute(queries.some_members(condition, _FEW + 1)).scalars().all()
        if len(members) <= _FEW:
            return list(dict.fromkeys(members)), [each for each in conditions if each is not condition]
    return None


def _walked(
    connection: Connection,
    sort: Sort,
    conditions: Sequence[queries.Condition],
    place: tuple[int, ...] | None,
    limit: int,
    clock: Callable[[], float],
    deadline: float,
) -> Page:
    driver = _driver(sort, conditions)
    where = [each.holds for each in conditions if each is not driver]
    rows: list[Row[Any]] = []
    window = _FIRST_WINDOW
    while True:
        end = _window_end(connection, sort, driver, place, window) if where else None
        statement = _statement(sort, where, place, limit + 1 - len(rows), end, driver)
        rows += connection.execute(statement).all()
        if len(rows) > limit or end is None:
            return _page(sort, rows, limit)
        place = end
        if clock() > deadline:
            return Page(rows, _written(place))
        window = min(_LARGEST_WINDOW, window * 4)


def _driver(sort: Sort, conditions: Sequence[queries.Condition]) -> queries.Condition | None:
    """Whose index is walked; None for that of the contacts themselves."""
    if sort != "newest":
        return None
    return next((each for each in conditions if each.in_order), None)


def _window_end(
    connection: Connection, sort: Sort, driver: queries.Condition | None, place: tuple[int, ...] | None, window: int
) -> tuple[int, ...] | None:
    """The last place of a window that begins at `place`; None where it reaches the end."""
    if sort == "seen":
        row = connection.execute(queries.seen_at(_pair(place), window)).one_or_none()
        return None if row is None else (row[0], row[1])
    before = place[0] if place else None
    if driver is not None:
        found = connection.execute(queries.member_at(driver, before, window)).scalar()
        return None if found is None else (found,)
    if before is None:
        before = (connection.execute(queries.newest()).scalar() or 0) + 1
    return (before - window,) if before > window else None


def _statement(
    sort: Sort,
    where: Sequence[ColumnElement[bool]],
    place: tuple[int, ...] | None,
    most: int,
    end: tuple[int, ...] | None = None,
    driver: queries.Condition | None = None,
) -> Any:
    if sort == "seen":
        return queries.by_seen(where, _pair(place), _pair(end), most)
    before, last = place[0] if place else None, end[0] if end else None
    if driver is not None:
        return queries.by_member(driver, where, before, last, most)
    return queries.by_id(where, before, last, most)


def _pair(place: tuple[int, ...] | None) -> tuple[int, int] | None:
    return None if place is None else (place[0], place[1])


# ---- counts ------------------------------------------------------------------------------------------------------


def _all(connection: Connection) -> Count:
    if connection.dialect.name == "postgresql":
        guessed = int(connection.execute(queries.guessed_rows()).scalar() or 0)
        if guessed > _EXACT_ROWS:
            return Count(guessed, "about")
    return Count(connection.execute(queries.count_contacts()).scalar_one(), "exact")


def _estimated(connection: Connection, conditions: Sequence[queries.Condition]) -> Count:
    """What share of the newest thousands meets all of it, of all that there are."""
    driver = _driver("newest", conditions)
    where = [each.holds for each in conditions if each is not driver]
    end = _window_end(connection, "newest", driver, None, _SAMPLE)
    found = connection.execute(queries.count_of(_statement("newest", where, None, _SAMPLE, end, driver))).scalar_one()
    if end is None:
        return Count(found, "exact")
    if driver is None:
        total = _all(connection).number
    else:
        total = connection.execute(queries.count_members(driver, _MOST_COUNTED)).scalar_one()
    return Count(_rounded(found * total // _SAMPLE), "about")


def _rounded(number: int) -> int:
    """A guess has two digits that count."""
    unit: int = 10 ** max(0, len(str(number)) - 2)
    return number // unit * unit


# ---- where a page begins -----------------------------------------------------------------------------------------


def _page(sort: Sort, rows: Sequence[Row[Any]], limit: int) -> Page:
    shown = rows[:limit]
    if len(rows) <= limit:
        return Page(shown, None)
    last = shown[-1]
    return Page(shown, _written((last.id,) if sort == "newest" else (last.seen_at, last.id)))


def _written(place: tuple[int, ...]) -> str:
    return "-".join(map(str, place))


def _place(sort: Sort, after: str) -> tuple[int, ...] | None:
    if not after:
        return None
    parts = after.split("-")
    if len(parts) != (1 if sort == "newest" else 2) or not all(part.isdecimal() and len(part) < 19 for part in parts):
        raise Refused("`after` is not what a page of this search gave.", where="after")
    return tuple(map(int, parts))
