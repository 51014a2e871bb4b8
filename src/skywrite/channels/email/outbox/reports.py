"""Reports: what became of the mails of a template, a broadcast or a campaign, and who stands behind each number.

A number is of messages; who stands behind it are as many recipients.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from skywrite.contacts.lists import new_list
from skywrite.events.email import EmailEvent
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import activities, contacts
from skywrite.store.engine import Store
from skywrite.store.mail_tables import messages

_HOUR = 3_600_000_000
_MOST_REASONS = 20  # one that cannot be rendered says why in words of its own
About = Literal["template", "broadcast", "campaign"]
_BROADCAST = re.compile(r"broadcast_([1-9]\d{0,17})", re.ASCII)
_C = messages.c

# What is counted, each message once, and which messages those are. Delivered and bounced are those of which the event
# was told: a bounce that comes later does not take the delivery back.
_BOUNCED = _C.bounced_at.is_not(None)
FIGURES: dict[str, ColumnElement[bool]] = {
    "attempted": _C.id.is_not(None),
    "waiting": _C.state.in_(("queued", "sending", "deferred")),
    "deferred": _C.state == "deferred",
    "sent": or_(_C.sent_at.is_not(None), _C.delivered_at.is_not(None), _C.state == "delivered"),
    "delivered": _C.delivered_at.is_not(None),
    "opened": _C.opened_at.is_not(None),
    "machine_opened": _C.machine_opened_at.is_not(None),
    "clicked": _C.clicked_at.is_not(None),
    "bounced": _BOUNCED,
    "bounced_hard": and_(_BOUNCED, _C.bounce_class == "hard"),
    "bounced_soft": and_(_BOUNCED, _C.bounce_class == "soft"),
    "bounced_block": and_(_BOUNCED, _C.bounce_class == "block"),
    "bounced_later": and_(_BOUNCED, _C.delivered_at.is_not(None)),
    "unsubscribed": _C.unsubscribed_at.is_not(None),
    "complained": _C.complained_at.is_not(None),
    "replied": _C.replied_at.is_not(None),
    "rejected": _C.state == "rejected",
    "unknown": _C.state == "unknown",
}
# Each rate is the share of the second figure in which the first holds too: so none is ever over 1.
_VALID = "valid"  # attempted, less rejected
_RATES = {
    "delivery": ("delivered", _VALID),
    "bounce": ("bounced", _VALID),
    "open": ("opened", "delivered"),
    "click": ("clicked", "delivered"),
    "unsubscribe": ("unsubscribed", "delivered"),
    "complaint": ("complained", "delivered"),
    "reply": ("replied", "delivered"),
    "clicks_per_open": ("clicked", "opened"),
}
_TIMES = {
    "delivered": _C.delivered_at, "opened": _C.opened_at, "clicked": _C.clicked_at, "bounced": _C.bounced_at,
}  # fmt: skip


class Clicks(Struct, frozen=True):
    """How often a link was clicked, by people, and by how many."""

    link_id: str
    url: str
    clicks: int
    people: int


class Point(Struct):
    """What happened in an hour or a day that begins at `at`."""

    at: int
    delivered: int = 0
    opened: int = 0
    clicked: int = 0
    bounced: int = 0


class Report(Struct, frozen=True):
    """The figures, the rates (None of nothing), why how many were not sent (the commonest reasons), and the links."""

    figures: dict[str, int]
    rates: dict[str, float | None]
    reasons: list[tuple[str, int]]
    clicks: list[Clicks]
    points: list[Point]


class Recipient(Struct, frozen=True):
    """To whom a message went: None and "" where the contact was erased, None where the address is no contact's."""

    message_id: int
    contact_id: int | None
    email: str


def report(store: Store, about: About, key: int | str, *, since: int, until: int) -> Report:
    """What became of the messages that were queued in a period, in µs; the points are hours or days."""
    with store.read() as connection:
        chosen = _chosen(about, key, since, until)
        counted = connection.execute(_counts(chosen)).one()._asdict()
        return Report(
            {name: counted[name] for name in FIGURES},
            {name: _share(counted[f"{name} rate"], counted[whole]) for name, (_, whole) in _RATES.items()},
            [(row.reason, row.times) for row in connection.execute(_reasons(chosen))],
            [Clicks(*one) for one in connection.execute(_clicks(chosen))],
            _points(connection, chosen, since, until),
        )


def behind(
    store: Store, about: About, key: int | str, what: str, *, link_id: str = "", after: int = 0, limit: int = 50,
    since: int = 0, until: int = 1 << 62,
) -> list[Recipient]:  # fmt: skip
    """Who stands behind a number, a row a message as the number counts them, by its id; of a link, a row a contact.

    Raises Refused where nothing of this name is counted.
    """
    chosen = _recipients(about, key, what, link_id, since, until).where(_C.id > after)
    with store.read() as connection:
        rows = connection.execute(chosen.order_by(_C.id).limit(limit))
        return [Recipient(row.id, row.contact_id, row.email or "") for row in rows]


