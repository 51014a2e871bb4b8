"""The demo's door of the API: what it shows, and who may open it. The play itself is in tests/flows and tests/ui."""

import os

import pytest

from skywrite.playing import Played, Scene, is_playing, note, read_played, the_only_one

_MAILBOX = "http://127.0.0.1:1"


def test_only_who_is_signed_in_sees_starts_or_ends_it(stranger):
    for method in ("GET", "POST", "DELETE"):
        assert stranger.request(method, "/api/v1/demo").status_code == 401


def test_none_is_shown_where_none_plays(program):
    assert program.get("/api/v1/demo").json() == _shown()
    assert program.delete("/api/v1/demo").status_code == 204


def test_the_one_that_plays_is_shown_and_no_second_starts(world, program):
    run = world.settings.run
    with the_only_one(run):
        note(run, Played(os.getpid(), Scene("A newsletter goes out", 0.25, _MAILBOX)))
        told = program.get("/api/v1/demo").json()
        assert told == _shown(is_playing=True, scene="A newsletter goes out", done=0.25, mailbox=_MAILBOX)
        assert program.post("/api/v1/demo").status_code == 409
    assert not is_playing(run)


def test_a_failure_is_shown_until_it_is_dismissed(world, program):
    note(world.settings.run, Played(1, Scene("Failed"), "There are contacts here already."))
    assert program.get("/api/v1/demo").json() == _shown(failure="There are contacts here already.")
    program.delete("/api/v1/demo")
    assert read_played(world.settings.run) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"pid": "x"}'])
def test_a_file_that_is_no_such_says_nothing(tmp_path, content):
    (tmp_path / "demo.json").write_bytes(content)
    assert read_played(tmp_path) is None


def _shown(**own):
    return {"is_playing": False, "scene": "", "done": 0.0, "mailbox": "", "failure": ""} | own
