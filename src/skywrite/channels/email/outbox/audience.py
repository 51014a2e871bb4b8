"""Who a broadcast goes to: a list, a segment, or everybody, in the order of their ids."""

from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, exists, func, select, true

from skywrite.store.contact_tables import contacts, list_members, segment_members


class Audience(Struct, frozen=True):
    """The members of a list or a segment (by its number), or all contacts."""

    kind: Literal["list", "segment", "all"]
    id: int | None = None


def following(audience: Audience, after: int, limit: int) -> Select[int, int | None]:
    """How many contacts of an audience come next behind the contact `after`, and the last of them."""
    found = select(contacts.c.id).where(contacts.c.id > after, _belongs(audience)).order_by(contacts.c.id).limit(limit)
    return select(func.count(), func.max(found.subquery().c.id))


def members(audience: Audience, after: int, upto: int) -> Select[Any]:
    """The contacts of an audience behind `after`, as far as `upto`: id, email and its folded form."""
    return select(contacts.c.id, contacts.c.email, contacts.c.email_key).where(
        contacts.c.id > after, contacts.c.id <= upto, _belongs(audience)
    )


def count(audience: Audience) -> Select[int]:
    """How many contacts an audience has now."""
    return select(func.count()).select_from(contacts).where(_belongs(audience))


def _belongs(audience: Audience) -> ColumnElement[bool]:
    if audience.kind == "list":
        return exists().where(list_members.c.list_id == audience.id, list_members.c.contact_id == contacts.c.id)
    if audience.kind == "segment":
        return exists().where(
            segment_members.c.segment_id == audience.id, segment_members.c.contact_id == contacts.c.id
        )
    return true()
