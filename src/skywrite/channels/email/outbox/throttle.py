"""How many mails of each broadcast may go now: an allowance that grows with time. Pure, but for what it remembers."""

_BURST_SECONDS = 0.1  # what has not gone may be made up for so long: as long as turns may lie apart


class Throttle:
    """Over any stretch of time no more than the rate allows, and a burst: a tenth of a second's worth and one mail.

    It begins with nothing, so that one which takes the place of another that died adds no burst to that one's.
    """

    def __init__(self) -> None:
        self._state: dict[int, tuple[float, float]] = {}  # by broadcast: allowance, and when it was right, in seconds

    def allowance(self, broadcast_id: int, per_second: float, now: float) -> int:
        """How many may go at `now`, in seconds of any steady clock."""
        left, since = self._state.get(broadcast_id, (0.0, now))
        left = min(1.0 + per_second * _BURST_SECONDS, left + max(0.0, now - since) * per_second)
        self._state[broadcast_id] = (left, now)
        return int(left)

    def took(self, broadcast_id: int, count: int) -> None:
        """So many went."""
        left, since = self._state[broadcast_id]
        self._state[broadcast_id] = (left - count, since)

    def wait(self, broadcast_id: int, per_second: float) -> float:
        """In how many seconds the next may go."""
        left, _ = self._state.get(broadcast_id, (1.0, 0.0))
        return max(0.0, (1.0 - left) / per_second)
