import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from skywrite.api.live import Trail
from skywrite.kit.time import now_micros
from tests.support.build import a_batch, a_new_record, an_event
from tests.support.problems import problem


def track(name: str, number: int = 0):
    return {"type": "track", "event": name, "userId": "u", "messageId": f"{name}-{number}"}


def names(events: list[Any]) -> list[str]:
    return [event["name"] for event in events]


def step(world: Any, source: Any, trail: Trail, upto: int | None = None) -> dict[str, Any] | None:
    message = trail.step(world.reader, world.store, source.id, upto)
    return json.loads(message.data) if message else None


class TestLatest:
    def test_arrivals_are_shown_newest_last_with_what_became_of_them(self, world, program) -> None:
        source = world.source()
        world.send(source, track("A"), track("A"), {"type": "track", "userId": "u", "properties": {}})
        events = program.get("/api/v1/sources/web/debugger").json()
        assert sorted(event["status"] for event in events) == ["accepted", "duplicate", "rejected"]
        refused = next(event for event in events if event["status"] == "rejected")
        assert "event" in refused["reason"]
        assert refused["raw"] == {"type": "track", "userId": "u", "properties": {}}
        taken = events[0]
        assert (taken["type"], taken["name"], taken["user"]) == ("track", "A", "u")
        assert taken["raw"]["messageId"] == "A-0"
        assert len({event["id"] for event in events}) == 3

    def test_one_that_cannot_be_read_is_shown_with_its_reason_among_the_others(self, world, program) -> None:
        source = world.source()
        body = a_batch(an_event(event="A"), an_event(event="B", context=7), an_event(event="C"), context={"app": "x"})
        world.log.append([a_new_record(body, source_id=source.id)])
        events = program.get("/api/v1/sources/web/debugger").json()
        assert names(events) == ["A", "B", "C"]
        assert [event["code"] for event in events] == ["", "unreadable", ""]
        assert events[1]["reason"].startswith("This event cannot be read:")
        assert events[1]["raw"]["context"] == 7

    def test_a_refused_one_names_what_to_send_again_once_it_is_kept(self, world, program) -> None:
        source = world.source()
        bad = {"type": "track", "userId": "u"}
        world.append(source, track("A"), bad, bad)
        assert [event["rejection"] for event in program.get("/api/v1/sources/web/debugger").json()] == [None] * 3
        world.follow()
        kept = [row["id"] for row in program.get("/api/v1/sources/web/rejections").json()]
        shown = program.get("/api/v1/sources/web/debugger").json()
        assert [event["rejection"] for event in shown] == [None, *kept[::-1]]
        assert [event["rejection"] for event in step(world, source, Trail(0))["events"]] == [None, *kept[::-1]]

    def test_only_the_newest_and_only_its_own(self, world, program) -> None:
        source, other = world.source(), world.source("Other")
        world.send(source, *(track("A", number) for number in range(20)))
        world.send(other, track("B"))
        events = program.get("/api/v1/sources/web/debugger?limit=5").json()
        assert [event["raw"]["messageId"] for event in events] == [f"A-{number}" for number in range(15, 20)]

    def test_the_same_message_id_of_two_sources_is_two_events(self, world, program) -> None:
        server, page = world.source("Server"), world.source("Page", "javascript")
        for source in (page, server, server):
            world.send(source, an_event(messageId="guessed"))
        shown = {name: program.get(f"/api/v1/sources/{name}/debugger").json() for name in ("server", "page")}
        statuses = {name: [event["status"] for event in events] for name, events in shown.items()}
        assert statuses == {"server": ["accepted", "duplicate"], "page": ["accepted"]}

    def test_what_each_type_is_about(self, world, program) -> None:
        world.send(
            world.source(),
            {"type": "identify", "userId": "u", "traits": {"email": "a@b.c"}},
            {"type": "page", "anonymousId": "x", "name": "Home"},
            {"type": "group", "userId": "u", "groupId": "g"},
            {"type": "alias", "userId": "u", "previousId": "p"},
        )
        events = program.get("/api/v1/sources/web/debugger").json()
        assert names(events) == ["a@b.c", "Home", "g", "p"]
        assert events[1]["user"] == "x"

    @pytest.mark.parametrize("limit", ["0", "-1", "501", "x", "1e9", "99999999999999999999999"])
    def test_a_limit_that_makes_no_sense_is_refused(self, world, program, limit) -> None:
        world.source()
        problem(program.get(f"/api/v1/sources/web/debugger?limit={limit}"), 400, "limit")


