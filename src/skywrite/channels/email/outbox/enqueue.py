"""How single messages get into the outbox: by their keys, looked at by the rules, in the caller's transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from skywrite.channels.email.outbox import queries
from skywrite.channels.email.outbox.facts import Suppressions, suppressions_of
from skywrite.channels.email.outbox.model import Enqueued, NewMessage, Origin
from skywrite.channels.email.outbox.rules import Facts, Rules, Skip, why_not
from skywrite.channels.email.outbox.skipping import Skipped, tell_skipped
from skywrite.channels.email.states import MessageState
from skywrite.contacts.addresses import address_key
from skywrite.store.types import key, storable

Sent = set[tuple[str, int | None]]


def enqueue(connection: Connection, wanted: Sequence[NewMessage], *, now: int, rules: Rules) -> list[Enqueued]:
    """Put messages into the outbox, each once by its key; what may not be sent stands there as rejected, with why.

    Gives what stands under each key now, in the order of `wanted`. The caller commits, and announces `TOPIC`.
    """
    known = _by_key(connection, wanted)
    fresh = list({one.key: one for one in wanted if one.key not in known}.values())
    if fresh:
        _add(connection, fresh, now, rules)
    stored = known | (_by_key(connection, fresh) if fresh else {})
    new = {one.key for one in fresh}
    return [Enqueued(stored[one.key][0], one.key, *stored[one.key][1:], one.key in new) for one in wanted]


def _add(connection: Connection, wanted: Sequence[NewMessage], now: int, rules: Rules) -> None:
    addresses = [key(address_key(one.email)) for one in wanted]
    against = suppressions_of(connection, set(addresses))
    sent = _sent(connection, wanted, set(addresses) - {""}, now - rules.once_micros) if rules.once_days else set()
    skipped: list[tuple[NewMessage, Skip]] = []
    rows = []
    for one, address in zip(wanted, addresses, strict=True):
        skip = _why_not(one, address, against, sent, rules)
        rows.append(_row(one, address, skip, now))
        if skip:
            skipped.append((one, skip))
        elif not one.is_transactional:
            sent.add((address, one.template_id))
    queries.add(connection, rows)
    _after(connection, wanted, skipped, now)


def _why_not(one: NewMessage, address: str, against: Suppressions, sent: Sent, rules: Rules) -> Skip | None:
    return why_not(
        Facts(
            one.email,
            is_transactional=one.is_transactional,
            topic=str(one.topic_id or ""),
            suppressions=against.get(address, ()),
            was_sent=one.template_id is not None and (address, one.template_id) in sent,
        ),
        rules,
    )


def _sent(connection: Connection, wanted: Sequence[NewMessage], addresses: set[str], since: int) -> Sent:
    templates = {one.template_id for one in wanted if one.template_id is not None and not one.is_transactional}
    if not templates or not addresses:
        return set()
    return {(row.address, row.template_id) for row in connection.execute(
        queries.sent_since(connection, addresses, templates, since))}  # fmt: skip


def _row(one: NewMessage, address: str, skip: Skip | None, now: int) -> tuple[Any, ...]:
    """As `queries.ADDED` has the columns."""
    name = None if one.campaign_name is None else storable(one.campaign_name)
    state = MessageState.REJECTED if skip else MessageState.QUEUED
    return (
        *(key(one.key), one.origin, one.contact_id, storable(one.email), address, one.template_id, one.version, ""),
        *(one.broadcast_id, one.campaign_id, name, one.topic_id, one.is_transactional, state, skip or "", 0, now, now),
    )


def _after(
    connection: Connection, wanted: Sequence[NewMessage], skipped: list[tuple[NewMessage, Skip]], now: int
) -> None:
    """The bodies of those that have one, and the timeline of those that are skipped: both need the ids."""
    with_bodies = [one for one in wanted if one.body is not None]
    if not with_bodies and not skipped:
        return
    ids = {name: row[0] for name, row in _by_key(connection, [*with_bodies, *(one for one, _ in skipped)]).items()}
    if with_bodies:
        rows = [{"message_id": ids[one.key], "body": dict(one.body or {})} for one in with_bodies]
        queries.add_bodies(connection, rows)
    told = [
        Skipped(ids[one.key], one.contact_id, skip)
        for one, skip in skipped
        if one.contact_id is not None and one.origin is not Origin.TEST
    ]
    tell_skipped(connection, told, now)


def _by_key(connection: Connection, wanted: Sequence[NewMessage]) -> dict[str, tuple[int, str, str]]:
    keys = {key(one.key): one.key for one in wanted}
    found = connection.execute(queries.known_keys(connection, keys))
    return {keys[name]: (row_id, state, reason) for row_id, name, state, reason in found}
