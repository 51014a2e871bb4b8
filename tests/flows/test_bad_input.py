"""Whatever is posted: a clear 4xx or a kept event, never a 500, and the next good event arrives in the warehouse."""

import gzip
import itertools
import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.build import an_event
from tests.support.skywrite import Skywrite, basic

pytestmark = pytest.mark.flow
_FRESH = itertools.count()
_LIMIT = 500 * 1024
_MOST = 520 * 1024  # what is taken: the largest body of a correct SDK, and its frame


@pytest.fixture(scope="module")
def source(shared):
    return shared.add_source()


@pytest.fixture
def check(shared, source):
    """Afterwards a good event must get through to the warehouse, past whatever was kept before it."""
    yield
    marker = f"good-{next(_FRESH)}"
    assert shared.send(source, an_event(messageId=marker)).status == 200
    shared.sync()
    assert shared.query(f"select count(*) from shop.order_completed where id = '{marker}'") == [[1]]


def post(shared, source, path, body, **headers):
    return shared.request("POST", path, body, {"Authorization": basic(source["write_keys"][0]), **headers})


def is_clear(answer):
    """A refusal that says what is wrong, in the form that SDKs read."""
    assert 400 <= answer.status < 500, answer
    said = answer.json
    assert said["success"] is False
    assert said["message"]
    assert said["error"]
    assert said["code"]
    return said["message"]


def padded(size, **fields):
    """An event of exactly `size` bytes."""
    empty = len(json.dumps(an_event(properties={"pad": ""}, **fields)).encode())
    event = json.dumps(an_event(properties={"pad": "x" * (size - empty)}, **fields)).encode()
    assert len(event) == size
    return event


class TestRefusedWhole:
    @pytest.mark.parametrize("path", ["/v1/track", "/v1/batch", "/v1/import", "/v1/t", "/v1/b"])
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"nonsense",
            b"null",
            b"[]",
            b"7",
            b'"text"',
            b"\x00",
            b"\xff\xfe\x00",
            b'{"event": "\xff"}',
            b'{"batch": {}}',
            b'{"batch": []}',
            b'{"batch": null}',
            b"[" * 100_000,
            b'{"a":' * 50_000,
            b'{"batch":' + b"[" * 100_000,
            b'{"userId": "u", "event": "e", "properties": ' + b'{"a":' * 80_000,
        ],
        ids=lambda body: repr(body[:24]),
    )
    def test_body_that_is_no_event(self, shared, source, path, body):
        is_clear(post(shared, source, path, body))

    @pytest.mark.parametrize(
        ("body", "encoding"),
        [
            (b"not gzip", "gzip"),
            (gzip.compress(b"{}")[:-5], "gzip"),
            (gzip.compress(b'{"a":"' + b"x" * 100_000_000 + b'"}'), "gzip"),
            (gzip.compress(b"[" * _MOST), "gzip"),
            (b"{}", "br"),
            (b"{}", "zstd, gzip"),
        ],
        ids=["not gzip", "cut off", "a bomb", "nesting inside", "another encoding", "two encodings"],
    )
    def test_encoding_that_cannot_be_opened(self, shared, source, body, encoding):
        is_clear(post(shared, source, "/v1/batch", body, **{"Content-Encoding": encoding}))

    def test_body_over_the_limit(self, shared, source):
        for size in (_MOST + 1, 2 * _MOST):
            message = is_clear(post(shared, source, "/v1/batch", b'{"batch": ["' + b"x" * (size - 14) + b'"]}'))
            assert "bytes" in message

    def test_after_all_that_a_good_event_arrives(self, check):
        """The fixture does it."""


