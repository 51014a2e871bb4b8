"""Sends one event to a destination at once, past the pipeline, and shows what went out and what came back.

A destination of this server itself is but asked what it would do.
"""

import time
from typing import Any

from skywrite.api.destination_schemas import TestResult
from skywrite.contacts.apply import try_out
from skywrite.contacts.calls import MISSING, calls_in
from skywrite.contacts.ids import public
from skywrite.contacts.sync_keys import REFUSED_KEY, id_of
from skywrite.destinations.base import Destination, Verdict
from skywrite.destinations.service import SAMPLE_EVENT
from skywrite.kit.http import Failure
from skywrite.kit.http_client import HttpClient
from skywrite.kit.ids import random_word
from skywrite.kit.json import encode
from skywrite.kit.time import iso_millis, now_micros
from skywrite.log.base import Record
from skywrite.store.engine import Store


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


def try_here(store: Store, target: Destination[Any], given: dict[str, Any] | None) -> TestResult:
    """What a destination of this server itself would make of `given`, or of a sample; nothing is changed by it."""
    began, now = time.monotonic(), now_micros()
    event = _complete(given, now)
    body = encode(event)
    call = next(calls_in(Record(0, now, "", str(event["type"]), "", b"", body)))
    with store.read() as connection:
        is_key_right = id_of(connection, str(target.settings.apiKey), now) is not None
        person, is_taken = try_out(connection, call)
    status, said = 200, ""
    if not is_key_right:
        status, said = 401, REFUSED_KEY
    elif call.type not in target.methods:
        status, said = 400, f"{target.name} takes {' and '.join(target.methods)}, and no {call.type}."
    elif not is_taken:
        status, said = 400, call.fault or MISSING
    return TestResult(
        ok=not said,
        status=status,
        reason=said,
        millis=round((time.monotonic() - began) * 1000),
        request=f"To the contacts of this server\n\n{body[:4000].decode(errors='replace')}",
        response=""
        if said
        else f"It would be put to {public(person.id) if person else 'a new contact'}; nothing was changed.",
    )


def _complete(given: dict[str, Any] | None, now: int) -> dict[str, Any]:
    """The event with all that one from the pipeline has."""
    at = iso_millis(now)
    times = {"timestamp": at, "originalTimestamp": at, "receivedAt": at}
    fresh = {"messageId": f"skywrite-test-{random_word(12)}"}
    return {**SAMPLE_EVENT, **times, **fresh, **(given or {})}