class TestTrail:
    def test_each_arrival_is_given_once(self, world) -> None:
        source, trail = world.source(), Trail(0)
        assert step(world, source, trail) is None
        world.send(source, track("A"))
        assert names(step(world, source, trail)["events"]) == ["A"]
        assert step(world, source, trail) is None
        world.send(source, track("B"), track("C"))
        assert names(step(world, source, trail)["events"]) == ["B", "C"]

    def test_it_waits_a_moment_for_dedupes_word(self, world) -> None:
        source, trail = world.source(), Trail(0)
        world.append(source, track("A"))
        assert step(world, source, trail) is None
        assert trail.waits
        world.follow()
        assert names(step(world, source, trail)["events"]) == ["A"]

    def test_what_came_after_one_that_waits_waits_too(self, world) -> None:
        source, trail = world.source(), Trail(0)
        later = now_micros() + 3600 * 10**6
        for name, at in [("A", later), ("B", 1)]:
            world.log.append([a_new_record(a_batch(an_event(event=name)), source_id=source.id, at=at)])
        assert step(world, source, trail) is None
        world.follow()
        assert names(step(world, source, trail)["events"]) == ["A", "B"]

    def test_where_dedupe_is_away_it_goes_on_without(self, world) -> None:
        source, trail = world.source(), Trail(0)
        world.append(source, track("A"))
        arrivals = None
        while arrivals is None:
            arrivals = step(world, source, trail)
        assert names(arrivals["events"]) == ["A"]

    def test_of_a_flood_the_newest_are_shown_and_the_rest_counted(self, world) -> None:
        source, trail = world.source(), Trail(0)
        world.send(source, *(track("A", number) for number in range(120)))
        arrivals = step(world, source, trail)
        assert len(arrivals["events"]) == 50
        assert arrivals["skipped"] == 70
        assert arrivals["events"][-1]["raw"]["messageId"] == "A-119"

    def test_anothers_events_are_passed_over(self, world) -> None:
        source, other, trail = world.source(), world.source("Other"), Trail(0)
        world.send(other, track("A"))
        assert step(world, source, trail) is None
        assert trail.after == world.log.head()


def messages(response: httpx.Response) -> Iterator[dict[str, Any]]:
    kind = ""
    for line in response.iter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            kind = value
        elif name == "data" and kind == "arrivals":
            yield json.loads(value)
            kind = ""


class TestLive:
    def test_an_arrival_is_shown_as_it_comes(self, world, served) -> None:
        source = world.source()
        with served.stream("GET", "/api/v1/sources/web/debugger/live") as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            stream = messages(response)
            world.send(source, track("A"))
            first = next(stream)
            assert names(first["events"]) == ["A"]
            world.send(source, track("B"))
            assert names(next(stream)["events"]) == ["B"]

    def test_it_can_begin_after_what_was_seen_already(self, world, served) -> None:
        source = world.source()
        world.send(source, track("A"))
        seen = world.log.head()
        world.send(source, track("B"))
        with served.stream("GET", f"/api/v1/sources/web/debugger/live?after={seen}") as response:
            assert names(next(messages(response))["events"]) == ["B"]

    def test_a_strangers_stream_is_refused(self, world, served) -> None:
        world.source()
        answer = served.get("/api/v1/sources/web/debugger/live", headers={"Authorization": ""})
        problem(answer, 401)
