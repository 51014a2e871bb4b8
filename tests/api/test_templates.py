import pytest

from tests.support.problems import problem

URL = "/api/v1/templates"
RATES = ("open_rate", "click_rate")


@pytest.fixture
def template(program) -> dict:
    return program.post(URL, json={"name": "Welcome"}).json()


def test_strangers_see_nothing(world, stranger) -> None:
    assert stranger.get(URL).status_code == 401
    assert stranger.post("/api/v1/topics", json={"name": "x"}).status_code == 401


def test_a_new_one_looks_good_at_once_and_can_be_published(program, template) -> None:
    assert (template["state"], template["kind"], template["version"]) == ("draft", "mjml", None)
    published = program.post(f"{URL}/{template['id']}/publish").json()
    assert (published["state"], published["version"]) == ("published", 1)
    changed = program.patch(f"{URL}/{template['id']}", json={"subject": "Another"}).json()
    assert changed["state"] == "changed"
    (row,) = program.get(URL).json()
    assert row["figures"] == dict.fromkeys(("sent", "delivered", "opened", "clicked"), 0) | dict.fromkeys(RATES)
    assert len(program.get(f"{URL}/{template['id']}/versions").json()) == 1


def test_a_preview_shows_what_is_not_saved_and_what_is_wrong_with_it(program, template) -> None:
    changes = {"subject": "HELLO ALL", "body": "<mjml lang='en'><mj-body>\n<mj-nonsense /></mj-body></mjml>"}
    seen = program.post(f"{URL}/{template['id']}/preview", json={"changes": changes}).json()
    assert "subject-capitals" in {one["code"] for one in seen["problems"]}
    assert program.get(f"{URL}/{template['id']}").json()["subject"] != "HELLO ALL"
    plain = program.post(f"{URL}/{template['id']}/preview").json()
    assert "Hello Ada" in plain["html"]
    assert plain["person"] == {"id": "", "email": "ada@example.com", "name": "Ada Lovelace"}
    assert plain["links"][0]["url"] == "https://example.com/start"


def test_what_is_wrong_keeps_it_from_being_published(program, template) -> None:
    program.patch(f"{URL}/{template['id']}", json={"kind": "html", "body": "<p>\n{{ contact.nope }}</p>"})
    problem(program.post(f"{URL}/{template['id']}/publish"), 409, "body")
    levels = [one["level"] for one in program.get(f"{URL}/{template['id']}/check").json()["problems"]]
    assert levels == sorted(levels)


def test_a_test_is_a_message_in_the_outbox(world, program, template) -> None:
    sent = program.post(f"{URL}/{template['id']}/test", json={"to": "a@b.example"}).json()
    queued = program.get(f"/api/v1/messages/{sent['message_id']}").json()["message"]
    assert (queued["origin"], queued["email"], queued["state"]) == ("test", "a@b.example", "queued")


def test_people_to_look_at_it_as_are_found_by_their_address(program, template) -> None:
    assert program.get(f"{URL}/people?prefix=a").json() == []
    problem(program.post(f"{URL}/{template['id']}/preview", json={"contact": "person_9"}), 404, "contact")


def test_it_is_looked_at_as_whoever_is_named_in_any_way(program, template) -> None:
    ada = {"email": "Ada@b.example", "user_id": "u-1", "traits": {"firstName": "Augusta"}}
    own = program.post("/api/v1/contacts", json=ada).json()["id"]
    program.post("/api/v1/contacts", json={"email": "last@b.example"})
    for ref in (own, "ada@B.example", "u-1"):
        seen = program.post(f"{URL}/{template['id']}/preview", json={"contact": ref}).json()
        assert (seen["person"]["id"], "Hello Augusta" in seen["html"]) == (own, True), ref
        sent = program.post(f"{URL}/{template['id']}/test", json={"to": "a@b.example", "contact": ref})
        assert sent.status_code == 200, ref
    for path, more in (("preview", {}), ("test", {"to": "a@b.example"})):
        for ref in ("nobody@b.example", "person_99", "\0"):
            problem(program.post(f"{URL}/{template['id']}/{path}", json={"contact": ref, **more}), 404, "contact")


def test_a_link_that_is_none_is_told_and_not_published(program, template) -> None:
    own = f"{URL}/{template['id']}"
    for href in ("https://[bad/", "https://[::1", "https://ex]ample.com/", "https://[[name]]/x", "https://a..example/"):
        body = f'<p>Hello <a href="{href}">x</a> <a href="{{{{ unsubscribe_url }}}}">u</a></p>'
        changes = {"kind": "html", "body": body}
        seen = program.post(f"{own}/preview", json={"changes": changes}).json()
        assert any(href in one["message"] and one["level"] == "error" for one in seen["problems"]), href
        program.patch(own, json=changes)
        assert program.get(f"{own}/check").json()["problems"] == seen["problems"]
        assert href in problem(program.post(f"{own}/publish"), 409, "line:1")


def test_topics_can_be_chosen(program, template) -> None:
    topic = program.post("/api/v1/topics", json={"name": "News"}).json()
    program.patch(f"{URL}/{template['id']}", json={"topic_id": topic["id"]})
    assert program.get(URL).json()[0]["topic"] == "News"
    assert program.patch(f"{URL}/{template['id']}", json={"topic_id": None}).json()["topic_id"] is None
    assert program.delete(f"/api/v1/topics/{topic['id']}").status_code == 204
    assert program.get("/api/v1/topics").json() == []


def test_it_can_be_copied_and_removed(program, template) -> None:
    copy = program.post(f"{URL}/{template['id']}/duplicate").json()
    assert program.delete(f"{URL}/{template['id']}").status_code == 204
    problem(program.get(f"{URL}/{template['id']}"), 404, "template")
    assert [one["id"] for one in program.get(URL).json()] == [copy["id"]]


@pytest.mark.parametrize("ref", ["template_0", "nonsense", "template_99"])
def test_an_unknown_one_is_not_found(program, ref) -> None:
    problem(program.get(f"{URL}/{ref}"), 404, "template")
