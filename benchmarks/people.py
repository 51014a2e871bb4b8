"""Two million contacts: how long each search's first page, its count and its next pages take.

python -m benchmarks.people [--contacts N] [--data DIR] [--database URL]      DIR is kept and used again
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from benchmarks.report import Row
from skywrite.contacts.search import Search, TraitRule, count, find, trait_names
from skywrite.contacts.service import People, shown_subscriptions
from skywrite.settings import Settings
from skywrite.store import contact_tables as tables
from skywrite.store.engine import Store, open_store
from skywrite.store.patience import unhurried

_ROUNDS = 9
_NOW = 1_795_000_000_000_000
_TRAITS = {  # name -> (text, number), of a contact's number i
    "plan": ("CASE WHEN i % 10 < 7 THEN 'free' WHEN i % 10 < 9 THEN 'pro' ELSE 'team' END", "NULL"),
    "city": ("'City ' || (i * 7919 % 5000)", "NULL"),
    "seats": ("CAST(i % 500 AS TEXT)", "i % 500"),
    "firstName": ("'Name' || (i * 31 % 20000)", "NULL"),
}
_CONTACTS = """INSERT INTO contacts (id, email, email_key, user_id, traits, created_at, updated_at, seen_at)
SELECT i, {email}, {email}, 'user-' || i, {traits}, {now} - ({n} - i) * 1000000, {now},
{now} - (i * 48271 % {n}) * 1000000 FROM numbers"""
_SUPPRESSIONS = """INSERT INTO suppressions (address, scope, reason, since, evidence)
SELECT {email}, 'all', 'unsubscribed', 0, '' FROM numbers WHERE i % 20 = 0"""
_ACTIVITIES = """INSERT INTO activities (contact_id, at, kind, name, data)
SELECT 7, {now} - i, 'track', 'Step', '{{}}' FROM numbers WHERE i <= 100000"""
_TRAIT = "INSERT INTO contact_traits (contact_id, name, item, text, number) SELECT i, '%s', 0, %s, %s FROM numbers"
_MEMBERS = "INSERT INTO list_members (list_id, contact_id, added_at) SELECT %d, i, 0 FROM numbers WHERE %s"
_FILLS = (
    _CONTACTS,
    "INSERT INTO identities (kind, value, contact_id) SELECT 1, 'user-' || i, i FROM numbers",
    "INSERT INTO identities (kind, value, contact_id) SELECT 3, {email}, i FROM numbers",
    *(_TRAIT % (name, words, number) for name, (words, number) in _TRAITS.items()),
    "INSERT INTO lists (id, name, created_at) VALUES (1, 'Half', 0), (2, 'Few', 0), (3, 'Old', 0)",
    _MEMBERS % (1, "i % 2 = 0"),
    _MEMBERS % (2, "i % 2000 = 0"),
    _MEMBERS % (3, "i < {n} / 10"),
    _SUPPRESSIONS,
    _ACTIVITIES,
)
_EMAIL = "(CASE i % 3 WHEN 0 THEN 'anna' WHEN 1 THEN 'bob' ELSE 'carl' END) || i || '@example' || (i % 97) || '.com'"
_JSON = '\'{"plan": "pro", "seats": \' || (i % 500) || \', "city": "City \' || (i * 7919 % 5000) || \'"}\''


def _rules(*rules: tuple[str, str, str]) -> tuple[TraitRule, ...]:
    return tuple(TraitRule(name, op, value) for name, op, value in rules)  # type: ignore[arg-type]


SEARCHES = {
    "all": Search(),
    "all, last seen": Search(sort="seen"),
    "email prefix of one": Search(text="anna123456"),
    "email prefix of a third": Search(text="anna"),
    "email prefix of a third, last seen": Search(text="anna", sort="seen"),
    "whole address": Search(text="bob1000000@example"),
    "userId": Search(text="user-1234567"),
    "name prefix": Search(text="Name19999"),
    "nobody": Search(text="zzzz"),
    "trait is, of 70%": Search(traits=_rules(("plan", "is", "free"))),
    "trait is, of 70%, last seen": Search(traits=_rules(("plan", "is", "free")), sort="seen"),
    "trait is, of 0.02%": Search(traits=_rules(("city", "is", "City 4999"))),
    "trait begins, of 20%": Search(traits=_rules(("city", "begins", "City 1"))),
    "trait greater, of 0.2%": Search(traits=_rules(("seats", "greater", "498"))),
    "trait greater, of 50%": Search(traits=_rules(("seats", "greater", "250"))),
    "trait known": Search(traits=_rules(("plan", "exists", ""))),
    "list of half": Search(list_id=1),
    "list of half, last seen": Search(list_id=1, sort="seen"),
    "list of 1,000": Search(list_id=2),
    "list of the oldest, last seen": Search(list_id=3, sort="seen"),
    "list of the oldest, prefix of a third": Search(list_id=3, text="carl"),
    "list of half and what none of them has": Search(list_id=1, traits=_rules(("seats", "is", "251"))),
    "three that exclude each other": Search(
        list_id=1, text="anna", traits=_rules(("plan", "is", "free"), ("seats", "less", "1"))
    ),
    "unsubscribed": Search(subscription="unsubscribed"),
    "subscribed": Search(subscription="subscribed"),
    "bounced": Search(subscription="bounced"),
}


def people(quick: bool) -> Iterator[Row]:
    """Searches among two million contacts: the slowest first page, next page and count, and one contact's timeline."""
    size = 200_000 if quick else 2_000_000
    with tempfile.TemporaryDirectory(prefix="skywrite-people-") as folder:
        store = open_store(Settings(data=Path(folder)))
        filled(store, size)
        found = {name: _searched(store, search) for name, search in SEARCHES.items()}
        for at, what in enumerate(("first page", "next page", "count")):
            name = max(found, key=lambda each: found[each][at])
            yield Row(
                what=f"contacts, the slowest {what} of {len(found)} searches", figure=found[name][at] * 1000, unit="ms",
                note=f"p50 of “{name}”; {size:,} contacts",
            )  # fmt: skip
        times = {name: statistics.median(_timed(act) for _ in range(_ROUNDS)) for name, act in _of_one(store)}
        slowest = max(times, key=times.__getitem__)
        note = f"p50 of “{slowest}”; 100,000 things happened to this contact"
        yield Row(what="one contact, the slowest of its page", figure=times[slowest] * 1000, unit="ms", note=note)
        store.close()


