"""Whether a destination as a whole is up. Pure: failures, successes and times go in, a decision comes out."""

from skywrite.kit.backoff import full_jitter
from skywrite.pipeline.pace import Pace

_THROTTLED_AFTER = 3
_LONGEST_PAUSE = 300.0


class Circuit:
    """Opens when failures of several users follow one another without a success between; then one probe at a time."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._failures = 0
        self._users: set[str] = set()
        self._first_at = 0
        self._probes = 0
        self.is_open = False
        self.is_throttled = False  # open since it asked for fewer requests, not since it is down
        self.since = 0  # when what opened it began, µs
        self.probe_at = 0  # when it may be tried next, µs
        self.is_probing = False

    def succeed(self) -> None:
        """An answer that shows it is up."""
        self._failures = self._probes = 0
        self._users.clear()
        self.is_open = self.is_probing = self.is_throttled = False

    def fail(self, user: str, now: int, *, after: float = 0.0, throttled: bool = False) -> None:
        """A failure that may be the destination's own, with the pause that it asked for."""
        if self.is_open:
            if self.is_probing:
                self._pause(now, after)
            return
        if not self._failures:
            self._first_at = now
        self._failures += 1
        if len(self._users) < self._pace.circuit_users:
            self._users.add(user)
        enough = min(_THROTTLED_AFTER, self._pace.circuit_failures) if throttled else self._pace.circuit_failures
        if self._failures >= enough and len(self._users) >= self._pace.circuit_users:
            self.open(self._first_at, now, after, throttled=throttled)

    def open(self, since: int, now: int, after: float = 0.0, *, throttled: bool = False) -> None:
        """It is down since `since`: pause, then probe."""
        self.is_open, self.is_throttled, self.since = True, throttled, since
        self._pause(now, after)

    def resume(self, since: int, now: int) -> None:
        """It was down since `since` when it was last tried, by an earlier process: try it at once."""
        self.is_open, self.since, self.probe_at = True, since, now

    @property
    def is_known_down(self) -> bool:
        """Whether it is down by what this process has seen itself."""
        return self.is_open and self._probes > 0

    def begin_probe(self, now: int) -> bool:
        """Whether one request may be tried now; from then on it is the probe."""
        if not self.is_open or self.is_probing or now < self.probe_at:
            return False
        self.is_probing = True
        return True

    def leave_probe(self) -> None:
        """There was nothing to probe with."""
        self.is_probing = False

    def _pause(self, now: int, after: float) -> None:
        self._probes += 1
        self.is_probing = False
        wait = full_jitter(self._probes, base=self._pace.probe_base, cap=self._pace.probe_cap)
        self.probe_at = now + int(max(wait, min(after, _LONGEST_PAUSE)) * 1_000_000)
