"""The SQL of contacts as a person sees them: conditions of a search, pages, one contact, its timeline."""

from collections.abc import Collection, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Dialect,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    union,
)

from skywrite.contacts.identity_texts import ANONYMOUS_ID, EMAIL, USER_ID
from skywrite.store.contact_tables import (
    activities,
    contact_traits,
    contacts,
    identities,
    list_members,
    lists,
    merged_contacts,
    segment_members,
    segments,
)
from skywrite.store.mail_tables import messages, suppressions, templates, topics
from skywrite.store.prefix import begins
from skywrite.store.tables import sources

NAME_TRAITS = ("firstName", "lastName", "name", "first_name", "last_name")
_REASONS = {
    "unsubscribed": ("unsubscribed", "manual", "imported", "erased"),
    "bounced": ("hard_bounce", "repeated_soft"),
    "complained": ("complaint",),
}


class Condition(Struct, frozen=True):
    """One thing that a search asks for, in the two forms that a plan needs.

    `members` are the contacts (column `contact_id`) as an index has them, None where none does; `in_order` says that
    they come ordered by `contact_id`. `holds` is the same as a question about one row of `contacts`.
    """

    members: Any
    in_order: bool
    holds: Any


def in_list(list_id: int) -> Condition:
    """Members of a static list."""
    return _membership(list_members, list_members.c.list_id == list_id)


def in_segment(segment_id: int) -> Condition:
    """Members of a segment."""
    return _membership(segment_members, segment_members.c.segment_id == segment_id)


def _membership(table: Any, which: ColumnElement[bool]) -> Condition:
    one = select(literal(1)).where(which, table.c.contact_id == contacts.c.id)
    return Condition(select(table.c.contact_id).where(which), in_order=True, holds=_exists(one))


def trait_is(name: str, text: str) -> Condition:
    """A trait of exactly this text; of an array, one of its items."""
    mine = and_(contact_traits.c.name == name, contact_traits.c.text == text)
    return _trait(mine, in_order=True)


def trait_begins(name: str, prefix: str, dialect: Dialect) -> Condition:
    """A trait whose text begins so."""
    found = select(contact_traits.c.contact_id).where(
        contact_traits.c.name == name, begins(contact_traits.c.text, prefix, dialect)
    )
    # Asked of one contact, no index but its own is to be tempted by.
    same = func.substr(contact_traits.c.text, 1, len(prefix)) == prefix
    return Condition(found, in_order=False, holds=_of_contact(and_(contact_traits.c.name == name, same)))


def trait_between(name: str, low: float | None, high: float | None, *, inclusive: bool) -> Condition:
    """A trait's number above `low` and below `high`, those themselves too where `inclusive`."""
    mine = and_(contact_traits.c.name == name, *_between(contact_traits.c.number, low, high, inclusive=inclusive))
    # Asked of one contact, a number that is reckoned with is in no index, so that their own rows are looked at.
    same = and_(contact_traits.c.name == name, *_between(contact_traits.c.number + 0, low, high, inclusive=inclusive))
    return Condition(select(contact_traits.c.contact_id).where(mine), in_order=False, holds=_of_contact(same))


def _between(
    number: ColumnElement[Any], low: float | None, high: float | None, *, inclusive: bool
) -> list[ColumnElement[bool]]:
    bounds: list[ColumnElement[bool]] = [number.is_not(None)]
    if low is not None:
        bounds.append(number >= low if inclusive else number > low)
    if high is not None:
        bounds.append(number <= high if inclusive else number < high)
    return bounds


def trait_exists(name: str) -> Condition:
    """Whoever has the trait."""
    return _trait(contact_traits.c.name == name, in_order=False)


def _trait(mine: ColumnElement[bool], *, in_order: bool) -> Condition:
    return Condition(select(contact_traits.c.contact_id).where(mine), in_order, _of_contact(mine))


