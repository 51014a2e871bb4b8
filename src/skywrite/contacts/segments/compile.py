"""A definition as SQL: one select of contact ids, the same on SQLite and PostgreSQL.

There are two plans. Of all contacts, each condition is a set of ids, read from one index and met with the others.
Of a few contacts, each condition is asked of each contact, which reads nothing but their own rows.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, distinct, exists, false, func, not_, or_, select, true

from skywrite.contacts.segments.model import Group, Node
from skywrite.contacts.segments.rows import Rows, rows_of
from skywrite.store.contact_tables import contacts

Clause = ColumnElement[Any]


def members(definition: Group, now: int) -> Select[Any]:
    """The ids of all contacts that meet `definition` at `now` (µs)."""
    people = contacts.alias("person")
    return select(people.c.id).where(_of_all(definition, people.c.id, now))


def members_among(definition: Group, now: int, ids: Sequence[int]) -> Select[Any]:
    """Those of `ids` that are contacts and meet `definition` at `now`."""
    people = contacts.alias("person")
    return select(people.c.id).where(people.c.id.in_(ids), of_one(definition, people.c.id, now))


def of_one(node: Node, contact: Clause, now: int) -> Clause:
    """Whether the contact of a row meets a condition or a group."""
    if isinstance(node, Group):
        return _joined(node.match, [of_one(each, contact, now) for each in node.of])
    return _asked(rows_of(node, now, by_contact=True), contact)


def _of_all(node: Node, contact: Clause, now: int) -> Clause:
    if isinstance(node, Group):
        return _joined(node.match, [_of_all(each, contact, now) for each in node.of])
    rows = rows_of(node, now, by_contact=False)
    return contact.not_in(ids_of(rows)) if rows.is_absent else contact.in_(ids_of(rows))


def ids_of(rows: Rows) -> Select[Any]:
    """The contacts that have enough such rows, leaving `is_absent` aside."""
    found = select(rows.contact).where(*rows.where)
    if rows.having:
        return found.group_by(rows.contact).having(*rows.having)
    if _is_any(rows):
        return found
    return found.group_by(rows.contact).having(_reached(rows))


def _asked(rows: Rows, contact: Clause) -> Clause:
    own = (rows.contact == contact, *rows.where)
    if rows.having:
        meets: Clause = exists(select(1).where(*own).group_by(rows.contact).having(*rows.having))
    elif _is_any(rows):
        meets = exists(select(1).where(*own))
    else:
        meets = exists(select(1).where(*own).group_by(rows.contact).having(_reached(rows)))
    return not_(meets) if rows.is_absent else meets


def _is_any(rows: Rows) -> bool:
    return rows.count.op == "at_least" and rows.count.n == 1


def _reached(rows: Rows) -> Clause:
    number = func.count() if rows.counted is None else func.count(distinct(rows.counted))
    return number >= rows.count.n if rows.count.op == "at_least" else number == rows.count.n


def _joined(match: str, clauses: list[Clause]) -> Clause:
    if match == "all":
        return and_(true(), *clauses)
    some = or_(false(), *clauses)
    return some if match == "any" else not_(some)
