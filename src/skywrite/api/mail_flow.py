"""What flows through contacts and the email channel: their nodes of the picture, and the seven events of a day."""

from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, func, select

from skywrite.channels.email.settings.service import read_settings
from skywrite.contacts.search import Search, count
from skywrite.events.email import EmailEvent
from skywrite.store.contact_tables import activities

_SENT = "Email Sent"
_DAY_MICROS = 24 * 3600 * 1_000_000
_WINDOW_MICROS = 10_000_000  # what "a second" is the mean of


class MailFlow(Struct, frozen=True):
    """How things are at a moment."""

    contacts: int
    is_set_up: bool  # whether the channel can send
    sent: int  # mails of the last 24 hours
    sent_per_second: float
    events: dict[str, int]  # how often each of the seven happened in the last 24 hours


def read_flow(connection: Connection, now: int) -> MailFlow:
    """The flow at `now`, in µs."""
    of_day = {row.name: row.times for row in connection.execute(_happened(now - _DAY_MICROS))}
    lately = {row.name: row.times for row in connection.execute(_happened(now - _WINDOW_MICROS))}
    return MailFlow(
        contacts=count(connection, Search()).number,
        is_set_up=read_settings(connection).is_set_up,
        sent=_sent(of_day),
        sent_per_second=_sent(lately) / (_WINDOW_MICROS / 1_000_000),
        events={event.value: of_day.get(event.value, 0) for event in EmailEvent},
    )


def _sent(times: dict[str, int]) -> int:
    """Mails that a server took: a relay says sent (and few say later that they delivered), a receiver delivered."""
    return max(times.get(_SENT, 0), times.get(EmailEvent.DELIVERED.value, 0))


def _happened(since: int) -> Select[Any]:
    """How often each of the events, and a sending, happened since."""
    own = activities.c
    names: list[str] = [_SENT, *(event.value for event in EmailEvent)]
    wanted: list[ColumnElement[bool]] = [own.name.in_(names), own.kind == "email", own.at >= since]
    return select(own.name, func.count().label("times")).where(*wanted).group_by(own.name)