def _of_contact(mine: ColumnElement[bool]) -> ColumnElement[bool]:
    return _exists(select(literal(1)).where(contact_traits.c.contact_id == contacts.c.id, mine))


def text_matches(typed: str, known_id: int | None, dialect: Dialect) -> Condition:
    """Whose address, id or name begins with a text as a person types it; an anonymousId must be given whole."""
    folded = typed.lower()
    spellings = list(dict.fromkeys([typed, folded, typed.title(), typed.upper()]))
    value, name = identities.c.value, contact_traits.c.text
    found = [
        select(identities.c.contact_id).where(identities.c.kind == EMAIL, begins(value, folded, dialect)),
        select(identities.c.contact_id).where(identities.c.kind == USER_ID, begins(value, typed, dialect)),
        select(identities.c.contact_id).where(identities.c.kind == ANONYMOUS_ID, value == typed),
    ]
    if "@" not in typed:
        found += [
            select(contact_traits.c.contact_id).where(contact_traits.c.name == trait, begins(name, spelling, dialect))
            for trait in NAME_TRAITS
            for spelling in spellings
        ]
    if known_id is not None:
        found.append(select(contacts.c.id).where(contacts.c.id == known_id))
    length = len(typed)
    by_identity = select(literal(1)).where(
        identities.c.contact_id == contacts.c.id,
        or_(
            and_(identities.c.kind == EMAIL, func.substr(value, 1, length) == folded),
            and_(identities.c.kind == USER_ID, func.substr(value, 1, length) == typed),
            and_(identities.c.kind == ANONYMOUS_ID, value == typed),
        ),
    )
    by_name = select(literal(1)).where(
        contact_traits.c.contact_id == contacts.c.id,
        contact_traits.c.name.in_(NAME_TRAITS),
        func.substr(name, 1, length).in_(spellings),
    )
    asked = [_exists(by_identity), contacts.c.id == (known_id or 0)]
    if "@" not in typed:
        asked.append(_exists(by_name))
    return Condition(found, in_order=False, holds=or_(*asked))


def subscription_is(state: str) -> Condition:
    """Whether mail may go to them: subscribed, unsubscribed, bounced, complained, or none (they have no address)."""
    everywhere = and_(suppressions.c.address == contacts.c.email_key, suppressions.c.scope == "all")
    if state == "none":
        return Condition(None, in_order=False, holds=contacts.c.email_key.is_(None))
    if state == "subscribed":
        free = ~_exists(select(literal(1)).where(everywhere))
        return Condition(None, in_order=False, holds=and_(contacts.c.email_key.is_not(None), free))
    which = and_(suppressions.c.scope == "all", suppressions.c.reason.in_(_REASONS[state]))
    members = select(contacts.c.id.label("contact_id")).where(contacts.c.email_key == suppressions.c.address, which)
    return Condition(members, in_order=False, holds=_exists(select(literal(1)).where(everywhere, which)))


def _exists(one: Select[Any]) -> ColumnElement[bool]:
    # OFFSET 0 keeps PostgreSQL from making one big join of what is asked of a few thousand rows.
    return exists(one.correlate(contacts).offset(0))


# ---- pages -------------------------------------------------------------------------------------------------------

COLUMNS = (
    contacts.c.id,
    contacts.c.email,
    contacts.c.email_key,
    contacts.c.user_id,
    contacts.c.traits,
    contacts.c.created_at,
    contacts.c.updated_at,
    contacts.c.seen_at,
)


def some_members(condition: Condition, most: int) -> Select[Any]:
    """At most so many of a condition's contacts."""
    parts = condition.members if isinstance(condition.members, list) else [condition.members]
    limited = [select(part.limit(most).subquery()) for part in parts]
    joined = limited[0] if len(limited) == 1 else union(*limited)
    return select(joined.subquery().c[0]).limit(most)


