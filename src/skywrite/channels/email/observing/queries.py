"""The SQL of what is observed: messages and whom they are about, observations, the timeline's mails."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Update, and_, bindparam, delete, func, insert, or_, select, update

from skywrite.store.contact_tables import activities, contacts, merged_contacts, segments
from skywrite.store.mail_tables import messages, observations, template_versions, templates, topics
from skywrite.store.tables import sources

_CHUNK = 500
# What an observation may change of a message.
CHANGEABLE = (
    *("state", "reason", "delivered_at", "bounced_at", "bounce_class", "bounce_code", "opened_at"),
    *("machine_opened_at", "clicked_at", "complained_at", "unsubscribed_at", "replied_at"),
)


# ---- the unsubscribe page ----


def address_of(message_id: int) -> Select[Any]:
    """Whom a message went to, as written and folded."""
    return select(messages.c.email, messages.c.address).where(messages.c.id == message_id)


def live_topics() -> Select[Any]:
    """The topics that a recipient may choose from."""
    return (
        select(topics.c.id, topics.c.name, topics.c.description)
        .where(topics.c.removed_at.is_(None))
        .order_by(topics.c.id)
    )


# ---- what a batch of observations needs to know ----


def messages_of(connection: Connection, ids: Iterable[int]) -> list[Mapping[str, Any]]:
    """Messages by id, locked where the engine locks rows, with the contact that theirs has become since."""
    found: list[Mapping[str, Any]] = []
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        rows = select(messages).where(messages.c.id.in_(wanted[start : start + _CHUNK])).order_by(messages.c.id)
        found += [dict(row) for row in connection.execute(rows.with_for_update()).mappings()]
    return found


def living_contacts(connection: Connection, ids: Iterable[int]) -> dict[int, int]:
    """Of contacts' ids those that exist, and what they are now where one was merged into another."""
    found: dict[int, int] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        found.update(
            (one, one) for one in connection.execute(select(contacts.c.id).where(contacts.c.id.in_(part))).scalars()
        )
        merged = select(merged_contacts.c.old_id, merged_contacts.c.contact_id).join(
            contacts, contacts.c.id == merged_contacts.c.contact_id
        )
        for old, now in connection.execute(merged.where(merged_contacts.c.old_id.in_(part))):
            found.setdefault(old, now)
    return found


def hits_of(connection: Connection, ids: Iterable[int], since: int) -> list[Mapping[str, Any]]:
    """The opens and clicks of messages since a time, in the order in which they came."""
    found: list[Mapping[str, Any]] = []
    wanted = sorted(set(ids))
    o = observations.c
    for start in range(0, len(wanted), _CHUNK):
        rows = (
            select(o.id, o.at, o.kind, o.outcome, o.message_id, o.detail)
            .where(o.message_id.in_(wanted[start : start + _CHUNK]), o.kind.in_(("open", "click")), o.at >= since)
            .order_by(o.id)
        )
        found += [dict(row) for row in connection.execute(rows).mappings()]
    return found


def told_of(connection: Connection, ids: Iterable[int], names: Sequence[str]) -> list[tuple[int, str, dict[str, Any]]]:
    """What the timeline says already of messages, of some names: (message, name, data)."""
    found: list[tuple[int, str, dict[str, Any]]] = []
    wanted = sorted(set(ids))
    a = activities.c
    for start in range(0, len(wanted), _CHUNK):
        rows = select(a.message_id, a.name, a.data).where(
            a.message_id.in_(wanted[start : start + _CHUNK]), a.name.in_(names)
        )
        found += [tuple(row) for row in connection.execute(rows)]
    return found


def held_clicks(before: int, limit: int) -> Select[Any]:
    """Clicks that have waited since before a time, the oldest first."""
    o = observations.c
    return (
        select(o.id, o.at, o.message_id, o.detail)
        .where(o.outcome == "held", o.at <= before)
        .order_by(o.id)
        .limit(limit)
    )


def first_held() -> Select[Any]:
    """When the click came that waits longest."""
    return select(func.min(observations.c.at)).where(observations.c.outcome == "held")


