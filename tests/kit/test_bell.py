import multiprocessing
import os
import signal
import threading

import pytest

from skywrite.kit.bell import Bell, Listener


@pytest.fixture(params=["short", "a folder whose name is longer than a socket's address may be " * 2])
def folder(tmp_path, request):
    return tmp_path / request.param


def test_a_ring_wakes_all_who_listen(folder):
    listeners = [Listener(folder, name) for name in ("a", "b")]
    bell = Bell(folder)
    bell.ring()
    assert all(listener.wait(120) for listener in listeners)
    bell.close()
    for listener in listeners:
        listener.close()


def test_a_ring_before_the_wait_is_not_lost(folder):
    listener, bell = Listener(folder, "a"), Bell(folder)
    for _ in range(2_000):  # more than its buffer holds: the ringer is never held up
        bell.ring()
    assert listener.wait(120)
    assert not listener.wait(0)
    bell.close()
    listener.close()


def test_without_a_ring_it_wakes_by_itself(folder):
    listener = Listener(folder, "a")
    assert not listener.wait(0.01)
    listener.close()


def listen_and_die(folder, pipe):
    Listener(folder, "dead")
    pipe.send("listening")
    os.kill(os.getpid(), signal.SIGKILL)


def test_the_socket_of_a_dead_process_is_cleared_away(tmp_path):
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=listen_and_die, args=(tmp_path / "bell", theirs))
    process.start()
    ours.recv()
    process.join()
    assert list((tmp_path / "bell").iterdir())
    bell = Bell(tmp_path / "bell")
    bell.ring()
    assert not list((tmp_path / "bell").iterdir())
    bell.close()


def test_a_waiting_thread_is_woken(folder):
    listener, bell, woken = Listener(folder, "a"), Bell(folder), threading.Event()
    thread = threading.Thread(target=lambda: listener.wait(120) and woken.set())
    thread.start()
    bell.ring()
    thread.join(120)
    assert woken.is_set()
    bell.close()
    listener.close()
