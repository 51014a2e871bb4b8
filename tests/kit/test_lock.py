"""Turns between processes and threads. Children say what they do on stdout, so that no test waits for a time."""

import subprocess
import sys
import threading

import pytest

from skywrite.kit.errors import Later
from skywrite.kit.lock import Turnstile

HOG = """
import sys
from pathlib import Path
from skywrite.kit.lock import Turnstile
turnstile = Turnstile(Path(sys.argv[1]), 60)
while True:
    with turnstile.turn():
        print("in", flush=True)
        for _ in range(20000):
            pass
"""
HOLDER = """
import sys
from pathlib import Path
from skywrite.kit.lock import Turnstile
with Turnstile(Path(sys.argv[1]), 60).turn():
    print("in", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def child(tmp_path):
    children = []

    def start(code):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "file")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        children.append(process)
        assert process.stdout.readline() == b"in\n"
        return process

    yield start
    for process in children:
        process.kill()
        process.communicate()


def test_who_asks_gets_a_turn_beside_one_that_never_pauses(child, tmp_path):
    hog = child(HOG)
    threading.Thread(target=hog.stdout.read, daemon=True).start()
    turnstile = Turnstile(tmp_path / "file", 60)
    for _ in range(20):
        with turnstile.turn():
            pass
    turnstile.close()


def test_nobody_else_is_in_meanwhile(child, tmp_path):
    holder = child(HOLDER)
    turnstile = Turnstile(tmp_path / "file", 0.05)
    with pytest.raises(Later, match="writing"), turnstile.turn():
        pass
    holder.communicate(b"")
    with turnstile.turn():
        pass


def test_a_turn_ends_with_its_process(child, tmp_path):
    holder = child(HOLDER)
    holder.kill()
    with Turnstile(tmp_path / "file", 60).turn():
        pass


def test_threads_take_turns_too(tmp_path):
    turnstile = Turnstile(tmp_path / "file", 60)
    inside, most, turns = [], [], []

    def work():
        for _ in range(50):
            with turnstile.turn():
                inside.append(1)
                most.append(len(inside))
                turns.append(1)
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (max(most), len(turns)) == (1, 400)


def test_an_error_in_a_turn_ends_it(tmp_path):
    turnstile = Turnstile(tmp_path / "file", 60)
    with pytest.raises(ZeroDivisionError), turnstile.turn():
        raise ZeroDivisionError
    with turnstile.turn():
        pass
