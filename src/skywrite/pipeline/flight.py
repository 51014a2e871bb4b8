"""A request on its way, and how it is shown on a page afterwards."""

import time
from typing import Any

from skywrite.kit.http import Request
from skywrite.pipeline.route import Event, Job
from skywrite.pipeline.verdict import Verdict

_OUTCOMES = {"delivered": "delivered", "later": "retry", "never": "failed"}


class Flight:
    """A request on its way with its jobs, and `rest`: of a batch that is sent in parts, the jobs after these."""

    __slots__ = ("began", "is_late", "jobs", "request", "rest")

    def __init__(self, jobs: list[Job], request: Request, rest: list[Job]) -> None:
        self.jobs = jobs
        self.request = request
        self.rest = rest
        self.began = time.monotonic()
        self.is_late = False

    @property
    def millis(self) -> float:
        """How long it has been on its way."""
        return (time.monotonic() - self.began) * 1000

    def sample(self, verdict: Verdict, millis: int, now: int) -> dict[str, Any]:
        """The attempt as a row: what was sent, without headers that may be secret, and what came back."""
        first = self.jobs[0]
        return {
            "at": now,
            "outcome": _OUTCOMES[verdict.outcome],
            "message_id": first.message_id,
            "event_name": _name_of(first.event),
            "status": verdict.status,
            "reason": verdict.reason,
            "millis": millis,
            "request": self.request.shown(),
            "response": verdict.response,
        }


def _name_of(event: Event) -> str:
    kind = str(event.get("type", ""))
    name = event.get("event") if kind == "track" else event.get("name")
    return str(name) if name else kind
