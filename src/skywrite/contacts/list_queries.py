"""The SQL of static lists."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Integer, Select, Update, bindparam, delete, func, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from skywrite.store.bulk import insert_rows
from skywrite.store.contact_tables import contact_changes, contacts, list_members, lists, segments
from skywrite.store.engine import insert
from skywrite.store.mail_tables import broadcasts


def all_lists() -> Select[Any]:
    """Every list with its number of members, by name."""
    members = select(func.count()).where(list_members.c.list_id == lists.c.id).scalar_subquery()
    return select(lists, members.label("members")).order_by(lists.c.name)


def one_list(list_id: int) -> Select[Any]:
    """One list, as `all_lists` has it."""
    return all_lists().where(lists.c.id == list_id)


def name_of(list_id: int) -> Select[Any]:
    """What a list is called, without a count of its members."""
    return select(lists.c.name).where(lists.c.id == list_id)


def list_named(name: str) -> Select[Any]:
    """The id of a list."""
    return select(lists.c.id).where(lists.c.name == name)


def lists_meant(name: str, number: int) -> Select[Any]:
    """The list of this number, behind it that of this name."""
    either = or_(lists.c.id == number, lists.c.name == name)
    return select(lists.c.id, lists.c.name).where(either).order_by((lists.c.id == number).desc())


def add_list(connection: Connection, name: str, at: int) -> ReturningInsert[Any]:
    """A new list, giving its id; nothing where the name is taken."""
    row = insert(connection, lists).values(name=name, created_at=at)
    return row.on_conflict_do_nothing(index_elements=["name"]).returning(lists.c.id)


def rename_list(list_id: int, name: str) -> Update:
    """Another name for a list."""
    return update(lists).where(lists.c.id == list_id).values(name=name)


def drop_list(list_id: int) -> Delete:
    """Forget a list that has no members any more."""
    return delete(lists).where(lists.c.id == list_id)


def members_of(list_id: int, ids: Collection[int]) -> Select[Any]:
    """Which of these contacts are on a list."""
    return select(list_members.c.contact_id).where(list_members.c.list_id == list_id, _among(list_members, ids))


def some_members_of(list_id: int, most: int) -> Select[Any]:
    """Some contacts that are on a list."""
    return select(list_members.c.contact_id).where(list_members.c.list_id == list_id).limit(most)


def existing(ids: Collection[int]) -> Select[Any]:
    """Which of these contacts there are."""
    found = bindparam("ids", list(ids), expanding=True, literal_execute=True, type_=Integer)
    return select(contacts.c.id).where(contacts.c.id.in_(found)).order_by(contacts.c.id)


def add_members(connection: Connection, rows: Sequence[Mapping[str, int]]) -> None:
    """Put contacts on lists: {"list_id", "contact_id", "added_at"}."""
    if rows:
        connection.execute(insert(connection, list_members).on_conflict_do_nothing(), list(rows))


def drop_members(list_id: int, ids: Collection[int]) -> Delete:
    """Take contacts off a list."""
    return delete(list_members).where(list_members.c.list_id == list_id, _among(list_members, ids))


def note_changes(connection: Connection, ids: Collection[int]) -> None:
    """Tell the segments' keeper that these contacts are not what they were."""
    insert_rows(connection, contact_changes, ("contact_id",), [(each,) for each in ids])


def segment_definitions() -> Select[Any]:
    """What the segments ask for."""
    return select(segments.c.name, segments.c.definition).where(segments.c.state != "removed")


def broadcast_to(connection: Connection, kind: str, number: int) -> str | None:
    """The name of a broadcast that is not over and goes to this list or segment."""
    unfinished = broadcasts.c.state.in_(("draft", "scheduled", "running", "paused"))
    found = connection.execute(select(broadcasts.c.name, broadcasts.c.audience).where(unfinished))
    return next((row.name for row in found if row.audience == {"kind": kind, "id": number}), None)


def _among(table: Any, ids: Collection[int]) -> Any:
    return table.c.contact_id.in_(bindparam("ids", list(ids), expanding=True, literal_execute=True, type_=Integer))
