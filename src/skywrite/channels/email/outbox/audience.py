"""Who a broadcast goes to: a list, a segment, or everybody, in the order of their ids."""

from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import Column, Select, func, select

from skywrite.store.contact_tables import contacts, list_members, segment_members


class Audience(Struct, frozen=True):
    """The members of a list or a segment (by its number), or all contacts."""

    kind: Literal["list", "segment", "all"]
    id: int | None = None


def following(audience: Audience, after: int, limit: int) -> Select[int, int | None]:
    """How many contacts of an audience come next behind the contact `after`, and the last of them."""
    rows, number = _rows(audience)
    found = rows.add_columns(number.label("id")).where(number > after).order_by(number).limit(limit)
    return select(func.count(), func.max(found.subquery().c.id))


def members(audience: Audience, after: int, upto: int) -> Select[Any]:
    """The contacts of an audience behind `after`, as far as `upto`: id, email and its folded form."""
    rows, number = _rows(audience)
    return rows.add_columns(contacts.c.id, contacts.c.email, contacts.c.email_key).where(number > after, number <= upto)


def count(audience: Audience) -> Select[int]:
    """How many contacts an audience has now."""
    rows, _ = _rows(audience)
    return rows.add_columns(func.count())


def _rows(audience: Audience) -> tuple[Select[Any], Column[int]]:
    """The rows of an audience, of which nothing is selected yet, and the column that has their contacts' ids.

    It is the list's own column where there is a list: so SQLite walks the list, not all contacts there are.
    """
    if audience.kind == "all":
        return select().select_from(contacts), contacts.c.id
    table, of = (
        (list_members, list_members.c.list_id)
        if audience.kind == "list"
        else (segment_members, segment_members.c.segment_id)
    )
    number = table.c.contact_id
    return select().select_from(table.join(contacts, contacts.c.id == number)).where(of == audience.id), number
