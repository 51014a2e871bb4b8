"""Slows down whoever guesses passwords. Pure but for its memory, which is bounded."""

from collections import OrderedDict

from skywrite.kit.errors import Later

_WINDOW = 900.0
_REMEMBERED = 10_000


class Attempts:
    """Counts failed attempts by name; `allowed` failures in fifteen minutes, then one must wait."""

    def __init__(self, allowed: int) -> None:
        self._allowed = allowed
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def check(self, name: str, now: float) -> None:
        """Raises Later where `name` has failed too often."""
        recent = [at for at in self._failures.get(name, []) if at > now - _WINDOW]
        if len(recent) >= self._allowed:
            after = recent[-self._allowed] + _WINDOW - now
            raise Later(f"Too many failed attempts; try again in {max(1, round(after / 60))} minutes.", after=after)

    def failed(self, name: str, now: float) -> None:
        """Remember a failure."""
        self._failures.setdefault(name, []).append(now)
        del self._failures[name][: -self._allowed]
        self._failures.move_to_end(name)
        while len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name."""
        self._failures.pop(name, None)
