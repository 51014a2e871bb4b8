"""A refused event is kept with what its batch said of it, so that once mended it is as its neighbours are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.events.batch import events_of
from skywrite.intake.accept import accept
from skywrite.intake.intake import mended_records
from skywrite.log.base import Record
from tests.support.build import A_MOMENT, a_batch, an_event

SHARED = ("context", "integrations", "sentAt")


def take(body, call=None, ip="203.0.113.9"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return accept(call, "src_1", raw, ip, A_MOMENT)


def read(record):
    [(_, event)] = events_of(Record(1, record.received_at, "src_1", record.kind, record.ip, record.ids, record.body))
    return event


def refused(accepted):
    [rejected] = accepted.rejected
    return json.loads(rejected.body)


def both_ways(fields, **batch):
    """What a reader sees of an event that was taken, and of one that was refused for its name alone, and mended."""
    [taken] = take(a_batch(an_event(**fields), **batch)).records
    kept = refused(take(a_batch(an_event(**fields | {"event": 5}), **batch)))
    [mended] = mended_records("src_1", json.dumps(kept | {"event": "Order Completed"}).encode())
    return [{name: event.get(name) for name in SHARED} for event in (read(taken), read(mended))]


FORBIDDEN = {"All": True, "Webhook": False}
BATCH = {
    "context": {"library": {"name": "go", "version": "3"}, "app": {"name": "A", "build": 1}, "ip": "198.51.100.7"},
    "integrations": FORBIDDEN,
    "sentAt": "2026-11-23T16:11:35Z",
}


@pytest.mark.parametrize("batch", [{}, BATCH, {"context": 5, "integrations": [], "sentAt": 7}, {"sentAt": "never"}])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"context": {"app": {"build": 2}}, "integrations": {"Webhook": True}, "sentAt": "2026-11-23T16:11:34.5Z"},
        {"context": {"ip": "192.0.2.1"}},
        {"context": None, "integrations": None, "sentAt": "soon"},
    ],
)
def test_a_mended_event_says_what_its_accepted_neighbours_say(fields, batch):
    taken, mended = both_ways(fields, **batch)
    assert mended == taken


objects = st.dictionaries(
    st.sampled_from(["ip", "a", "b"]), st.none() | st.integers() | st.dictionaries(st.sampled_from("ab"), st.text())
)


@given(objects, objects, objects, objects)
def test_it_does_so_whatever_they_say(own_context, own_integrations, context, integrations):
    fields = {"context": own_context, "integrations": own_integrations}
    taken, mended = both_ways(fields, context=context, integrations=integrations)
    assert mended == taken


def test_it_is_kept_so_where_only_a_lenient_reader_reads_it():
    event = b'{"type":"track","userId":"u\\ud800","properties":{"n":1e999}}'
    kept = refused(take(b'{"integrations":{"Webhook":false},"batch":[%s]}' % event))
    assert (kept["integrations"], kept["userId"], kept["properties"]) == ({"Webhook": False}, "u�", {"n": "1e999"})


@pytest.mark.parametrize("wrong", ["text", 5, ["All"], True])
def test_a_field_that_is_the_fault_stays_as_it_was_sent(wrong):
    kept = refused(take(a_batch(an_event(context=wrong), **BATCH)))
    assert (kept["context"], kept["integrations"]) == (wrong, FORBIDDEN)


@pytest.mark.parametrize("body", ["5", "null", "[]", '"text"'])
def test_what_is_no_event_is_kept_as_it_came(body):
    [rejected] = take(b'{"integrations":{"Webhook":false},"batch":[%s]}' % body.encode()).rejected
    assert rejected.body == body


def test_a_lone_call_is_kept_with_its_sender_s_address():
    kept = refused(take(an_event(event=5, context={"locale": "de"}), "track"))
    assert kept["context"] == {"locale": "de", "ip": "203.0.113.9"}


def test_without_a_batch_s_word_or_an_address_it_is_kept_as_it_came():
    event = json.dumps(an_event(event=5)).encode()
    [rejected] = take(b'{"batch":[%s]}' % event, ip="").rejected
    assert rejected.body.encode() == event
