"""Each condition as rows of one table: a contact meets it when so many of its rows match (or not so many).

The same rows serve both ways of asking, see `compile`: all contacts of them, or whether one contact has them.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Column, ColumnElement, Text, and_, case, false, func, literal, or_, select, true
from sqlalchemy.types import Double

from skywrite.contacts.activity import Kind
from skywrite.contacts.segments import json_values as json
from skywrite.contacts.segments.check import bounds
from skywrite.contacts.segments.model import (
    MICROS,
    Condition,
    Count,
    Domain,
    EmailCondition,
    Event,
    Identity,
    InSegment,
    Moment,
    OnList,
    Op,
    Property,
    Subscription,
    Trait,
    When,
)
from skywrite.events.email import EmailEvent
from skywrite.events.time import parse_time
from skywrite.kit.time import to_datetime, to_micros
from skywrite.store.contact_tables import activities, contact_traits, contacts, list_members, segment_members
from skywrite.store.mail_tables import messages, suppressions
from skywrite.store.types import AnyText, KeyText, key

EVERYBODY = "all"  # the scope of a suppression that is of no topic alone
EMAIL_NAMES = {
    "sent": ("Email Sent", EmailEvent.DELIVERED.value),  # the former only where a relay's yes is no delivery
    "delivered": (EmailEvent.DELIVERED.value,),
    "clicked": (EmailEvent.CLICKED.value,),
    "bounced": (EmailEvent.BOUNCED.value,),
    "unsubscribed": (EmailEvent.UNSUBSCRIBED.value,),
    "complained": (EmailEvent.MARKED_AS_SPAM.value,),
    "replied": (EmailEvent.REPLIED.value,),
}
BY_A_PERSON = {"opened": messages.c.opened_at, "clicked": messages.c.clicked_at}  # of a mail, the first time
_YEARS = range(1900, 2101)  # of dates whose anniversaries are told
_POSITIVE = {
    Op.IS_NOT: Op.IS,
    Op.CONTAINS_NOT: Op.CONTAINS,
    Op.NONE_OF: Op.ONE_OF,
    Op.MISSING: Op.EXISTS,
}
Clause = ColumnElement[Any]


class Rows(Struct, frozen=True):
    """`where` over the table of `contact`, the column that says whose a row is.

    A contact meets the condition when `count` of its rows do (`counted`: of different values of that column), or
    with `is_absent` when that is not so. `first_in` and `last_in` are bounds of the earliest and latest `at`.
    """

    contact: Column[Any]
    where: tuple[Clause, ...]
    count: Count = Count()
    counted: Column[Any] | None = None
    is_absent: bool = False
    having: tuple[Clause, ...] = ()


def rows_of(condition: Condition, now: int, *, by_contact: bool) -> Rows:
    """The rows of a condition at `now`; `by_contact` when they are looked for one contact at a time."""
    match condition:
        case Trait():
            return _trait(condition, now, by_contact)
        case Event():
            return _event(condition, now, by_contact)
        case EmailCondition():
            return _email(condition, now, by_contact)
        case OnList(list_id=of, op=op):
            return Rows(list_members.c.contact_id, (list_members.c.list_id == of,), is_absent=op == "off")
        case InSegment(segment_id=of, op=op):
            return Rows(segment_members.c.contact_id, (segment_members.c.segment_id == of,), is_absent=op == "out")
        case Subscription():
            return _subscription(condition)
        case Moment(what=what, when=when):
            return Rows(contacts.c.id, _within(contacts.c[f"{what}_at"], when, now))
        case Identity(what=what, op=op):
            return Rows(contacts.c.id, (contacts.c[_IDENTITY[what]].is_not(None),), is_absent=op == "missing")
        case Domain():
            return _domain(condition)


_IDENTITY = {"user_id": "user_id", "email": "email_key"}


# ---- traits --------------------------------------------------------------------------------------------------


def _trait(one: Trait, now: int, by_contact: bool) -> Rows:
    positive = _POSITIVE.get(one.op, one.op)
    # As for `_named`: one contact's traits are found by the contact, never by their number.
    number = contact_traits.c.number + 0.0 if by_contact else contact_traits.c.number
    matches = _trait_matches(one, positive, number, now)
    of = (contact_traits.c.name == one.name, *([] if matches is None else [matches]))
    return Rows(contact_traits.c.contact_id, of, is_absent=one.op in _POSITIVE)


def _trait_matches(one: Trait, op: Op, number: Clause, now: int) -> Clause | None:
    text = contact_traits.c.text
    day = MICROS["days"]
    span = (one.days or 0) * day
    match op:
        case Op.EXISTS:
            return None
        case Op.BEFORE:
            return number < float(parse_time(one.value) or 0)
        case Op.AFTER:
            return number >= float(parse_time(one.value) or 0)
        case Op.IN_LAST:
            return and_(number >= float(now - span), number <= float(now))
        case Op.IN_NEXT:
            return and_(number >= float(now), number <= float(now + span))
        case Op.ANNIVERSARY:
            return _in_a_span(number, anniversary_spans(now, one.days or 0))
    if op in (Op.IS, Op.ONE_OF):  # a long text has a row by its key, and is compared by it
        one = structs.replace(one, value=_kept(one.value), values=[_kept(value) for value in one.values])
    return _compared(op, one, text=text, number=number, truth=_truth_of(text))


def _kept(value: Any) -> Any:
    return key(value) if isinstance(value, str) else value


def _truth_of(text: Clause) -> Clause:
    return case((text == "true", true()), (text == "false", false()))


def _compared(op: Op, one: Trait | Property, *, text: Clause, number: Clause, truth: Clause) -> Clause:
    value = one.value
    match op:
        case Op.IS:
            return _equal(value, text, number, truth)
        case Op.ONE_OF:
            return _one_of(one.values, text, number, truth)
        case Op.CONTAINS:
            return func.replace(text, _said(value), "") != text
        case Op.BEGINS:
            return func.substr(text, 1, len(str(value))) == _said(value)
        case Op.ENDS:
            length = len(str(value))
            return and_(func.length(text) >= length, func.substr(text, func.length(text) - length + 1) == _said(value))
        case Op.GREATER:
            return number > _number(value)
        case Op.LESS:
            return number < _number(value)
        case Op.BETWEEN:
            return and_(number >= _number(value), number <= _number(one.high))
        case Op.IS_TRUE:
            return truth_is(truth, is_true=True)
    return truth_is(truth, is_true=False)


def truth_is(truth: Clause, *, is_true: bool) -> Clause:
    """Whether a clause of 1 and 0, or of true and false, is so; never NULL."""
    return case((truth, 1), else_=0) == 1 if is_true else case((~truth, 1), else_=0) == 1


def _equal(value: object, text: Clause, number: Clause, truth: Clause) -> Clause:
    if isinstance(value, bool):
        return truth_is(truth, is_true=value)
    if isinstance(value, int | float):
        return number == _number(value)
    return text == _said(value)


def _one_of(wanted: list[Any], text: Clause, number: Clause, truth: Clause) -> Clause:
    texts = [_said(value) for value in wanted if isinstance(value, str)]
    return or_(
        *([text.in_(texts)] if texts else []),
        *(_equal(value, text, number, truth) for value in wanted if not isinstance(value, str)),
    )


def _said(value: object) -> Clause:
    return literal(str(value), AnyText())


def _number(value: object) -> Clause:
    return literal(float(value), Double())  # type: ignore[arg-type]


def anniversary_spans(now: int, days: int) -> list[tuple[int, int]]:
    """From and until when, in µs, a date lies whose day and month is today (UTC) or one of the next `days`.

    In a year without 29 February those born on it have their day on the 28th.
    """
    today = to_datetime(now).date()
    shown = {(each.month, each.day) for each in (today + timedelta(days=ahead) for ahead in range(days + 1))}
    for ahead in range(days + 1):
        each = today + timedelta(days=ahead)
        if (each.month, each.day) == (2, 28) and not _is_leap(each.year):
            shown.add((2, 29))
    spans: list[tuple[int, int]] = []
    for start in sorted(_day(year, *one) for year in _YEARS for one in shown if one != (2, 29) or _is_leap(year)):
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], start + MICROS["days"])
        else:
            spans.append((start, start + MICROS["days"]))
    return spans


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _day(year: int, month: int, day: int) -> int:
    return to_micros(datetime.combine(date(year, month, day), datetime.min.time(), UTC))


def _in_a_span(number: Clause, spans: list[tuple[int, int]]) -> Clause:
    return or_(*(and_(number >= float(low), number < float(high)) for low, high in spans))


# ---- events and mail -----------------------------------------------------------------------------------------


def _event(one: Event, now: int, by_contact: bool) -> Rows:
    at = activities.c.at
    of = _named(one.kind, (one.name,), by_contact)
    properties = tuple(_property(each) for each in one.where)
    contact = activities.c.contact_id
    if one.which == "any":
        return _counted(Rows(contact, (*of, *_within(at, one.when, now), *properties)), one.count)
    edge = func.min(at) if one.which == "first" else func.max(at)
    return Rows(contact, (*of, *properties), having=_within(edge, one.when, now) or (func.count() >= 1,))


def _named(kind: str, names: Sequence[str], by_contact: bool) -> tuple[Clause, ...]:
    """The activities of these names. One contact's are found by the contact: SQLite, which knows no sizes, might else
    go through all of a name, since their index has more columns that fit.
    """
    if by_contact:
        keys = [literal(name, KeyText()) for name in names]
        return (activities.c.name.concat("").in_(keys), activities.c.kind.concat("") == kind)
    return (activities.c.name.in_(names), activities.c.kind == kind)


def _property(one: Property) -> Clause:
    path = json.path_of(one.name)
    positive = _POSITIVE.get(one.op, one.op)
    if positive == Op.EXISTS:
        matches: Clause = json.at(json.JsonThere, activities.c.data, path)
    else:
        matches = _compared(
            positive,
            one,
            text=json.at(json.JsonText, activities.c.data, path),
            number=json.at(json.JsonNumber, activities.c.data, path),
            truth=json.at(json.JsonTruth, activities.c.data, path),
        )
    return case((matches, 1), else_=0) == (0 if one.op in _POSITIVE else 1)


def _email(one: EmailCondition, now: int, by_contact: bool) -> Rows:
    if one.activity in BY_A_PERSON and one.link_id is None:
        at = BY_A_PERSON[one.activity]
        of = (messages.c.contact_id.is_not(None), at.is_not(None), *_within(at, one.when, now))
        return _counted(Rows(messages.c.contact_id, (*of, *_of_mail(one, by_contact))), one.count)
    names = EMAIL_NAMES[one.activity]
    of = (*_named(Kind.EMAIL, names, by_contact), *_within(activities.c.at, one.when, now))
    mails = select(messages.c.id).where(*_of_mail(one, False))
    about = (activities.c.message_id.in_(mails),) if one.template_id or one.broadcast_id else ()
    if one.link_id is None:
        counted = activities.c.message_id if len(names) > 1 else None
        return _counted(Rows(activities.c.contact_id, (*of, *about), counted=counted), one.count)
    link = json.at(json.JsonText, activities.c.data, "link_id") == literal(one.link_id, Text())
    by_machine = json.at(json.JsonTruth, activities.c.data, "machine")
    clicks = (*of, *about, link, case((by_machine, 1), else_=0) == 0)
    return _counted(Rows(activities.c.contact_id, clicks, counted=activities.c.message_id), one.count)


def _of_mail(one: EmailCondition, by_contact: bool) -> tuple[Clause, ...]:
    plain = 0 if by_contact else None  # as for `_named`
    pairs = ((messages.c.template_id, one.template_id), (messages.c.broadcast_id, one.broadcast_id))
    return tuple((found if plain is None else found + plain) == wanted for found, wanted in pairs if wanted is not None)


def _counted(rows: Rows, count: Count) -> Rows:
    """At most n is not at least n + 1, and exactly 0 not at least 1: so those without any row are found too."""
    if count.op == "at_most":
        return _with(rows, Count("at_least", count.n + 1), is_absent=True)
    if count.op == "exactly" and count.n == 0:
        return _with(rows, Count(), is_absent=True)
    return _with(rows, count, is_absent=False)


def _with(rows: Rows, count: Count, *, is_absent: bool) -> Rows:
    return Rows(rows.contact, rows.where, count, rows.counted, is_absent)


def _within(at: Clause, when: When, now: int) -> tuple[Clause, ...]:
    low, high = bounds(when, now)
    return (*(() if low is None else (at >= low,)), *(() if high is None else (at < high,)))


# ---- addresses -----------------------------------------------------------------------------------------------


def _subscription(one: Subscription) -> Rows:
    key = contacts.c.email_key
    scope = str(one.topic_id) if one.state == "unsubscribed_topic" else EVERYBODY
    about = select(suppressions.c.address).where(suppressions.c.scope == scope)
    if one.state in ("unsubscribed", "unsubscribed_topic"):
        about = about.where(suppressions.c.reason == "unsubscribed")
    if one.state == "subscribed":
        return Rows(contacts.c.id, (key.is_not(None), key.not_in(about)))
    return Rows(contacts.c.id, (key.in_(about),))


def _domain(one: Domain) -> Rows:
    key = contacts.c.email_key
    ends = [f"@{domain.removeprefix('@').lower()}" for domain in one.domains]
    found = or_(*(func.substr(key, func.length(key) - len(end) + 1) == literal(end, AnyText()) for end in ends))
    return Rows(contacts.c.id, (key.is_not(None), found), is_absent=one.op == "none_of")