def links(template_id: int, version: int) -> Select[Any]:
    """The links of a published template."""
    v = template_versions.c
    return select(v.links).where(v.template_id == template_id, v.version == version)


# ---- what comes of it ----


def change_messages() -> Update:
    """New values for messages, many at once: each with `b_id` and all of `CHANGEABLE`."""
    values: dict[str, Any] = {name: bindparam(f"b_{name}") for name in CHANGEABLE}
    return update(messages).where(messages.c.id == bindparam("b_id")).values(**values)


def add_observations(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what came in and what was made of it."""
    if rows:
        connection.execute(insert(observations), list(rows))


def settle_observations() -> Update:
    """An outcome and detail for held ones, many at once: each with `b_id`."""
    return (
        update(observations)
        .where(observations.c.id == bindparam("b_id"))
        .values(outcome=bindparam("b_outcome"), detail=bindparam("b_detail"))
    )


def drop_activity(connection: Connection, message_id: int, name: str, at: int) -> None:
    """Take back what stood on the timeline until it was decided."""
    a = activities.c
    connection.execute(delete(activities).where(a.message_id == message_id, a.name == name, a.at == at))


def forget_observations(before: int, limit: int) -> Any:
    """Drop so many of what is older, but clicks that still wait."""
    o = observations.c
    old = select(o.id).where(o.at < before, o.outcome != "held").order_by(o.at).limit(limit)
    return delete(observations).where(o.id.in_(old))


# ---- the incoming mail, for the operator ----

# Written out, for the indexes on mails alone.
_IS_MAIL = observations.c.kind == bindparam("mail", "mail", literal_execute=True)


def incoming(outcome: str | None, before: int | None, limit: int) -> Select[Any]:
    """Incoming mail, newest first, without its bytes."""
    o = observations.c
    rows = select(o.id, o.at, o.outcome, o.message_id, o.detail).where(_IS_MAIL)
    if outcome:
        rows = rows.where(o.outcome == outcome)
    if before is not None:
        rows = rows.where(o.id < before)
    return rows.order_by(o.id.desc()).limit(limit)


def incoming_counts(since: int) -> Select[Any]:
    """How much mail came in by what it was found to be."""
    o = observations.c
    return select(o.outcome, func.count()).where(_IS_MAIL, o.at >= since).group_by(o.outcome)


def incoming_one(observation_id: int) -> Select[Any]:
    """One incoming mail with its bytes."""
    return select(observations).where(observations.c.id == observation_id, observations.c.kind == "mail")


# ---- the stream of the seven events ----


def streamed_activities(after: int, names: Sequence[str], limit: int) -> Select[Any]:
    """Activities after an id that may be events of the stream, with the contact, mail and segment they are about."""
    a, m, c = activities.c, messages.c, contacts.c
    return (
        select(
            a.id, a.at, a.kind, a.name, a.data, a.message_id, a.contact_id,
            c.user_id, c.email.label("contact_email"),
            m.email, m.subject, m.template_id, m.is_transactional, m.campaign_id, m.campaign_name, m.broadcast_id,
            templates.c.name.label("template_name"),
        )
        .join(contacts, c.id == a.contact_id)
        .outerjoin(messages, m.id == a.message_id)
        .outerjoin(templates, templates.c.id == m.template_id)
        .where(a.id > after, or_(and_(a.kind == "email", a.name.in_(names)), a.kind == "segment"))
        .order_by(a.id)
        .limit(limit)
    )  # fmt: skip


def topic_name(number: int) -> Select[str]:
    """The name of a topic."""
    return select(topics.c.name).where(topics.c.id == number)


def last_activity() -> Select[Any]:
    """The id of the newest activity."""
    return select(func.coalesce(func.max(activities.c.id), 0))


def streaming_segments() -> Select[Any]:
    """The segments whose comings and goings are sent on."""
    return select(segments.c.id).where(segments.c.streams)


def streaming_sources(kind: str) -> Select[Any]:
    """The sources of a kind that are switched on, and since when there are."""
    s = sources.c
    return select(s.id, s.created_at).where(s.kind == kind, s.enabled, s.removed_at.is_(None))