@pytest.mark.usefixtures("check")
class TestLimits:
    def test_largest_event_is_kept_and_one_byte_more_is_refused(self, shared, source):
        kept = padded(32 * 1024, messageId="largest")
        assert post(shared, source, "/v1/track", kept).status == 200
        refused = post(shared, source, "/v1/track", padded(32 * 1024 + 1, messageId="too-large"))
        assert str(32 * 1024) in is_clear(refused)
        shared.sync()
        assert shared.query("select id from shop.tracks where id in ('largest', 'too-large')") == [["largest"]]

    def test_33_kb_event_in_a_batch_is_refused_alone(self, shared, source):
        batch = b'{"batch": [%s, %s]}' % (
            padded(33 * 1024, messageId="b33"),
            json.dumps(an_event(messageId="b1")).encode(),
        )
        answer = post(shared, source, "/v1/batch", batch)
        assert answer.status == 200
        assert [refused["index"] for refused in answer.json["rejected"]] == [0]
        shared.sync()
        assert shared.query("select id from shop.tracks where id in ('b33', 'b1')") == [["b1"]]

    def test_batch_of_501_kb_is_kept_or_refused_whole(self, shared, source):
        events = [padded(30 * 1024, messageId=f"l{number}") for number in range(17)]
        body = b'{"batch": [' + b",".join(events) + b"]}"
        assert len(body) > _LIMIT
        assert post(shared, source, "/v1/batch", body).status == 200
        shared.sync()
        assert shared.query("select count(*) from shop.tracks where id like 'l_' or id like 'l__'") == [[17]]

    def test_events_past_2500_of_a_batch_are_refused_by_their_index(self, shared, source):
        events = [{"type": "track", "event": "E", "userId": "u", "messageId": f"n{number}"} for number in range(2503)]
        answer = post(shared, source, "/v1/batch", {"batch": events})
        assert answer.status == 200
        assert [refused["index"] for refused in answer.json["rejected"]] == [2500, 2501, 2502]

    @pytest.mark.parametrize(("depth", "status"), [(190, 200), (210, 400), (900, 400), (30_000, 400)])
    def test_deeply_nested_properties_are_kept_whole_or_refused(self, shared, source, depth, status):
        nested = b'{"a":' * depth + b"1" + b"}" * depth
        body = b'{"type":"track","event":"Deep","userId":"u","messageId":"deep%d","properties":%s}' % (depth, nested)
        assert post(shared, source, "/v1/track", body).status == status
        shared.sync()
        kept = [[1]] if status == 200 else [[0]]
        assert shared.query(f"select count(*) from shop.tracks where id = 'deep{depth}'") == kept


@pytest.mark.usefixtures("check")
class TestWrongTypes:
    @pytest.mark.parametrize("field", sorted({*an_event(), "anonymousId", "traits", "name", "integrations"}))
    def test_each_field_is_refused_clearly_or_kept(self, shared, source, subtests, field):
        for wrong in (None, True, 7, 1.5, "text", [], ["a"], {}, {"a": 1}):
            with subtests.test(wrong=wrong):
                self._try(shared, source, an_event(messageId=f"w{next(_FRESH)}") | {field: wrong})

    def _try(self, shared, source, event):
        alone = post(shared, source, "/v1/track", event)
        in_batch = post(shared, source, "/v1/batch", {"batch": [event, an_event(messageId=f"w{next(_FRESH)}")]})
        assert in_batch.status == 200
        if alone.status != 200:
            is_clear(alone)
            rejected = in_batch.json["rejected"]
            assert [one["index"] for one in rejected] == [0]
            assert rejected[0]["reason"]


_NAMES = {
    "users": "_users",
    "tracks": "_tracks",
    "../x": "x",
    '"; drop table shop.tracks; --': "drop_table_shop_tracks",
    "select": "_select",
    "_discards": "discards",
    "x" * 2000: "x" * 118 + "_5c0e0ea4",  # cut, and told apart from others that begin so
    "💰 Ordered 💰": "ordered",
    "💰": None,
    "?!": None,
    "a\x00b": "ab",
    "lone \ud800 surrogate": "lone_surrogate",
    "\u202eright to left": "right_to_left",
    "1st": "_1st",
    "information_schema.tables": "information_schema_tables",
    "main.sqlite_master": "main_sqlite_master",
}


@pytest.fixture(scope="module")
def found(shared):
    """What became of an event of each name: its name in tracks by its id, and the tables that hold its row."""
    source = shared.add_source(name="Names")
    for number, name in enumerate(_NAMES):
        assert shared.send(source, an_event(event=name, messageId=f"m{number}")).status == 200
        assert shared.send(source, an_event(messageId=f"p{number}", properties={name: number})).status == 200
    shared.sync()
    names = dict(shared.query("select id, event_text from names.tracks"))
    tables = sorted(shared.tables("names") - {"tracks", "_discards"})
    rows = shared.query(" union all ".join(f"select '{name}', id from names.\"{name}\"" for name in tables))
    return names, {(table, identifier) for table, identifier in rows}


class TestNames:
    @pytest.mark.parametrize("number", range(len(_NAMES)), ids=[ascii(name)[:30] for name in _NAMES])
    def test_each_event_is_kept_with_its_name_in_its_own_table(self, found, number):
        names, rows = found
        name, table = list(_NAMES.items())[number]
        assert names[f"m{number}"] == _storable(name)
        assert names[f"p{number}"] == "Order Completed"
        assert {place for place, identifier in rows if identifier == f"m{number}"} == ({table} if table else set())

    def test_nothing_else_was_made_or_lost(self, found):
        names, rows = found
        assert len(names) == 2 * len(_NAMES)
        assert {table for table, _ in rows} == {*filter(None, _NAMES.values()), "order_completed"}


