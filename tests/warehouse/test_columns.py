from typing import Any

import pytest

from skywrite.events.batch import events_of
from skywrite.warehouse.columns import (
    NAMELESS,
    RESERVED,
    SHADOWED,
    TABLELESS,
    Row,
    flatten,
    rows_of,
)
from skywrite.warehouse.naming import Spelling
from tests.support.build import a_record, an_event

SPELLING = Spelling(127, frozenset({"order"}))


def rows(**fields: Any) -> dict[str, Row]:
    event = an_event(**fields)
    [(_, normal)] = events_of(a_record(event, kind=event["type"]))
    return {row.table: row for row in rows_of(normal, SPELLING)}


def test_a_track_is_a_row_of_tracks_and_of_its_event() -> None:
    found = rows(properties={"revenue": 1.5})
    assert set(found) == {"tracks", "order_completed"}
    assert found["order_completed"].values["revenue"] == 1.5
    assert "revenue" not in found["tracks"].values
    for row in found.values():
        assert (row.values["event"], row.values["event_text"]) == ("order_completed", "Order Completed")
        assert (row.values["id"], row.values["user_id"]) == ("m1", "u1")
        assert row.values["context_library_name"] == "test"


def test_an_identify_is_a_row_of_identifies_and_of_users() -> None:
    found = rows(type="identify", traits={"plan": "pro", "address": {"city": "Oslo"}})
    assert found["identifies"].values["address_city"] == "Oslo"
    users = found["users"].values
    assert (users["id"], users["plan"], users["context_library_name"]) == ("u1", "pro", "test")
    assert not {"user_id", "anonymous_id", "sent_at", "timestamp"} & set(users)


def test_an_anonymous_identify_makes_no_user() -> None:
    assert set(rows(type="identify", userId=None, anonymousId="a1", traits={})) == {"identifies"}


def test_a_group_is_a_row_of_groups_and_of_accounts() -> None:
    found = rows(type="group", groupId="g1", traits={"name": "Acme"})
    assert found["groups"].values["group_id"] == "g1"
    assert (found["accounts"].values["id"], found["accounts"].values["name"]) == ("g1", "Acme")


def test_pages_and_screens_have_name_and_category_wherever_they_were_sent() -> None:
    assert rows(type="page", name="Home", properties={"category": "Docs"})["pages"].values["category"] == "Docs"
    row = rows(type="screen", name="Home", properties={"name": "Other"})["screens"]
    assert row.values["name"] == "Home"
    assert [(discard.column, discard.value, discard.reason) for discard in row.discards] == [
        ("name", "Other", SHADOWED)
    ]


def test_an_alias_has_its_previous_id() -> None:
    assert rows(type="alias", previousId="p1")["aliases"].values["previous_id"] == "p1"


@pytest.mark.parametrize(
    ("value", "leaves"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": {"B c": {"d": 1}}}, {"a_b_c_d": 1}),
        ({"a": None, "b": {}, "c": "", "d": []}, {"c": "", "d": []}),
        ({"products": [{"sku": 1}]}, {"products": [{"sku": 1}]}),
    ],
)
def test_flattening(value: dict[str, Any], leaves: dict[str, Any]) -> None:
    assert {leaf.slug: leaf.value for leaf in flatten(value)} == leaves


def test_beyond_sixteen_levels_lies_json_text() -> None:
    value: dict[str, Any] = {"x": 1}
    for _ in range(17):
        value = {"k": value}
    [leaf] = flatten(value)
    assert (len(leaf.path), leaf.value) == (16, '{"k":{"x":1}}')


@pytest.mark.parametrize(
    "name", ["id", "userId", "anonymousId", "receivedAt", "timestamp", "uuid", "loadedAt", "event"]
)
def test_a_property_with_the_name_of_an_own_column_is_kept_aside(name: str) -> None:
    row = rows(properties={name: "mine"})["order_completed"]
    [discard] = row.discards
    assert (discard.value, discard.reason) == ("mine", RESERVED)
    assert row.values.get(discard.column) != "mine"


def test_a_property_that_repeats_an_own_column_is_no_loss() -> None:
    assert rows(properties={"event": "order_completed", "userId": "u1"})["order_completed"].discards == []


def test_a_name_without_letter_or_digit_has_no_column() -> None:
    row = rows(properties={"注文": 1})["order_completed"]
    assert [(discard.column, discard.value, discard.reason) for discard in row.discards] == [("注文", 1, NAMELESS)]


def test_an_event_without_letter_or_digit_is_only_in_tracks() -> None:
    found = rows(event="🎉", properties={"a": 1})
    assert set(found) == {"tracks"}
    assert (found["tracks"].values["event"], found["tracks"].values["event_text"]) == ("", "🎉")
    [discard] = found["tracks"].discards
    assert (discard.column, discard.value, discard.reason) == ("properties", {"a": 1}, TABLELESS)


@pytest.mark.parametrize(
    ("properties", "kept", "lost"),
    [
        ({"firstName": 1, "first name": 2}, 2, 1),
        ({"first_name": 1, "firstName": 2}, 1, 2),
        ({"first": {"name": 1}, "first_name": 2}, 2, 1),
        ({"first_name": 1, "first": {"name": 2}}, 1, 2),
    ],
)
def test_two_names_of_one_column(properties: dict[str, Any], kept: int, lost: int) -> None:
    row = rows(properties=properties)["order_completed"]
    assert row.values["first_name"] == kept
    assert [(discard.value, discard.reason) for discard in row.discards] == [(lost, SHADOWED)]


def test_the_real_context_wins_over_a_property_in_its_place() -> None:
    row = rows(properties={"context": {"ip": "mine", "x": 1}}, context={"ip": "1.2.3.4"})["order_completed"]
    assert (row.values["context_ip"], row.values["context_x"]) == ("1.2.3.4", 1)
    assert [(discard.column, discard.value) for discard in row.discards] == [("context_ip", "mine")]


def test_a_reserved_word_of_the_engine_gets_an_underscore() -> None:
    assert rows(properties={"Order": 7})["order_completed"].values["_order"] == 7


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (None, "2026-11-23T16:11:35.423Z"),
        ("2026-11-22T17:00:00Z", "2026-11-22T17:00:00.000Z"),
        ("2020-01-01T00:00:00Z", "2026-11-23T16:11:35.423Z"),
        ("2031-01-01T00:00:00Z", "2026-11-23T16:11:35.423Z"),
    ],
)
def test_a_sent_at_that_is_a_day_wrong_is_the_time_of_receipt(sent: str | None, stored: str) -> None:
    assert rows(sentAt=sent)["tracks"].values["sent_at"] == stored
