"""The stream: what the timeline says becomes the seven events, for every AutopilotHQ source, once."""

import contextlib
import uuid

import msgspec
import pytest
from sqlalchemy import delete, insert, update

from skywrite.channels.email.observing.streaming import Stream, message_id
from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.contacts.merging import merge
from skywrite.events.check import Head, fault_of_head
from skywrite.events.email import EmailEvent
from skywrite.kit.hashing import id_hashes
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline.cursors import start_cursor
from skywrite.settings import load_settings
from skywrite.sources.service import Sources
from skywrite.store.contact_tables import activities, contacts, segments
from skywrite.store.engine import open_store
from skywrite.store.tables import cursors, sources, write_keys
from tests.support.observing import LATER, add_contact, add_message, add_template

NOW = LATER + 1
DATA = {
    EmailEvent.DELIVERED: ({"delivered_by": "smtp"}, {"delivered_by": "smtp"}),
    EmailEvent.BOUNCED: (
        {"bounce_class": "hard", "bounce_code": "5.1.1", "reason": "gone"},
        {"bounce_class": "hard", "bounce_code": "5.1.1"},
    ),
    EmailEvent.OPENED: ({"machine": True, "proxy": "apple"}, {"machine": True, "proxy": "apple"}),
    EmailEvent.CLICKED: (
        {"machine": False, "link_id": "l1", "link_url": "https://example.com/1"},
        {"machine": False, "link_id": "l1", "link_url": "https://example.com/1"},
    ),
    EmailEvent.MARKED_AS_SPAM: ({"feedback_type": "abuse"}, {}),
    EmailEvent.UNSUBSCRIBED: ({"scope": "all", "method": "one_click"}, {"scope": "all", "method": "one_click"}),
    EmailEvent.REPLIED: ({"reply_id": "r@x", "reply_text": "Yes"}, {}),
}


class Streaming:
    """A source, a contact with a message, and the stream."""

    def __init__(self, store, folder):
        self.store = store
        self.log = SqliteLog(folder / "log")
        self.source = Sources(store, clock=lambda: 1).add("autopilothq", "Mail")
        with store.write() as connection:
            self.ada = add_contact(connection, "ada@home.example", user_id="u1")
            fields = {"template_id": add_template(connection), "broadcast_id": 3, "campaign_name": "Spring"}
            self.message = add_message(connection, self.ada, **fields)
        self.stream = Stream(store, self.log)

    def tell(self, name, data=None, *, contact=None, message=None, kind=Kind.EMAIL, at=LATER):
        told = Activity(contact or self.ada, at, kind, str(name), data or {}, message or self.message)
        with self.store.write() as connection:
            add_activities(connection, [told])

    def events(self):
        while self.stream.step(NOW):
            pass
        return [event for record in self.log.read(0, 1 << 40) for event in msgspec.json.decode(record.body)["batch"]]


@pytest.fixture
def streaming(store, tmp_path):
    made = Streaming(store, tmp_path)
    yield made
    made.log.close()


@pytest.fixture
def on_sqlite(shared_store, tmp_path):
    with shared_store.write() as connection:
        for table in (activities, write_keys, sources, segments, cursors):
            connection.execute(delete(table))
    made = Streaming(shared_store, tmp_path)
    yield made
    made.log.close()


def test_each_of_the_seven_is_sent_with_what_is_known_of_it(streaming):
    for kind, (data, _) in DATA.items():
        streaming.tell(kind, data)
    events = streaming.events()
    assert [event["event"] for event in events] == [kind.value for kind in EmailEvent]
    common = {
        "campaign_id": "broadcast_3",
        "campaign_name": "Spring",
        "email_id": "template_1",
        "email_subject": "Good to have you",
        "email_name": "Welcome",
        "transactional": False,
    }
    for event, (kind, (_, extras)) in zip(events, DATA.items(), strict=True):
        assert event["properties"] == {"event": kind.value} | common | extras
        assert (event["userId"], event["context"]["traits"]["email"]) == ("u1", "Ada@example.com")
        assert event["context"]["traits"]["contact_id"] == f"person_{streaming.ada}"


