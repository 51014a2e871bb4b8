"""What flows through contacts and the email channel: their nodes of the picture, and the seven events of a day.

Counted anew no oftener than its cost allows: a million mails a day are not counted every second for each who looks.
"""

import threading
import time
from collections.abc import Callable
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
_PAUSE_SECONDS = 1.0
_COST_SHARE = 20  # at most a twentieth of the time is spent counting


class MailFlow(Struct, frozen=True):
    """How things are at a moment."""

    contacts: int
    is_set_up: bool  # whether the channel can send
    sent: int  # mails of the last 24 hours
    sent_per_second: float
    events: dict[str, int]  # how often each of the seven happened in the last 24 hours


class Counted:
    """The flow, counted for whoever asks; several threads may."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turn = threading.Lock()
        self._last: MailFlow | None = None
        self._due = 0.0

    def at(self, connection: Connection, now: int) -> MailFlow:
        """The flow at `now`, in µs, or as it was a little earlier."""
        with self._turn:
            began = self._clock()
            if self._last is None or began >= self._due:
                self._last = read_flow(connection, now)
                ended = self._clock()
                self._due = ended + max(_PAUSE_SECONDS, _COST_SHARE * (ended - began))
            return self._last


def read_flow(connection: Connection, now: int) -> MailFlow:
    """Count it."""
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
