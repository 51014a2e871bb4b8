import pytest

from skywrite.kit.http import Failure, Response
from skywrite.pipeline.verdict import Verdict, retry_after

OUTCOMES = {
    200: "delivered", 201: "delivered", 204: "delivered", 299: "delivered",
    301: "never", 302: "never", 307: "never", 400: "never", 401: "never", 403: "never", 404: "never", 405: "never",
    408: "later", 409: "never", 410: "never", 413: "never", 422: "never", 423: "later", 425: "later", 429: "later",
    500: "later", 501: "never", 502: "later", 503: "later", 504: "later", 599: "later",
}  # fmt: skip


@pytest.mark.parametrize(("status", "outcome"), OUTCOMES.items())
def test_a_status_says_what_happens_next(status, outcome):
    verdict = Verdict.of(Response(status, body=b"said"))
    assert (verdict.outcome, verdict.status, verdict.response) == (outcome, status, "said")
    assert outcome == "delivered" or str(status) in verdict.reason


def test_no_answer_is_tried_again():
    verdict = Verdict.of(Failure("ECONNREFUSED", "x refuses connections."))
    assert (verdict.outcome, verdict.reason, verdict.status) == ("later", "x refuses connections.", None)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120), ("0", 0), (" 7 ", 7), ("999999999999", 6 * 3600), ("", 0), ("soon", 0), ("-5", 0),
        ("1.5", 0), ("²", 0),
        ("Mon, 23 Nov 2026 16:12:00 GMT", 60), ("Mon, 23 Nov 2026 16:10:00 GMT", 0),
    ],
)  # fmt: skip
def test_retry_after_in_seconds_or_as_a_date(said, seconds):
    answer = Response(503, {"retry-after": said, "date": "Mon, 23 Nov 2026 16:11:00 GMT"})
    assert retry_after(answer) == seconds
    assert Verdict.of(answer).after == seconds


def test_a_destination_that_wants_fewer_requests_is_known():
    assert Verdict.of(Response(429)).is_throttled
    assert Verdict.of(Response(503, {"retry-after": "3"})).is_throttled
    assert not Verdict.of(Response(503)).is_throttled
