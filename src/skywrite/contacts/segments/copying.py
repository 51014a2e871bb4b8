"""The members of a segment as a list that stays as it is."""

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.contacts.segments import queries
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import list_members, lists
from skywrite.store.engine import Store
from skywrite.store.engine import insert as upsert

_AT_ONCE = 10_000


def copy_to_list(store: Store, segment_id: int, name: str, now: int) -> int:
    """Make a list of the segment's members; its id. Raises Refused where the name is taken."""
    try:
        with store.write() as connection:
            made = insert(lists).values(name=name, created_at=now).returning(lists.c.id)
            list_id = int(connection.execute(made).scalar_one())
            store.announce(connection, "lists")
    except IntegrityError as error:
        raise Refused(f"There is a list named {name!r} already.", where="name", status=409) from error
    with store.read() as connection:
        ids = sorted(connection.execute(queries.members_of(segment_id)).scalars())
    data = {"list_id": f"list_{list_id}", "list_name": name}
    for start in range(0, len(ids), _AT_ONCE):
        with store.write() as connection:
            there = queries.existing(connection, ids[start : start + _AT_ONCE])
            rows = [{"list_id": list_id, "contact_id": one, "added_at": now} for one in sorted(there)]
            if connection.execute(select(lists.c.id).where(lists.c.id == list_id)).first() is None:
                break  # somebody removed it while it was filled
            if rows:
                connection.execute(upsert(connection, list_members).on_conflict_do_nothing(), rows)
            told = [Activity(row["contact_id"], now, Kind.LIST, "Added to List", data) for row in rows]
            add_activities(connection, told)
    return list_id
