"""What is costly to count is counted no oftener than its cost allows."""

import itertools
import threading

from skywrite.api.seldom import Seldom


def test_it_is_counted_anew_only_once_its_cost_is_earned():
    times = iter([0.0, 0.5, 5.0, 10.4, 10.5, 10.6])  # a count takes half a second: the next is due ten later
    counts = itertools.count(1)
    seldom = Seldom(clock=lambda: next(times))
    assert [seldom.get("all", lambda: next(counts)) for _ in range(4)] == [1, 1, 1, 2]


def test_what_costs_nothing_waits_for_its_pause():
    times = iter([0.0, 0.0, 0.9, 1.0, 1.0])
    counts = itertools.count(1)
    seldom = Seldom(pause=1.0, clock=lambda: next(times))
    assert [seldom.get("all", lambda: next(counts)) for _ in range(3)] == [1, 1, 2]


def test_of_something_else_it_is_counted_at_once():
    seldom = Seldom(pause=1e9)
    assert [seldom.get([of], lambda of=of: of) for of in (1, 1, 2, 1)] == [1, 1, 2, 1]


def test_while_one_counts_anew_others_have_the_last_count():
    seldom = Seldom(clock=lambda: 0.0)  # what costs nothing is due whenever it is asked for
    begun, go_on = threading.Event(), threading.Event()

    def slowly():
        begun.set()
        go_on.wait(120)
        return "new"

    seldom.get("all", lambda: "old")
    thread = threading.Thread(target=seldom.get, args=("all", slowly))
    thread.start()
    assert begun.wait(120)
    assert seldom.get("all", lambda: "never") == "old"
    go_on.set()
    thread.join()
