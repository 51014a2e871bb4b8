"""What people look at, and what runs beside the sending, is found among millions without a walk through all of them.

SQLite's plans say so. They come from the tables and their indexes alone, so a store without rows has them too.
"""

import itertools

import pytest

from skywrite.channels.email.observing import queries as observing
from skywrite.channels.email.outbox import audience, reports
from skywrite.channels.email.outbox.audience import Audience
from skywrite.channels.email.outbox.broadcasts import Broadcasts
from skywrite.channels.email.outbox.reading import Wanted, listed
from skywrite.channels.email.states import MessageState
from tests.support.plans import planned


def looks(**wanted):
    return lambda store: listed(store, Wanted(**wanted))


def runs(statement):
    def look(store):
        with store.write() as connection:
            connection.execute(statement)

    return look


def reported(about, key):
    return lambda store: reports.report(store, about, key, since=0, until=2)


LOOKS = {
    **{f"messages that are {state}": looks(state=state) for state in MessageState},
    "the next page of a state": looks(state="bounced", before=9),
    "messages of a template": looks(template_id=1),
    "the next page of a template": looks(template_id=1, before=9),
    "messages of a template in a state": looks(template_id=1, state="bounced"),
    "messages of a broadcast": looks(broadcast_id=1),
    "the next page of a broadcast": looks(broadcast_id=1, before=9),
    "messages of a contact": looks(contact_id=1),
    "how far a broadcast has come": lambda store: Broadcasts(store).progress(1),
    "incoming mail": runs(observing.incoming(None, None, 50)),
    "incoming mail, the next page": runs(observing.incoming(None, 9, 50)),
    "incoming mail of a kind": runs(observing.incoming("bounce", None, 50)),
    "how much mail came in": runs(observing.incoming_counts(1)),
    "observations that are forgotten": runs(observing.forget_observations(1, 10)),
    "the report of a broadcast": reported("broadcast", 1),
    "the report of a broadcast's campaign": reported("campaign", "broadcast_1"),
    "the report of a journey's campaign": reported("campaign", "journey_1"),
    **{
        f"{name} of a {kind}": runs(asked)
        for kind in ("list", "segment")
        for name, asked in {
            "the next contacts": audience.following(Audience(kind, 1), 5, 10),
            "some contacts": audience.members(Audience(kind, 1), 5, 10),
            "the number of contacts": audience.count(Audience(kind, 1)),
        }.items()
    },
}  # fmt: skip
LARGE = ("messages", "observations", "contacts", "list_members", "segment_members", "activities")


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_nothing_walks_through_all_there_is(sqlite_store, look):
    with planned(sqlite_store) as steps:
        look(sqlite_store)
    assert steps
    walks = [step for step in steps if step.startswith("SCAN") and step.split()[1] in LARGE]
    walks += [step for step in steps if step.startswith("SEARCH contacts") and "rowid=?" not in step]
    assert [step for step in walks if "INDEX ix_observations_mail" not in step] == []  # which has only the mails


IN_ORDER = {
    name: look for name, look in LOOKS.items() if name.startswith(("messages", "the next page", "incoming mail"))
}


@pytest.mark.parametrize("look", IN_ORDER.values(), ids=IN_ORDER.keys())
def test_a_page_is_found_without_putting_all_in_order(sqlite_store, look):
    with planned(sqlite_store) as steps:
        look(sqlite_store)
    finding = itertools.takewhile(lambda step: not step.startswith("SEARCH templates"), steps)  # which names the page's
    assert [step for step in finding if "ORDER BY" in step] == []
