import json

from skywrite.events.apart import found_in
from skywrite.events.batch import events_of
from tests.support.build import a_batch, a_record, an_event


def test_what_can_be_read_is_in_normal_form_with_its_size():
    record = a_record(a_batch(an_event(messageId="m0"), an_event(messageId="m1"), an_event(messageId="m2")))
    found = list(found_in(record, skip={1}))
    assert [(one.item, one.event) for one in found] == list(events_of(record, skip={1}))
    assert {one.size for one in found} == {len(json.dumps(an_event(messageId="m0")))}
    assert not any(one.fault for one in found)


def test_one_that_cannot_be_read_says_why_and_the_others_go_on():
    record = a_record(b'{"batch": [{"type": "track"}, 7, {"no": "type"}, {"type": "page"}]}')
    found = list(found_in(record))
    assert [one.item for one in found if not one.fault] == [0, 3]
    assert [one.event for one in found if one.fault] == [{"body": "7"}, {"body": '{"no": "type"}'}]
    assert all(one.fault.startswith("This event cannot be read: ") for one in found if one.fault)


def test_a_record_that_cannot_be_cut_up_is_one_faulty_event():
    [one] = found_in(a_record(b"\xff{"))
    assert (one.item, one.event, one.size) == (0, {"body": "\ufffd{"}, 2)
    assert one.fault.startswith("This record of the log cannot be read: ")