def test_what_it_appends_is_what_the_intake_would_have_written(on_sqlite):
    on_sqlite.tell(EmailEvent.DELIVERED)
    (event,) = on_sqlite.events()
    (record,) = on_sqlite.log.read(0, 1 << 40)
    assert (record.kind, record.source_id, record.received_at) == ("batch", on_sqlite.source.id, NOW)
    assert record.ids == id_hashes(on_sqlite.source.id, [event["messageId"]])
    assert fault_of_head(msgspec.convert(event, Head), None, 100) is None


def test_who_has_no_user_id_goes_by_the_address(on_sqlite):
    with on_sqlite.store.write() as connection:
        connection.execute(update(contacts).values(user_id=None))
    on_sqlite.tell(EmailEvent.REPLIED)
    (event,) = on_sqlite.events()
    assert ("userId" in event, event["anonymousId"]) == (False, "Ada@example.com")


def test_mail_without_a_broadcast_has_no_campaign(on_sqlite):
    with on_sqlite.store.write() as connection:
        alone = add_message(connection, on_sqlite.ada, is_transactional=True)
    on_sqlite.tell(EmailEvent.DELIVERED, message=alone)
    (event,) = on_sqlite.events()
    properties = event["properties"]
    assert (properties["campaign_id"], properties["campaign_name"]) == (None, None)
    assert (properties["email_id"], properties["transactional"]) == (f"message_{alone}", True)


def test_what_is_none_of_the_seven_is_not_sent(on_sqlite):
    for name in ("Email Sent", "Email Skipped", "Email Click Held", "Email Autoresponded"):
        on_sqlite.tell(name)
    on_sqlite.tell("Email Opened", kind=Kind.TRACK)
    assert on_sqlite.events() == []


def test_it_is_behind_no_more_once_nothing_is_left(on_sqlite, monkeypatch):
    monkeypatch.setattr("skywrite.channels.email.observing.streaming._AT_ONCE", 2)
    for kind in (EmailEvent.DELIVERED, EmailEvent.REPLIED):
        on_sqlite.tell(kind)
    assert (on_sqlite.stream.step(NOW), on_sqlite.stream.is_behind) == (2, True)
    assert (on_sqlite.stream.step(NOW), on_sqlite.stream.is_behind) == (0, False)


def test_after_a_crash_between_append_and_cursor_the_same_ids_come_again(on_sqlite):
    on_sqlite.tell(EmailEvent.OPENED, {"machine": False})
    first = on_sqlite.events()
    with on_sqlite.store.write() as connection:
        start_cursor(connection, "activities:stream", 0, NOW)
    on_sqlite.stream = Stream(on_sqlite.store, on_sqlite.log)
    again = on_sqlite.events()
    assert [event["messageId"] for event in again] == [first[0]["messageId"]] * 2


def test_an_unsubscription_from_a_topic_names_it_as_the_spec_names_lists(on_sqlite):
    from_topic = {"scope": "topic", "method": "page", "topic_id": "4", "topic": "Offers"}
    on_sqlite.tell(EmailEvent.UNSUBSCRIBED, from_topic)
    (event,) = on_sqlite.events()
    named = {name: event["properties"].get(name) for name in ("scope", "method", "list_id", "list_name")}
    assert named == {"scope": "topic", "method": "page", "list_id": "topic_4", "list_name": "Offers"}


