import contextlib
import os
import subprocess
import sys
import threading

from skywrite.kit.lock import exclusive, held
from skywrite.kit.roles import Role, Voice, read_roles

_ANOTHER = """
import sys
from pathlib import Path
from skywrite.kit.roles import Voice

voice = Voice(Path(sys.argv[1]), "web")
voice.say(sys.argv[2], sys.argv[3])
print("said", flush=True)
if sys.stdin.readline():
    voice.leave()
"""


@contextlib.contextmanager
def another(run, state="ok", reason=""):
    """Another process with the role "web" that has said so; it leaves in good order when told "leave"."""
    words = [sys.executable, "-c", _ANOTHER, str(run), state, reason]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "said\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_one_of_several_processes_that_fails_is_named_and_the_role_is_as_well_as_the_best(tmp_path):
    voice = Voice(tmp_path, "web")
    voice.say("ok")
    with another(tmp_path, "failing", "The store is away."):
        role = read_roles(tmp_path)["web"]
        assert (role.state, role.reason) == ("ok", "1 of 2 processes fail: The store is away.")
        assert role.pid == os.getpid()
        voice.say("failing", "The store is away.")
        role = read_roles(tmp_path)["web"]
        assert (role.state, role.reason) == ("failing", "The store is away.")


def test_one_of_several_processes_that_ends_takes_no_word_from_the_others(tmp_path):
    Voice(tmp_path, "web").say("ok")
    with another(tmp_path) as leaving:
        leaving.communicate("leave\n")
    assert read_roles(tmp_path)["web"].state == "ok"


def test_a_process_that_was_killed_is_not_believed_and_its_successor_clears_up(tmp_path):
    with another(tmp_path) as killed:
        assert read_roles(tmp_path)["web"].pid == killed.pid
    assert read_roles(tmp_path) == {}
    Voice(tmp_path, "web").say("ok")
    assert [path.name for path in (tmp_path / "roles").iterdir()] == [f"web.{os.getpid()}.json"]


def test_what_a_role_says_is_read_by_others(tmp_path):
    Voice(tmp_path, "web").say("ok")
    Voice(tmp_path, "warehouse").say("failing", "the disk is full")
    roles = read_roles(tmp_path)
    assert (roles["web"].state, roles["web"].pid) == ("ok", os.getpid())
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
