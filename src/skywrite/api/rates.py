"""Events a second, from counts that only grow, as seen by whoever asks. Bounded memory, safe from several threads."""

import threading
from collections import deque
from collections.abc import Mapping

_WINDOW = 10.0
_PAUSE = 0.5  # samples closer than this say nothing new
_STALE = 60.0


class Rates:
    """Remembers the last ten seconds of some totals, each under a name."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, dict[str, int]]] = deque()
        self._turn = threading.Lock()

    def sample(self, totals: Mapping[str, int], now: float) -> None:
        """Note totals at a moment, in seconds."""
        with self._turn:
            if self._samples and now - self._samples[-1][0] < _PAUSE:
                return
            self._samples.append((now, dict(totals)))
            while len(self._samples) > 2 and self._samples[1][0] < now - _WINDOW:
                self._samples.popleft()
            if now - self._samples[0][0] > _STALE:
                self._samples.popleft()

    def per_second(self, name: str) -> float:
        """How quickly a total grew over the window; 0 while it was seen once only."""
        with self._turn:
            if len(self._samples) < 2:
                return 0.0
            (then, before), (now, after) = self._samples[0], self._samples[-1]
            grown = after.get(name, 0) - before.get(name, after.get(name, 0))
            return max(0.0, grown / (now - then))


class Loads:
    """Events a second that reach the warehouse, from what its last load said of itself."""

    def __init__(self) -> None:
        self._rates = Rates()
        self._seen: int | None = None
        self._total = 0

    def note(self, number: int, events: int, now: float) -> None:
        """Note the last load's number and events; loads missed in between count as if like it."""
        if self._seen is not None and number > self._seen:
            self._total += events * (number - self._seen)
        self._seen = number
        self._rates.sample({"": self._total}, now)

    def per_second(self) -> float:
        """How quickly events were loaded over the window."""
        return self._rates.per_second("")
