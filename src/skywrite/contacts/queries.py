"""The SQL of who contacts are: their ids, traits, what becomes of them when they unite or are erased."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Select,
    String,
    Text,
    Update,
    cast,
    column,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    table,
    update,
)

from skywrite.contacts.identity import Kind
from skywrite.kit.json import encode
from skywrite.store import bulk
from skywrite.store.contact_tables import (
    activities,
    applied_records,
    contact_changes,
    contact_traits,
    contacts,
    erasures,
    identities,
    import_refusals,
    list_members,
    merged_contacts,
    segment_members,
    sync_keys,
    sync_seen,
)
from skywrite.store.engine import insert as upsert
from skywrite.store.mail_tables import broadcast_keys, message_bodies, messages, observations, suppressions
from skywrite.store.tables import cursors, dead_letters, delivery_samples, rejections, sources

_sequence = table("sqlite_sequence", column("name", String), column("seq", BigInteger))


# ---- who they are ----


def owners(connection: Connection, kind: Kind, values: Collection[str]) -> Sequence[Any]:
    """The contacts of these ids of one kind, as (value, contact_id)."""
    if not values:
        return []
    query = select(identities.c.value, identities.c.contact_id)
    own = bulk.among(connection, identities.c.value, values)
    return bulk.plain_rows(connection, query.where(identities.c.kind == int(kind), own))


_PERSON = (
    contacts.c.id,
    contacts.c.email,
    contacts.c.email_key,
    contacts.c.user_id,
    cast(contacts.c.traits, Text).label("traits"),
    contacts.c.created_at,
    contacts.c.updated_at,
    contacts.c.seen_at,
)


def people(connection: Connection, ids: Collection[int]) -> Sequence[Any]:
    """The contacts of these numbers; their traits are JSON text."""
    if not ids:
        return []
    return bulk.plain_rows(connection, select(*_PERSON).where(bulk.among(connection, contacts.c.id, ids)))


def people_by(connection: Connection, kind: Kind, values: Collection[str]) -> Sequence[Any]:
    """The contacts of these ids of one kind, each behind the id."""
    if not values:
        return []
    query = select(identities.c.value, *_PERSON).join(contacts, contacts.c.id == identities.c.contact_id)
    own = bulk.among(connection, identities.c.value, values)
    return bulk.plain_rows(connection, query.where(identities.c.kind == int(kind), own))


def identities_of(contact_id: int) -> Select[Any]:
    """Every id that a contact goes by."""
    return (
        select(identities.c.kind, identities.c.value)
        .where(identities.c.contact_id == contact_id)
        .order_by(identities.c.kind, identities.c.value)
    )


def merged_into(contact_id: int) -> Select[Any]:
    """The contact that one of this number has become part of."""
    return select(merged_contacts.c.contact_id).where(merged_contacts.c.old_id == contact_id)


def take_numbers(connection: Connection, count: int) -> list[int]:
    """So many numbers for new contacts, which nobody else gets."""
    if connection.dialect.name == "postgresql":
        of_contacts = func.pg_get_serial_sequence("contacts", "id")
        taken = select(func.nextval(of_contacts)).select_from(func.generate_series(1, count).alias())
        return sorted(connection.execute(taken).scalars())
    own = _sequence.c.name == contacts.name
    last = connection.execute(select(_sequence.c.seq).where(own)).scalar()
    if last is None:
        connection.execute(insert(_sequence).values(name=contacts.name, seq=count))
        last = 0
    else:
        connection.execute(update(_sequence).where(own).values(seq=last + count))
    return list(range(last + 1, last + count + 1))


def add_identities(connection: Connection, rows: Sequence[tuple[int, str, int]]) -> None:
    """These ids (kind, value, contact), which nobody had, are these contacts' from now on."""
    bulk.insert_rows(connection, identities, ("kind", "value", "contact_id"), rows)


def move_identities(connection: Connection, rows: Sequence[tuple[int, str, int]]) -> None:
    """These ids, which others may have, are these contacts' from now on."""
    if rows:
        row = upsert(connection, identities)
        changed = {"contact_id": row.excluded.contact_id}
        connection.execute(
            row.on_conflict_do_update(index_elements=["kind", "value"], set_=changed),
            [{"kind": kind, "value": value, "contact_id": own} for kind, value, own in rows],
        )


_TRAIT_KEY = ("contact_id", "name", "item")
_TRAIT_ROW = (*_TRAIT_KEY, "text", "number")


