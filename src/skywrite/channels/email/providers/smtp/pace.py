"""How many mails a second: a bucket that fills with time. Pure."""

_BURST_SECONDS = 0.5


class Pace:
    """Lets `rate` mails a second pass, and as many as half a second's at once. A rate of 0 lets all pass."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._most = max(1.0, rate * _BURST_SECONDS)
        self._left = self._most
        self._at = 0.0

    def take(self, now: float) -> float:
        """Take one mail's worth; what is given is 0, or else the seconds until there is one, and nothing is taken."""
        if not self._rate:
            return 0.0
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / self._rate
        self._left -= 1
        return 0.0
