"""Static lists: made, renamed, removed; contacts put on and taken off, one or millions."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.contacts import list_queries as queries
from skywrite.contacts.activity import Activity, Kind, add_activities, hold_writers
from skywrite.contacts.ids import public_list
from skywrite.contacts.search import Search, every
from skywrite.kit.errors import Refused
from skywrite.kit.names import clean_name
from skywrite.kit.time import now_micros
from skywrite.store.engine import Store

TOPIC = "contacts"  # what is announced when contacts or lists were changed
_BATCH = 2_000
_ID = re.compile(r"(?:list_)?([1-9]\d{0,17})", re.ASCII)


class Named(Struct, frozen=True):
    """A list, as far as who puts contacts on it need know it."""

    id: int
    name: str


class ContactList(Named, frozen=True):
    """A list; `members` is how many contacts are on it, `created_at` in µs."""

    members: int
    created_at: int


class Lists:
    """Each call is one transaction, but for those on many contacts, which take one for every few thousand."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._now = clock

    def all(self) -> list[ContactList]:
        """Every list, by name."""
        with self._store.read() as connection:
            return [_list(row) for row in connection.execute(queries.all_lists())]

    def get(self, list_id: int) -> ContactList:
        """One list. Raises Refused (404) where there is none."""
        with self._store.read() as connection:
            return _get(connection, list_id)

    def add(self, name: str) -> ContactList:
        """A new, empty list. Raises Refused (409) where the name is taken."""
        name = clean_name(name)
        with self._store.write() as connection:
            list_id = connection.execute(queries.add_list(connection, name, self._now())).scalar()
            if list_id is None:
                raise _taken(name)
            self._store.announce(connection, TOPIC)
            return _get(connection, list_id)

    def rename(self, list_id: int, name: str) -> ContactList:
        """Another name. Raises Refused (409) where it is taken."""
        name = clean_name(name)
        with self._store.write() as connection:
            _named(connection, list_id)
            if connection.execute(queries.list_named(name)).scalar() not in (None, list_id):
                raise _taken(name)
            connection.execute(queries.rename_list(list_id, name))
            self._store.announce(connection, TOPIC)
            return _get(connection, list_id)

    def remove(self, list_id: int) -> ContactList:
        """Take a list away; its contacts stay. Raises Refused (409) where a segment or a broadcast needs it."""
        with self._store.read() as connection:
            removed = _get(connection, list_id)
            _check_unused(connection, list_id)
        while True:
            with self._store.write() as connection:
                hold_writers(connection)
                _check_unused(connection, list_id)
                members = connection.execute(queries.some_members_of(list_id, _BATCH)).scalars().all()
                self._take_off(connection, removed, members)
                if not members:
                    connection.execute(queries.drop_list(list_id))
                    self._store.announce(connection, TOPIC)
                    return removed

    def put_on(self, list_id: int, contact_ids: Sequence[int]) -> int:
        """Put contacts on a list; gives how many were not on it before. Contacts that are gone are passed over."""
        return self._each(list_id, [contact_ids], add_to_list)

    def take_off(self, list_id: int, contact_ids: Sequence[int]) -> int:
        """Take contacts off a list; gives how many were on it."""
        return self._each(list_id, [contact_ids], self._take_off)

    def put_on_found(self, list_id: int, search: Search) -> int:
        """Put all on it that a search finds."""
        return self._each(list_id, self._found(search), add_to_list)

    def take_off_found(self, list_id: int, search: Search) -> int:
        """Take all off it that a search finds."""
        return self._each(list_id, self._found(search), self._take_off)

    def _found(self, search: Search) -> Iterable[Sequence[int]]:
        return ([row.id for row in rows] for rows in every(self._store, search, _BATCH))

    def _each(
        self,
        list_id: int,
        batches: Iterable[Sequence[int]],
        act: Callable[[Connection, Named, Sequence[int], int], int],
    ) -> int:
        with self._store.read() as connection:
            _named(connection, list_id)
        done = 0
        for batch in batches:
            for start in range(0, len(batch), _BATCH):
                with self._store.write() as connection:
                    hold_writers(connection)
                    done += act(connection, _named(connection, list_id), batch[start : start + _BATCH], self._now())
                    self._store.announce(connection, TOPIC)
        return done

    def _take_off(self, connection: Connection, named: Named, ids: Sequence[int], at: int = 0) -> int:
        members = sorted(connection.execute(queries.members_of(named.id, ids)).scalars()) if ids else []
        if members:
            connection.execute(queries.drop_members(named.id, members))
            _note(connection, named, members, "Removed from List", at or self._now())
        return len(members)


