"""`skywrite demo` on a fresh data folder, as a newcomer runs it: one run, and what it has left everywhere."""

import json
import signal
import urllib.request
from collections import Counter

import pytest

from skywrite.demo.cast import CAST, Habit
from skywrite.demo.play import REFUSALS
from skywrite.events.email import EmailEvent
from skywrite.playing import read_played
from tests.support.demo import Demo

pytestmark = pytest.mark.flow
_COUNTS = "select event, count(*) from autopilothq.tracks group by 1"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo whose loop is closed."""
    with Demo(tmp_path_factory.mktemp("demo") / "data") as demo:
        demo.wait_for("The loop is closed")
        yield demo


def slug(event):
    return event.lower().replace(" ", "_")


def people(*habits):
    return [one for one in CAST if one.habit in habits]


def timeline(demo, person):
    """What happened to somebody, by name."""
    [contact] = demo.api("GET", f"/contacts?q={person.email}").json["contacts"]
    found = demo.api("GET", f"/contacts/{contact['id']}/timeline").json
    return {one["name"]: one for one in found["entries"]}


def test_all_seven_events_are_in_the_warehouse(demo):
    done = demo.run("warehouse", "query", _COUNTS, "--json")
    counts = {row["event"]: row["count_star()"] for row in json.loads(done.stdout)}
    assert counts.keys() == {slug(event) for event in EmailEvent}
    refused = people(*REFUSALS)
    assert counts["email_delivered"] == len(CAST) - len(refused)
    assert counts["email_bounced"] == len(refused) + len(people(Habit.BOUNCES_LATE))
    assert counts["email_replied"] == len(people(Habit.REPLIES))
    assert counts["email_marked_as_spam"] == len(people(Habit.COMPLAINS))


def test_the_fifty_are_contacts_and_nobody_was_mailed_twice(demo):
    assert demo.api("GET", "/contacts/count").json["number"] == len(CAST)
    with urllib.request.urlopen(f"{demo.mailbox}/mails", timeout=10) as answer:
        mails = Counter(mail["to"] for mail in json.load(answer)["mails"])
    assert mails == Counter(one.email for one in CAST if one.habit not in REFUSALS)


def test_what_a_machine_opens_is_marked_so(demo):
    machine, person = people(Habit.HAS_APPLE_MAIL)[0], people(Habit.READS)[0]
    assert timeline(demo, machine)["Email Opened"]["is_machine"]
    assert not timeline(demo, person)["Email Opened"]["is_machine"]


def test_who_is_unknown_and_who_complains_is_suppressed(demo):
    reasons = {one["address"]: one["reason"] for one in demo.api("GET", "/suppressions").json}
    for one in people(Habit.IS_UNKNOWN, Habit.BOUNCES_LATE):
        assert reasons[one.email] == "hard_bounce"
    assert reasons[people(Habit.COMPLAINS)[0].email] == "complaint"


def test_a_reply_is_read_and_an_automatic_answer_is_none(demo):
    writer = people(Habit.REPLIES)[0]
    said = timeline(demo, writer)["Email Replied"]["data"]["reply_text"]
    assert said.startswith("Thanks, this is just what I was looking for.")
    assert said.endswith(writer.first_name)
    away = timeline(demo, people(Habit.IS_AWAY)[0])
    assert "Email Replied" not in away
    assert "Email Autoresponded" in away


def test_a_second_one_on_the_same_data_is_refused(demo):
    done = demo.run("demo", timeout=60)
    assert done.returncode == 2
    assert "being played" in done.stderr


def test_sigterm_ends_all_in_good_order_and_it_can_be_played_again(demo):
    assert demo.end(signal.SIGTERM) == 0
    assert not demo.processes()
    assert read_played(demo.data / "run") is None
    demo.start()
    demo.wait_for("The loop is closed")
    assert demo.end(signal.SIGINT) == 0
    assert not demo.processes()
    assert [one["name"] for one in demo.cli("token", "list")] == ["tests"]
    assert [one["state"] for one in demo.cli("broadcast", "list")] == ["done", "done"]  # a newsletter each


def test_ctrl_c_while_the_server_still_starts_leaves_no_process(data):
    with Demo(data) as demo:
        demo.wait_for("Starting Skywrite")
        assert demo.end(signal.SIGINT) == 0
        assert not demo.processes()


def test_a_channel_of_somebodys_own_is_left_alone(data):
    with Demo(data, starts=False) as demo:
        demo.cli("channel", "set", "from_address=ada@example.com", "provider.host=smtp.example.com")
        demo.start()
        assert demo.process.wait(60) == 1
        assert "sent from ada@example.com" in demo.said()
        assert demo.cli("source", "list") == []
