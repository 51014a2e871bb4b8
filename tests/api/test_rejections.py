import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from skywrite.events.batch import events_of
from skywrite.intake.accept import accept
from skywrite.kit.time import iso_millis, now_micros
from tests.support.problems import problem

BAD = {"type": "track", "userId": "u", "properties": {"a": 1}}
MENDED = '{"type": "track", "event": "Mended", "userId": "u"}'

ARRIVED = now_micros() - 3_600_000_000  # an hour ago


def json_bytes(value) -> bytes:
    return json.dumps(value).encode()


def accepted(world, client):
    """The events of the source web that were taken and are no duplicates."""
    world.follow()
    shown = client.get("/api/v1/sources/web/debugger").json()
    return [event for event in shown if event["status"] == "accepted"]


@pytest.fixture
def refused(world):
    """A source with a refused event, and its number."""
    source = world.source()
    world.send(source, BAD)
    return source


class TestList:
    def test_each_has_its_reason_and_its_body(self, refused, program) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        assert "event" in rejection["reason"]
        assert '"properties"' in rejection["body"]
        assert rejection["resent_at"] is None

    def test_pages_follow_each_other(self, world, refused, program) -> None:
        world.send(refused, *[BAD] * 4)
        first = program.get("/api/v1/sources/web/rejections?limit=3").json()
        second = program.get(f"/api/v1/sources/web/rejections?limit=3&before={first[-1]['id']}").json()
        numbers = [rejection["id"] for rejection in first + second]
        assert len(first) == 3
        assert numbers == sorted(set(numbers), reverse=True)
        assert len(numbers) == 5

    def test_a_large_one_is_whole_and_a_page_of_them_ends_early(self, world, program) -> None:
        source = world.source()
        large = BAD | {"properties": {"long": "x" * 400_000}}
        for _ in range(15):
            world.append(source, large)
        world.follow()
        pages, before = [], ""
        while page := program.get(f"/api/v1/sources/web/rejections?limit=50{before}").json():
            pages.append(page)
            before = f"&before={page[-1]['id']}"
        assert [len(page) for page in pages] == [11, 4]
        bodies = [json.loads(rejection["body"]) for page in pages for rejection in page]
        assert bodies == [large] * 15

    @pytest.mark.parametrize("query", ["before=0", "before=x", "limit=0", "limit=501", "before=99999999999999999999"])
    def test_what_makes_no_sense_is_refused(self, refused, program, query) -> None:
        problem(program.get(f"/api/v1/sources/web/rejections?{query}"), 400, query.partition("=")[0])


class TestResend:
    def test_a_mended_event_goes_the_way_of_any(self, world, refused, program) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        answer = program.post(f"/api/v1/sources/web/rejections/{rejection['id']}/resend", json={"body": MENDED})
        assert answer.status_code == 200, answer.text
        assert answer.json()["resent_at"] is not None
        world.follow()
        assert program.get("/api/v1/sources/web/debugger").json()[-1]["name"] == "Mended"

    def test_a_second_time_is_refused_and_adds_nothing(self, world, refused, program) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        path = f"/api/v1/sources/web/rejections/{rejection['id']}/resend"
        sent = program.post(path, json={"body": MENDED}).json()
        answer = program.post(path, json={"body": MENDED})
        problem(answer, 409, "rejection_id")
        assert answer.json()["error"] == "This event was sent again already."
        assert program.get("/api/v1/sources/web/rejections").json() == [sent]
        assert [event["name"] for event in accepted(world, program)] == ["Mended"]

    def test_of_several_at_once_one_goes(self, world, refused, served) -> None:
        (rejection,) = served.get("/api/v1/sources/web/rejections").json()
        path = f"/api/v1/sources/web/rejections/{rejection['id']}/resend"
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(lambda _: served.post(path, json={"body": MENDED}).status_code, range(8)))
        assert sorted(statuses) == [200] + [409] * 7
        assert len(accepted(world, served)) == 1

    def test_after_a_failure_the_next_try_is_the_same_event(self, world, refused, program) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        path = f"/api/v1/sources/web/rejections/{rejection['id']}/resend"
        world.loses_the_answer = True
        problem(program.post(path, json={"body": MENDED}), 503)
        assert program.get("/api/v1/sources/web/rejections").json() == [rejection]
        world.loses_the_answer = False
        assert program.post(path, json={"body": MENDED}).status_code == 200
        world.follow()
        shown = program.get("/api/v1/sources/web/debugger").json()
        assert [event["status"] for event in shown if event["name"] == "Mended"] == ["accepted", "duplicate"]

    @pytest.mark.parametrize(("given", "kept"), [("mine", "mine"), ("", None), (None, None)])
    def test_it_keeps_its_own_message_id(self, world, refused, program, given, kept) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        body = json.dumps({"type": "track", "event": "Mended", "userId": "u", "messageId": given})
        program.post(f"/api/v1/sources/web/rejections/{rejection['id']}/resend", json={"body": body})
        (event,) = accepted(world, program)
        assert event["raw"]["messageId"] == (kept or f"sw-{refused.id}-1-0")

    def test_it_happened_when_its_sender_said_so_by_the_server_s_clock(self, world, program) -> None:
        source = world.source()
        late = {"timestamp": "2020-01-01T00:00:00.000Z", "messageId": "a"}  # the sender's clock, years behind
        body = json_bytes({"batch": [BAD | late], "sentAt": "2020-01-01T00:00:10.000Z"})
        world.log.append(accept(None, source.id, body, "", ARRIVED).records)
        world.follow()
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        mended = json.loads(rejection["body"]) | {"event": "Mended"}
        path = f"/api/v1/sources/web/rejections/{rejection['id']}/resend"
        assert program.post(path, json={"body": json.dumps(mended)}).status_code == 200
        *_, record = world.log.read(0, 1 << 20)
        ((_, event),) = events_of(record)
        assert event["originalTimestamp"] == "2020-01-01T00:00:00.000Z"
        assert event["timestamp"] == iso_millis(ARRIVED - 10_000_000)

    def test_one_without_a_time_happened_when_it_first_came(self, world, program) -> None:
        source = world.source()
        world.log.append(accept(None, source.id, json_bytes({"batch": [BAD]}), "", ARRIVED).records)
        world.follow()
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        path = f"/api/v1/sources/web/rejections/{rejection['id']}/resend"
        assert program.post(path, json={"body": MENDED}).status_code == 200
        *_, record = world.log.read(0, 1 << 20)
        ((_, event),) = events_of(record)
        assert event["timestamp"] == iso_millis(ARRIVED)

    @pytest.mark.parametrize("body", ['{"type": "track"}', "{", "", "[]", "\x00"])
    def test_what_is_refused_again_says_why_and_stays(self, refused, program, body) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        path = f"/api/v1/sources/web/rejections/{rejection['id']}/resend"
        problem(program.post(path, json={"body": body}), 400, "body")
        assert program.get("/api/v1/sources/web/rejections").json() == [rejection]

    @pytest.mark.parametrize("number", ["999999", str(2**63 - 1)])
    def test_an_unknown_one_is_told(self, refused, program, number) -> None:
        problem(program.post(f"/api/v1/sources/web/rejections/{number}/resend", json={"body": "{}"}), 404)

    def test_anothers_is_not_seen(self, world, refused, program) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        world.source("Other")
        path = f"/api/v1/sources/other/rejections/{rejection['id']}/resend"
        problem(program.post(path, json={"body": "{}"}), 404)