class TestFloods:
    def test_a_million_distinct_property_names(self, tmp_path):
        with Skywrite(tmp_path / "data") as skywrite:
            source = skywrite.add_source()
            names = (f"p{number}" for number in itertools.count())
            sent = events_sent = 0
            while sent < 1_000_000:
                events = []
                for _ in range(20):
                    properties = {next(names): 1 for _ in range(1_500)}
                    sent += len(properties)
                    events.append(an_event(messageId=f"f{sent}", properties=properties))
                events_sent += len(events)
                answer = post(skywrite, source, "/v1/batch", {"batch": events})
                assert answer.status == 200, answer
                assert answer.json == {"success": True}
            skywrite.send(source, an_event(messageId="after"))
            skywrite.sync()
            assert skywrite.query("select count(*), count(distinct id) from shop.tracks") == [[events_sent + 1] * 2]
            # Nothing is lost: what found no column is among the discards.
            columns = skywrite.query(
                "select count(*) from information_schema.columns where table_schema = 'shop' "
                "and table_name = 'order_completed' and column_name ~ '^p[0-9]+$'"
            )[0][0]
            discards = skywrite.query("select count(*) from shop._discards where column_name ~ '^p[0-9]+$'")[0][0]
            assert columns + discards == sent
            schema = skywrite.api("GET", f"/sources/{source['id']}/schema/track/Order%20Completed").json
            assert len(schema["properties"]) <= 1_000

    def test_a_thousand_distinct_event_names(self, shared):
        source = shared.add_source(name="Flood")
        for start in range(0, 1_000, 250):
            events = [an_event(messageId=f"e{number}", event=f"Event {number}") for number in range(start, start + 250)]
            assert shared.send(source, *events).status == 200
        shared.sync()
        assert shared.query("select count(*), count(distinct event) from flood.tracks") == [[1_000, 1_000]]


_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters())  # lone surrogates included
    | st.sampled_from(["2026-11-23T16:11:30.000Z", "0000-00-00", "9999-12-31T23:59:60Z", "NaN", "1e999", ""])
)
_values = st.recursive(
    _scalars, lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4), max_leaves=12
)
_fields = st.sampled_from([*sorted(an_event()), "traits", "anonymousId", "name", "groupId", "previousId", "sentAt"])
_types = st.sampled_from(["track", "identify", "page", "screen", "group", "alias"])


@st.composite
def _events(draw):
    """An event with a few of its fields replaced by anything."""
    event = an_event(messageId=f"h{next(_FRESH)}", type=draw(_types), groupId="g", previousId="p", traits={})
    return event | draw(st.dictionaries(_fields | st.text(string.ascii_letters), _values, max_size=5))


@pytest.mark.usefixtures("check")
class TestAnything:
    """Hypothesis looks for what breaks the server; `check` sees whether the pipeline still moves."""

    _some = settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )

    @_some
    @given(body=st.binary(max_size=400), path=st.sampled_from(["track", "batch", "identify", "import", "t", "b", "m"]))
    def test_any_bytes(self, shared, source, body, path):
        answer = post(shared, source, f"/v1/{path}", body)
        assert answer.status == 200 or is_clear(answer)

    @_some
    @given(value=_values, path=st.sampled_from(["track", "batch", "page", "alias"]))
    def test_any_json(self, shared, source, value, path):
        is_clear(post(shared, source, f"/v1/{path}", json.dumps(value).encode()))

    @_some
    @given(events=st.lists(_events(), min_size=1, max_size=4))
    def test_any_fields(self, shared, source, events):
        answer = post(shared, source, "/v1/batch", json.dumps({"batch": events}).encode())
        assert answer.status == 200 or is_clear(answer)

    @_some
    @given(data=st.binary(max_size=200) | _events().map(lambda event: json.dumps(event).encode()))
    def test_any_pixel(self, shared, data):
        import base64

        answer = shared.request("GET", "/v1/pixel/track?data=" + base64.urlsafe_b64encode(data).decode())
        assert (answer.status, answer.headers["content-type"]) == (200, "image/gif")

    def test_what_was_kept_is_shown(self, shared, source):
        assert len(shared.debugger(source)) > 100


def _storable(name):
    """What remains of a name in a database: text has no lone surrogates there, and no NUL."""
    return name.replace("\ud800", "\ufffd").replace("\x00", "")
