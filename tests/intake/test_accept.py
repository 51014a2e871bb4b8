import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.events.batch import events_of
from skywrite.intake.accept import accept, rejected_of
from skywrite.intake.answers import batch_body
from skywrite.intake.limits import MAX_BODY_BYTES, MAX_KEPT_BYTES, gunzipped
from skywrite.kit.errors import Refused
from skywrite.log.base import Record
from tests.support.build import A_MOMENT, a_batch, an_event, ids_of


def take(body, call=None):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return accept(call, "src_1", raw, "", A_MOMENT)


def events(accepted):
    return [event for new in accepted.records for _, event in events_of(_as_read(new))]


def _as_read(new):
    return Record(1, new.received_at, new.source_id, new.kind, new.ip, new.ids, new.body)


def test_a_good_batch_is_kept_as_it_was_sent():
    body = a_batch(an_event(messageId="a"), an_event(messageId=None))
    [record] = take(body).records
    assert (record.kind, record.ids, json.loads(record.body)) == ("batch", ids_of(body), body)


def test_one_bad_event_costs_the_others_nothing():
    body = a_batch(an_event(messageId="a"), an_event(event=5), an_event(messageId="c"), context={"ip": "1.1.1.1"})
    accepted = take(body)
    assert [event["messageId"] for event in events(accepted)] == ["a", "c"]
    assert all(event["context"]["ip"] == "1.1.1.1" for event in events(accepted))
    assert [(one.item, one.code) for one in accepted.rejected] == [(1, "event_not_string")]
    assert rejected_of(accepted.records[1].body) == accepted.rejected
    assert json.loads(accepted.rejected[0].body)["event"] == 5


def test_a_batch_of_only_bad_events_keeps_them_as_refused():
    accepted = take(a_batch({"type": "track"}, 5))
    assert [record.kind for record in accepted.records] == ["rejected"]
    assert [one.item for one in accepted.rejected] == [0, 1]


def test_a_bad_single_event_is_refused_and_kept():
    accepted = take(an_event(event=None), call="track")
    assert (accepted.events, accepted.rejected[0].code, accepted.records[0].kind) == (
        0,
        "event_not_defined",
        "rejected",
    )


def test_a_refused_single_event_is_kept_with_the_type_that_its_path_gave():
    accepted = take(b'{"userId": 7, "event": 5}', call="track")
    assert json.loads(accepted.rejected[0].body) == {"type": "track", "userId": 7, "event": 5}


@pytest.mark.parametrize("size", [33_000, 400_000])
def test_an_event_over_32_kb_is_refused_alone_and_kept_whole(size):
    large = an_event(properties={"long": "x" * size})
    accepted = take(a_batch(large, an_event()))
    assert (accepted.events, [one.item for one in accepted.rejected]) == (1, [0])
    assert json.loads(accepted.rejected[0].body)["properties"] == large["properties"]
    assert json.loads(take(large, "track").rejected[0].body)["properties"] == large["properties"]


def test_events_over_the_count_are_refused_and_the_first_2500_kept():
    accepted = take(a_batch(*[{"type": "track", "event": "e", "userId": "u"}] * 2502))
    assert (accepted.events, [one.item for one in accepted.rejected]) == (2500, [2500, 2501])


def test_of_a_batch_far_over_the_count_the_first_are_taken_and_the_last_told_in_one_line():
    event = json.dumps({"type": "track", "event": "e", "userId": "u"}).encode()
    accepted = take(b'{"batch":[' + b",".join([event] * 2500 + [b"1"] * 100_000) + b"]}")
    assert (accepted.events, len(accepted.rejected)) == (2500, 2501)
    last = accepted.rejected[-1]
    assert (last.item, last.body) == (5000, "")
    assert "102500 events" in last.reason
    assert "first 2500" in last.reason


def test_a_bomb_of_refused_events_stays_bounded():
    context = {"a": {"long": "x" * 100_000}}
    accepted = take(b'{"context":%s,"batch":[' % json.dumps(context).encode() + b",".join([b"{}"] * 130_000) + b"]}")
    assert (accepted.events, len(accepted.rejected)) == (0, 5001)
    assert sum(len(one.body) for one in accepted.rejected) <= MAX_KEPT_BYTES
    assert len(batch_body(accepted.rejected)) < 2 << 20
    assert "not kept" in accepted.rejected[4000].reason


