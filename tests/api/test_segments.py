from typing import Any

import pytest

from skywrite.contacts.segments.keeper import Keeper
from tests.support.people import Did, Mail, Person, put_people
from tests.support.problems import problem

PRO = {"type": "trait", "name": "plan", "op": "is", "value": "pro"}
DEFINITION = {"match": "all", "of": [PRO]}
URL = "/api/v1/segments"
PEOPLE = {
    1: Person({"plan": "pro", "name": "Ada"}, did=[Did(properties={"revenue": 5})], email="ada@example.com"),
    2: Person({"plan": "free"}, mails=[Mail()]),
}


def keep(world: Any) -> None:
    keeper = Keeper(world.store)
    while keeper.step():
        pass


@pytest.fixture
def people(world: Any) -> None:
    with world.store.write() as connection:
        put_people(connection, PEOPLE)


class TestEdit:
    def test_one_is_made_built_renamed_and_removed(self, world, program, people) -> None:
        made = program.post(URL, json={"name": "Pro", "definition": DEFINITION})
        assert (made.status_code, made.json()["state"]) == (201, "building")
        one = f"{URL}/{made.json()['id']}"
        keep(world)
        shown = program.get(one).json()
        assert (shown["state"], shown["members"], shown["sentence"]) == ("ready", 1, "whose plan is “pro”")
        assert program.patch(one, json={"name": "Professionals"}).json()["state"] == "ready"
        assert program.patch(one, json={"definition": {"match": "none", "of": [PRO]}}).json()["state"] == "building"
        copy = program.post(f"{one}/duplicate").json()
        assert copy["name"] == "Professionals copy"
        assert program.delete(one).status_code == 204
        assert [each["id"] for each in program.get(URL).json()] == [copy["id"]]

    def test_what_is_wrong_is_named(self, program) -> None:
        wrong = {"match": "all", "of": [PRO | {"op": "like"}]}
        problem(program.post(URL, json={"name": "A", "definition": wrong}), 400, "definition.of[0].op")
        program.post(URL, json={"name": "A", "definition": DEFINITION})
        problem(program.post(URL, json={"name": "A", "definition": DEFINITION}), 409, "name")
        problem(program.get(f"{URL}/segment_99"), 404, "segment")
        problem(program.get(f"{URL}/nonsense"), 404, "segment")

    def test_segments_form_no_circle_and_what_is_used_stays(self, program) -> None:
        first = program.post(URL, json={"name": "A", "definition": DEFINITION}).json()
        uses = {"match": "all", "of": [{"type": "segment", "segment_id": first["number"]}]}
        program.post(URL, json={"name": "B", "definition": uses})
        problem(program.delete(f"{URL}/{first['id']}"), 409, "segment")
        circle = {"match": "all", "of": [PRO, {"type": "segment", "segment_id": first["number"] + 1}]}
        problem(program.patch(f"{URL}/{first['id']}", json={"definition": circle}), 400, "definition.of[1].segment_id")


class TestLook:
    def test_a_draft_is_counted_with_a_sample(self, program, people) -> None:
        found = program.post(f"{URL}/count", json={"definition": DEFINITION}).json()
        assert (found["count"], found["of"], found["sentence"]) == (1, 2, "whose plan is “pro”")
        assert found["sample"] == [
            {"id": "person_1", "name": "Ada", "email": "ada@example.com", "user_id": None, "since": None}
        ]

    def test_members_are_paged_and_become_a_list(self, world, program, people) -> None:
        any_of = {"match": "any", "of": [PRO, {"type": "trait", "name": "plan", "op": "is", "value": "free"}]}
        one = f"{URL}/{program.post(URL, json={'name': 'All', 'definition': any_of}).json()['id']}"
        keep(world)
        assert [each["id"] for each in program.get(f"{one}/contacts?limit=1").json()] == ["person_1"]
        assert [each["id"] for each in program.get(f"{one}/contacts?after=person_1").json()] == ["person_2"]
        made = program.post(f"{one}/list", json={"name": "Everybody"}).json()["id"]
        on_it = {"match": "all", "of": [{"type": "list", "list_id": int(made.removeprefix("list_"))}]}
        assert program.post(f"{URL}/count", json={"definition": on_it}).json()["count"] == 2
        problem(program.post(f"{one}/list", json={"name": "Everybody"}), 409, "name")

    def test_why_is_told_for_each_condition(self, world, program, people) -> None:
        one = f"{URL}/{program.post(URL, json={'name': 'Pro', 'definition': DEFINITION}).json()['id']}"
        keep(world)
        why = program.get(f"{one}/why/person_2").json()
        assert (why["is_member"], [part["holds"] for part in why["parts"]]) == (False, [False, False])
        assert program.get(f"{one}/why/person_1").json()["parts"][1]["path"] == "definition.of[0]"
        program.post("/api/v1/contacts/person_1/identities", json={"kind": "email", "value": "ada@example.com"})
        assert program.get(f"{one}/why/ada@example.com").json()["is_member"]
        problem(program.get(f"{one}/why/person_9"), 404, "contact")

    def test_the_builder_is_told_what_there_is(self, program, people) -> None:
        found = program.get(f"{URL}/suggestions").json()
        assert {"name": "plan", "kind": "text", "values": ["pro", "free"]} in found["traits"]
        assert found["events"] == [{"name": "Order Completed", "kind": "track"}]
        properties = program.get(f"{URL}/suggestions/properties?name=Order%20Completed").json()
        assert properties == [{"name": "revenue", "kind": "number", "values": ["5"]}]

    def test_its_history_is_told_by_the_hour(self, world, program, people) -> None:
        one = f"{URL}/{program.post(URL, json={'name': 'Pro', 'definition': DEFINITION}).json()['id']}"
        keep(world)
        hours = program.get(f"{one}/history?period=24h").json()
        assert (len(hours), hours[0]["members"], hours[-1]["members"], hours[-1]["entered"]) == (24, 0, 1, 0)


def test_a_stranger_sees_nothing(stranger) -> None:
    for path in ("", "/suggestions", "/segment_1", "/segment_1/contacts"):
        problem(stranger.get(f"{URL}{path}"), 401)