def among(ids: Collection[int]) -> ColumnElement[bool]:
    """Whether a contact is one of these."""
    return contacts.c.id.in_(bindparam("among", list(ids), expanding=True, literal_execute=True, type_=Integer))


def by_id(where: Sequence[ColumnElement[bool]], before: int | None, end: int | None, most: int) -> Select[Any]:
    """Contacts by their id, newest first, from `before` (not itself) down to `end`."""
    bounds = _bounds(contacts.c.id, before, end)
    return select(*COLUMNS).where(*bounds, *where).order_by(contacts.c.id.desc()).limit(most)


def by_member(
    driver: Condition, where: Sequence[ColumnElement[bool]], before: int | None, end: int | None, most: int
) -> Select[Any]:
    """The same, by a condition's index in place of the contacts'."""
    member = driver.members.selected_columns[0]
    joined = driver.members.with_only_columns(*COLUMNS).where(contacts.c.id == member)
    found: Select[Any] = joined.where(*_bounds(member, before, end), *where).order_by(member.desc()).limit(most)
    return found


def member_at(driver: Condition, before: int | None, step: int) -> Select[Any]:
    """The id that stands `step` members behind `before`."""
    member = driver.members.selected_columns[0]
    found: Select[Any] = driver.members.where(*_bounds(member, before, None))
    return found.order_by(member.desc()).limit(1).offset(step - 1)


def by_seen(
    where: Sequence[ColumnElement[bool]],
    before: tuple[int, int] | None,
    end: tuple[int, int] | None,
    most: int,
) -> Select[Any]:
    """Contacts by when they were seen last, latest first."""
    found = select(*COLUMNS).where(*_seen_bounds(before, end), *where)
    return found.order_by(contacts.c.seen_at.desc(), contacts.c.id.desc()).limit(most)


def seen_at(before: tuple[int, int] | None, step: int) -> Select[Any]:
    """The place that stands `step` contacts behind `before`."""
    found = select(contacts.c.seen_at, contacts.c.id).where(*_seen_bounds(before, None))
    return found.order_by(contacts.c.seen_at.desc(), contacts.c.id.desc()).limit(1).offset(step - 1)


def newest() -> Select[Any]:
    """The highest id."""
    return select(func.max(contacts.c.id))


def _bounds(column: ColumnElement[int], before: int | None, end: int | None) -> list[ColumnElement[bool]]:
    bounds = [] if before is None else [column < before]
    return bounds if end is None else [*bounds, column >= end]


def _seen_bounds(before: tuple[int, int] | None, end: tuple[int, int] | None) -> list[ColumnElement[bool]]:
    place = tuple_(contacts.c.seen_at, contacts.c.id)
    bounds = [] if before is None else [place < before]
    return bounds if end is None else [*bounds, place >= end]


# ---- counts ------------------------------------------------------------------------------------------------------


def count_contacts() -> Select[Any]:
    """How many there are."""
    return select(func.count()).select_from(contacts)


def guessed_rows() -> Select[Any]:
    """How many contacts PostgreSQL believes there are."""
    guessed: Select[Any] = select(literal_column("reltuples")).select_from(text("pg_class"))
    return guessed.where(text("oid = 'contacts'::regclass"))