def add_to_list(connection: Connection, named: Named, ids: Sequence[int], at: int) -> int:
    """Put contacts on a list in the transaction of `connection`; gives how many were not on it before."""
    there = connection.execute(queries.existing(ids)).scalars().all() if ids else []
    before = set(connection.execute(queries.members_of(named.id, there)).scalars()) if there else set()
    new = [each for each in there if each not in before]
    queries.add_members(connection, [{"list_id": named.id, "contact_id": each, "added_at": at} for each in new])
    _note(connection, named, new, "Added to List", at)
    return len(new)


def new_list(store: Store, name: str, ids: Collection[int], at: int) -> tuple[int, int]:
    """A new list of these contacts: its id, and how many were put on it. Raises Refused (409) where the name is taken.

    Some thousands at a time are put on it; who removes it meanwhile ends that.
    """
    name, wanted, done = clean_name(name), sorted(ids), 0
    with store.write() as connection:
        list_id = connection.execute(queries.add_list(connection, name, at)).scalar()
        if list_id is None:
            raise _taken(name)
        store.announce(connection, TOPIC)
    for start in range(0, len(wanted), _BATCH):
        with store.write() as connection:
            hold_writers(connection)
            named = meant(connection, public_list(list_id))
            if named is None or named.id != list_id:
                break
            done += add_to_list(connection, named, wanted[start : start + _BATCH], at)
            store.announce(connection, TOPIC)
    return list_id, done


def list_for(connection: Connection, name: str, at: int) -> Named:
    """The list of a name, made where there is none."""
    name = clean_name(name)
    connection.execute(queries.add_list(connection, name, at))
    return Named(connection.execute(queries.list_named(name)).scalar_one(), name)


def meant(connection: Connection, text: str) -> Named | None:
    """The list that somebody means by its id (`list_3`, or `3`) or its name, None where there is none."""
    number = _ID.fullmatch(text)
    found = connection.execute(queries.lists_meant(text, int(number[1]) if number else 0)).first()
    return Named(found.id, found.name) if found is not None else None


def _note(connection: Connection, named: Named, ids: Sequence[int], name: str, at: int) -> None:
    data = {"list_id": public_list(named.id), "list_name": named.name}
    add_activities(connection, [Activity(each, at, Kind.LIST, name, data) for each in ids])
    queries.note_changes(connection, ids)


def _get(connection: Connection, list_id: int) -> ContactList:
    row = connection.execute(queries.one_list(list_id)).one_or_none()
    if row is None:
        raise _none(list_id)
    return _list(row)


def _named(connection: Connection, list_id: int) -> Named:
    name = connection.execute(queries.name_of(list_id)).scalar()
    if name is None:
        raise _none(list_id)
    return Named(list_id, name)


def _list(row: Any) -> ContactList:
    return ContactList(row.id, row.name, row.members, row.created_at)


def _none(list_id: int) -> Refused:
    return Refused(f"There is no list {public_list(list_id)}.", where="list", status=404)


def _taken(name: str) -> Refused:
    return Refused(f"There is a list named {name} already.", where="name", status=409)


def _check_unused(connection: Connection, list_id: int) -> None:
    for row in connection.execute(queries.segment_definitions()):
        if _mentions(row.definition, list_id):
            raise Refused(f"The segment {row.name} needs this list.", where="list", status=409)
    broadcast = queries.broadcast_to(connection, "list", list_id)
    if broadcast is not None:
        raise Refused(f"The broadcast {broadcast} goes to this list.", where="list", status=409)


def _mentions(definition: Any, list_id: int) -> bool:
    """Whether a segment's definition names a list, wherever in it: as `list_7`, or under a name that says list."""
    if isinstance(definition, list):
        return any(_mentions(each, list_id) for each in definition)
    if not isinstance(definition, dict):
        return bool(definition == public_list(list_id))
    about_lists = definition.get("kind", definition.get("type")) == "list"
    return any(
        (("list" in key or (about_lists and key == "id")) and _is_it(value, list_id)) or _mentions(value, list_id)
        for key, value in definition.items()
    )


def _is_it(value: Any, list_id: int) -> bool:
    return value in (list_id, str(list_id), public_list(list_id))
