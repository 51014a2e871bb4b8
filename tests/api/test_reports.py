"""Reports by the API, on both stores: what is counted, the rates, and who stands behind each number."""

import pytest
from sqlalchemy import func, select, update

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.outbox.claim import Lane, claim
from skywrite.channels.email.outbox.model import Rejected
from skywrite.channels.email.outbox.record import Ended, record
from skywrite.channels.email.outbox.reports import FIGURES
from skywrite.channels.email.outbox.rules import Rules
from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.kit.time import now_micros
from skywrite.store.contact_tables import activities, contacts
from skywrite.store.mail_tables import messages
from tests.support.letters import LETTERS
from tests.support.observing import Observing
from tests.support.sending import add_people, add_template

TAKEN = Outcome("taken", Stage.DOT, "ok", 250)
RELAYED = Outcome("taken", Stage.DOT, "ok", 250, is_final_host=False)
REFUSED = Outcome("refused", Stage.RCPT, "no such user", 550, "5.1.1")
LATER = Outcome("later", Stage.RCPT, "greylisted", 450)
LOST = Outcome("lost", Stage.DOT, "gone")

# What became of one message each -> what it counts as, beside attempted.
COUNTED = {
    "nothing yet": (None, (), {"waiting"}),
    "put off": (LATER, (), {"waiting", "deferred"}),
    "taken": (TAKEN, (), {"sent", "delivered"}),
    "read": (TAKEN, ("open", "click"), {"sent", "delivered", "opened", "clicked"}),
    "clicked without pictures": (TAKEN, ("click",), {"sent", "delivered", "clicked"}),
    "fetched by a machine": (TAKEN, ("machine",), {"sent", "delivered", "machine_opened"}),
    "answered": (TAKEN, ("reply",), {"sent", "delivered", "replied"}),
    "complained of": (TAKEN, ("complaint",), {"sent", "delivered", "complained"}),
    "unsubscribed": (TAKEN, ("apple unsubscribe",), {"sent", "delivered", "unsubscribed"}),
    "refused": (REFUSED, (), {"bounced", "bounced_hard"}),
    "bounced later": (TAKEN, ("bounce",), {"sent", "delivered", "bounced", "bounced_hard", "bounced_later"}),
    "at a relay": (RELAYED, (), {"sent"}),
    "at a relay, read": (RELAYED, ("open",), {"sent", "opened"}),
    "at a relay, delivered": (RELAYED, ("delivery",), {"sent", "delivered"}),
    "at a relay, bounced": (RELAYED, ("bounce",), {"sent", "bounced", "bounced_hard"}),
    "in doubt": (LOST, (), {"unknown"}),
    "in doubt, read": (LOST, ("open",), {"sent", "opened"}),
    "in doubt, delivered": (LOST, ("delivery",), {"sent", "delivered"}),
    "rejected": (Rejected("cannot be rendered"), (), {"rejected"}),
}
RATES = {
    "delivery": ("delivered", "valid"), "bounce": ("bounced", "valid"), "open": ("opened", "delivered"),
    "click": ("clicked", "delivered"), "unsubscribe": ("unsubscribed", "delivered"),
    "complaint": ("complained", "delivered"), "reply": ("replied", "delivered"),
    "clicks_per_open": ("clicked", "opened"),
}  # fmt: skip
EVENTS = {
    "delivered": "Email Delivered", "bounced": "Email Bounced", "unsubscribed": "Email Unsubscribed",
    "complained": "Email Marked as Spam", "replied": "Email Replied", "clicked": "Email Clicked",
}  # fmt: skip


@pytest.fixture
def observing(world, tmp_path):
    """An observer of what comes back to the world's mails."""
    made = Observing(world.store, tmp_path / "observed")
    yield made
    made.close()


@pytest.fixture
def played(program, world, observing):
    """Each case of COUNTED with a contact of its own: the path of their template's report."""
    add_people(world.store, len(COUNTED), first=101)
    template = add_template(world.store)
    ways = {}
    for contact, case in enumerate(COUNTED.values(), 101):
        body = {"to": {"contact_id": f"person_{contact}"}, "template_id": template}
        ways[program.post("/api/v1/messages", json=body).json()["id"]] = case
    rules = Rules()
    with world.store.write() as connection:
        claimed = claim(connection, [Lane(None, 1_000)], 1_000, now=now_micros(), rules=rules)
        ended = [Ended(one.id, ways[one.id][0], now_micros()) for one in claimed if ways[one.id][0]]
        record(connection, ended, rules=rules)
    for message, (_, came_back, _) in ways.items():
        for what in came_back:
            comes_back(observing, message, what, at=now_micros() + 3_600_000_000)
    return f"/api/v1/reports/templates/{template}"


def comes_back(observing, message, what, at):
    match what:
        case "open":
            observing.open(message=message, at=at)
        case "machine":
            observing.open(message=message, at=at, agent="curl/8.1")
        case "click":
            observing.click(message=message, at=at)
        case _:
            letter = {"bounce": "b", "delivery": "b", "complaint": "b", "reply": "r", "apple unsubscribe": "u"}[what]
            to = observing.address(letter, message)
            observing.mail(
                LETTERS[what].format(to=to, id="x@y"), to, at=at, mail_from="ada@example.com" if what == "reply" else ""
            )


def of(figure):
    """The cases that count as a figure, by the contact's id."""
    every = enumerate(COUNTED.values(), 101)
    if figure == "valid":
        return {contact for contact, (_, _, figures) in every if "rejected" not in figures}
    return {contact for contact, (_, _, figures) in every if figure == "attempted" or figure in figures}


