"""Rows of a file become contacts, thousands in a transaction, by set-based SQL.

`plan` says what would become of each row and changes nothing; `upsert` does it. Both judge alike. An import never
subscribes anybody again, and never joins two contacts: a row whose ids belong to two is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Integer, String, bindparam, delete, select, text, update

from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.contacts.identity_texts import EMAIL, USER_ID, WORDS
from skywrite.contacts.ids import public
from skywrite.contacts.list_queries import note_changes
from skywrite.contacts.lists import ContactList, add_to_list, list_for
from skywrite.contacts.mapping import Row
from skywrite.contacts.subscription import EVERYWHERE
from skywrite.contacts.trait_rows import rows_of
from skywrite.kit.json import encode
from skywrite.store.bulk import insert_rows
from skywrite.store.contact_tables import contact_traits, contacts, identities
from skywrite.store.engine import insert as insert_or
from skywrite.store.mail_tables import suppressions
from skywrite.store.types import short_key, storable


class Refusal(Struct, frozen=True):
    """A row that is not taken, and why."""

    line: int
    reason: str


class Plan(Struct, frozen=True):
    """What becomes of rows: those of new contacts, those of known ones with their ids, and those refused."""

    new: list[Row]
    known: list[tuple[Row, int]]
    refused: list[Refusal]


class Batch(Struct, frozen=True):
    """Where rows come from: told on the timeline, and as the evidence of an unsubscription."""

    import_id: int
    by: str
    at: int
    list_id: ContactList | None = None


def plan(connection: Connection, rows: Sequence[Row]) -> Plan:
    """What would become of rows, of which no two share an identity; two may still be of one contact."""
    holders = _holders(connection, rows)
    made = Plan([], [], [])
    for row in rows:
        mine = {(kind, key): holders[kind, key] for kind, _, key in row.ids if (kind, key) in holders}
        owners = set(mine.values())
        if len(owners) > 1:
            told = " and ".join(f"the {WORDS[kind]} is that of {public(owner)}" for (kind, _), owner in mine.items())
            made.refused.append(Refusal(row.line, f"Its ids belong to different contacts: {told}."))
        elif owners:
            made.known.append((row, owners.pop()))
        else:
            made.new.append(row)
    return made


def upsert(connection: Connection, rows: Sequence[Row], batch: Batch) -> Plan:
    """Make or change the contacts of rows, of which no two share an identity, in the transaction of `connection`."""
    made = plan(connection, rows)
    before = _before(connection, [contact_id for _, contact_id in made.known])
    fresh = list(zip(made.new, _new_ids(connection, len(made.new)), strict=True))
    _insert_contacts(connection, fresh, batch.at)
    changed = _changed(made.known, before)
    _update_contacts(connection, changed, batch.at)
    taken = [*fresh, *made.known]
    _add_identities(connection, fresh, made.known)
    traits = {contact_id: row.traits for row, contact_id in fresh}
    traits |= {contact_id: changed[contact_id]["traits"] for row, contact_id in made.known if row.traits}
    _set_trait_rows(connection, traits, list(changed))
    _note(connection, fresh, made.known, batch)
    _put_on_lists(connection, taken, batch)
    _unsubscribe(connection, taken, before, batch)
    return made


def _holders(connection: Connection, rows: Iterable[Row]) -> dict[tuple[int, str], int]:
    """Whose the identities of rows are."""
    asked: dict[int, dict[str, str]] = {}
    for row in rows:
        for kind, _, key in row.ids:
            asked.setdefault(kind, {})[short_key(storable(key))] = key
    found = {}
    for kind, keys in asked.items():
        values = bindparam("values", list(keys), expanding=True, type_=String)
        query = select(identities.c.value, identities.c.contact_id).where(
            identities.c.kind == kind, identities.c.value.in_(values)
        )
        for value, contact_id in connection.execute(query):
            found[kind, keys[value]] = contact_id
    return found


def _before(connection: Connection, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    if not ids:
        return {}
    among = bindparam("ids", list(ids), expanding=True, literal_execute=True, type_=Integer)
    query = select(contacts.c.id, contacts.c.email, contacts.c.email_key, contacts.c.user_id, contacts.c.traits).where(
        contacts.c.id.in_(among)
    )
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def _new_ids(connection: Connection, count: int) -> list[int]:
    """Ids for so many new contacts: known beforehand, all that hangs on them is written in bulk."""
    if count == 0:
        return []
    if connection.dialect.name == "postgresql":
        taken = text("SELECT nextval(pg_get_serial_sequence('contacts', 'id')) FROM generate_series(1, :count)")
        return list(connection.execute(taken, {"count": count}).scalars())
    last = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'contacts'")).scalar() or 0
    return list(range(last + 1, last + 1 + count))


def _insert_contacts(connection: Connection, fresh: Sequence[tuple[Row, int]], at: int) -> None:
    rows = []
    for row, contact_id in fresh:
        email, key, user_id = _shown(row)
        rows.append((contact_id, email, _key(key), user_id, _json(row.traits), at, at, at))
    names = ("id", "email", "email_key", "user_id", "traits", "created_at", "updated_at", "seen_at")
    insert_rows(connection, contacts, names, rows)


def _key(text: str | None) -> str | None:
    return None if text is None else short_key(text)


def _json(value: Any) -> str:
    return encode(value).decode()


def _changed(known: Sequence[tuple[Row, int]], before: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """What known contacts become; where several rows are of one contact, the later has the last word."""
    after: dict[int, dict[str, Any]] = {}
    for row, contact_id in known:
        old = after.get(contact_id) or before[contact_id]
        email, key, user_id = _shown(row)
        after[contact_id] = {
            "email": email or old["email"],
            "email_key": key or old["email_key"],
            "user_id": user_id or old["user_id"],
            "traits": old["traits"] | row.traits,
        }
    return after


def _update_contacts(connection: Connection, changed: Mapping[int, Mapping[str, Any]], at: int) -> None:
    if not changed:
        return
    names = ("email", "email_key", "user_id", "traits")
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    statement = update(contacts).where(contacts.c.id == bindparam("which")).values(**values, updated_at=at)
    rows = [
        {"which": contact_id} | {f"new_{name}": each[name] for name in names} for contact_id, each in changed.items()
    ]
    connection.execute(statement, rows)


def _shown(row: Row) -> tuple[str | None, str | None, str | None]:
    email = key = user_id = None
    for kind, given, folded in row.ids:
        if kind == EMAIL:
            email, key = given, folded
        elif kind == USER_ID:
            user_id = given
    return email, key, user_id


def _add_identities(connection: Connection, fresh: Sequence[tuple[Row, int]], known: Sequence[tuple[Row, int]]) -> None:
    insert_rows(
        connection,
        identities,
        ("kind", "value", "contact_id"),
        [(kind, short_key(key), contact_id) for row, contact_id in fresh for kind, _, key in row.ids],
    )
    rows = [
        {"kind": kind, "value": key, "contact_id": contact_id} for row, contact_id in known for kind, _, key in row.ids
    ]
    if rows:
        connection.execute(insert_or(connection, identities).on_conflict_do_nothing(), rows)


def _set_trait_rows(connection: Connection, traits: Mapping[int, Mapping[str, Any]], known: Sequence[int]) -> None:
    old = [contact_id for contact_id in known if contact_id in traits]
    if old:
        among = bindparam("ids", old, expanding=True, literal_execute=True, type_=Integer)
        connection.execute(delete(contact_traits).where(contact_traits.c.contact_id.in_(among)))
    rows = [(contact_id, *at, *row) for contact_id, each in traits.items() for at, row in rows_of(each).items()]
    insert_rows(connection, contact_traits, ("contact_id", "name", "item", "text", "number"), rows)


def _note(
    connection: Connection, fresh: Sequence[tuple[Row, int]], known: Sequence[tuple[Row, int]], batch: Batch
) -> None:
    data = {"import_id": batch.import_id, "by": batch.by}
    happened = [Activity(contact_id, batch.at, Kind.CONTACT, "Created", data) for _, contact_id in fresh]
    happened += [Activity(contact_id, batch.at, Kind.CONTACT, "Imported", data) for _, contact_id in known]
    add_activities(connection, happened)
    note_changes(connection, [activity.contact_id for activity in happened])


def _put_on_lists(connection: Connection, taken: Sequence[tuple[Row, int]], batch: Batch) -> None:
    members: dict[str, list[int]] = {}
    for row, contact_id in taken:
        for name in row.lists:
            members.setdefault(name, []).append(contact_id)
    if batch.list_id is not None:
        add_to_list(connection, batch.list_id, [contact_id for _, contact_id in taken], batch.at)
    for name, ids in members.items():
        add_to_list(connection, list_for(connection, name, batch.at), ids, batch.at)


def _unsubscribe(
    connection: Connection, taken: Sequence[tuple[Row, int]], before: Mapping[int, Mapping[str, Any]], batch: Batch
) -> None:
    rows, happened = [], []
    for row, contact_id in taken:
        address = _shown(row)[1] or before.get(contact_id, {}).get("email_key")
        if row.unsubscribed and address:
            evidence = f"import_{batch.import_id} by {batch.by}"
            rows.append(
                {"address": address, "scope": EVERYWHERE, "reason": "imported", "since": batch.at,
                 "evidence": evidence}
            )  # fmt: skip
            data = {"scope": EVERYWHERE, "method": "import", "import_id": batch.import_id, "by": batch.by}
            happened.append(Activity(contact_id, batch.at, Kind.CONTACT, "Unsubscribed", data))
    if rows:
        connection.execute(insert_or(connection, suppressions).on_conflict_do_nothing(), rows)
        add_activities(connection, happened)