def every(store: Store, about: About, key: int | str, what: str, **options: Any) -> Iterator[Recipient]:
    """All who stand behind a number, read some thousands at a time."""
    after = 0
    while some := behind(store, about, key, what, after=after, limit=5_000, **options):
        yield from some
        after = some[-1].message_id


def into_list(store: Store, found: Iterable[Recipient], name: str, *, now: int) -> tuple[int, int]:
    """A new list of the contacts among these: its id, and how many. Raises Refused where a list has this name."""
    return new_list(store, name, {one.contact_id for one in found if one.contact_id is not None}, now)


def _chosen(about: About, key: int | str, since: int, until: int) -> list[ColumnElement[bool]]:
    return [_is_about(about, key), _C.queued_at >= since, _C.queued_at < until, _C.origin != "test"]


def _is_about(about: About, key: int | str) -> ColumnElement[bool]:
    if about != "campaign":
        return _C[f"{about}_id"] == key
    of_no_broadcast = and_(_C.campaign_id == key, _C.broadcast_id.is_(None))
    number = _BROADCAST.fullmatch(str(key))  # a broadcast's campaign is found by the broadcast
    return or_(of_no_broadcast, _C.broadcast_id == int(number[1])) if number else of_no_broadcast


def _counts(chosen: list[ColumnElement[bool]]) -> Select[Any]:
    wanted = FIGURES | {_VALID: _C.state != "rejected"}
    wanted |= {f"{name} rate": and_(wanted[part], wanted[whole]) for name, (part, whole) in _RATES.items()}
    counts: list[Any] = [func.count(case((which, 1))).label(name) for name, which in wanted.items()]
    return select(*counts).where(*chosen)


def _reasons(chosen: list[ColumnElement[bool]]) -> Select[Any]:
    times = func.count().label("times")
    found = select(_C.reason, times).where(*chosen, FIGURES["rejected"]).group_by(_C.reason)
    return found.order_by(times.desc(), _C.reason).limit(_MOST_REASONS)


def _clicks(chosen: list[ColumnElement[bool]]) -> Select[Any]:
    link = activities.c.data["link_id"].as_string().label("link_id")
    return (
        select(
            link,
            func.max(activities.c.data["link_url"].as_string()),
            func.count(),
            func.count(activities.c.contact_id.distinct()),
        )
        .select_from(activities.join(messages, _C.id == activities.c.message_id))
        .where(*chosen, activities.c.name == EmailEvent.CLICKED.value, *_by_people())
        .group_by(link)
        .order_by(func.count().desc())
    )


def _by_people() -> list[ColumnElement[bool]]:
    machine = activities.c.data["machine"].as_boolean()
    return [or_(machine.is_(None), machine.is_(False))]


def _points(connection: Connection, chosen: list[ColumnElement[bool]], since: int, until: int) -> list[Point]:
    first = connection.execute(select(func.min(_C.queued_at)).where(*chosen)).scalar()
    if first is None:
        return []
    start = max(since, first)
    step = _HOUR if until - start <= 72 * _HOUR else 24 * _HOUR
    points = {number: Point(number * step) for number in range(start // step, (until - 1) // step + 1)}
    for name, column in _TIMES.items():
        bucket = column // step
        counting = select(bucket, func.count()).where(*chosen, column.is_not(None)).group_by(bucket)
        for number, count in connection.execute(counting):
            if int(number) in points:
                setattr(points[int(number)], name, count)
    return list(points.values())


def _recipients(about: About, key: int | str, what: str, link_id: str, since: int, until: int) -> Select[Any]:
    which = FIGURES.get(what)
    if which is None:
        raise Refused(f"Nothing is counted as {what!r}.", where="what")
    wanted = [*_chosen(about, key, since, until), which]
    if link_id:
        wanted = [_C.id.in_(_clickers(wanted[:-1], link_id))]
    email = func.coalesce(contacts.c.email, _C.email).label("email")
    found = select(_C.id, contacts.c.id.label("contact_id"), email)
    return found.select_from(messages.outerjoin(contacts, contacts.c.id == _C.contact_id)).where(*wanted)


def _clickers(chosen: list[ColumnElement[bool]], link_id: str) -> Select[Any]:
    """The last message in which each contact clicked a link."""
    return (
        select(func.max(_C.id))
        .select_from(activities.join(messages, _C.id == activities.c.message_id))
        .where(
            *chosen,
            activities.c.name == EmailEvent.CLICKED.value,
            activities.c.data["link_id"].as_string() == link_id,
            *_by_people(),
        )
        .group_by(activities.c.contact_id)
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