def nested(depth):
    return b'{"a":' * depth + b"1" + b"}" * depth


@pytest.mark.parametrize(("depth", "kept"), [(150, 1), (199, 1), (200, 0), (700, 0)])
def test_an_event_nests_as_deep_as_every_reader_can_follow(depth, kept):
    event = b'{"type":"track","event":"e","userId":"u","properties":' + nested(depth) + b"}"
    assert take(event, call="track").events == kept
    accepted = take(b'{"batch":[' + event + b"," + json.dumps(an_event()).encode() + b"]}")
    assert (accepted.events, [one.item for one in accepted.rejected]) == (kept + 1, [] if kept else [0])


def test_many_brackets_side_by_side_are_no_depth():
    assert take(an_event(properties={"list": [[]] * 1_000}), call="track").events == 1


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (b"1e999", "1e999"),
        (b"-1e999", "-1e999"),
        (b"1e-999", 0.0),
        (b"18446744073709551616", 2**64),
        (b"9" * 400, 10**400 - 1),
        (b"9" * 5_000, "9" * 5_000),
    ],
)
@pytest.mark.parametrize("beside", [b"", b"\\ud800"])
def test_a_number_that_few_can_hold_is_read_by_all_who_follow_and_never_lost(number, read, beside):
    body = b'{"type":"track","event":"e%s","userId":"u","properties":{"n":%s}}' % (beside, number)
    [event] = events(take(body, call="track"))
    assert event["properties"] == {"n": read}
    [event] = events(take(b'{"batch":[%s]}' % body))
    assert event["properties"] == {"n": read}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"[1]", "batch"),
        (b'{"batch": 5}', "batch"),
        (b'{"batch": []}', "empty"),
        (b"{}", "batch"),
        (b'{"batch": [NaN]}', "not valid JSON"),
        (b'{"batch": ["\xff"]}', "UTF-8"),
        (b'{"batch":' + b"[" * 5_000, "nests too deeply"),
    ],
)
def test_a_body_that_is_no_batch_is_refused_with_a_sentence(body, said):
    with pytest.raises(Refused, match=said):
        take(body)


def test_a_lone_surrogate_is_mended_and_the_event_kept():
    accepted = take(b'{"batch":[{"type":"track","event":"a\\ud800b","userId":"u","properties":{"n":1e999}}]}')
    [event] = events(accepted)
    assert (event["event"], event["properties"]) == ("a�b", {"n": "1e999"})


def test_a_nul_passes():
    [event] = events(take(an_event(event="a\0b"), call="track"))
    assert event["event"] == "a\0b"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(["type", "event", "userId", "anonymousId", "properties", "messageId", "context", "timestamp"])
some_events = st.dictionaries(fields, json_values | st.sampled_from(["track", "identify", "u"]), max_size=6)


@given(st.lists(some_events | json_values, max_size=4))
def test_every_event_of_any_batch_is_kept_or_refused_and_what_is_kept_can_be_read(batch):
    try:
        accepted = take(json.dumps({"batch": batch}).encode())
    except Refused:
        return
    assert accepted.events + len(accepted.rejected) == len(batch)
    assert len(events(accepted)) == accepted.events


@given(st.binary(max_size=200), st.sampled_from([None, "track"]))
def test_any_bytes_are_kept_or_refused(body, call):
    try:
        accepted = take(body, call)
    except Refused:
        return
    assert accepted.records


class TestGzip:
    def test_it_is_opened(self):
        assert gunzipped(gzip.compress(b"hello")) == b"hello"

    @pytest.mark.parametrize("body", [b"", b"hello", gzip.compress(b"hello", mtime=0)[:-6]])
    def test_what_is_no_gzip_is_refused(self, body):
        with pytest.raises(Refused, match="gzip"):
            gunzipped(body)

    def test_a_bomb_is_refused_before_it_is_blown_up(self):
        with pytest.raises(Refused, match="bytes"):
            gunzipped(gzip.compress(bytes(50 << 20)))

    def test_several_members_are_one_body(self):
        assert gunzipped(gzip.compress(b"hel") + gzip.compress(b"lo")) == b"hello"

    def test_the_limit_itself_passes(self):
        assert len(gunzipped(gzip.compress(bytes(MAX_BODY_BYTES)))) == MAX_BODY_BYTES
