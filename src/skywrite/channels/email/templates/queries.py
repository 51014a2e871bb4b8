"""The SQL of templates, their published versions, and topics."""

from typing import Any

from sqlalchemy import Insert, Select, Update, and_, case, func, insert, select, update

from skywrite.store.contact_tables import contact_traits, contacts
from skywrite.store.mail_tables import messages, template_versions, templates, topics

TOPIC = "templates"  # what is announced when a template or topic changes


def live() -> Select[Any]:
    """The templates that were not removed, those changed last first."""
    return (
        select(templates)
        .where(templates.c.removed_at.is_(None))
        .order_by(templates.c.updated_at.desc(), templates.c.id)
    )


def live_one(template_id: int) -> Select[Any]:
    """The template of this id, unless it was removed."""
    return live().where(templates.c.id == template_id)


def add(**values: Any) -> Insert:
    """A new template, with its id."""
    return insert(templates).values(**values).returning(templates.c.id)


def change(template_id: int, **values: Any) -> Update:
    """New values for a template."""
    return update(templates).where(templates.c.id == template_id).values(**values)


def last_version(template_id: int) -> Select[Any]:
    """The largest number of a template's versions."""
    return select(func.max(template_versions.c.version)).where(template_versions.c.template_id == template_id)


def add_version(**values: Any) -> Insert:
    """A published version."""
    return insert(template_versions).values(**values)


def version(template_id: int, number: int) -> Select[Any]:
    """One published version, whole."""
    return select(template_versions).where(
        and_(template_versions.c.template_id == template_id, template_versions.c.version == number)
    )


def versions(template_id: int) -> Select[Any]:
    """When each version was published, newest first."""
    columns = (template_versions.c.version, template_versions.c.published_at)
    return (
        select(*columns)
        .where(template_versions.c.template_id == template_id)
        .order_by(template_versions.c.version.desc())
    )


def figures(template_ids: list[int], since: int) -> Select[Any]:
    """What became of the mails of templates queued since a time, as `outbox/reports.py` counts it."""
    count, is_delivered = func.count, messages.c.delivered_at.is_not(None)
    return (
        select(
            messages.c.template_id,
            count(func.coalesce(messages.c.sent_at, messages.c.delivered_at)).label("sent"),
            count(messages.c.delivered_at).label("delivered"),
            count(messages.c.opened_at).label("opened"),
            count(messages.c.clicked_at).label("clicked"),
            count(case((is_delivered, messages.c.opened_at))).label("opened_of_delivered"),
            count(case((is_delivered, messages.c.clicked_at))).label("clicked_of_delivered"),
        )
        .where(messages.c.template_id.in_(template_ids), messages.c.queued_at >= since, messages.c.origin != "test")
        .group_by(messages.c.template_id)
    )


def trait_names() -> Select[Any]:
    """The names of all traits, by skipping from one to the next in the index: millions of rows, some tens of names."""
    first = select(func.min(contact_traits.c.name).label("name")).cte("names", recursive=True)
    later = select(func.min(contact_traits.c.name)).where(contact_traits.c.name > first.c.name).scalar_subquery()
    names = first.union_all(select(later).where(first.c.name.is_not(None)))
    return select(names.c.name).where(names.c.name.is_not(None)).limit(2_000)


def contact(contact_id: int) -> Select[Any]:
    """A contact, as far as mails need it."""
    return _contacts().where(contacts.c.id == contact_id)


def some_contact() -> Select[Any]:
    """The contact with an address who came last."""
    return _contacts().where(contacts.c.email.is_not(None)).order_by(contacts.c.id.desc()).limit(1)


def contacts_like(prefix: str, limit: int) -> Select[Any]:
    """Contacts whose folded address begins so."""
    key = contacts.c.email_key
    return _contacts().where(key >= prefix, key < prefix + "\U0010ffff").order_by(key).limit(limit)


def _contacts() -> Select[Any]:
    return select(contacts.c.id, contacts.c.email, contacts.c.user_id, contacts.c.traits)


def live_topics() -> Select[Any]:
    """The topics that were not removed, by name."""
    return select(topics).where(topics.c.removed_at.is_(None)).order_by(topics.c.name)


def topic(topic_id: int) -> Select[Any]:
    """The topic of this id, unless it was removed."""
    return live_topics().where(topics.c.id == topic_id)


def topic_named(name: str) -> Select[Any]:
    """A topic by its name, removed ones too: a name stands for one topic for ever."""
    return select(topics).where(topics.c.name == name)


def add_topic(**values: Any) -> Insert:
    """A new topic, with its id."""
    return insert(topics).values(**values).returning(topics.c.id)


def change_topic(topic_id: int, **values: Any) -> Update:
    """New values for a topic."""
    return update(topics).where(topics.c.id == topic_id).values(**values)
