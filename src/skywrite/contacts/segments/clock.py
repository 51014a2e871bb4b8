"""Conditions about time: of whom one may have come true, or ended, only because time passed.

Why it is complete. What a segment says of a contact depends on the contact's rows and on now. A change of the rows is
followed by itself. Where the rows stay, a condition compares moments of the rows (an event's `at`, a date, when a mail
was opened) with bounds that move along with now: now itself, or so long before or after it. So between two looks, at
`before` and at `now`, it can change its answer only for a contact one of whose moments lies between where a bound was
and where it is: those are read from an index, and evaluated. First and last times and counts are made of such moments;
an anniversary's bounds move at midnight UTC, and a year's days are told in full on both sides of it. Groups change
only where one of their conditions does. The ends are included on both sides: one too many costs nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from skywrite.contacts.activity import Kind
from skywrite.contacts.segments.check import conditions
from skywrite.contacts.segments.model import (
    MICROS,
    Condition,
    EmailCondition,
    Event,
    Group,
    Last,
    Moment,
    Older,
    Op,
    Trait,
    When,
)
from skywrite.contacts.segments.rows import BY_A_PERSON, EMAIL_NAMES, anniversary_spans
from skywrite.store.contact_tables import activities, contact_traits, contacts
from skywrite.store.mail_tables import messages

Clause = ColumnElement[Any]
_DAY = MICROS["days"]
SCAN_MICROS = 60_000_000  # what has no index by time is looked through once a minute


def moves_with_time(definition: Group) -> bool:
    """Whether it says anything that time alone can change."""
    return any(True for one in conditions(definition) for _ in _offsets(one))


def pause_of(definition: Group) -> int:
    """How long, in µs, to wait between two looks at the clock: "last seen" has no index, so it is looked at seldom."""
    return SCAN_MICROS if any(isinstance(one, Moment) and one.what == "seen" for one in conditions(definition)) else 0


def crossed(definition: Group, before: int, now: int) -> Iterator[Select[Any]]:
    """Selects of the contacts whose conditions time may have changed between `before` and `now` (µs)."""
    before, now = sorted((before, now))  # a clock that was put back
    for one in conditions(definition):
        if isinstance(one, Trait) and one.op == Op.ANNIVERSARY:
            if before // _DAY != now // _DAY:
                yield _anniversaries(one, before, now)
            continue
        for offset in _offsets(one):
            yield _between(one, before + offset, now + offset)


def _offsets(one: Condition) -> list[int]:
    """Where the bounds of a condition lie, in µs from now."""
    match one:
        case Trait(op=Op.IN_LAST, days=days):
            return [-(days or 0) * _DAY, 0]
        case Trait(op=Op.IN_NEXT, days=days):
            return [0, (days or 0) * _DAY]
        case Trait(op=Op.ANNIVERSARY):
            return [0]
        case Event(when=when) | EmailCondition(when=when) | Moment(when=when):
            return _of_window(when)
    return []


def _of_window(when: When) -> list[int]:
    return [-when.n * MICROS[when.unit]] if isinstance(when, Last | Older) else []


def _between(one: Condition, low: int, high: int) -> Select[Any]:
    match one:
        case Trait(name=name):
            number = contact_traits.c.number
            of = (contact_traits.c.name == name, number >= float(low), number <= float(high))
            return select(contact_traits.c.contact_id).where(*of)
        case Moment(what=what):
            at = contacts.c[f"{what}_at"]
            return select(contacts.c.id).where(at >= low, at <= high)
        case EmailCondition(activity=activity, link_id=None) if activity in BY_A_PERSON:
            at = BY_A_PERSON[activity]
            return select(messages.c.contact_id).where(at >= low, at <= high, messages.c.contact_id.is_not(None))
        case EmailCondition(activity=activity):
            return _happened(Kind.EMAIL, EMAIL_NAMES[activity], low, high)
        case Event(kind=kind, name=name):
            return _happened(kind, (name,), low, high)
    raise TypeError(one)


def _happened(kind: str, names: Sequence[str], low: int, high: int) -> Select[Any]:
    at = activities.c.at
    of = (activities.c.name.in_(names), activities.c.kind == kind, at >= low, at <= high)
    return select(activities.c.contact_id).where(*of)


def _anniversaries(one: Trait, before: int, now: int) -> Select[Any]:
    number = contact_traits.c.number
    spans = {*anniversary_spans(before, one.days or 0), *anniversary_spans(now, one.days or 0)}
    found = or_(*(and_(number >= float(low), number < float(high)) for low, high in sorted(spans)))
    return select(contact_traits.c.contact_id).where(contact_traits.c.name == one.name, found)
