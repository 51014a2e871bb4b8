"""Incoming mail by the API: the stranger first, then the list, its counts, and one with its text."""

import pytest

from tests.support.letters import LETTERS
from tests.support.observing import Observing
from tests.support.problems import problem

PATHS = ["/api/v1/incoming-mail", "/api/v1/incoming-mail/counts", "/api/v1/incoming-mail/1"]


@pytest.fixture
def mails(world):
    """A bounce, and a mail that is about nothing of ours."""
    observing = Observing(world.store, world.settings.data)
    to = observing.address("b")
    observing.mail(LETTERS["bounce"].format(to=to, id="x@y"), to)
    observing.mail("From: stranger@example.net\nSubject: Hello\n\nHi\n", "postmaster@in.example.com")
    yield observing
    observing.close()


def test_a_stranger_sees_nothing(stranger):
    assert [stranger.get(path).status_code for path in PATHS] == [401, 401, 401]


def test_the_list_says_what_each_was_found_to_be_newest_first(mails, program):
    stranger, bounce = program.get(PATHS[0]).json()
    assert (stranger["outcome"], stranger["sender"], stranger["message_id"]) == (
        "unmatched",
        "stranger@example.net",
        None,
    )
    assert (bounce["outcome"], bounce["bounce_class"], bounce["bounce_code"]) == ("bounce", "hard", "5.1.1")
    assert (bounce["message_id"], bounce["said"]) == (str(mails.message), "550 5.1.1 user unknown")


def test_the_list_is_filtered_and_paged(mails, program):
    (bounce,) = program.get(PATHS[0], params={"outcome": "bounce"}).json()
    assert program.get(PATHS[0], params={"before": bounce["id"]}).json() == []
    assert program.get(PATHS[0], params={"outcome": "nonsense"}).status_code == 400


def test_what_there_is_is_counted(mails, program, monkeypatch):
    monkeypatch.setattr("skywrite.api.incoming._COUNTED_MICROS", 1 << 60)
    assert program.get(PATHS[1]).json() == [{"outcome": "bounce", "count": 1}, {"outcome": "unmatched", "count": 1}]


def test_one_is_shown_with_its_text_and_an_unknown_one_is_told_so(mails, program):
    identifier = program.get(PATHS[0]).json()[0]["id"]
    assert "Subject: Hello" in program.get(f"{PATHS[0]}/{identifier}").json()["text"]
    assert "no such mail" in problem(program.get(f"{PATHS[0]}/99999"), 404)
