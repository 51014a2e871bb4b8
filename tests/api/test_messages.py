"""Messages, broadcasts and suppressions by the API, on both stores."""

from typing import get_args

import pytest
from sqlalchemy import select, update

from skywrite.channels.email.outbox.advance import advance
from skywrite.contacts.suppressing import NewSuppression, Reason, suppress
from skywrite.kit.time import now_micros
from skywrite.store.contact_tables import activities, segments
from skywrite.store.mail_tables import messages
from tests.support.sending import add_people, add_template

INLINE = {"to": {"email": "Ada@example.com"}, "subject": "Hi", "text": "Hello"}


def test_strangers_see_nothing(stranger):
    for path in ("messages", "messages/1", "broadcasts", "suppressions"):
        assert stranger.get(f"/api/v1/{path}").status_code == 401
    assert stranger.post("/api/v1/messages", json=INLINE).status_code == 401


def test_the_same_key_is_the_same_message_and_another_body_is_refused(program):
    first = program.post("/api/v1/messages", json=INLINE, headers={"Idempotency-Key": "order-1"})
    again = program.post("/api/v1/messages", json=INLINE | {"key": "order-1"})
    other = program.post("/api/v1/messages", json=INLINE | {"key": "order-1", "text": "Bye"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert first.json() | {"id": 1} == {"id": 1, "key": "order-1", "state": "queued", "reason": ""}


def test_a_key_stands_for_its_message_when_its_template_is_gone(program, world):
    add_people(world.store, 1)
    template = program.post("/api/v1/templates", json={"name": "News"}).json()["id"]
    assert program.post(f"/api/v1/templates/{template}/publish").status_code == 200
    asked = {"to": {"contact_id": "person_1"}, "template_id": template, "key": "order-1"}
    first = program.post("/api/v1/messages", json=asked)
    assert program.delete(f"/api/v1/templates/{template}").status_code == 204
    again = program.post("/api/v1/messages", json=asked)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert program.post("/api/v1/messages", json=asked | {"key": "order-2"}).status_code == 404


@pytest.mark.parametrize("of_template", [True, False])
def test_a_message_is_of_the_kind_of_its_template(program, world, of_template):
    add_people(world.store, 1)
    asked = {"to": {"contact_id": "person_1"}, "template_id": add_template(world.store, is_transactional=of_template)}

    def kind_of(**more):
        number = program.post("/api/v1/messages", json=asked | more).json()["id"]
        return program.get(f"/api/v1/messages/{number}").json()["message"]["is_transactional"]

    assert (kind_of(), kind_of(is_transactional=of_template)) == (of_template, of_template)
    other = program.post("/api/v1/messages", json=asked | {"is_transactional": not of_template})
    assert (other.status_code, other.json()["where"]) == (409, "is_transactional")


def test_a_body_that_is_marketing_says_so_to_who_makes_the_mail(program):
    number = program.post("/api/v1/messages", json=INLINE | {"is_transactional": False}).json()["id"]
    assert program.get(f"/api/v1/messages/{number}").json()["body"]["is_transactional"] is False


REFUSALS = [
    ({"to": {}}, 400, "to"),
    ({"to": {"contact_id": "person_1", "user_id": "u1"}}, 400, "to"),
    ({"to": {"email": "a@b.c", "user_id": "u9"}}, 404, "to"),
    ({"to": {"email": "a@b.c", "contact_id": "person_9"}}, 404, "to"),
    ({"to": {"email": "a@b.c", "contact_id": "person_9", "create": True}}, 400, "to.contact_id"),
    ({"to": {"user_id": "u9", "create": True}}, 400, "to.email"),
    ({"to": {"email": "a@b.c", "user_id": "u" * 501, "create": True}}, 400, "to.user_id"),
    ({"to": {"email": "a@b.c", "name": "Ada"}}, 400, "to.name"),
    ({"to": "a@b.c"}, 400, "to"),
    ({"to": {"email": "nobody"}}, 400, "to.email"),
    ({"to": {"user_id": "u9"}}, 404, "to"),
    ({"to": {"contact_id": "person_9"}}, 404, "to"),
    ({"from_address": "x@y.example>,<z@w.example"}, 400, "from_address"),
    ({"from_address": "a@b.c\r\nBcc: d@e.f"}, 400, "from_address"),
    ({"reply_to": "a@b.example, evil@z.example"}, 400, "reply_to"),
    ({"subject": ""}, 400, "template_id"),
    ({"subject": "Hi {{ data.name"}, 400, "subject"),
    ({"subject": "Hi {{ data.name | default: nil }}"}, 400, "subject"),
    ({"text": 'Hi {{ data.name | default: "" }},'}, 400, "text"),
    ({"text": "Hi {{ name }},"}, 400, "text"),
    ({"text": "Hi {{ data.name | upper }},"}, 400, "text"),
    ({"html": "<p>{% if %}</p>"}, 400, "html"),
    ({"html": "<p>{{ company.nme }}</p>"}, 400, "html"),
    ({"html": '<a href="javascript:alert(1)">A</a>'}, 400, "html"),
    ({"template_id": 1}, 400, "html"),
    ({"template_id": 9, "text": ""}, 404, "template_id"),
    ({"template_id": "broadcast_9", "text": ""}, 404, "template_id"),
    ({"template": 9}, 400, "template"),
    ({"is_transactional": "yes"}, 400, "is_transactional"),
]


def test_what_cannot_be_sent_is_refused_with_the_field(program):
    found = []
    for changed, _, _ in REFUSALS:
        answer = program.post("/api/v1/messages", json=INLINE | changed)
        found.append((changed, answer.status_code, answer.json()["where"]))
    assert found == REFUSALS
    assert program.get("/api/v1/messages").json() == []


def test_a_value_that_may_be_missing_is_no_reason_to_refuse_a_body(program):
    texts = ["{{ data.name }}", "{{ contact.plan }}", '{{ contact.plan | default: "free" }}', "{{ unsubscribe_url }}"]
    answers = [program.post("/api/v1/messages", json=INLINE | {"text": text}) for text in texts]
    assert [answer.status_code for answer in answers] == [201] * len(texts)


def test_two_keys_in_one_request_are_refused(program):
    given = {"json": INLINE | {"key": "order-1"}, "headers": {"Idempotency-Key": "order-2"}}
    answer = program.post("/api/v1/messages", **given)
    assert (answer.status_code, answer.json()["where"]) == (400, "key")
    assert program.get("/api/v1/messages").json() == []


def test_transactional_mail_passes_an_unsubscription_and_nothing_else(program, world):
    reasons = get_args(Reason)
    rows = [NewSuppression(f"{reason}@example.com", "all", reason) for reason in reasons]
    with world.store.write() as connection:
        suppress(connection, rows, now=1)

    def sent(reason, **more):
        answer = program.post(
            "/api/v1/messages", json=INLINE | {"to": {"email": f"{reason}@example.com"}} | more
        ).json()
        return answer["state"], answer["reason"]

    refused = {reason: ("rejected", reason) for reason in reasons}
    assert {reason: sent(reason, is_transactional=False) for reason in reasons} == refused
    passed = dict.fromkeys(("unsubscribed", "imported"), ("queued", ""))
    assert {reason: sent(reason) for reason in reasons} == refused | passed


def test_an_address_beside_a_contact_is_where_this_message_goes(program, world):
    add_people(world.store, 1)
    number = program.post(
        "/api/v1/messages", json=INLINE | {"to": {"contact_id": "person_1", "email": "Work@example.com"}}
    ).json()["id"]
    found = program.get(f"/api/v1/messages/{number}").json()["message"]
    assert (found["contact_id"], found["email"]) == ("person_1", "Work@example.com")
    assert program.get("/api/v1/contacts/person_1").json()["email"] == "p1@example.com"


MADE = [
    ({}, {"email": "A@Example.com"}, {"a@example.com"}),
    ({}, {"email": "b@example.com", "user_id": "u-2"}, {"b@example.com", "u-2"}),
    ({"email": "c@example.com"}, {"email": "C@example.com"}, {"c@example.com"}),
    ({"email": "d@example.com"}, {"email": "d@example.com", "user_id": "u-4"}, {"d@example.com", "u-4"}),
    ({"user_id": "u-5"}, {"email": "e@example.com", "user_id": "u-5"}, {"u-5"}),
]


def test_a_message_makes_the_contact_that_there_is_not(program):
    for number, (there_is, to, ids) in enumerate(MADE):
        if there_is:
            assert program.post("/api/v1/contacts", json=there_is).status_code == 201
        asked = INLINE | {"key": f"k{number}", "to": to | {"create": True}}
        first, again = (program.post("/api/v1/messages", json=asked) for _ in range(2))
        assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
        message = program.get(f"/api/v1/messages/{first.json()['id']}").json()["message"]
        contact = program.get(f"/api/v1/contacts/{message['contact_id']}").json()
        assert (message["email"], {one["value"] for one in contact["identities"]}) == (to["email"], ids)
    assert program.get("/api/v1/contacts/count").json()["number"] == len(MADE)


def test_a_message_that_is_refused_makes_no_contact(program):
    asked = INLINE | {"to": {"email": "bob@example.com", "create": True}, "template_id": 9, "text": ""}
    assert program.post("/api/v1/messages", json=asked).status_code == 404
    assert program.get("/api/v1/contacts/count").json()["number"] == 0


def test_the_mail_of_a_message_reads_as_it_was_sent_and_counts_nothing(program):
    sender = {"from_address": "ann@quay.example", "postal_address": "1 Quay Street"}
    assert program.patch("/api/v1/channels/email", json={"settings": sender}).status_code == 200
    asked = INLINE | {
        "subject": "Hi {{ contact.firstName | default: 'you' }}",
        "html": '<a href="https://a.example">A</a>',
    }
    number = program.post("/api/v1/messages", json=asked).json()["id"]
    mail = program.get(f"/api/v1/messages/{number}/mail").json()
    assert (mail["subject"], mail["refusal"]) == ("Hi you", "")
    assert 'href="https://a.example' in mail["html"]
    assert mail["text"] == "Hello"
    gone = program.get("/api/v1/messages/99/mail").json()
    assert (gone["html"], bool(gone["refusal"])) == ("", True)


def test_the_map_of_a_report_is_the_mail_with_its_links_named(program):
    number = program.post("/api/v1/templates", json={"name": "News"}).json()["id"]
    assert program.get(f"/api/v1/reports/templates/{number}/map").status_code == 404
    links = program.get(f"/api/v1/templates/{number}/check").json()["links"]
    assert links
    assert program.post(f"/api/v1/templates/{number}/publish").status_code == 200
    html = program.get(f"/api/v1/reports/templates/{number}/map").json()["html"]
    for link in links:
        assert f'href="#{link["id"]}"' in html
        assert link["url"] not in html
    assert program.get("/api/v1/reports/templates/99/map").status_code == 404
    assert program.get("/api/v1/reports/nothing/1/map").status_code in (400, 404)


ORDER = {
    "name": "Order",
    "kind": "html",
    "is_transactional": True,
    "subject": "Order {{ data.order }}",
    "body": '<p>{{ contact.first_name | default: "you" }}: {{ data.order }} <a href="https://shop.example">Go</a></p>',
}


def an_order_template(program) -> str:
    template = program.post("/api/v1/templates", json=ORDER).json()["id"]
    assert program.post(f"/api/v1/templates/{template}/publish").status_code == 200
    return template


def test_what_needs_data_is_mapped_and_sampled_with_that_of_a_recent_message(program, world):
    add_people(world.store, 1, first_name="Ada")
    add_people(world.store, 1, first=2, first_name="Bob")
    template = an_order_template(program)
    a_map, a_sample = f"/api/v1/reports/templates/{template}/map", f"/api/v1/templates/{template}/sample"
    assert program.get(a_sample).json() == {"message_id": None, "data": {}}
    refused = program.get(a_map)
    assert (refused.status_code, "data.order" in refused.json()["error"]) == (400, True)

    asked = {"to": {"contact_id": "person_1"}, "template_id": template, "data": {"order": "A-7"}}
    first = program.post("/api/v1/messages", json=asked).json()["id"]
    lacking = program.post("/api/v1/messages", json={"to": {"contact_id": "person_2"}, "template_id": template})
    assert program.get(a_sample).json() == {"message_id": first, "data": {"order": "A-7"}}
    html = program.get(a_map).json()["html"]
    (link,) = program.get(f"/api/v1/templates/{template}/check").json()["links"]
    assert "Ada: A-7" in html
    assert f'href="#{link["id"]}"' in html

    with world.store.write() as connection:  # what was rejected is shown where there is nothing better
        connection.execute(update(messages).where(messages.c.id == first).values(state="rejected"))
    assert program.get(a_sample).json() == {"message_id": lacking.json()["id"], "data": {}}
    assert program.delete("/api/v1/contacts/person_2").status_code == 200
    assert program.get(a_sample).json() == {"message_id": first, "data": {"order": "A-7"}}
    assert "Ada: A-7" in program.get(a_map).json()["html"]


def test_a_sample_is_of_a_template_that_there_is(program):
    assert program.get("/api/v1/templates/template_99/sample").status_code == 404


def test_the_map_of_a_template_has_what_its_last_message_brought_along(program):
    number = program.post("/api/v1/templates", json={"name": "Order"}).json()["id"]
    change = {"kind": "html", "body": "<p>{{ data.order }}</p>", "is_transactional": True}
    assert program.patch(f"/api/v1/templates/{number}", json=change).status_code == 200
    assert program.post(f"/api/v1/templates/{number}/publish").status_code == 200
    path = f"/api/v1/reports/templates/{number}/map"
    refused = program.get(path)
    assert (refused.status_code, "data.order" in refused.json()["error"]) == (400, True)
    asked = {"to": {"email": "bob@example.com", "create": True}, "template_id": number}
    for order in ("R-1", "R-2"):
        assert program.post("/api/v1/messages", json=asked | {"data": {"order": order}}).status_code < 300
    assert "R-2" in program.get(path).json()["html"]


def test_a_message_to_a_contact_has_its_way(program, world):
    add_people(world.store, 1)
    template = add_template(world.store)
    body = {"to": {"contact_id": "person_1"}, "template_id": template, "data": {"order": 7}}
    number = program.post("/api/v1/messages", json=body).json()["id"]
    found = program.get(f"/api/v1/messages/{number}").json()
    assert (found["message"]["contact_id"], found["message"]["email"]) == ("person_1", "p1@example.com")
    assert (found["message"]["template_name"], found["body"]) == ("News", {"data": {"order": 7}})
    assert [step["name"] for step in found["steps"]] == ["Queued"]
    assert [one["id"] for one in program.get("/api/v1/messages?email=P1@&state=queued").json()] == [number]
    assert program.get("/api/v1/messages?contact=person_2").json() == []


def test_a_broadcast_goes_its_way_by_the_api(program, world):
    add_people(world.store, 3)
    given = {"name": "News", "template_id": add_template(world.store), "audience": {"kind": "all"}}
    made = program.post("/api/v1/broadcasts", json=given).json()
    path = f"/api/v1/broadcasts/{made['id']}"
    assert (made["state"], made["total"], made["template_name"], made["audience_name"]) == ("draft", 0, "News", "")
    assert program.patch(path, json={"per_second": 5}).json()["per_second"] == 5
    assert program.post(f"{path}/pause").status_code == 409
    assert program.post(f"{path}/start", json={"at": "2099-01-01T00:00:00Z"}).json()["state"] == "scheduled"
    started = program.post(f"{path}/start").json()
    assert (started["state"], started["total"]) == ("running", 3)
    assert program.patch(path, json={"template_id": 1}).status_code == 409
    assert [program.post(f"{path}/{step}").json()["state"] for step in ("pause", "resume", "cancel")] == [
        "paused",
        "running",
        "cancelled",
    ]
    assert program.get("/api/v1/broadcasts").json()[0]["state"] == "cancelled"


def test_a_broadcast_of_what_is_not_there_is_refused(program, world):
    template = add_template(world.store, version=None)
    made = {"name": "News", "template_id": template, "audience": {"kind": "all"}}
    assert program.post("/api/v1/broadcasts", json=made | {"template_id": 99}).json()["where"] == "template_id"
    assert program.post("/api/v1/broadcasts", json=made | {"name": " "}).json()["where"] == "name"
    assert (
        program.post("/api/v1/broadcasts", json=made | {"audience": {"kind": "list", "id": "list_9"}}).json()["where"]
        == "audience"
    )
    draft = program.post("/api/v1/broadcasts", json=made).json()
    assert program.post(f"/api/v1/broadcasts/{draft['id']}/start").status_code == 409
    assert program.delete(f"/api/v1/broadcasts/{draft['id']}").status_code == 204


def a_broadcast_to_a_segment(world, program):
    definition = {"match": "all", "of": [{"type": "trait", "name": "plan", "op": "is", "value": "pro"}]}
    segment = program.post("/api/v1/segments", json={"name": "Pro", "definition": definition}).json()["id"]
    given = {
        "name": "News",
        "template_id": add_template(world.store),
        "audience": {"kind": "segment", "id": segment},
    }
    made = program.post("/api/v1/broadcasts", json=given)
    assert made.status_code == 201
    return f"/api/v1/segments/{segment}", f"/api/v1/broadcasts/{made.json()['id']}"


def set_state(world, state):
    with world.store.write() as connection:
        connection.execute(update(segments).values(state=state))


@pytest.mark.parametrize("state", ["building", "failing"])
def test_a_broadcast_starts_when_its_segment_is_whole(program, world, state):
    _, broadcast = a_broadcast_to_a_segment(world, program)
    set_state(world, state)
    refused = program.post(f"{broadcast}/start")
    assert (refused.status_code, refused.json()["where"]) == (409, "audience")
    set_state(world, "ready")
    assert program.post(f"{broadcast}/start").status_code == 200


@pytest.mark.parametrize(("state", "becomes"), [("building", "scheduled"), ("failing", "failed"), ("ready", "running")])
def test_one_that_is_due_waits_for_its_segment(program, world, state, becomes):
    _, broadcast = a_broadcast_to_a_segment(world, program)
    assert program.post(f"{broadcast}/start", json={"at": "2026-01-01T00:00:00Z"}).json()["state"] == "scheduled"
    set_state(world, state)
    with world.store.write() as connection:
        advance(connection, now=now_micros())
    assert program.get(broadcast).json()["state"] == becomes


def test_a_segment_that_a_broadcast_goes_to_stays_until_that_is_over(program, world):
    segment, broadcast = a_broadcast_to_a_segment(world, program)
    assert program.delete(segment).status_code == 409
    assert program.post(f"{broadcast}/cancel").status_code == 200
    assert program.delete(segment).status_code == 204
    again = {"name": "Again", "template_id": 1, "audience": {"kind": "segment", "id": segment.rpartition("/")[2]}}
    assert program.post("/api/v1/broadcasts", json=again).json()["where"] == "audience"


@pytest.mark.parametrize(("steps", "status"), [((), 204), (("pause",), 409), (("cancel",), 204)])
def test_a_broadcast_that_is_under_way_is_not_removed(program, world, steps, status):
    given = {"name": "News", "template_id": add_template(world.store), "audience": {"kind": "all"}}
    broadcast = f"/api/v1/broadcasts/{program.post('/api/v1/broadcasts', json=given).json()['id']}"
    if steps:
        program.post(f"{broadcast}/start")
        assert program.delete(broadcast).status_code == 409
    for step in steps:
        assert program.post(f"{broadcast}/{step}").status_code == 200
    assert program.delete(broadcast).status_code == status


def test_the_suppression_list_by_hand(program, world):
    add_people(world.store, 1)
    given = {"addresses": ["P1@Example.com", "b@example.com"]}
    assert program.post("/api/v1/suppressions", json=given).json() == {"count": 2}
    assert program.post("/api/v1/suppressions", json={"addresses": ["nobody"]}).status_code == 400
    assert [one["address"] for one in program.get("/api/v1/suppressions?search=P1").json()] == ["p1@example.com"]
    gone = "/api/v1/suppressions?address=p1@example.com&reason=manual"
    assert (program.delete(gone).status_code, program.delete(gone).status_code) == (204, 404)
    assert len(program.get("/api/v1/suppressions").json()) == 1


def test_who_took_an_address_off_the_list_is_named(ada, world):
    add_people(world.store, 1)
    ada.post("/api/v1/suppressions", json={"addresses": ["p1@example.com"]})
    (row,) = ada.get("/api/v1/suppressions").json()
    ada.delete("/api/v1/suppressions?address=p1@example.com&reason=manual")
    with world.store.read() as connection:
        told = connection.execute(select(activities.c.name, activities.c.data["by"].as_string())).all()
    assert row["evidence"] == "by ada@example.com"
    assert [tuple(one) for one in told] == [("Unsubscribed", "ada@example.com"), ("Resubscribed", "ada@example.com")]


def test_a_program_is_named_by_its_token(program):
    program.post("/api/v1/suppressions", json={"addresses": ["p1@example.com"]})
    assert program.get("/api/v1/suppressions").json()[0]["evidence"] == "by token test"


def test_the_suppression_list_is_paged_and_passes_nothing_over(program, world):
    addresses = [f"p{number}@example.com" for number in range(5)]
    for reason in ("manual", "imported"):
        program.post("/api/v1/suppressions", json={"addresses": addresses, "reason": reason})
    whole = program.get("/api/v1/suppressions").json()
    paged, after = [], ""
    while some := program.get("/api/v1/suppressions", params={"limit": 3, "after": after}).json():
        paged += some
        after = some[-1]["cursor"]
    assert (len(paged), paged) == (10, whole)
    assert program.get("/api/v1/suppressions?after=nonsense").json()["where"] == "after"
