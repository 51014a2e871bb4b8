"""The quick way against the plain way, which defines what is right."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skywrite.log.base import Record
from skywrite.warehouse.blocks import Block, BlockReader
from skywrite.warehouse.catalog import DISCARDS, Catalog, Limits
from skywrite.warehouse.naming import Spelling
from skywrite.warehouse.pieces import ORDER
from tests.support.build import A_MOMENT, a_batch, a_record, an_event

SPELLING = Spelling(127, frozenset({"order", "select"}))
Blocks = Sequence[Sequence[tuple[Record, tuple[int, ...]]]]


def read(blocks: Blocks, *, plain: bool, limits: Limits | None = None) -> tuple[dict[str, Any], Block]:
    """Every table's columns with their types, and its rows, after reading the blocks one after the other."""
    reader = BlockReader(lambda _: "s", SPELLING, plain=plain)
    catalog = Catalog({}, limits or Limits())
    tables: dict[str, Any] = {}
    for taken in blocks:
        block = reader.read(taken, catalog, A_MOMENT)
        for (_, table), rows in block.tables.items():
            for row in rows.to_pylist():
                tables.setdefault(table, []).append({name: value for name, value in row.items() if value is not None})
    return {
        "rows": {table: sorted(rows, key=_key) for table, rows in tables.items()},
        "columns": {place: set(columns.items()) for place, columns in catalog.known().items()},
    }, block


def _key(row: dict[str, Any]) -> str:
    row.pop(ORDER, None) if "id" not in row else None
    return json.dumps(row, default=str, sort_keys=True)


def assert_same(blocks: Blocks, **kwargs: Any) -> dict[str, Any]:
    quick, _ = read(blocks, plain=False, **kwargs)
    plain, _ = read(blocks, plain=True, **kwargs)
    assert quick == plain
    return plain


def left_over(blocks: Blocks) -> int:
    """How many events of the last block the quick way handed back."""
    reader = BlockReader(lambda _: "s", SPELLING)
    catalog = Catalog({}, Limits())
    counts: list[int] = []
    original = reader._plain_pieces
    reader._plain_pieces = lambda left, *rest: (counts.append(len(left)), original(left, *rest))[1]
    for taken in blocks:
        reader.read(taken, catalog, A_MOMENT)
    return counts[-1]


keys = st.sampled_from(
    ["a", "A", "a b", "a_b", "b", "order", "id", "userId", "event", "timestamp", "context", "ip", "name", "注", "",
     "c1", "received_at", "a\x00b"]
)  # fmt: skip
words = st.sampled_from(
    ["", "x", "true", "12", "2024-05-01", "2024-05-01T10:20:30.123Z", "2024-05-01T10:20:30+02:00", "\x00", "é💰", "u1",
     "Signed Up", "signed_up"]
)  # fmt: skip
numbers = st.sampled_from([0, 1, -1, 2**31, 2**53 + 1, 2**63, 10**30, 1.0, 2.5, -0.0, 1e300])
scalars = st.none() | st.booleans() | numbers | words
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)
objects = st.dictionaries(keys, values, max_size=5)
times = st.sampled_from(
    [None, "2026-11-23T16:00:00.123Z", "2026-11-23T16:00:00.123456789Z", "2026-11-23T16:00:00+01:00",
     "2015-2-02T00:00:00Z",
     "soon", "2026-11-20", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"]
) | st.integers(0, 9)  # fmt: skip


def without(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value != "absent"}


said = st.none() | st.fixed_dictionaries(
    {
        "All": st.booleans(),
        "Warehouses": st.sampled_from(
            [
                "absent", None, True, False, {}, {"all": False}, {"all": True}, {"warehouseIds": ["other"]},
                {"warehouseIds": ["other", "warehouse"]}, "odd",
            ]
        ),
    }
).map(without)  # fmt: skip


def maybe(strategy: Any) -> Any:
    return st.just("absent") | strategy


events = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["track", "track", "track", "page", "screen", "identify", "group", "alias"]),
        "event": st.sampled_from(["Signed Up", "signed_up", "users", "🎉", "Order", "x" * 200]),
        "userId": maybe(st.sampled_from(["u1", "u2", 7, 7.5, "", None])),
        "anonymousId": maybe(st.sampled_from(["a1", None, 9])),
        "groupId": st.sampled_from(["g1", 3]),
        "previousId": maybe(st.just("p")),
        "messageId": maybe(st.sampled_from(["m1", "m2", "", None])),
        "timestamp": maybe(times),
        "originalTimestamp": maybe(times),
        "sentAt": maybe(times),
        "name": maybe(st.sampled_from(["Home", None, "x"])),
        "category": maybe(st.sampled_from(["Docs", None])),
        "properties": maybe(st.none() | objects),
        "traits": maybe(st.none() | objects),
        "context": maybe(st.none() | objects),
        "integrations": maybe(said),
    }
).map(without)


