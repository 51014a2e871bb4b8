"""Threads of their own for what takes long, so that everything else finds one free."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from skywrite.api.problems import Busy

THREADS = 2
WAITING = 6
_AFTER_SECONDS = 5.0
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Slow:
    """Runs two at a time; a few more may wait."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix=name)
        self._places = threading.BoundedSemaphore(THREADS + WAITING)

    async def run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """What `function` gives. Raises Busy where enough wait already."""
        if not self._places.acquire(blocking=False):
            raise Busy("The warehouse has enough to answer just now; try again in a moment.", after=_AFTER_SECONDS)
        running = self._executor.submit(function, *args, **kwargs)
        # Whoever asked may be gone by then: the place is taken for as long as the thread is.
        running.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(running)