def add_traits(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of traits (contact, path, place, text, number) of contacts that have none."""
    bulk.insert_rows(connection, contact_traits, _TRAIT_ROW, rows)


def put_traits(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """The same of contacts that may have some: each row takes the place of its path's."""
    bulk.put_rows(connection, contact_traits, _TRAIT_ROW, rows, key=_TRAIT_KEY)


def drop_traits(connection: Connection, keys: Sequence[tuple[int, str, int]]) -> None:
    """Delete rows of traits by contact, path and place."""
    bulk.delete_rows(connection, contact_traits, _TRAIT_KEY, keys)


# ---- two become one ----


def unite(old: int, kept: int, at: int) -> list[Update | Delete | Insert]:
    """Everything of one contact is the other's from now on; its traits' rows and itself go."""
    own_key = broadcast_keys(cast(messages.c.broadcast_id, String))
    had = messages.alias()
    has_own = exists().where(had.c.key == own_key + str(kept))
    return [
        update(identities).where(identities.c.contact_id == old).values(contact_id=kept),
        update(activities).where(activities.c.contact_id == old).values(contact_id=kept),
        # Who had a broadcast as one of the two must not get it as the other.
        update(messages)
        .where(messages.c.contact_id == old, messages.c.key == own_key + str(old), ~has_own)
        .values(key=own_key + str(kept)),
        update(messages).where(messages.c.contact_id == old).values(contact_id=kept),
        *_move(list_members, list_members.c.list_id, old, kept, list_members.c.added_at),
        *_move(segment_members, segment_members.c.segment_id, old, kept, segment_members.c.since),
        delete(contact_traits).where(contact_traits.c.contact_id == old),
        update(merged_contacts).where(merged_contacts.c.contact_id == old).values(contact_id=kept),
        delete(merged_contacts).where(merged_contacts.c.old_id == old),
        insert(merged_contacts).values(old_id=old, contact_id=kept, at=at),
        delete(contacts).where(contacts.c.id == old),
    ]


def _move(members: Any, group: Any, old: int, kept: int, since: Any) -> list[Insert | Delete]:
    there = members.alias()
    is_there = exists().where(there.c[group.name] == group, there.c.contact_id == kept)
    moved = select(group, literal(kept), since).where(members.c.contact_id == old, ~is_there)
    return [
        insert(members).from_select([group.name, "contact_id", since.name], moved),
        delete(members).where(members.c.contact_id == old),
    ]


def note_merged(old: int, kept: int, at: int) -> Insert:
    """A contact that became part of another before it was ever stored."""
    return insert(merged_contacts).values(old_id=old, contact_id=kept, at=at)


# ---- one goes ----


def erase(contact_id: int, emails: Sequence[str]) -> list[Update | Delete]:
    """Nothing of a contact stays but what its messages count for, and those to its addresses `emails`."""
    # Also what was sent to an address before it was a contact's, or beside another contact.
    is_own = or_(messages.c.contact_id == contact_id, messages.c.address.in_(list(emails)))
    own_messages = select(messages.c.id).where(is_own)
    senders = (func.lower(observations.c.detail[name].as_string()) for name in ("from", "mail_from"))
    return [
        _follow_others(contact_id, emails),
        delete(message_bodies).where(message_bodies.c.message_id.in_(own_messages)),
        update(messages).where(is_own, messages.c.state.in_(("queued", "deferred"))).values(state="rejected"),
        # What is known of the mails themselves, bounces and replies in full, says who it was.
        delete(observations).where(observations.c.message_id.in_(own_messages)),
        *(
            delete(observations).where(observations.c.message_id.is_(None), sender.in_(list(emails)))
            for sender in senders
        ),
        update(messages)
        .where(is_own)
        .values(
            contact_id=None,
            email="",
            address="",
            subject="",
            reason="The contact was erased.",
            key="erased:" + cast(messages.c.id, String),
        ),
        *(
            update(import_refusals)
            .where(func.lower(import_refusals.c.row).contains(email, autoescape=True))
            .values(row="")
            for email in emails
        ),
        # An address that is not written to for another reason stays so by its hash alone.
        delete(suppressions).where(suppressions.c.address.in_(list(emails))),
        *(
            delete(one).where(one.c.contact_id == contact_id)
            for one in (identities, contact_traits, activities, list_members, segment_members, merged_contacts)
        ),
        delete(contacts).where(contacts.c.id == contact_id),
    ]


def _follow_others(contact_id: int, emails: Sequence[str]) -> Update:
    """What waits to go out in a broadcast to somebody else, who had one of these addresses when it was put there, goes
    to theirs: they are not erased with who has it now.
    """
    waits = (messages.c.broadcast_id.is_not(None), messages.c.state.in_(("queued", "deferred")))
    is_theirs = (messages.c.contact_id != contact_id, exists().where(contacts.c.id == messages.c.contact_id))
    return follow_contacts(messages.c.address.in_(list(emails)), *waits, *is_theirs)


def follow_contacts(*which: ColumnElement[bool]) -> Update:
    """Send these messages to the addresses that their contacts have now; to none where there is none."""
    now = {
        name: select(func.coalesce(column, "")).where(contacts.c.id == messages.c.contact_id).scalar_subquery()
        for name, column in (("email", contacts.c.email), ("address", contacts.c.email_key))
    }
    return update(messages).where(*which).values(now)


def erase_calls(emails: Sequence[str], others: Sequence[str]) -> list[Delete]:
    """No call that names somebody by one of these ids stays for a page to show: neither as a sample of what was
    delivered, nor as a dead letter, nor as one that was refused.

    A sample may go that only looks as if it named them; of the rest, which can be sent again, none does.
    """
    in_quotes = [encode(one).decode() for one in (*emails, *others)]
    as_ids = [f'"{name}":{encode(one).decode()}' for one in others for name in ("userId", "anonymousId")]
    as_emails = [encode(one).decode() for one in emails]
    return [
        delete(delivery_samples).where(
            or_(_has(delivery_samples.c.request, [*emails, *in_quotes]), _has(delivery_samples.c.response, emails))
        ),
        delete(dead_letters).where(_has(dead_letters.c.event, [*as_emails, *as_ids])),
        delete(rejections).where(_has(rejections.c.body, [*as_emails, *as_ids])),
    ]


def _has(text: ColumnElement[str], parts: Sequence[str]) -> ColumnElement[bool]:
    """Whether a text holds one of these, in upper or lower case."""
    return or_(false(), *(func.lower(text).contains(part.lower(), autoescape=True) for part in parts))


def add_erasure(contact_id: int, hashes: Sequence[str], now: int) -> Insert:
    """A contact was forgotten: others are to be told."""
    return insert(erasures).values(contact_id=contact_id, hashes=list(hashes), at=now, is_told=False)


def untold_erasures(limit: int) -> Select[Any]:
    """Whom others were not told of yet, in order."""
    return select(erasures).where(~erasures.c.is_told).order_by(erasures.c.id).limit(limit)


def note_told(identifiers: Collection[int]) -> Update:
    """Others are told of these."""
    return update(erasures).where(erasures.c.id.in_(list(identifiers))).values(is_told=True)


def autopilot_sources() -> Select[Any]:
    """The AutopilotHQ sources that take events."""
    return select(sources.c.id).where(
        sources.c.kind == "autopilothq", sources.c.enabled, sources.c.removed_at.is_(None)
    )


def change_note(contact_id: int) -> Insert:
    """Tell the segments' keeper that a contact is not as it was."""
    return insert(contact_changes).values(contact_id=contact_id)


# ---- calls of other servers ----


def seen(connection: Connection, hashes: Collection[str]) -> set[str]:
    """Which of these calls were taken already."""
    if not hashes:
        return set()
    query = select(sync_seen.c.hash).where(bulk.among(connection, sync_seen.c.hash, hashes))
    return set(connection.execute(query).scalars())


def note_seen(connection: Connection, hashes: Sequence[str], now: int) -> None:
    """These calls are taken."""
    bulk.insert_rows(connection, sync_seen, ("hash", "at"), [(one, now) for one in hashes])


def forget_seen(before: int) -> Delete:
    """Forget calls that were taken before."""
    return delete(sync_seen).where(sync_seen.c.at < before)


# ---- several destinations of one source ----


def applied(connection: Connection, positions: Collection[int]) -> set[int]:
    """Which of these records another destination has taken already."""
    if not positions:
        return set()
    query = select(applied_records.c.position).where(bulk.among(connection, applied_records.c.position, positions))
    return set(connection.execute(query).scalars())


def note_applied(connection: Connection, positions: Collection[int]) -> None:
    """These records are taken: no other destination is to take them."""
    bulk.insert_rows(connection, applied_records, ("position",), [(one,) for one in positions])


def forget_applied(followers: Collection[str]) -> Delete:
    """Forget the records that each of these followers has passed."""
    passed = select(func.min(cursors.c.position)).where(cursors.c.follower.in_(list(followers)))
    return delete(applied_records).where(applied_records.c.position <= passed.scalar_subquery())


# ---- API keys ----


def working_keys(now: int) -> Select[Any]:
    """The keys that work at `now`, newest first."""
    return (
        select(sync_keys)
        .where(or_(sync_keys.c.expires_at.is_(None), sync_keys.c.expires_at > now))
        .order_by(sync_keys.c.created_at.desc(), sync_keys.c.id)
    )


def working_key(key: str, now: int) -> Select[Any]:
    """The key of this text, if it works at `now`."""
    return working_keys(now).where(sync_keys.c.key == key)


def add_key(identifier: str, key: str, now: int) -> Insert:
    """A new key that never ends."""
    return insert(sync_keys).values(id=identifier, key=key, created_at=now)


def end_keys(at: int, identifier: str | None = None) -> Update:
    """Let every key, or one, work until `at`, or its own earlier end."""
    statement = (
        update(sync_keys)
        .where(or_(sync_keys.c.expires_at.is_(None), sync_keys.c.expires_at > at))
        .values(expires_at=at)
    )
    return statement if identifier is None else statement.where(sync_keys.c.id == identifier)


def note_use(identifiers: Collection[str], now: int) -> Update:
    """These keys were used."""
    return update(sync_keys).where(sync_keys.c.id.in_(list(identifiers))).values(used_at=now)
