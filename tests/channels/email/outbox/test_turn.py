"""A turn that finds nothing spares the next ones, and none of what comes or falls due meanwhile is missed."""

import pytest
from sqlalchemy import select

from skywrite.channels.email.outbox.enqueue import enqueue
from skywrite.channels.email.outbox.model import NewMessage, Origin, Rejected
from skywrite.channels.email.outbox.record import Ended
from skywrite.channels.email.outbox.rules import Rules
from skywrite.channels.email.outbox.turn import Turns
from skywrite.store.engine import Store
from skywrite.store.mail_tables import messages
from tests.support.sending import add_people

SECOND = 1_000_000


def put_in(store: Store, key: str, due: int) -> None:
    with store.write() as connection:
        enqueue(connection, [NewMessage(key=key, origin=Origin.API, email="p1@example.com")], now=due, rules=Rules())


@pytest.mark.parametrize("part", [1, 0.4])  # of the wait that a turn gave: a ring may end it
@pytest.mark.parametrize("seconds", [0.3, 1, 5, 60])
def test_what_falls_due_is_claimed_though_nothing_is_committed(store: Store, seconds: float, part: float) -> None:
    add_people(store, 1)
    clock = [SECOND]
    due = clock[0] + int(seconds * SECOND)
    put_in(store, "a", due)
    turns = Turns(store, now=lambda: clock[0])
    while clock[0] < due:
        taken = turns.turn([], 10)
        assert taken.messages == []
        assert 0 < taken.wait <= 1
        clock[0] += int(taken.wait * part * SECOND) + 1
    assert clock[0] - due < SECOND / 10
    assert len(turns.turn([], 10).messages) == 1


def test_a_channel_that_changed_is_claimed_for_no_more_and_what_ended_is_recorded(store: Store) -> None:
    add_people(store, 1)
    put_in(store, "a", SECOND)
    put_in(store, "b", SECOND)
    is_current = [True]
    turns = Turns(store, is_current=lambda _: is_current[0], now=lambda: SECOND)
    (one,) = turns.turn([], 1).messages
    is_current[0] = False
    assert turns.turn([Ended(one.id, Rejected("no_address"), SECOND)], 10).messages == []
    with store.read() as connection:
        states = connection.execute(select(messages.c.state).order_by(messages.c.id)).scalars().all()
    assert states == ["rejected", "queued"]


def test_what_is_put_in_while_it_is_quiet_is_claimed_at_once(store: Store) -> None:
    add_people(store, 1)
    turns = Turns(store, now=lambda: SECOND)
    for name in ("a", "b"):
        assert turns.turn([], 10).messages == []
        put_in(store, name, SECOND)
        assert len(turns.turn([], 10).messages) == 1
