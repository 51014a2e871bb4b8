"""The answers of the tracking API as bytes of HTTP/1.1, CORS headers included."""

import http
from collections.abc import Sequence

from skywrite.intake.refusals import Rejected
from skywrite.kit import json

_JSON = b"content-type: application/json\r\n"
_OPEN_CORS = b"access-control-allow-origin: *\r\n"
PREFLIGHT = (
    (b"access-control-allow-methods", b"POST, GET, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, x-retry-count"),
    (b"access-control-max-age", b"86400"),
)
SUCCESS_BODY = b'{"success":true}'


def http_answer(status: int, body: bytes, *, origin: bytes = b"", after: float = 0, is_last: bool = False) -> bytes:
    """A whole HTTP answer with a JSON body. `origin` is echoed, `after` is Retry-After in seconds.

    The last one of a connection says so.
    """
    phrase = http.HTTPStatus(status).phrase.encode()
    retry = b"retry-after: %d\r\n" % max(1, round(after)) if after else b""
    return b"HTTP/1.1 %d %s\r\n%s%s%s%scontent-length: %d\r\n\r\n%s" % (
        status,
        phrase,
        _JSON,
        cors_lines(origin),
        retry,
        b"connection: close\r\n" if is_last else b"",
        len(body),
        body,
    )


def cors_lines(origin: bytes) -> bytes:
    """The CORS headers of any answer: the origin echoed where there is one, so that credentials may come along."""
    if not origin:
        return _OPEN_CORS
    return (
        b"access-control-allow-origin: %s\r\naccess-control-allow-credentials: true\r\nvary: origin\r\n"
        b"access-control-expose-headers: retry-after\r\n" % origin
    )


def error_body(code: str, message: str) -> bytes:
    """The error object that serves all SDKs: Python reads code and message, Ruby reads error."""
    return json.encode({"success": False, "code": code, "message": message, "error": message})


def batch_body(rejected: Sequence[Rejected]) -> bytes:
    """Segment's answer, and for who reads it each refused event's index and reason."""
    if not rejected:
        return SUCCESS_BODY
    refused = [{"index": event.item, "code": event.code, "reason": event.reason} for event in rejected]
    return json.encode({"success": True, "rejected": refused})


SUCCESS = http_answer(200, SUCCESS_BODY)
