import os
import threading

from skywrite.kit.lock import exclusive, held
from skywrite.kit.roles import Role, Voice, read_roles


def test_what_a_role_says_is_read_by_others(tmp_path):
    Voice(tmp_path, "web").say("ok")
    Voice(tmp_path, "warehouse").say("failing", "the disk is full")
    roles = read_roles(tmp_path)
    assert (roles["web"].state, roles["web"].pid, roles["web"].is_live) == ("ok", os.getpid(), True)
    assert (roles["warehouse"].state, roles["warehouse"].reason) == ("failing", "the disk is full")


def test_the_role_of_a_dead_process_is_not_live():
    assert not Role("web", 2**22 - 1, 1e12, "ok").is_live


def test_a_role_that_has_not_spoken_for_long_is_not_live():
    assert not Role("web", os.getpid(), 0, "ok").is_live


def test_who_leaves_is_gone(tmp_path):
    voice = Voice(tmp_path, "web")
    voice.say("ok")
    voice.leave()
    assert read_roles(tmp_path) == {}


def test_a_lock_is_held_by_one_and_the_next_waits_for_it(tmp_path):
    stop, got = threading.Event(), threading.Event()

    def second():
        with exclusive(tmp_path / "lock", stop) as ours:
            assert ours
            got.set()

    with exclusive(tmp_path / "lock", stop) as ours:
        assert ours
        thread = threading.Thread(target=second)
        thread.start()
        assert not got.is_set()
    thread.join(30)
    assert got.is_set()


def test_who_waits_for_a_lock_stops_when_told(tmp_path):
    stop = threading.Event()
    with held(tmp_path / "lock"):
        stop.set()
        with exclusive(tmp_path / "lock", stop) as ours:
            assert not ours