def test_each_number_is_of_those_behind_it(program, played):
    found = program.get(played).json()
    assert found["figures"] == {figure: len(of(figure)) for figure in FIGURES}
    for figure in FIGURES:
        behind = program.get(f"{played}/contacts?what={figure}&limit=500").json()
        assert [one["id"] for one in behind] == [f"person_{contact}" for contact in sorted(of(figure))], figure


def test_a_rate_is_a_share_of_its_whole(program, played):
    rates = program.get(played).json()["rates"]
    assert rates == {
        name: pytest.approx(len(of(part) & of(whole)) / len(of(whole))) for name, (part, whole) in RATES.items()
    }
    assert all(0 <= rate <= 1 for rate in rates.values())


def test_why_mails_were_not_sent_is_said(program, world, played):
    assert program.get(played).json()["reasons"] == [
        {"reason": "cannot be rendered", "said": "cannot be rendered", "count": 1}
    ]


def test_of_nothing_there_are_no_rates(program, world):
    found = program.get(f"/api/v1/reports/templates/{add_template(world.store)}").json()
    assert set(found["figures"].values()) == {0}
    assert set(found["rates"].values()) == {None}


def test_timelines_contacts_and_the_list_of_templates_say_the_same(program, world, played):
    figures = program.get(played).json()["figures"]
    with world.store.read() as connection:
        times = select(activities.c.name, func.count()).where(activities.c.contact_id > 100).group_by(activities.c.name)
        told = dict(connection.execute(times).all())
    assert {figure: told[event] for figure, event in EVENTS.items()} == {one: figures[one] for one in EVENTS}
    mails = [program.get(f"/api/v1/contacts/person_{one}").json()["mail"] for one in sorted(of("attempted"))]
    for figure in ("delivered", "opened", "clicked", "bounced", "replied", "complained"):
        assert sum(mail[figure] for mail in mails) == figures[figure], figure
    (listed,) = program.get("/api/v1/templates").json()
    rates = program.get(played).json()["rates"]
    assert listed["figures"] == {one: figures[one] for one in ("delivered", "opened", "clicked")} | {
        "sent": listed["figures"]["sent"], "open_rate": rates["open"], "click_rate": rates["click"],
    }  # fmt: skip


def test_who_got_two_who_is_no_contact_and_who_was_erased_stand_behind_a_number_too(program, world):
    add_people(world.store, 2)
    template = add_template(world.store, is_transactional=True)
    whom = [
        {"contact_id": "person_1"},
        {"contact_id": "person_1"},
        {"contact_id": "person_2"},
        {"email": "x@y.example"},
    ]
    for to in whom:
        program.post("/api/v1/messages", json={"to": to, "template_id": template})
    program.delete("/api/v1/contacts/person_2")
    path = f"/api/v1/reports/templates/{template}"
    assert program.get(path).json()["figures"]["attempted"] == 4
    behind = program.get(f"{path}/contacts?what=attempted&limit=3").json()
    behind += program.get(f"{path}/contacts?what=attempted&after={behind[-1]['message_id']}").json()
    assert [(one["id"], one["email"]) for one in behind] == [
        ("person_1", "p1@example.com"), ("person_1", "p1@example.com"), (None, ""), (None, "x@y.example"),
    ]  # fmt: skip
    assert program.post(f"{path}/list?what=attempted", json={"name": "All"}).json()["count"] == 1


def test_strangers_see_nothing(stranger):
    assert stranger.get("/api/v1/reports/templates/1").status_code == 401


def test_a_report_counts_and_names_who_stands_behind_it(program, world):
    add_people(world.store, 3)
    template = add_template(world.store)
    for number in (1, 2, 3):
        to = {"contact_id": f"person_{number}"}
        program.post("/api/v1/messages", json={"to": to, "template_id": template})
    with world.store.write() as connection:
        seen = {"state": "delivered", "sent_at": 1, "delivered_at": 1, "opened_at": 2, "clicked_at": 3}
        connection.execute(update(messages).where(messages.c.contact_id == 1).values(seen))
        bounced = {"state": "bounced", "bounced_at": 1, "bounce_class": "hard"}
        connection.execute(update(messages).where(messages.c.contact_id == 2).values(bounced))
        link = {"link_id": "l1", "link_url": "https://example.com"}
        clicks = [(3, link), (4, link), (5, link | {"machine": True})]
        add_activities(connection, [Activity(1, at, Kind.EMAIL, "Email Clicked", data, 1) for at, data in clicks])
        connection.execute(update(contacts).where(contacts.c.id == 1).values(email="=evil@example.com"))
    path = f"/api/v1/reports/templates/{template}"
    found = program.get(path).json()
    wanted = {"attempted": 3, "delivered": 1, "opened": 1, "clicked": 1, "bounced_hard": 1, "waiting": 1}
    assert found["figures"] | wanted == found["figures"]
    assert (found["rates"]["open"], found["rates"]["reply"]) == (1.0, 0.0)
    assert found["clicks"] == [{"link_id": "l1", "url": "https://example.com", "clicks": 2, "people": 1}]
    assert [one["id"] for one in program.get(f"{path}/contacts?what=bounced").json()] == ["person_2"]
    assert [one["id"] for one in program.get(f"{path}/contacts?what=clicked&link=l1").json()] == ["person_1"]
    assert program.get(f"{path}/contacts?what=nothing").status_code == 400
    assert program.get(f"{path}/contacts.csv?what=opened").text.splitlines() == [
        "id,email,message_id",
        "person_1,'=evil@example.com,1",
    ]
    assert program.post(f"{path}/list?what=opened", json={"name": "Openers"}).json()["count"] == 1
    assert program.post(f"{path}/list?what=opened", json={"name": "Openers"}).status_code == 409
