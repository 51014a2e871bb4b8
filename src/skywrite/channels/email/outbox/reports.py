"""Reports: what became of the mails of a template, a broadcast or a campaign, and who stands behind each number."""

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.events.email import EmailEvent
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import activities, contacts, list_members, lists
from skywrite.store.engine import Store, insert
from skywrite.store.mail_tables import messages

_HOUR = 3_600_000_000
About = Literal["template", "broadcast", "campaign"]
_COLUMNS = {"template": "template_id", "broadcast": "broadcast_id", "campaign": "campaign_id"}
_C = messages.c

# What is counted, each message once, and which messages those are.
FIGURES: dict[str, ColumnElement[bool]] = {
    "attempted": _C.id.is_not(None),
    "waiting": _C.state.in_(("queued", "sending", "deferred")),
    "sent": or_(_C.sent_at.is_not(None), _C.delivered_at.is_not(None)),
    "delivered": _C.state == "delivered",
    "opened": _C.opened_at.is_not(None),
    "machine_opened": _C.machine_opened_at.is_not(None),
    "clicked": _C.clicked_at.is_not(None),
    "bounced": _C.state == "bounced",
    "bounced_hard": and_(_C.state == "bounced", _C.bounce_class == "hard"),
    "bounced_soft": and_(_C.state == "bounced", _C.bounce_class == "soft"),
    "bounced_block": and_(_C.state == "bounced", _C.bounce_class == "block"),
    "unsubscribed": _C.unsubscribed_at.is_not(None),
    "complained": _C.complained_at.is_not(None),
    "replied": _C.replied_at.is_not(None),
    "rejected": _C.state == "rejected",
    "unknown": _C.state == "unknown",
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
    """The figures, how many were rejected for which reason, and the links."""

    figures: dict[str, int]
    rejected: dict[str, int]
    clicks: list[Clicks]
    points: list[Point]

    @property
    def rates(self) -> dict[str, float | None]:
        """As AutopilotHQ defined them: opens and clicks of what was delivered, clicks of who opened."""
        counted = self.figures
        valid = counted["attempted"] - counted["rejected"]
        return {
            "delivery": _share(counted["delivered"], valid),
            "open": _share(counted["opened"], counted["delivered"]),
            "click": _share(counted["clicked"], counted["delivered"]),
            "clicks_per_open": _share(counted["clicked"], counted["opened"]),
            "bounce": _share(counted["bounced"], valid),
            "unsubscribe": _share(counted["unsubscribed"], counted["delivered"]),
            "complaint": _share(counted["complained"], counted["delivered"]),
            "reply": _share(counted["replied"], counted["delivered"]),
        }


def report(store: Store, about: About, key: int | str, *, since: int, until: int) -> Report:
    """What became of the messages that were queued in a period, in µs; the points are hours or days."""
    with store.read() as connection:
        chosen = _chosen(about, key, since, until)
        row = connection.execute(_figures().where(*chosen)).one()
        why = select(_C.reason, func.count()).where(*chosen, FIGURES["rejected"]).group_by(_C.reason)
        return Report(
            {name: count or 0 for name, count in row._asdict().items()},
            dict(connection.execute(why).all()),
            [Clicks(*one) for one in connection.execute(_clicks(chosen))],
            _points(connection, chosen, since, until),
        )


def behind(
    store: Store, about: About, key: int | str, what: str, *, link_id: str = "", after: int = 0, limit: int = 50,
    since: int = 0, until: int = 1 << 62,
) -> list[tuple[int, str]]:  # fmt: skip
    """The contacts behind a number, by id: id and email. Raises Refused where nothing of this name is counted."""
    chosen = _contacts(about, key, what, link_id, since, until).where(contacts.c.id > after)
    with store.read() as connection:
        rows = connection.execute(chosen.order_by(contacts.c.id).limit(limit))
        return [(row.id, row.email or "") for row in rows]


def every(store: Store, about: About, key: int | str, what: str, **options: Any) -> Iterator[tuple[int, str]]:
    """All contacts behind a number, read some thousands at a time."""
    after = 0
    while some := behind(store, about, key, what, after=after, limit=5_000, **options):
        yield from some
        after = some[-1][0]


def into_list(store: Store, found: Iterator[tuple[int, str]], name: str, *, now: int) -> tuple[int, int]:
    """A new list of these contacts: its id, and how many. Raises Refused where a list has this name."""
    with store.write() as connection:
        adding = insert(connection, lists).values(name=name, created_at=now).on_conflict_do_nothing()
        number = connection.execute(adding.returning(lists.c.id)).scalar()
        if number is None:
            raise Refused(f"There is a list {name!r} already.", where="name", status=409)
    count, some = 0, []
    for contact_id, _ in found:
        some.append(contact_id)
        count += 1
        if len(some) == 1_000:  # each thousand in a transaction of its own: SQLite's writers stand in line
            _add_members(store, number, name, some, now)
            some = []
    _add_members(store, number, name, some, now)
    return number, count


def _add_members(store: Store, number: int, name: str, ids: list[int], now: int) -> None:
    if not ids:
        return
    with store.write() as connection:
        known = set(connection.execute(select(contacts.c.id).where(contacts.c.id.in_(ids))).scalars())
        rows = [{"list_id": number, "contact_id": one, "added_at": now} for one in ids if one in known]
        if rows:
            connection.execute(insert(connection, list_members).on_conflict_do_nothing(), rows)
        data = {"list_id": f"list_{number}", "list_name": name}
        told = [Activity(row["contact_id"], now, Kind.LIST, "Added to List", data) for row in rows]
        add_activities(connection, told)


def _chosen(about: About, key: int | str, since: int, until: int) -> list[ColumnElement[bool]]:
    return [_C[_COLUMNS[about]] == key, _C.queued_at >= since, _C.queued_at < until, _C.origin != "test"]


def _figures() -> Select[Any]:
    return select(*(func.sum(case((which, 1), else_=0)).label(name) for name, which in FIGURES.items()))


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


def _contacts(about: About, key: int | str, what: str, link_id: str, since: int, until: int) -> Select[Any]:
    which = FIGURES.get(what)
    if which is None:
        raise Refused(f"Nothing is counted as {what!r}.", where="what")
    chosen = _chosen(about, key, since, until)
    about_whom = select(_C.contact_id).where(*chosen, which, _C.contact_id.is_not(None))
    if link_id:
        clicked = activities.join(messages, _C.id == activities.c.message_id)
        on_it = activities.c.data["link_id"].as_string() == link_id
        about_whom = (
            select(activities.c.contact_id)
            .select_from(clicked)
            .where(*chosen, activities.c.name == EmailEvent.CLICKED.value, on_it, *_by_people())
        )
    return select(contacts.c.id, contacts.c.email).where(contacts.c.id.in_(about_whom))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
