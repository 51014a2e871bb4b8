"""What is costly to count, counted no oftener than its cost allows.

A million mails a day are not counted every second for each who looks.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

_COST_SHARE = 20  # at most a twentieth of the time is spent counting
Value = TypeVar("Value")


class Seldom(Generic[Value]):
    """The last count, for whoever asks; several threads may. `pause` is the least time between counts, in seconds."""

    def __init__(self, *, pause: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause = pause
        self._clock = clock
        self._turn = threading.Lock()
        self._last: tuple[object, Value] | None = None
        self._due = 0.0

    def get(self, of: object, count: Callable[[], Value]) -> Value:
        """What `count` gives now, or gave a little earlier when it was asked `of` the same."""
        last = self._last
        if last is None or last[0] != of:
            self._turn.acquire()
        elif not self._turn.acquire(blocking=False):
            return last[1]  # somebody counts it anew just now
        try:
            began = self._clock()
            if self._last is None or self._last[0] != of or began >= self._due:
                self._last = (of, count())
                ended = self._clock()
                self._due = ended + max(self._pause, _COST_SHARE * (ended - began))
            return self._last[1]
        finally:
            self._turn.release()