def test_every_source_that_is_on_gets_them_from_its_creation_on(on_sqlite):
    made = Sources(on_sqlite.store, clock=lambda: LATER + 5)
    late, off = made.add("autopilothq", "Late"), made.add("autopilothq", "Off")
    made.add("http-api", "Shop")
    with on_sqlite.store.write() as connection:
        connection.execute(update(sources).where(sources.c.id == off.id).values(enabled=False))
    on_sqlite.tell(EmailEvent.DELIVERED)
    on_sqlite.tell(EmailEvent.OPENED, {"machine": False}, at=LATER + 9)
    on_sqlite.events()
    got = [(record.source_id, len(record.ids) // 16) for record in on_sqlite.log.read(0, 1 << 40)]
    assert sorted(got) == sorted([(on_sqlite.source.id, 2), (late.id, 1)])


def test_of_an_erased_contact_nothing_is_sent(on_sqlite):
    on_sqlite.tell(EmailEvent.OPENED, {"machine": False})
    with on_sqlite.store.write() as connection:
        connection.execute(delete(contacts))
    assert on_sqlite.events() == []


def test_what_happened_before_two_became_one_is_told_of_the_one_that_stays(streaming):
    streaming.tell(EmailEvent.OPENED, {"machine": False})
    with streaming.store.write() as connection:
        kept = add_contact(connection, "other@home.example", user_id="u2")
    merge(streaming.store, f"person_{kept}", f"person_{streaming.ada}")
    (event,) = streaming.events()
    assert (event["userId"], event["context"]["traits"]["contact_id"]) == ("u2", f"person_{kept}")


def test_segments_comings_and_goings_are_sent_where_that_is_set(on_sqlite):
    with on_sqlite.store.write() as connection:
        for number, streams in ((1, True), (2, False)):
            times = dict.fromkeys(("members", "kept_upto", "created_at", "updated_at"), 0)
            values = {"id": number, "name": f"s{number}", "definition": {}, "state": "ready", "reason": ""}
            connection.execute(insert(segments).values(**values, streams=streams, **times))
    for number in (1, 2):
        data = {"segment_id": f"segment_{number}", "segment_name": f"s{number}"}
        on_sqlite.tell("Entered Segment", data, kind=Kind.SEGMENT)
    (event,) = on_sqlite.events()
    assert (event["event"], event["properties"]["segment_name"], event["userId"]) == ("Entered Segment", "s1", "u1")


def test_more_than_a_step_takes_is_sent_step_by_step(on_sqlite):
    told = [
        Activity(on_sqlite.ada, LATER, Kind.EMAIL, "Email Replied", {"reply_id": str(n)}, on_sqlite.message)
        for n in range(1_100)
    ]
    with on_sqlite.store.write() as connection:
        add_activities(connection, told)
    assert on_sqlite.stream.step(NOW) == 500
    assert on_sqlite.stream.is_behind
    assert len({event["messageId"] for event in on_sqlite.events()}) == 1_100


SAME = {
    "delivered": (EmailEvent.DELIVERED, {}, 1, True),
    "bounced": (EmailEvent.BOUNCED, {"bounce_code": "5.1.1"}, 1, True),
    "spam": (EmailEvent.MARKED_AS_SPAM, {}, 1, True),
    "opened in the same second": (EmailEvent.OPENED, {}, 1, True),
    "opened a second later": (EmailEvent.OPENED, {}, 1_000_000, False),
    "clicked a second later": (EmailEvent.CLICKED, {"link_id": "l1"}, 1_000_000, False),
    "clicked another link": (EmailEvent.CLICKED, {"link_id": "l2"}, 0, False),
    "unsubscribed from a topic": (EmailEvent.UNSUBSCRIBED, {"scope": "topic", "topic_id": "1"}, 0, False),
    "another reply": (EmailEvent.REPLIED, {"reply_id": "b"}, 0, False),
    "the same reply later": (EmailEvent.REPLIED, {"reply_id": "a"}, 9_000_000, True),
}
_FIRST = {
    EmailEvent.CLICKED: {"link_id": "l1"},
    EmailEvent.UNSUBSCRIBED: {"scope": "all"},
    EmailEvent.REPLIED: {"reply_id": "a"},
}


@pytest.mark.parametrize(("kind", "data", "later", "is_same"), SAME.values(), ids=SAME)
def test_a_message_id_is_of_what_makes_the_happening_one(kind, data, later, is_same):
    second = LATER - LATER % 1_000_000
    here, elsewhere = uuid.UUID(int=1), uuid.UUID(int=2)
    first = message_id(here, kind, 7, second, _FIRST.get(kind, {}))
    assert (first == message_id(here, kind, 7, second + later, data)) is is_same
    assert first != message_id(here, kind, 8, second, data)
    assert first != message_id(elsewhere, kind, 7, second, _FIRST.get(kind, {}))


def test_two_installations_never_tell_of_their_first_mails_by_one_id(tmp_path):
    told = []
    for name in ("first", "second"):
        with contextlib.closing(open_store(load_settings(data=tmp_path / name))) as store:
            streaming = Streaming(store, tmp_path / name)
            streaming.tell(EmailEvent.DELIVERED)
            told += [event["messageId"] for event in streaming.events()]
            streaming.log.close()
    assert len(told) == len(set(told)) == 2
