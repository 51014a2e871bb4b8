"""The statements of the outbox's own rows: enqueuing, claiming, recording."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Insert,
    Select,
    Text,
    Update,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)

from skywrite.channels.email.states import MessageState
from skywrite.store import bulk
from skywrite.store.bulk import among
from skywrite.store.contact_tables import contacts, merged_contacts
from skywrite.store.engine import insert as insert_if
from skywrite.store.mail_tables import broadcasts, message_bodies, messages, suppressions

WAITING = (MessageState.DEFERRED, MessageState.QUEUED)
_NOBODY_GOT_IT = (MessageState.REJECTED, MessageState.BOUNCED)
_RECENT = 20  # of which one is chosen to show a mail by

# ---- enqueuing ---------------------------------------------------------------------------------------------------


def known_keys(connection: Connection, keys: Collection[str]) -> Select[int, str, str, str]:
    """The messages of these keys: id, key, state, reason."""
    found = select(messages.c.id, messages.c.key, messages.c.state, messages.c.reason)
    return found.where(among(connection, messages.c.key, keys))


def suppressed(connection: Connection, addresses: Collection[str]) -> Select[str, str, str]:
    """Address, scope and reason of what stands on the suppression list of these."""
    return select(suppressions.c.address, suppressions.c.scope, suppressions.c.reason).where(
        among(connection, suppressions.c.address, addresses)
    )


def sent_since(
    connection: Connection, addresses: Collection[str], templates: Collection[int], since: int
) -> Select[str, int]:
    """Which of these addresses got, or are about to get, which of these templates since then."""
    return select(messages.c.address, messages.c.template_id).where(
        among(connection, messages.c.address, addresses),
        messages.c.template_id.in_(templates),
        messages.c.queued_at > since,
        messages.c.state.not_in(_NOBODY_GOT_IT),
        or_(messages.c.state.not_in(WAITING), ~_is_stale(messages)),
        messages.c.origin != "test",
    )


ADDED = (
    *("key", "origin", "contact_id", "email", "address", "template_id", "version", "subject", "broadcast_id"),
    *("campaign_id", "campaign_name", "topic_id", "is_transactional", "state", "reason", "attempts"),
    *("queued_at", "due_at"),
)


def add(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put messages into the outbox, their columns as `ADDED` has them; one whose key is known stays as it is."""
    bulk.insert_new(connection, messages, ADDED, rows, unique="key")


def add_for_each(connection: Connection, people: Select[Any], key: str, values: Mapping[str, Any]) -> Insert:
    """Put a message to each of these people (id, email, its folded form) into the outbox, under `key` and the id.

    `values` is what they have in common. One whose key is known stays as it is.
    """
    one = people.subquery()
    own = {
        "key": literal(key) + cast(one.c.id, Text),
        "contact_id": one.c.id,
        "email": func.coalesce(one.c.email, ""),
        "address": func.coalesce(one.c.email_key, ""),
    }
    same = {name: literal(value, messages.c[name].type) for name, value in values.items()}
    # SQLite needs a WHERE there, or takes ON CONFLICT for part of a join.
    rows = select(*own.values(), *same.values()).select_from(one).where(true())
    adding = insert_if(connection, messages).from_select([*own, *same], rows)
    return adding.on_conflict_do_nothing(index_elements=["key"])


