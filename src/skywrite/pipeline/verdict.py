"""What a destination's answer means for the event: delivered, later, or never."""

import time
from email.utils import parsedate_to_datetime
from typing import Literal

from msgspec import Struct

from skywrite.kit.http import Failure, Response

_AGAIN = frozenset({408, 423, 425, 429})
_LONGEST_PAUSE = 6 * 3600.0
_MEANING = {
    400: "it does not understand the request",
    401: "it wants other credentials",
    403: "it does not allow the request",
    404: "there is nothing at this address",
    405: "it takes no such requests at this address",
    408: "it waited too long for the request",
    410: "the address is gone for good",
    413: "the request is too large for it",
    429: "it has too many requests just now",
    500: "it failed",
    501: "it does not know how to serve this",
    502: "its gateway got no good answer",
    503: "it is not available just now",
    504: "its gateway waited too long",
}


class Verdict(Struct, frozen=True):
    """What is to happen with the events of a request, and why."""

    outcome: Literal["delivered", "later", "never"]
    reason: str = ""
    status: int | None = None
    after: float = 0.0  # with "later": not before so many seconds from now
    is_throttled: bool = False  # with "later": it is up, and wants fewer requests
    response: str = ""  # the beginning of the answer's body

    @classmethod
    def of(cls, answer: Response | Failure) -> "Verdict":
        """The usual reading: 2xx is delivered, a failed connection, 408, 423, 425, 429 and 5xx save 501 are later."""
        if isinstance(answer, Failure):
            return cls("later", answer.reason)
        status = answer.status
        if 200 <= status < 300:
            return cls("delivered", status=status, response=answer.beginning())
        reason = f"The receiver answered {status}: {meaning(status)}."
        if status in _AGAIN or (status >= 500 and status != 501):
            wait = retry_after(answer)
            return cls("later", reason, status, wait, status == 429 or wait > 0, answer.beginning())
        return cls("never", reason, status, response=answer.beginning())


def meaning(status: int) -> str:
    """A status in words."""
    if status in _MEANING:
        return _MEANING[status]
    if 300 <= status < 400:
        return "it sends us elsewhere, and redirects are not followed; set the address that it points to"
    return "it refuses the request" if status < 500 else "it failed"


def retry_after(answer: Response) -> float:
    """The seconds that an answer asks us to wait, 0 where it asks nothing that can be read."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), _LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(said).timestamp()
        now = _their_time(answer)
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(0.0, until - now), _LONGEST_PAUSE)


def _their_time(answer: Response) -> float:
    said = answer.headers.get("date")
    return parsedate_to_datetime(said).timestamp() if said else time.time()
