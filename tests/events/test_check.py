import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.events.check import fault_of_raw
from tests.support.build import an_event


def fault(call=None, **fields):
    event = {name: value for name, value in an_event(**fields).items() if value is not ...}
    return fault_of_raw(json.dumps(event).encode(), call)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"userId": None, "anonymousId": "a"},
        {"userId": 7},
        {"userId": 0},
        {"type": "identify", "event": ..., "traits": {"a": 1}},
        {"type": "group", "event": ..., "groupId": "g"},
        {"type": "group", "event": ..., "groupId": "g", "userId": None},
        {"type": "alias", "event": ..., "previousId": "p", "userId": None},
        {"type": "alias", "event": ..., "from": "a", "to": "b", "userId": None},
        {"type": "alias", "event": ..., "from": "a", "to": 7, "userId": None},
        {"from": {"page": 1}, "to": [1]},
        {"event": " x "},
        {"type": "page", "event": ..., "name": None},
        {"messageId": "m" * 100},
        {"properties": None},
        {"integrations": {"All": False}},
    ],
)
def test_a_good_event_has_no_fault(fields):
    assert fault(**fields) is None


@pytest.mark.parametrize(
    ("fields", "code", "named"),
    [
        ({"userId": None}, "no_user_anon_id", "userId"),
        ({"userId": ""}, "no_user_anon_id", "userId"),
        ({"userId": True}, "id_not_string", "userId"),
        ({"userId": {"id": 1}}, "id_not_string", "userId"),
        ({"event": None}, "event_not_defined", "event"),
        ({"event": ""}, "event_not_defined", "event"),
        ({"event": "  "}, "event_not_defined", "event"),
        ({"event": "\u2003\t\n"}, "event_not_defined", "event"),
        ({"type": "alias", "from": {"a": 1}, "to": "b"}, "id_not_string", "from"),
        ({"type": "alias", "from": "a", "to": True}, "id_not_string", "to"),
        ({"type": "alias", "from": "", "to": None, "userId": None}, "no_user_anon_id", "userId"),
        ({"event": 5}, "event_not_string", "event"),
        ({"properties": []}, "properties_not_object", "properties"),
        ({"traits": "x", "type": "identify"}, "traits_not_object", "traits"),
        ({"type": "page", "name": 1}, "name_not_string", "name"),
        ({"type": "page", "category": 1}, "category_not_string", "category"),
        ({"type": "group"}, "id_required", "groupId"),
        ({"type": None}, "bad_request", "type"),
        ({"type": "purchase"}, "bad_request", "type"),
        ({"type": ["track"]}, "bad_request", "type"),
        ({"messageId": "m" * 101}, "bad_request", "messageId"),
        ({"messageId": 5}, "bad_request", "messageId"),
        ({"context": "x"}, "bad_request", "context"),
        ({"integrations": [1]}, "bad_request", "integrations"),
        ({"properties": {"long": "x" * 33_000}}, "bad_request", "32768"),
    ],
)
def test_a_fault_names_the_field(fields, code, named):
    found = fault(**fields)
    assert found is not None
    assert (found.code, named in found.reason) == (code, True), found


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"5", b"null", b'"x"', b"[" * 30_000, b'{"type": NaN}'])
def test_what_is_no_event_is_refused(raw):
    found = fault_of_raw(raw, "track")
    assert found is not None
    assert found.code == "bad_request"


def test_the_path_says_the_type():
    assert fault(call="track", type="nonsense") is None


@given(st.binary(max_size=60))
def test_any_bytes_get_an_answer_and_no_exception(raw):
    assert fault_of_raw(raw, None) is not None