def add_bodies(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """The bodies of new messages; one that is there stays."""
    adding = insert_if(connection, message_bodies).on_conflict_do_nothing(index_elements=["message_id"])
    connection.execute(adding, rows)


# ---- claiming ----------------------------------------------------------------------------------------------------


def due(broadcast_id: int | None, state: MessageState, now: int, limit: int) -> Select[int]:
    """Ids of messages of a broadcast (or of none) that may be sent now, those first that waited longest."""
    return _due(select(messages.c.id), broadcast_id, state, now, limit)


def _due(found: Select[Any], broadcast_id: int | None, state: MessageState, now: int, limit: int) -> Select[Any]:
    return (
        found.where(_lane(broadcast_id), messages.c.state == state, messages.c.due_at <= now)
        .order_by(messages.c.due_at)
        .limit(limit)
        .with_for_update(of=messages, skip_locked=True)
    )


def next_due(broadcast_id: int | None, state: MessageState) -> Select[int]:
    """When the next message of a broadcast (or of none) is due."""
    return (
        select(messages.c.due_at)
        .where(_lane(broadcast_id), messages.c.state == state)
        .order_by(messages.c.due_at)
        .limit(1)
    )


def _lane(broadcast_id: int | None) -> ColumnElement[bool]:
    return messages.c.broadcast_id.is_(None) if broadcast_id is None else messages.c.broadcast_id == broadcast_id


_ATTEMPT = messages.c.attempts + 1


# As `Claimed` has them, and then what decides whether it may be sent.
def _has_moved(one: FromClause) -> ColumnElement[bool]:
    """Whether a message is of a broadcast, and its contact, who is beside it, has another address by now."""
    return and_(one.c.broadcast_id.is_not(None), one.c.address != func.coalesce(contacts.c.email_key, ""))


_FOUND = (
    *(messages.c[name] for name in ("id", "email", "template_id", "version", "broadcast_id")),
    *(messages.c.campaign_id, messages.c.campaign_name, _ATTEMPT.label("attempt")),
    *(contacts.c.id.label("person_id"), contacts.c.user_id, cast(contacts.c.traits, Text).label("traits")),
    *(messages.c[name] for name in ("contact_id", "address", "topic_id", "is_transactional")),
    and_(contacts.c.id.is_not(None), _has_moved(messages)).label("has_moved"),
)
_WITH_CONTACTS = messages.outerjoin(contacts, contacts.c.id == messages.c.contact_id)


def found(broadcast_id: int | None, state: MessageState, now: int, limit: int) -> Select[Any]:
    """The messages that are `due`, each with its contact where that is still there."""
    return _due(select(*_FOUND).select_from(_WITH_CONTACTS), broadcast_id, state, now, limit)


def found_again(connection: Connection, ids: Collection[int]) -> Select[Any]:
    """These messages, as `found` has them."""
    return select(*_FOUND).select_from(_WITH_CONTACTS).where(among(connection, messages.c.id, ids))


def _is_stale(one: FromClause) -> ColumnElement[bool]:
    """Whether a message that waits will go to another address than it has now."""
    return exists().where(contacts.c.id == one.c.contact_id, _has_moved(one))


def nameless(connection: Connection, ids: Collection[int]) -> Select[Any]:
    """Those of these messages that are claimed and whose subject nobody noted, as `found` has them."""
    return found_again(connection, ids).where(messages.c.state == MessageState.SENDING, messages.c.subject == "")


def take(connection: Connection, ids: Collection[int], now: int) -> Update:
    """Claim these, which were found in the same transaction."""
    return (
        update(messages)
        .where(among(connection, messages.c.id, ids))
        .values(
            state=MessageState.SENDING,
            attempts=_ATTEMPT,
            claimed_at=now,
            first_tried_at=func.coalesce(messages.c.first_tried_at, now),
        )
    )


def people(connection: Connection, ids: Collection[int]) -> Select[int, str | None, str]:
    """Id, user id and traits (as JSON text) of contacts."""
    found = select(contacts.c.id, contacts.c.user_id, cast(contacts.c.traits, Text))
    return found.where(among(connection, contacts.c.id, ids))


def merged_into(ids: Collection[int]) -> Select[int, int]:
    """Old id and new id of contacts that became part of others."""
    return select(merged_contacts.c.old_id, merged_contacts.c.contact_id).where(merged_contacts.c.old_id.in_(ids))


def bodies(ids: Collection[int]) -> Select[int, str]:
    """The bodies (as JSON text) of messages that have one."""
    return select(message_bodies.c.message_id, cast(message_bodies.c.body, Text).label("body")).where(
        message_bodies.c.message_id.in_(ids)
    )


def recent(about: str, key: int | str) -> Select[int, str, str | None]:
    """Id, state and body (as JSON text) of the last few messages of a template (`about` is "template") or a broadcast
    whose person is known, the newest first.
    """
    of = messages.c.template_id if about == "template" else messages.c.broadcast_id
    order = messages.c.queued_at if about == "template" else messages.c.id  # as an index has them
    return (
        select(messages.c.id, messages.c.state, cast(message_bodies.c.body, Text).label("body"))
        .select_from(messages.outerjoin(message_bodies, message_bodies.c.message_id == messages.c.id))
        .where(of == key, messages.c.email != "")
        .order_by(order.desc(), messages.c.id.desc())
        .limit(_RECENT)
    )


def sent_before(connection: Connection, ids: Collection[int], since: int) -> Select[int]:
    """Those of these messages whose template went to their address since then in another, or will in an earlier one."""
    other = messages.alias("other")
    return select(messages.c.id).where(
        among(connection, messages.c.id, ids),
        messages.c.is_transactional.is_(False),
        exists().where(
            other.c.address == messages.c.address,
            other.c.template_id == messages.c.template_id,
            other.c.id != messages.c.id,
            other.c.queued_at > since,
            other.c.state.not_in(_NOBODY_GOT_IT),
            or_(other.c.state.not_in(WAITING), and_(other.c.id < messages.c.id, ~_is_stale(other))),
            other.c.origin != "test",
        ),
    )


def grown(connection: Connection, contact_ids: Collection[int]) -> Select[int]:
    """Those of these contacts of which others became part: few are."""
    return select(merged_contacts.c.contact_id).where(among(connection, merged_contacts.c.contact_id, contact_ids))


def had_broadcast(connection: Connection, ids: Collection[int]) -> Select[int]:
    """Those of these messages whose contact gets, or got, their broadcast by another: two became one meanwhile."""
    other = messages.alias("other")
    return select(messages.c.id).where(
        among(connection, messages.c.id, ids),
        exists().where(
            other.c.contact_id == messages.c.contact_id,
            other.c.broadcast_id == messages.c.broadcast_id,
            other.c.id != messages.c.id,
            other.c.state.not_in(_NOBODY_GOT_IT),
            or_(other.c.id < messages.c.id, other.c.state.not_in(WAITING)),
        ),
    )


# ---- recording ---------------------------------------------------------------------------------------------------


def stand(connection: Connection, ids: Collection[int]) -> Select[Any]:
    """How messages stand now, and whether each one's contact is still there."""
    return (
        select(
            messages.c.id,
            messages.c.state,
            messages.c.address,
            messages.c.is_transactional,
            messages.c.attempts,
            messages.c.first_tried_at,
            messages.c.sent_at,
            messages.c.delivered_at,
            contacts.c.id.label("contact_id"),
        )
        .select_from(messages.outerjoin(contacts, contacts.c.id == messages.c.contact_id))
        .where(among(connection, messages.c.id, ids))
        .with_for_update(of=messages)
    )


def change(connection: Connection, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Set these columns of messages, each row's values and then its id; a time that stands already stays."""
    bulk.update_rows(connection, messages, names, rows, once=("sent_at", "delivered_at", "bounced_at"))


def put_back(ids: Collection[int], now: int) -> Update:
    """Queue again what was claimed and certainly not sent."""
    return (
        update(messages)
        .where(messages.c.id.in_(ids), messages.c.state == MessageState.SENDING)
        .values(state=MessageState.QUEUED, attempts=messages.c.attempts - 1, due_at=now)
    )


def in_the_air() -> Any:
    """Ids of all that are claimed."""
    return of_state(MessageState.SENDING)


def of_state(state: str) -> Any:
    """Ids of all messages in a state, by the lanes that they are in."""
    beside = select(messages.c.id).where(messages.c.broadcast_id.is_(None), messages.c.state == state)
    # As a list to look up by: joined, SQLite reads the index of all messages ever.
    of_broadcasts = select(messages.c.id).where(
        messages.c.broadcast_id.in_(select(broadcasts.c.id)), messages.c.state == state
    )
    return union_all(beside, of_broadcasts)


def soft_bounces(address: str) -> Select[Any]:
    """The latest messages to an address: when each bounced softly, and the signs of life that it gave."""
    return (
        select(
            messages.c.bounced_at,
            messages.c.bounce_class,
            messages.c.delivered_at,
            messages.c.opened_at,
            messages.c.clicked_at,
            messages.c.replied_at,
        )
        .where(messages.c.address == address)
        .order_by(messages.c.id.desc())
        .limit(200)
    )
