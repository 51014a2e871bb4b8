import pytest

from tests.support.problems import problem

URL = "https://hooks.example.com/in"


def a_hook(program, **fields):
    body = {"kind": "webhook", "name": "Hook", "sources": ["web"], "settings": {"url": URL}} | fields
    return program.post("/api/v1/destinations", json=body)


@pytest.fixture
def hook(world, program):
    """A webhook of a source."""
    world.source()
    return a_hook(program).json()


class TestAdd:
    def test_it_is_connected_and_its_secret_is_kept_back(self, world, program) -> None:
        source = world.source()
        made = a_hook(program)
        assert made.status_code == 201
        hook = made.json()
        assert hook["sources"] == [source.id]
        assert hook["settings"] == {"url": URL, "secret": None}
        assert hook["secrets_set"] == ["secret"]
        assert program.get("/api/v1/destinations").json() == [hook]
        assert program.get("/api/v1/sources/web").json()["destinations"] == [hook["id"]]

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"kind": "fax"}, "kind"),
            ({"name": ""}, "name"),
            ({"name": "a\x00"}, "name"),
            ({"sources": []}, "sources"),
            ({"sources": None}, "sources"),
            ({"settings": {}}, "url"),
            ({"settings": {"url": "nonsense"}}, "url"),
            ({"settings": {"url": "http://127.0.0.1/x"}}, "url"),
            ({"settings": {"url": "http://169.254.169.254/latest"}}, "url"),
            ({"settings": {"url": URL, "nope": 1}}, "nope"),
            ({"settings": {"url": URL, "batch_size": 0}}, "batch_size"),
        ],
    )
    def test_what_is_wrong_is_named(self, world, program, change, where) -> None:
        world.source()
        problem(a_hook(program, **change), 400, where)
        assert program.get("/api/v1/destinations").json() == []

    @pytest.mark.parametrize("source", ["nope", "\x00"])
    def test_an_unknown_source_is_told(self, world, program, source) -> None:
        problem(a_hook(program, sources=[source]), 404, "sources")


class TestChange:
    def test_only_the_named_settings_change(self, hook, program) -> None:
        path = f"/api/v1/destinations/{hook['id']}"
        changed = program.patch(path, json={"settings": {"batch_size": 10}, "name": "Other"}).json()
        assert changed["settings"] == {"url": URL, "secret": None, "batch_size": 10}
        assert changed["name"] == "Other"
        assert program.patch(path, json={"settings": {"batch_size": None}}).json()["settings"] == hook["settings"]

    def test_one_that_is_off_says_so(self, hook, program) -> None:
        off = program.patch(f"/api/v1/destinations/{hook['id']}", json={"enabled": False}).json()
        assert (off["enabled"], off["state"]) == (False, "disabled")

    def test_what_is_wrong_changes_nothing(self, hook, program) -> None:
        path = f"/api/v1/destinations/{hook['id']}"
        problem(program.patch(path, json={"settings": {"url": ""}}), 400, "url")
        problem(program.patch(path, json={"sources": []}), 400, "sources")
        assert program.get(path).json() == hook


class TestSecret:
    def test_it_is_shown_on_demand(self, hook, program) -> None:
        shown = program.get(f"/api/v1/destinations/{hook['id']}/settings/secret/reveal").json()
        assert shown["value"].startswith("whsec_")

    @pytest.mark.parametrize("name", ["url", "nope", "%00"])
    def test_what_is_no_secret_is_not(self, hook, program, name) -> None:
        problem(program.get(f"/api/v1/destinations/{hook['id']}/settings/{name}/reveal"), 404)


class TestTry:
    def test_a_receiver_that_is_not_there_is_told_without_a_secret(self, hook, program) -> None:
        program.patch(f"/api/v1/destinations/{hook['id']}", json={"settings": {"url": "http://nowhere.invalid/x"}})
        found = program.post(f"/api/v1/destinations/{hook['id']}/test", json={}).json()
        assert found["ok"] is False
        assert "nowhere.invalid" in found["reason"]
        assert "Skywrite Test" in found["request"]
        assert "whsec_" not in str(found)

    def test_an_event_of_ones_own_is_sent(self, hook, program) -> None:
        program.patch(f"/api/v1/destinations/{hook['id']}", json={"settings": {"url": "http://nowhere.invalid/x"}})
        event = {"type": "track", "event": "Mine", "messageId": "\x00odd"}
        found = program.post(f"/api/v1/destinations/{hook['id']}/test", json={"event": event}).json()
        assert '"event":"Mine"' in found["request"]


def test_a_removed_one_is_gone(hook, program) -> None:
    assert program.delete(f"/api/v1/destinations/{hook['id']}").status_code == 204
    problem(program.get(f"/api/v1/destinations/{hook['id']}"), 404)
    assert program.get("/api/v1/destinations").json() == []


@pytest.mark.parametrize("ref", ["nope", "%00", "%FF", "x" * 3000])
@pytest.mark.parametrize("path", ["", "/overview", "/dead-letters", "/settings/secret/reveal"])
def test_an_unknown_one_is_told(program, ref, path) -> None:
    problem(program.get(f"/api/v1/destinations/{ref}{path}"), 404)


def test_the_catalog_has_the_webhook_with_its_form(program) -> None:
    (webhook,) = [kind for kind in program.get("/api/v1/catalog/destinations").json() if kind["slug"] == "webhook"]
    fields = {field["name"]: field for field in webhook["fields"]}
    assert fields["url"]["required"] is True
    assert fields["secret"]["type"] == "secret"
