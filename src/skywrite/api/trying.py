"""Sends one event to a destination at once, past the pipeline, and shows what went out and what came back."""

import time
from typing import Any

from skywrite.api.schemas import TestResult
from skywrite.destinations.base import Destination, Verdict
from skywrite.destinations.service import SAMPLE_EVENT
from skywrite.kit.http import Failure
from skywrite.kit.http_client import HttpClient
from skywrite.kit.ids import random_word
from skywrite.kit.time import iso_millis, now_micros


async def try_event(target: Destination[Any], given: dict[str, Any] | None, *, allow_private: bool) -> TestResult:
    """Send `given`, or a sample, as the pipeline would; nothing is retried and nothing is counted."""
    now = now_micros()
    request = target.request([_complete(given, now)], now)
    client = HttpClient(allow_private=allow_private)
    began = time.monotonic()
    try:
        answer = await client.send(request)
    finally:
        client.close()
    verdict = Verdict.of(answer) if isinstance(answer, Failure) else target.verdict(answer)
    return TestResult(
        ok=verdict.outcome == "delivered",
        status=verdict.status,
        reason=verdict.reason,
        millis=round((time.monotonic() - began) * 1000),
        request=request.shown(),
        response=verdict.response,
    )


def _complete(given: dict[str, Any] | None, now: int) -> dict[str, Any]:
    """The event with all that one from the pipeline has."""
    at = iso_millis(now)
    times = {"timestamp": at, "originalTimestamp": at, "receivedAt": at}
    fresh = {"messageId": f"skywrite-test-{random_word(12)}"}
    return {**SAMPLE_EVENT, **times, **fresh, **(given or {})}
