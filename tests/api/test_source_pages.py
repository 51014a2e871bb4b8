import pytest

from skywrite.api import source_pages
from skywrite.kit.time import now_micros
from tests.support.problems import problem


def track(name: str, number: int = 0, **properties):
    message = f"{hash(name)}-{number}"
    return {"type": "track", "event": name, "userId": "u", "messageId": message, "properties": properties}


class TestOverview:
    @pytest.mark.parametrize(("period", "points"), [("10m", 10), ("1h", 60), ("24h", 96), ("7d", 84)])
    def test_gaps_are_zeros_and_the_last_bucket_holds_now(self, world, program, monkeypatch, period, points) -> None:
        now = now_micros()
        world.clock = lambda: now
        monkeypatch.setattr(source_pages, "now_micros", world.clock)
        world.send(world.source(), track("A"), track("A", 1), {"type": "track"})
        shown = program.get(f"/api/v1/sources/web/overview?period={period}").json()
        assert len(shown["points"]) == points
        assert shown["points"][-1]["accepted"] == 2
        assert shown["points"][-1]["rejected"] == 1
        assert sum(point["accepted"] for point in shown["points"]) == 2

    def test_the_most_frequent_event_comes_first(self, world, program) -> None:
        world.send(world.source(), track("A"), track("B"), track("B", 1))
        top = program.get("/api/v1/sources/web/overview").json()["top_events"]
        assert [(event["event"], event["count"]) for event in top] == [("B", 2), ("A", 1)]

    @pytest.mark.parametrize("period", ["", "9m", "24H", "%00"])
    def test_another_period_is_refused(self, world, program, period) -> None:
        world.source()
        problem(program.get(f"/api/v1/sources/web/overview?period={period}"), 400, "period")


class TestSchema:
    def test_events_and_their_properties_are_listed(self, world, program) -> None:
        world.send(world.source(), track("Order Completed", revenue=39.95, items=[{"sku": "a"}]))
        events = program.get("/api/v1/sources/web/schema").json()
        assert [(event["type"], event["event"], event["properties"]) for event in events] == [
            ("track", "Order Completed", 3)
        ]
        detail = program.get("/api/v1/sources/web/schema/track/Order%20Completed").json()
        found = {each["path"]: each["types"] for each in detail["properties"]}
        assert found == {"items": ["array"], "items.$.sku": ["text"], "revenue": ["float"]}

    def test_a_type_without_names_is_asked_for_with_a_dash(self, world, program) -> None:
        world.send(world.source(), {"type": "identify", "userId": "u", "traits": {"email": "a@b.c"}})
        detail = program.get("/api/v1/sources/web/schema/identify/-").json()
        assert [each["path"] for each in detail["properties"]] == ["email"]

    @pytest.mark.parametrize("name", ["a/b", "../x", "users", '"; drop table', "é" * 900, "🦆", "a\x00b", "100%", "-"])
    def test_any_name_leads_to_its_event(self, world, program, name) -> None:
        from urllib.parse import quote

        world.send(world.source(), track(name, a=1))
        detail = program.get(f"/api/v1/sources/web/schema/track/{quote(name, safe='')}")
        assert detail.status_code == 200, detail.text
        assert detail.json()["event"]["count"] == 1

    @pytest.mark.parametrize("path", ["track/nope", "fax/-", "track/%00", "x" * 500 + "/-"])
    def test_what_was_never_sent_is_told(self, world, program, path) -> None:
        world.source()
        problem(program.get(f"/api/v1/sources/web/schema/{path}"), 404, "event")