def count_among(ids: Collection[int], where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """How many of these meet the rest."""
    return select(func.count()).select_from(contacts).where(among(ids), *where)


def count_members(condition: Condition, most: int) -> Select[Any]:
    """How many members a condition has, at most `most`."""
    return select(func.count()).select_from(condition.members.limit(most).subquery())


def count_of(page: Select[Any]) -> Select[Any]:
    """How many rows a page has."""
    return select(func.count()).select_from(page.with_only_columns(contacts.c.id).subquery())


# ---- one contact -------------------------------------------------------------------------------------------------


def contact(contact_id: int) -> Select[Any]:
    """One."""
    return select(*COLUMNS).where(contacts.c.id == contact_id)


def by_identity(kind: int, value: str) -> Select[Any]:
    """Whose identity it is."""
    return select(identities.c.contact_id).where(identities.c.kind == kind, identities.c.value == value)


def merged_into(old_id: int) -> Select[Any]:
    """What a merged contact became part of."""
    return select(merged_contacts.c.contact_id).where(merged_contacts.c.old_id == old_id)


def identities_of(contact_id: int) -> Select[Any]:
    """Every id that a contact goes by."""
    found = select(identities.c.kind, identities.c.value).where(identities.c.contact_id == contact_id)
    return found.order_by(identities.c.kind, identities.c.value)


def anonymous_ids(contact_ids: Collection[int]) -> Select[Any]:
    """One anonymousId of each of these contacts that has any."""
    ids = bindparam("ids", list(contact_ids), expanding=True, literal_execute=True, type_=Integer)
    found = select(identities.c.contact_id, func.min(identities.c.value)).group_by(identities.c.contact_id)
    return found.where(identities.c.contact_id.in_(ids), identities.c.kind == ANONYMOUS_ID)


def lists_of(contact_id: int) -> Select[Any]:
    """The lists that a contact is on."""
    found = select(lists.c.id, lists.c.name, list_members.c.added_at.label("since")).join(
        list_members, list_members.c.list_id == lists.c.id
    )
    return found.where(list_members.c.contact_id == contact_id).order_by(lists.c.name)


def segments_of(contact_id: int) -> Select[Any]:
    """The segments that a contact is in."""
    found = select(segments.c.id, segments.c.name, segment_members.c.since).join(
        segment_members, segment_members.c.segment_id == segments.c.id
    )
    return found.where(segment_members.c.contact_id == contact_id).order_by(segments.c.name)


def suppressions_of(addresses: Collection[str]) -> Select[Any]:
    """Why no mail may go to these addresses, with the names of topics."""
    topic = select(topics.c.name).where(cast(topics.c.id, String) == suppressions.c.scope)
    found: Select[Any] = select(suppressions, topic.limit(1).scalar_subquery().label("topic"))
    return found.where(suppressions.c.address.in_(addresses)).order_by(suppressions.c.since)


def mail_figures(contact_id: int) -> Select[Any]:
    """How the mails to a contact fared."""
    marks = ("sent_at", "delivered_at", "opened_at", "clicked_at", "bounced_at", "replied_at", "complained_at")
    figures = [func.count(messages.c[mark]).label(mark.removesuffix("_at")) for mark in marks]
    found: Select[Any] = select().add_columns(*figures)
    return found.where(messages.c.contact_id == contact_id)


def timeline(
    contact_ids: Collection[int],
    kinds: Collection[str],
    names: Collection[str],
    before: tuple[int, int] | None,
    most: int,
) -> Select[Any]:
    """What happened to a contact, latest first, with the mail that it is about."""
    where: list[ColumnElement[bool]] = [activities.c.contact_id.in_(contact_ids)]
    if kinds:
        where.append(activities.c.kind.in_(kinds))
    if names:
        where.append(activities.c.name.in_(names))
    if before is not None:
        at, last = before
        where.append(or_(activities.c.at < at, and_(activities.c.at == at, activities.c.id < last)))
        where.append(activities.c.at <= at)
    found: Select[Any] = (
        select(
            activities,
            messages.c.subject,
            templates.c.name.label("template"),
            sources.c.name.label("source"),
        )
        .outerjoin(messages, messages.c.id == activities.c.message_id)
        .outerjoin(templates, templates.c.id == messages.c.template_id)
        .outerjoin(sources, sources.c.id == activities.c.source_id)
    )
    return found.where(*where).order_by(activities.c.at.desc(), activities.c.id.desc()).limit(most)


def next_trait_name(after: str) -> Select[Any]:
    """The first trait name behind another: one look into the index for each, however many contacts there are."""
    return select(func.min(contact_traits.c.name)).where(contact_traits.c.name > after)
