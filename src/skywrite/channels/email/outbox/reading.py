"""Messages as they are looked at: lists, and the way that one has come."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, TextClause, or_, select, text

from skywrite.channels.email.outbox import queries
from skywrite.channels.email.outbox.rules import SENTENCES
from skywrite.channels.email.states import MessageState
from skywrite.contacts.addresses import address_key
from skywrite.events.email import EmailEvent
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import activities
from skywrite.store.engine import Store
from skywrite.store.mail_tables import IS_OVER, broadcasts, message_bodies, messages, templates

# Times of a message that stand on its own row, and what each says: for whom no timeline is kept.
_TIMES = (
    ("sent_at", "Email Sent"),
    ("delivered_at", EmailEvent.DELIVERED.value),
    ("bounced_at", EmailEvent.BOUNCED.value),
    ("opened_at", EmailEvent.OPENED.value),
    ("clicked_at", EmailEvent.CLICKED.value),
    ("complained_at", EmailEvent.MARKED_AS_SPAM.value),
    ("unsubscribed_at", EmailEvent.UNSUBSCRIBED.value),
    ("replied_at", EmailEvent.REPLIED.value),
)


class Step(Struct, frozen=True):
    """Something that happened to a message."""

    at: int
    name: str
    data: dict[str, Any]


class Seen(Struct, frozen=True):
    """A message with its names, its way, and what it brought along."""

    row: Row[Any]
    steps: list[Step] = []
    body: dict[str, Any] = {}


class Wanted(Struct, frozen=True, kw_only=True):
    """Which messages a list shows; what is None or "" does not matter."""

    state: str = ""
    email: str = ""
    contact_id: int | None = None
    template_id: int | None = None
    broadcast_id: int | None = None
    before: int | None = None


def listed(store: Store, wanted: Wanted, limit: int = 50) -> list[Seen]:
    """The newest first."""
    found = select(messages.c.id).where(*_conditions(wanted))
    if wanted.before is not None:
        found = found.where(*_behind(wanted, wanted.before))
    order = [messages.c.id.desc()]
    if _is_by_template(wanted):
        order.insert(0, messages.c.queued_at.desc())
    # Their ids first: an index tells those, also where many have to be put in order.
    chosen = _shown().where(messages.c.id.in_(found.order_by(*order).limit(limit))).order_by(*order)
    with store.read() as connection:
        return [Seen(row) for row in connection.execute(chosen)]


def seen(store: Store, number: int) -> Seen:
    """One message. Raises Refused (404) where there is none."""
    happened = select(activities.c.at, activities.c.name, activities.c.data).where(activities.c.message_id == number)
    with store.read() as connection:
        row = connection.execute(_shown().where(messages.c.id == number)).one_or_none()
        if row is None:
            raise Refused(f"There is no message {number}.", where="message", status=404)
        told = [Step(*one) for one in connection.execute(happened.order_by(activities.c.at, activities.c.id))]
        body = connection.execute(select(message_bodies.c.body).where(message_bodies.c.message_id == number)).scalar()
    return Seen(row, [Step(row.queued_at, "Queued", {}), *(told or _by_times(row))], body or {})


def reason_of(row: Row[Any]) -> str:
    """The last word about a message, as a sentence where it is one of our own."""
    return sentence_of(row.reason)


def sentence_of(reason: str) -> str:
    """A reason as a sentence, where it is one of our own."""
    return SENTENCES.get(reason, reason)  # type: ignore[call-overload, no-any-return]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool] | TextClause]:
    named = {name: getattr(wanted, name) for name in ("contact_id", "template_id", "broadcast_id")}
    for name, value in named.items():
        if value is not None:
            yield messages.c[name] == value
    if wanted.email:
        prefix = address_key(wanted.email)
        yield messages.c.address.between(prefix, prefix + "\U0010ffff")
    if wanted.state:
        yield messages.c.state == wanted.state
        if not wanted.email and set(named.values()) == {None}:  # nothing else leads to few of them
            is_over = wanted.state not in (MessageState.QUEUED, MessageState.SENDING)
            yield text(IS_OVER) if is_over else messages.c.id.in_(queries.of_state(wanted.state))


def _is_by_template(wanted: Wanted) -> bool:
    """Whether they are found by their template: those an index has by when they were queued."""
    return wanted.template_id is not None and wanted.broadcast_id is None and wanted.contact_id is None


def _behind(wanted: Wanted, before: int) -> Iterator[ColumnElement[bool]]:
    """What comes behind the message `before`, in the order of the list."""
    if not _is_by_template(wanted):
        yield messages.c.id < before
        return
    at = select(messages.c.queued_at).where(messages.c.id == before).scalar_subquery()
    yield messages.c.queued_at <= at
    yield or_(messages.c.queued_at < at, messages.c.id < before)


def _by_times(row: Row[Any]) -> list[Step]:
    steps = [Step(getattr(row, name), said, {}) for name, said in _TIMES if getattr(row, name)]
    if row.state in ("rejected", "deferred", "unknown"):
        steps.append(Step(row.claimed_at or row.queued_at, f"Email {row.state.title()}", {"reason": reason_of(row)}))
    return sorted(steps, key=lambda step: step.at)


def _shown() -> Select[Any]:
    return select(
        messages, templates.c.name.label("template_name"), broadcasts.c.name.label("broadcast_name")
    ).select_from(
        messages.outerjoin(templates, templates.c.id == messages.c.template_id).outerjoin(
            broadcasts, broadcasts.c.id == messages.c.broadcast_id
        )
    )
