import pytest

from tests.support.problems import problem


class TestList:
    def test_it_is_empty_at_first(self, program) -> None:
        assert program.get("/api/v1/sources").json() == []

    def test_each_has_what_it_counted(self, world, program) -> None:
        source = world.source()
        world.send(source, {"type": "track", "event": "A", "userId": "u", "messageId": "m"})
        world.send(source, {"type": "track", "event": "A", "userId": "u", "messageId": "m"}, {"type": "track"})
        shown = program.get("/api/v1/sources").json()[0]
        counts = [shown[name] for name in ("accepted_24h", "duplicates_24h", "rejected_24h")]
        assert counts == [1, 1, 1]
        assert shown["last_event_at"] is not None


class TestAdd:
    def test_it_answers_with_key_and_schema(self, program) -> None:
        body = {"kind": "autopilothq", "name": "AutopilotHQ", "labels": {"env": "prod"}}
        made = program.post("/api/v1/sources", json=body)
        assert made.status_code == 201
        source = made.json()
        assert source["schema"] == "autopilothq"
        assert source["labels"] == {"env": "prod"}
        assert len(source["write_keys"]) == 1
        assert program.get("/api/v1/sources/autopilothq").json() == source
        assert program.get(f"/api/v1/sources/{source['id']}").json() == source

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"kind": "fax"}, "kind"),
            ({"kind": None}, "kind"),
            ({"name": ""}, "name"),
            ({"name": "a\x00b"}, "name"),
            ({"name": "x" * 201}, "name"),
            ({"name": 5}, "name"),
            ({"labels": {"a b": "c"}}, "labels"),
            ({"labels": []}, "labels"),
            ({"labels": {"a": 5}}, "labels[...]"),
            ({"schema": "; drop"}, "schema"),
            ({"schema": "main"}, "schema"),
        ],
    )
    def test_what_is_wrong_is_named(self, program, change, where) -> None:
        body = {"kind": "python", "name": "Web"} | change
        problem(program.post("/api/v1/sources", json=body), 400, where)

    def test_what_is_missing_is_named(self, program) -> None:
        assert problem(program.post("/api/v1/sources", json={"kind": "python"}), 400, "name") == "name is missing."
        assert problem(program.post("/api/v1/sources"), 400, "") == "The request has no body; it is JSON."

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"null", b'"x"', b"\xff", b'{"name":"\\ud800"}'])
    def test_what_is_no_request_is_a_problem(self, program, body) -> None:
        problem(program.post("/api/v1/sources", content=body, headers={"Content-Type": "application/json"}), 400)

    def test_a_schema_that_is_taken_is_told(self, program) -> None:
        body = {"kind": "python", "name": "Web", "schema": "web"}
        program.post("/api/v1/sources", json=body)
        problem(program.post("/api/v1/sources", json=body), 409, "schema")


class TestChange:
    def test_only_what_is_given_changes(self, world, program) -> None:
        world.source()
        changed = program.patch("/api/v1/sources/web", json={"name": "Shop"}).json()
        assert (changed["name"], changed["schema"], changed["enabled"]) == ("Shop", "web", True)
        changed = program.patch("/api/v1/sources/web", json={"enabled": False, "labels": {"a": "b"}}).json()
        assert (changed["name"], changed["enabled"], changed["labels"]) == ("Shop", False, {"a": "b"})

    def test_nothing_given_changes_nothing(self, world, program) -> None:
        before = world.source()
        program.patch("/api/v1/sources/web", json={})
        assert world.parts.sources.get("web") == before


class TestKeys:
    def test_it_is_rotated_with_grace_and_the_old_one_ended(self, world, program) -> None:
        old = world.source().write_keys[0]
        rotated = program.post("/api/v1/sources/web/rotate-key", json={"grace_hours": 1}).json()
        assert rotated["write_keys"][1] == old
        assert rotated["keys"][1]["expires_at"] is not None
        ended = program.delete(f"/api/v1/sources/web/keys/{old}").json()
        assert ended["write_keys"] == rotated["write_keys"][:1]
        problem(program.delete(f"/api/v1/sources/web/keys/{ended['write_keys'][0]}"), 409, "key")

    @pytest.mark.parametrize("grace", [-1, 1e9, "soon", True])
    def test_a_grace_that_makes_no_sense_is_refused(self, world, program, grace) -> None:
        world.source()
        problem(program.post("/api/v1/sources/web/rotate-key", json={"grace_hours": grace}), 400, "grace_hours")


def test_snippets_name_this_server_and_the_newest_key(world, program) -> None:
    source = world.source(kind="javascript")
    text = program.get("/api/v1/sources/web/snippets").text
    assert source.write_keys[0] in text
    assert "127.0.0.1:8080" in text


def test_a_removed_source_is_gone(world, program) -> None:
    world.source()
    assert program.delete("/api/v1/sources/web").status_code == 204
    problem(program.get("/api/v1/sources/web"), 404, "source")


@pytest.mark.parametrize("ref", ["nope", "%00", "%F0%9F%A6%86", "x" * 3000, "..%2f..", "'%20or%201=1", "%FF"])
@pytest.mark.parametrize(
    "path",
    ["", "/overview", "/snippets", "/schema", "/schema/track/x", "/debugger", "/debugger/live", "/rejections"],
)
def test_an_unknown_source_is_told(program, ref, path) -> None:
    problem(program.get(f"/api/v1/sources/{ref}{path}"), 404)


def test_the_catalog_is_as_the_room_has_it(program) -> None:
    from skywrite.sources import catalog

    kinds = program.get("/api/v1/catalog/sources").json()
    assert [kind["slug"] for kind in kinds] == list(catalog.sources())
    assert all(kind["snippets"] for kind in kinds)
