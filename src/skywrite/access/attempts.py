"""Slows down whoever guesses passwords. Pure but for its memory, which is bounded."""

import threading
from collections import OrderedDict

from skywrite.kit.errors import Later

_WINDOW = 900.0
_REMEMBERED = 10_000


class Attempts:
    """Counts attempts by name; `allowed` failures in fifteen minutes, then one must wait. Safe from several threads.

    An attempt counts as a failure from its beginning, so that many at once get no further than one after the other.
    """

    def __init__(self, allowed: int) -> None:
        self._allowed = allowed
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._turn = threading.Lock()

    def begin(self, name: str, now: float) -> None:
        """Count an attempt. Raises Later where `name` has failed too often."""
        with self._turn:
            recent = [at for at in self._failures.get(name, []) if at > now - _WINDOW]
            if len(recent) >= self._allowed:
                after = recent[-self._allowed] + _WINDOW - now
                raise Later(f"Too many failed attempts; try again in {max(1, round(after / 60))} minutes.", after=after)
            self._failures[name] = [*recent, now]
            self._failures.move_to_end(name)
            while len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)

    def take_back(self, name: str, begun: float) -> None:
        """The attempt that began then was no failure; the others stay."""
        with self._turn:
            failures = self._failures.get(name, [])
            if begun in failures:
                failures.remove(begun)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name."""
        with self._turn:
            self._failures.pop(name, None)