@st.composite
def records(draw: Any) -> list[tuple[Record, tuple[int, ...]]]:
    found = []
    for position in range(1, draw(st.integers(1, 4)) + 1):
        sent = draw(st.lists(events, min_size=1, max_size=4))
        ip, at = draw(st.sampled_from(["", "9.9.9.9"])), A_MOMENT + draw(st.integers(0, 10**9))
        if draw(st.booleans()):
            envelope = without(
                {
                    "sentAt": draw(maybe(times)),
                    "context": draw(maybe(st.none() | objects)),
                    "integrations": draw(maybe(said)),
                }
            )
            body = {"batch": sent} | envelope
            skip = tuple(draw(st.sets(st.integers(0, len(sent) - 1), max_size=2)))
            found.append((a_record(json.dumps(body).encode(), position=position, ip=ip, at=at), skip))
        else:
            record = a_record(json.dumps(sent[0]).encode(), position=position, kind=sent[0]["type"], ip=ip, at=at)
            found.append((record, ()))
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(records(), min_size=1, max_size=3))
@example([[(a_record(a_batch(an_event(properties={"a": 1}), an_event(properties={"a": {"b": 1}}))), ())]])
def test_the_quick_way_gives_what_the_plain_way_gives(blocks: Blocks) -> None:
    assert_same(blocks)


@pytest.mark.parametrize(
    ("said", "is_loaded"),
    [
        ({}, True),
        ({"All": False}, True),
        ({"Warehouses": True}, True),
        ({"Warehouses": {"all": True}}, True),
        ({"Warehouses": {"warehouseIds": ["warehouse", "w2"]}}, True),
        ({"Warehouses": False}, False),
        ({"Warehouses": {"all": False}}, False),
        ({"Warehouses": {"warehouseIds": ["w2"]}}, False),
    ],
)
@pytest.mark.parametrize("where", ["event", "batch"])
def test_an_event_may_say_that_it_is_not_for_the_warehouse(said: Any, is_loaded: bool, where: str) -> None:
    plain = an_event(messageId="other")
    batch = a_batch(an_event(integrations=said), plain) if where == "event" else a_batch(an_event(), integrations=said)
    found = assert_same([[(a_record(batch), ())]])
    ids = {row["id"] for row in found["rows"].get("tracks", [])}
    assert ids == ({"m1"} if is_loaded else set()) | ({"other"} if where == "event" else set())


@settings(max_examples=50, deadline=None)
@given(st.lists(records(), min_size=1, max_size=2))
def test_both_ways_agree_when_no_table_may_be_made(blocks: Blocks) -> None:
    assert_same(blocks, limits=Limits(tables=0))


def a_usual_block(first: int = 0) -> list[tuple[Record, tuple[int, ...]]]:
    sent = [
        an_event(
            messageId=f"m{first + number}", event=f"Event {number % 3}", properties={"n": number, "list": [number]}
        )
        for number in range(50)
    ]
    return [(a_record(a_batch(*sent), position=first + 1), ())]


def test_usual_events_all_go_the_quick_way_from_the_first_block_on() -> None:
    assert left_over([a_usual_block()]) == 0


def test_an_event_that_says_its_own_name_once_more_loses_nothing() -> None:
    sent = [an_event(event="Email Opened", messageId=f"m{n}", properties={"event": name}) for n, name in
            enumerate(["Email Opened", "email_opened", "Something else"])]  # fmt: skip
    found = assert_same([[(a_record(a_batch(*sent)), ())]])
    assert [row["column_value"] for row in found["rows"]["_discards"]] == ["Something else"]


def test_an_odd_event_leaves_its_batch_mates_on_the_quick_way() -> None:
    usual = a_usual_block()
    odd = a_batch(
        *[an_event(messageId=f"o{n}", event="Event 0", properties={"n": n}) for n in range(60)], an_event(type="alias")
    )
    assert left_over([usual, [(a_record(odd, position=2), ())]]) == 1


def test_gos_context_in_the_envelope_goes_the_quick_way() -> None:
    sent = [an_event(messageId=f"m{number}") for number in range(20)]
    for event in sent:
        del event["context"]
    body = a_batch(*sent, context={"library": {"name": "analytics-go", "version": "3"}})
    blocks = [[(a_record(body), ())]]
    assert left_over(blocks) == 0
    rows = assert_same(blocks)["rows"]["tracks"]
    assert {row["context_library_name"] for row in rows} == {"analytics-go"}


def test_a_shape_is_not_spoiled_by_a_million_names() -> None:
    blocks = [
        [
            (
                a_record(
                    a_batch(
                        *[an_event(messageId=f"{b}-{n}", properties={f"p{b}x{n}": n, "same": 1}) for n in range(200)]
                    ),
                    position=b,
                ),
                (),
            )
        ]
        for b in range(1, 9)
    ]
    same = assert_same(blocks, limits=Limits(columns=300))
    assert len(same["columns"]["s", "order_completed"]) == 300
    kept = sum(len(row.keys() & {"same"}) for row in same["rows"]["order_completed"])
    assert kept == 1600
    in_columns = sum(name.startswith("p") for row in same["rows"]["order_completed"] for name in row)
    assert in_columns + len(same["rows"][DISCARDS]) == 1600


@pytest.mark.parametrize("raw", [b'"\\ud800"', b'"a\\u0000b"', b"1e999", b"123456789012345678901234567890", b"-0.0"])
def test_odd_literals_are_read_alike(raw: bytes) -> None:
    body = b'{"batch":[{"type":"track","event":"E","userId":"u","messageId":"m","properties":{"a":%s}}]}' % raw
    assert_same([a_usual_block(), [(a_record(body, position=2), ())]])


def test_an_event_that_cannot_be_read_is_set_aside_alone() -> None:
    body = b'{"batch":[{"type":"dance","userId":"u"},{"type":"track","event":"E","userId":"u","messageId":"m"}]}'
    for plain in (False, True):
        _, block = read([[(a_record(body), ())]], plain=plain)
        assert [(event.position, event.item) for event in block.aside] == [(1, 0)]
        assert block.events == 1