def _searched(store: Store, search: Search) -> tuple[float, float, float]:
    """The middle seconds of the first page, the next page and the count."""

    def page(place: str = "") -> str | None:
        with store.read() as connection:
            return find(connection, search, place, 50).after

    after = page() or ""
    acts = (page, lambda: page(after), lambda: _count(store, search))
    first, later, counted = (statistics.median(_timed(act) for _ in range(5)) for act in acts)
    return first, later, counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=2_000_000)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--only", default="", help="searches whose name holds this")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Settings(data=given.data or Path(folder), database=given.database))
        filled(store, given.contacts)
        print(f"| search | first page p50 | p95 | next page p50 | count p50 | found |\n|{' --- |' * 6}")
        for name, search in SEARCHES.items():
            if given.only not in name:
                continue
            print(f"| {name} | {' | '.join(_measured(store, search))} |", flush=True)
        print("\n| one contact, timeline of 100,000 | p50 | p95 |\n| --- | --- | --- |")
        for name, act in _of_one(store):
            times = [_timed(act) for _ in range(_ROUNDS)]
            print(f"| {name} | {_ms(statistics.median(times))} | {_ms(_p95(times))} |")
        store.close()


def filled(store: Store, number: int) -> None:
    """The store with so many contacts in it, if it has none."""
    with store.read() as connection:
        if connection.execute(text("SELECT id FROM contacts LIMIT 1")).first():
            return
    began = time.monotonic()
    with store.write() as connection:
        if connection.dialect.name == "postgresql":
            with unhurried(connection):
                _fill(connection, number)
        else:
            _fill(connection, number)
    print(f"{number:,} contacts were made in {time.monotonic() - began:.0f} s\n")


def _fill(connection: Connection, number: int) -> None:
    remote = connection.dialect.name == "postgresql"
    indexes = [index for table in (tables.contacts, tables.contact_traits) for index in table.indexes]
    for index in indexes:
        index.drop(connection)
    numbers = f"WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {number}) "
    traits = f"CAST({_JSON} AS JSON)" if remote else _JSON
    for fill in _FILLS:
        words = fill.format(email=_EMAIL, traits=traits, now=_NOW, n=number)
        head, sign, rest = " ".join(words.split()).partition(" SELECT ")
        if sign and remote:
            words = f"{numbers}{words}".replace("'{}'", "CAST('{}' AS JSON)")
        connection.exec_driver_sql(words if remote or not sign else f"{head} {numbers}SELECT {rest}")
    for index in indexes:
        index.create(connection)
    if remote:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('contacts', 'id'), (SELECT max(id) FROM contacts))"
        )


def _measured(store: Store, search: Search) -> list[str]:
    after = ""

    def page(place: str = "") -> str | None:
        with store.read() as connection:
            found = find(connection, search, place, 50)
            shown_subscriptions(connection, found.rows)
            return found.after

    after = page() or ""
    first = [_timed(page) for _ in range(_ROUNDS)]
    later = [_timed(lambda: page(after)) for _ in range(_ROUNDS)]
    counted = [_timed(lambda: _count(store, search)) for _ in range(3)]
    known = _count(store, search)
    said = {"exact": "", "about": "about ", "at_least": "at least "}[known.exactness] + f"{known.number:,}"
    return [
        _ms(statistics.median(first)),
        _ms(_p95(first)),
        _ms(statistics.median(later)),
        _ms(statistics.median(counted)),
        said,
    ]


def _count(store: Store, search: Search):  # noqa: ANN202
    with store.read() as connection:
        return count(connection, search)


def _of_one(store: Store) -> Iterator[tuple[str, Callable[[], object]]]:
    people = People(store)
    yield "contact", lambda: people.get("person_7")
    yield "timeline, first page", lambda: people.timeline("person_7")
    yield "timeline, in the middle", lambda: people.timeline("person_7", before=(_NOW - 50_000, 1 << 60))
    yield "timeline, a kind that is not there", lambda: people.timeline("person_7", kinds=["email"])
    yield "names of all traits", lambda: _names(store)


def _names(store: Store) -> list[str]:
    with store.read() as connection:
        return trait_names(connection)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    main()
