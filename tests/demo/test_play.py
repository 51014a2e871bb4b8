"""The players: who is refused at the door, and that one who fails tries again and keeps nobody else from acting."""

import asyncio

import pytest

from skywrite.demo import play
from skywrite.demo.acts import World
from skywrite.demo.cast import CAST, Habit
from skywrite.demo.mailbox.mails import Mails
from skywrite.demo.play import Players, Step

READER = next(one for one in CAST if one.habit is Habit.READS)
WRITER = next(one for one in CAST if one.habit is Habit.REPLIES)


@pytest.fixture
def players(monkeypatch):
    """Players who know everybody, and do at once what they do."""
    monkeypatch.setattr(play, "_TRIES_AGAIN_AFTER", 0.0)
    made = Players(World("127.0.0.1", 1))
    for one in CAST:
        made.know(one)
    return made


def played(players, *recipients):
    async def play_all():
        for recipient in recipients:
            players.take(Mails().add("bounce@example.com", recipient, b"Subject: Hi\r\n\r\nHello"))
        await players.finish()

    asyncio.run(play_all())


@pytest.mark.parametrize(
    ("habit", "code"),
    [(Habit.IS_UNKNOWN, "550 5.1.1"), (Habit.IS_BLOCKED, "550 5.7.1"), (Habit.READS, ""), (Habit.BOUNCES_LATE, "")],
)
def test_the_door_answers_by_habit(players, habit, code):
    address = next(one for one in CAST if one.habit is habit).email
    answer = players.answer(address.upper())
    assert answer.startswith(code)
    assert bool(answer) == bool(code)
    assert code == "" or address.upper() in answer


def test_a_stranger_is_taken_and_nobody_acts(players):
    assert players.answer("stranger@example.com") == ""
    assert players.answer("").startswith("501")
    played(players, "stranger@example.com")


def test_who_could_not_act_tries_again(players, monkeypatch):
    tried = []

    async def fails_once(world, mail, person):
        tried.append(person)
        if len(tried) == 1:
            raise OSError("nobody answers")

    monkeypatch.setitem(play.STEPS, Habit.READS, [Step(0, fails_once)])
    played(players, READER.email.title())
    assert tried == [READER, READER]


def test_one_who_never_can_keeps_nobody_else_from_acting(players, monkeypatch):
    tried = []

    async def never(world, mail, person):
        tried.append(person)
        raise ValueError("not today")

    async def does(world, mail, person):
        tried.append(person)

    monkeypatch.setitem(play.STEPS, Habit.READS, [Step(0, never)])
    monkeypatch.setitem(play.STEPS, Habit.REPLIES, [Step(0, does)])
    played(players, READER.email, WRITER.email)
    assert tried.count(WRITER) == 1
    assert 1 < tried.count(READER) < 10
