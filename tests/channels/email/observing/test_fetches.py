"""Opens and clicks through the observer: dedupe, machines and people, and what is told of each."""

import pytest

from skywrite.channels.email.observing.machines import HONEYPOT
from tests.support.observing import A_PERSON, HOME, LATER, SECOND, SENT_AT, add_message, add_template

OPEN_AGAIN = {
    "at once": ({"at": LATER + 1}, 1),
    "9 s later": ({"at": LATER + 9 * SECOND}, 1),
    "11 s later": ({"at": LATER + 11 * SECOND}, 2),
    "another device": ({"agent": A_PERSON + " Mobile"}, 2),
    "another network": ({"ip": "198.51.100.1"}, 2),
    "the same network": ({"ip": "203.0.113.250"}, 1),
}


@pytest.mark.parametrize(("again", "opens"), OPEN_AGAIN.values(), ids=OPEN_AGAIN)
def test_two_fetches_of_one_rendering_are_one_open(observing, again, opens):
    observing.open()
    observing.open(**again)
    assert observing.names() == ["Email Opened"] * opens


CLICK_AGAIN = {
    "a double click": ({"at": LATER + SECOND}, 1),
    "3 s later": ({"at": LATER + 3 * SECOND}, 2),
    "another link": ({"link_id": "l2", "at": LATER + 20 * SECOND}, 2),
    "a gateway's check beside the person's": ({"agent": "Mimecast", "ip": "198.51.100.1"}, 2),
}


@pytest.mark.parametrize(("again", "clicks"), CLICK_AGAIN.values(), ids=CLICK_AGAIN)
def test_a_double_click_is_one(observing, again, clicks):
    observing.click()
    observing.click(**again)
    assert observing.names() == ["Email Clicked"] * clicks


def test_machines_opens_are_told_and_stand_apart(observing):
    observing.open(agent="Mozilla/5.0")
    assert observing.timeline() == [("Email Opened", {"machine": True, "proxy": "apple"})]
    row = observing.row()
    assert (row.opened_at, row.machine_opened_at) == (None, LATER)


def test_what_comes_right_after_the_250_is_a_machine_s(observing):
    observing.open(at=SENT_AT + 2 * SECOND)
    observing.click(at=SENT_AT + 3 * SECOND)
    assert [data["machine"] for _, data in observing.timeline()] == [True, True]
    assert observing.row().clicked_at is None


def test_a_scanner_that_follows_every_link_is_found_while_its_clicks_wait(observing_anywhere):
    seen = observing_anywhere
    with seen.store.write() as connection:
        seen_template = add_template(connection, links=3)
    seen.change(template_id=seen_template, version=1)
    for number in range(3):
        seen.click(f"l{number + 1}", at=LATER + number * SECOND, ip=f"198.18.{number}.1")
    assert seen.row().clicked_at is None
    assert seen.observer.settle(LATER + 30 * SECOND) == 3
    assert [data["machine"] for _, data in seen.timeline()] == [True, True, True]
    assert seen.row().clicked_at is None


def test_who_follows_the_honeypot_is_a_scanner_in_all_it_does_backwards_too(observing_anywhere):
    seen = observing_anywhere
    seen.click("l1")
    seen.click(HONEYPOT, at=LATER + 5 * SECOND)
    seen.open(at=LATER + 8 * SECOND)
    seen.click("l1", at=LATER + 8 * SECOND, ip="198.18.0.1")
    seen.observer.settle(LATER + 60 * SECOND)
    told = [(name, data["machine"]) for name, data in seen.timeline()]
    assert told == [("Email Opened", True), ("Email Clicked", True), ("Email Clicked", False)]
    assert seen.row().clicked_at == LATER + 8 * SECOND


def test_a_source_that_clicks_for_many_recipients_at_once_is_a_scanner(observing):
    with observing.store.write() as connection:
        others = [add_message(connection, observing.ada, key=str(number)) for number in range(15)]
    for message in others:
        observing.click(message=message)
    machines = [observing.timeline(message)[0][1]["machine"] for message in others]
    assert machines == [False] * 11 + [True] * 4


def test_addresses_are_cut_to_their_network_where_that_is_set(sqlite_store, tmp_path):
    from sqlalchemy import select

    from skywrite.store.mail_tables import observations
    from tests.support.observing import Observing

    observing = Observing(sqlite_store, tmp_path, keeps_addresses=False)
    observing.open()
    with sqlite_store.read() as connection:
        detail = connection.execute(select(observations.c.detail)).scalar_one()
    observing.close()
    assert (detail["ip"], HOME in str(detail)) == ("203.0.113.0/24", False)
