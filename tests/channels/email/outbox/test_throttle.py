"""The pace of a broadcast: whatever the clock does, no more goes than its rate allows."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from skywrite.channels.email.outbox.audience import Audience
from skywrite.channels.email.outbox.broadcasts import Broadcasts
from skywrite.channels.email.outbox.enqueue import enqueue
from skywrite.channels.email.outbox.model import NewMessage, Origin
from skywrite.channels.email.outbox.rules import Rules
from skywrite.channels.email.outbox.throttle import Throttle
from skywrite.channels.email.outbox.turn import Turns
from skywrite.store.engine import Store
from tests.support.sending import add_people, add_template

RATES = st.floats(0.1, 500)
PAUSES = st.lists(st.floats(0, 20), min_size=1, max_size=40)


@given(RATES, PAUSES, st.data())
def test_over_any_stretch_no_more_than_its_rate_a_tenth_of_it_and_one(rate, pauses, data) -> None:
    throttle, now, gone, points = Throttle(), 0.0, 0, []
    for pause in pauses:
        now += pause
        if data.draw(st.booleans(), "whether it starts anew"):
            throttle = Throttle()
        count = data.draw(st.integers(0, throttle.allowance(1, rate, now)))
        throttle.took(1, count)
        points += [(now, gone), (now, gone := gone + count)]
    for (begin, before), (end, after) in itertools.combinations(points, 2):
        assert after - before <= rate * (end - begin) + rate / 10 + 1 + 1e-6


@given(RATES, PAUSES)
def test_who_waits_as_long_as_it_says_may_go_on(rate, pauses) -> None:
    throttle, now = Throttle(), 0.0
    for pause in pauses:
        now += pause
        throttle.took(1, throttle.allowance(1, rate, now))
        now += throttle.wait(1, rate) + 1e-6
        assert throttle.allowance(1, rate, now) >= 1


@given(RATES.filter(lambda rate: rate >= 1))
def test_where_turns_lie_less_than_a_tenth_of_a_second_apart_it_goes_as_fast_as_it_may(rate) -> None:
    throttle, gone = Throttle(), 0
    for turn in range(201):
        count = throttle.allowance(1, rate, turn * 0.09)
        throttle.took(1, count)
        gone += count
    assert gone >= rate * 18 - 1.01


def test_a_broadcast_claims_no_faster_also_after_a_pause_or_a_restart_and_forgets_nobody(sqlite_store: Store) -> None:
    add_people(sqlite_store, 90)
    service = Broadcasts(sqlite_store)
    made = service.add("News", add_template(sqlite_store), Audience("all"), per_second=10.0, now=1)
    service.step(made.id, "start", now=1)
    clock, claimed = [0.0], []

    def turns() -> Turns:
        return Turns(sqlite_store, now=lambda: 1_000_000, steady=lambda: clock[0])

    def go_on(upto: int) -> None:
        while len(claimed) < upto:
            claimed.extend((clock[0], message.id) for message in now.turn([], 1_000).messages)
            clock[0] += 0.07
            assert clock[0] < 60

    now = turns()
    go_on(30)
    service.step(made.id, "pause", now=1)
    assert now.turn([], 1_000).messages == []
    clock[0] += 5
    service.step(made.id, "resume", now=1)
    go_on(60)
    now = turns()
    go_on(90)
    times = [at for at, _ in claimed]
    assert max(sum(begin <= at <= begin + 1 for at in times) for begin in times) <= 10 + 1 + 1
    assert len({number for _, number in claimed}) == 90


def test_no_more_is_claimed_than_wanted_and_no_broadcast_starves(sqlite_store: Store) -> None:
    add_people(sqlite_store, 30)
    service, template = Broadcasts(sqlite_store), add_template(sqlite_store, is_transactional=True)
    made = [
        service.add(name, template, Audience("all"), per_second=None, now=1).id
        for name in ("News", "Other news", "More")
    ]
    for number in made:
        service.step(number, "start", now=1)
    beside = [NewMessage(key=str(number), origin=Origin.API, email="p1@example.com") for number in range(8)]
    with sqlite_store.write() as connection:
        enqueue(connection, beside, now=1, rules=Rules())
    turns = Turns(sqlite_store, now=lambda: 1_000_000)
    assert [message.broadcast_id for message in turns.turn([], 8).messages] == [None] * 8
    assert len(turns.turn([], 12).messages) == 12
    assert {message.broadcast_id for _ in range(3) for message in turns.turn([], 1).messages} == set(made)
