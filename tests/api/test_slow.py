"""Two at a time, a few in a queue, and a word to the rest."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from skywrite.api.problems import Busy
from skywrite.api.slow import THREADS, WAITING, Slow


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """An async test as one that pytest can call."""
    return lambda: asyncio.run(test())


@in_a_loop
async def test_beyond_its_queue_it_is_busy_and_afterwards_free_again() -> None:
    slow, gate = Slow("test"), threading.Event()
    inside = [asyncio.create_task(slow.run(gate.wait, 120)) for _ in range(THREADS + WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Busy) as busy:
        await slow.run(print)
    assert busy.value.after >= 1
    gate.set()
    assert all(await asyncio.gather(*inside))
    assert await slow.run(max, 1, 2) == 2


@in_a_loop
async def test_who_goes_away_keeps_no_place_but_that_of_a_running_thread() -> None:
    slow, gate, begun = Slow("test"), threading.Event(), threading.Semaphore(0)

    def hold() -> bool:
        begun.release()
        return gate.wait(120)

    inside = [asyncio.create_task(slow.run(hold)) for _ in range(THREADS + WAITING)]
    await asyncio.to_thread(lambda: [begun.acquire() for _ in range(THREADS)])
    for task in inside:
        task.cancel()
    await asyncio.gather(*inside, return_exceptions=True)
    waiting = [asyncio.create_task(slow.run(hold)) for _ in range(WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await slow.run(hold)
    gate.set()
    assert all(await asyncio.gather(*waiting))


@in_a_loop
async def test_what_goes_wrong_is_told_to_who_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        await Slow("test").run(lambda: 1 / 0)
