import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.events.batch import events_of
from skywrite.kit.json import decode
from tests.support.build import A_MOMENT, a_batch, a_record, an_event


def only(record, skip=()):
    [(_, event)] = events_of(record, skip)
    return event


def test_a_single_call_takes_its_type_from_the_path():
    assert only(a_record(an_event(type=None), kind="track"))["type"] == "track"


def test_the_write_key_never_leaves():
    assert "writeKey" not in only(a_record(an_event(writeKey="secret"), kind="track"))


def test_times_are_corrected_by_the_batch_s_clock():
    event = only(a_record(a_batch(an_event(timestamp="2026-11-23T15:11:30.000Z"), sentAt="2026-11-23T15:11:35.000Z")))
    assert event["originalTimestamp"] == "2026-11-23T15:11:30.000Z"
    assert event["timestamp"] == "2026-11-23T16:11:30.423Z"
    assert event["receivedAt"] == "2026-11-23T16:11:35.423Z"
    assert event["sentAt"] == "2026-11-23T15:11:35.000Z"


def test_the_event_s_own_sent_at_wins():
    assert only(a_record(a_batch(an_event(sentAt="2026-11-23T10:00:00Z"))))["sentAt"] == "2026-11-23T10:00:00.000Z"


def test_rudderstack_s_timestamp_beside_original_is_final():
    event = only(
        a_record(a_batch(an_event(timestamp="2020-01-01T00:00:00Z", originalTimestamp="2026-11-23T16:00:00Z")))
    )
    assert (event["timestamp"], event["originalTimestamp"]) == ("2020-01-01T00:00:00.000Z", "2026-11-23T16:00:00.000Z")


def test_without_any_time_it_happened_when_it_came():
    event = only(a_record(an_event(timestamp="soon", sentAt=None), kind="track"))
    assert event["timestamp"] == event["originalTimestamp"] == event["receivedAt"] == "2026-11-23T16:11:35.423Z"
    assert "sentAt" not in event


def test_the_batch_s_context_lies_under_the_event_s():
    body = a_batch(
        an_event(context={"library": {"name": "mine"}}, integrations={"A": True}),
        context={"library": {"name": "go", "version": "3"}, "ip": "1.2.3.4"},
        integrations={"A": False, "B": False},
    )
    event = only(a_record(body))
    assert event["context"] == {"library": {"name": "mine", "version": "3"}, "ip": "1.2.3.4"}
    assert event["integrations"] == {"A": True, "B": False}


def test_the_sender_s_address_is_filled_in_but_never_overwritten():
    assert only(a_record(an_event(context=None), kind="track", ip="9.9.9.9"))["context"] == {"ip": "9.9.9.9"}
    assert only(a_record(an_event(context={"ip": "1.1.1.1"}), kind="track", ip="9.9.9.9"))["context"] == {
        "ip": "1.1.1.1"
    }


@pytest.mark.parametrize(
    ("given_id", "kept"), [(7, "7"), (7.0, "7"), (7.5, "7.5"), ("x", "x"), (None, None), ("", None), (0, "0")]
)
def test_ids_are_strings_or_absent(given_id, kept):
    assert only(a_record(an_event(userId=given_id, anonymousId="a"), kind="track")).get("userId") == kept


def test_old_browsers_alias_by_from_and_to():
    event = only(a_record({"from": "a", "to": "b"}, kind="alias"))
    assert (event["previousId"], event["userId"]) == ("a", "b")


def test_a_missing_message_id_is_the_same_each_time_and_unlike_its_neighbours():
    record = a_record(a_batch(*[an_event(messageId=None)] * 3), position=12)
    first, again = ([event["messageId"] for _, event in events_of(record)] for _ in range(2))
    assert first == again
    assert len(set(first)) == 3


def test_duplicates_are_skipped_and_the_others_keep_their_index():
    record = a_record(a_batch(an_event(messageId="a"), an_event(messageId="b"), an_event(messageId="c")))
    assert [(item, event["messageId"]) for item, event in events_of(record, (1,))] == [(0, "a"), (2, "c")]


def test_a_record_of_refused_events_holds_none():
    assert list(events_of(a_record(b'[{"item":0}]', kind="rejected"))) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), json_values, max_size=4), st.sampled_from([None, "ip"]))
def test_properties_pass_as_they_were_sent(properties, ip):
    record = a_record(an_event(properties=properties), kind="track", ip=ip or "")
    assert only(record)["properties"] == decode(json.dumps(properties))


def test_the_moment_of_the_builders_is_what_it_says():
    assert only(a_record(an_event(), kind="track", at=A_MOMENT))["receivedAt"] == "2026-11-23T16:11:35.423Z"
