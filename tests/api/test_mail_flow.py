"""What flows through the email channel: counted over a day and over seconds."""

from skywrite.api.mail_flow import read_flow
from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.events.email import EmailEvent
from tests.support.sending import add_people

DAY = 24 * 3600 * 1_000_000
NOW = 10 * DAY
SECOND = 1_000_000


def happened(store, *events):
    """Adds these to the first contact's timeline, each a name and how many µs ago."""
    with store.write() as connection:
        add_activities(connection, [Activity(1, NOW - ago, Kind.EMAIL, name, {}, 1) for name, ago in events])


def flow(store, now=NOW):
    with store.read() as connection:
        return read_flow(connection, now)


def test_nothing_flows_where_nobody_is(store):
    found = flow(store)
    assert (found.contacts, found.is_set_up, found.sent, found.sent_per_second) == (0, False, 0, 0.0)
    assert found.events == dict.fromkeys((event.value for event in EmailEvent), 0)


def test_the_day_and_the_last_seconds_are_counted_apart(store):
    add_people(store, 2)
    happened(
        store,
        ("Email Delivered", SECOND),
        ("Email Delivered", 2 * SECOND),
        ("Email Delivered", DAY - SECOND),
        ("Email Delivered", DAY + SECOND),
        ("Email Opened", SECOND),
        ("Opened Shop", SECOND),
    )
    found = flow(store)
    assert (found.contacts, found.sent, found.sent_per_second) == (2, 3, 0.2)
    assert {name: times for name, times in found.events.items() if times} == {"Email Delivered": 3, "Email Opened": 1}


def test_what_a_relay_took_counts_as_sent_though_it_never_says_more(store):
    add_people(store, 1)
    happened(store, *[("Email Sent", SECOND)] * 5, ("Email Delivered", SECOND))
    assert (flow(store).sent, flow(store).events["Email Delivered"]) == (5, 1)


def test_an_event_of_the_same_name_from_an_application_is_none_of_ours(store):
    add_people(store, 1)
    with store.write() as connection:
        add_activities(connection, [Activity(1, NOW, Kind.TRACK, "Email Opened", {}, 1)])
    assert flow(store).events["Email Opened"] == 0
