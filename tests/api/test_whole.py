"""The pages that show the whole: health, the picture, the warehouse's state, metrics, the document."""

import json
import os
import re
import time
from pathlib import Path

import msgspec
import pytest

from skywrite.api.health import ROLES
from skywrite.kit.roles import Role, Voice
from skywrite.warehouse.status import Status, write_status
from tests.support.problems import problem


def track(number: int):
    return {"type": "track", "event": "A", "userId": "u", "messageId": f"m{number}"}


class TestHealth:
    def test_a_server_whose_roles_are_not_up_is_starting(self, stranger) -> None:
        answer = stranger.get("/health")
        assert answer.status_code == 503
        assert answer.json()["status"] == "starting"
        assert answer.json()["roles"]["store"] == "ok"

    def test_with_every_role_up_it_is_ok(self, world, stranger) -> None:
        for role in ROLES:
            Voice(world.settings.run, role).say("ok")
        answer = stranger.get("/health")
        assert answer.status_code == 200
        assert set(answer.json()["roles"].values()) == {"ok"}

    def test_the_docs_name_each_role(self, stranger) -> None:
        text = (Path(__file__).parents[2] / "docs/operations.md").read_text()
        names = re.search(r"and names them: (.*?), each", text, re.DOTALL)
        assert re.findall(r"`(\w+)`", names[1]) == list(stranger.get("/health").json()["roles"])

    def test_a_load_balancer_may_ask_for_the_status_alone(self, world, stranger) -> None:
        before = stranger.head("/health")
        for role in ROLES:
            Voice(world.settings.run, role).say("ok")
        after = stranger.head("/health")
        assert [(answer.status_code, answer.content) for answer in (before, after)] == [(503, b""), (200, b"")]
        assert after.headers["cache-control"] == "no-store"

    def test_one_process_of_a_role_that_fails_is_told_and_takes_nobody_out_of_service(self, world, ada) -> None:
        for role in ROLES:
            Voice(world.settings.run, role).say("ok")
        other = Role("web", os.getppid(), time.time(), "failing", "The disk of /srv/secret is full.")
        (world.settings.run / "roles" / "web.other.json").write_bytes(msgspec.json.encode(other))
        told = ada.get("/health")
        assert told.json()["roles"]["web"] == "ok: 1 of 2 processes fail: The disk of /srv/secret is full."
        by_a_stranger = ada.get("/health", headers={"Cookie": "skywrite_session=nonsense"})
        assert (told.status_code, by_a_stranger.json()["roles"]["web"]) == (200, "ok")

    @pytest.mark.parametrize("caller", ["ada", "program"])
    def test_a_role_that_fails_says_why_to_who_is_signed_in(self, world, request, caller) -> None:
        self._fail(world)
        answer = request.getfixturevalue(caller).get("/health")
        assert answer.status_code == 503
        assert answer.json()["roles"]["warehouse"] == "failing: The disk of /srv/secret is full."

    @pytest.mark.parametrize(
        "headers", [{}, {"Authorization": "Bearer nonsense"}, {"Cookie": "skywrite_session=nonsense"}]
    )
    def test_and_to_a_stranger_only_that_it_fails(self, world, stranger, headers) -> None:
        self._fail(world)
        answer = stranger.get("/health", headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (503, "failing")
        roles = answer.json()["roles"]
        assert roles.pop("warehouse") == "failing: sign in, or send an API token, to see why"
        assert roles.pop("delivery") == "starting"
        assert set(roles.values()) == {"ok"}

    def _fail(self, world) -> None:
        for role in ROLES:
            Voice(world.settings.run, role).say("ok")
        Voice(world.settings.run, "warehouse").say("failing", "The disk of /srv/secret is full.")
        Voice(world.settings.run, "delivery").say("starting", "It opens /srv/secret.")


class TestPicture:
    def test_everything_is_a_node_and_flows_through_the_log(self, world, program) -> None:
        source = world.source()
        body = {"kind": "webhook", "name": "Hook", "sources": ["web"], "settings": {"url": "https://example.com"}}
        hook = program.post("/api/v1/destinations", json=body).json()
        world.send(source, track(1), track(2))
        write_status(world.settings.run, Status(state="failing", reason="It is locked.", position=0))
        picture = program.get("/api/v1/pipeline").json()
        nodes = {node["id"]: node for node in picture["nodes"]}
        assert [node["kind"] for node in picture["nodes"]] == ["source", "log", "warehouse", "destination"]
        assert nodes[source.id]["total_24h"] == 2
        assert (nodes["warehouse"]["state"], nodes["warehouse"]["detail"]) == ("failing", "It is locked.")
        assert nodes["warehouse"]["lag"] == nodes[hook["id"]]["lag"] == 1
        edges = {(edge["source"], edge["target"]) for edge in picture["edges"]}
        assert edges == {(source.id, "log"), ("log", "warehouse"), ("log", hook["id"])}
        assert picture["log"]["head"] == 1

    def test_its_stream_begins_at_once(self, world, served) -> None:
        world.source()
        with served.stream("GET", "/api/v1/pipeline/live") as response:
            lines = response.iter_lines()
            assert next(line for line in lines if line.startswith("event")) == "event: pipeline"
            data = next(line for line in lines if line.startswith("data"))
        assert json.loads(data.removeprefix("data: "))["nodes"][0]["name"] == "Web"


class TestWarehouse:
    def test_its_state_is_what_the_loader_said(self, world, program) -> None:
        world.send(world.source(), track(1))
        write_status(world.settings.run, Status(state="waiting", reason="Another program holds it.", rows=5, tables=2))
        shown = program.get("/api/v1/warehouse/status").json()
        assert (shown["state"], shown["reason"]) == ("waiting", "Another program holds it.")
        assert (shown["rows"], shown["tables"], shown["lag"]) == (5, 2, 1)

    def test_before_the_first_load_it_is_empty_and_says_so(self, program) -> None:
        assert program.get("/api/v1/warehouse/tables").json() == []
        assert program.get("/api/v1/warehouse/syncs").json() == []
        found = program.post("/api/v1/warehouse/query", json={"sql": "select 1"}).json()
        assert found["rows"] == []
        assert "empty" in found["message"]

    def test_a_sync_with_nothing_to_load_answers_at_once(self, program) -> None:
        assert program.post("/api/v1/warehouse/sync").json()["lag"] == 0

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({}, "sql"), ({"sql": ""}, "sql"), ({"sql": None}, "sql"), ({"sql": "x" * 100_001}, "sql"),
            ({"sql": "select 1", "limit": 0}, "limit"), ({"sql": "select 1", "limit": 10_001}, "limit"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, program, body, where) -> None:
        problem(program.post("/api/v1/warehouse/query", json=body), 400, where)

    def test_sql_runs_on_a_real_file(self, world, program) -> None:
        import duckdb

        with duckdb.connect(world.parts.warehouse) as connection:
            connection.execute("create schema web; create table web.tracks as select 1 as id, 'A' as event")
        found = program.post("/api/v1/warehouse/query", json={"sql": "select event, id from web.tracks"}).json()
        assert found["rows"] == [["A", 1]]
        assert [column["name"] for column in found["columns"]] == ["event", "id"]
        problem(program.post("/api/v1/warehouse/query", json={"sql": "select \x00 nope"}), 400, "sql")
        problem(program.post("/api/v1/warehouse/query", json={"sql": "drop table web.tracks"}), 400, "sql")


class TestMetrics:
    def test_prometheus_reads_what_was_counted(self, world, program) -> None:
        world.send(world.source(), track(1), track(1), {"type": "track"})
        text = program.get("/metrics").text
        assert 'skywrite_source_accepted_total{source="web"} 1.0' in text
        assert 'skywrite_source_duplicates_total{source="web"} 1.0' in text
        assert 'skywrite_source_rejected_total{source="web"} 1.0' in text
        assert 'skywrite_role_up{role="store"} 1.0' in text


class TestDocument:
    def test_it_is_openapi_and_names_every_operation_once(self, stranger) -> None:
        document = stranger.get("/api/openapi.json").json()
        assert document["openapi"].startswith("3.1")
        operations = [each for path in document["paths"].values() for each in path.values()]
        names = [operation["operationId"] for operation in operations]
        assert len(names) == len(set(names)) > 35
        for operation in operations:
            assert operation["summary"]
            if operation["operationId"] != "health":
                assert {"400", "401", "404"} <= set(operation["responses"])
        open_ones = {each["operationId"] for each in operations if each.get("security") == [{}]}
        assert open_ones == {"setup", "sign_in", "accept_invitation", "health"}


class TestUi:
    def test_without_a_build_it_says_how_to_make_one(self, stranger) -> None:
        assert "make ui" in stranger.get("/").text

    def test_every_address_of_the_app_is_its_page(self, world, stranger) -> None:
        world.parts.ui.mkdir()
        (world.parts.ui / "index.html").write_text("<p>the app")
        for path in ("/", "/sources/web/debugger", "/welcome?token=x", "/settings/users"):
            answer = stranger.get(path)
            assert answer.text == "<p>the app"
            assert answer.headers["cache-control"] == "no-cache"

    def test_hashed_files_are_kept_for_ever_and_packed(self, world, stranger) -> None:
        (world.parts.ui / "assets").mkdir(parents=True)
        (world.parts.ui / "index.html").write_text("<p>the app")
        (world.parts.ui / "assets" / "app.js").write_text("let x = 1;" * 100)
        answer = stranger.get("/assets/app.js")
        assert answer.text == "let x = 1;" * 100
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        again = stranger.get("/assets/app.js", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
        problem(stranger.get("/assets/old.js"), 404)

    @pytest.mark.parametrize("path", ["/..%2f..%2fskywrite.db", "/%2e%2e/data/skywrite.db", "//etc/passwd", "/a%00b"])
    def test_no_path_leads_out_of_it(self, world, stranger, path) -> None:
        world.parts.ui.mkdir()
        (world.parts.ui / "index.html").write_text("<p>the app")
        assert stranger.get(path).text == "<p>the app"

    @pytest.mark.parametrize("path", ["/api", "/api/v1", "/api/v2/x", "/v1/nothing", "/api/v1/nothing"])
    def test_an_unknown_api_path_is_a_problem(self, stranger, path) -> None:
        problem(stranger.get(path), 404)
