"""The rest of the tracking API as an ASGI app: preflights, pixel, SDK metrics, odd requests, and the browser's CDN."""

import base64
import binascii
import urllib.parse
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from skywrite.events.check import EVENT_TYPES
from skywrite.intake import answers
from skywrite.intake.addresses import TrustedProxies
from skywrite.intake.cdn import Cdn
from skywrite.intake.intake import Intake, Request
from skywrite.intake.limits import MAX_BODY_BYTES
from skywrite.intake.paths import CALLS, METRICS, PIXEL, SHORT
from skywrite.kit import json
from skywrite.kit.asgi import Receive, Scope, Send, given, read_body

Headers = list[tuple[bytes, bytes]]

GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_MOST_NESTED = 20  # levels of a flat query; what lies deeper keeps its dots
_PREFIXES = (b"/v1/", b"/analytics.js/", b"/analytics-next/", b"/next-integrations/", b"/platform/")


class TrackingApp:
    """Answers every path under `/v1/` and the browser SDK's CDN paths; `serves` says which those are."""

    def __init__(self, intake: Intake, proxies: TrustedProxies, cdn: Cdn) -> None:
        self._intake = intake
        self._proxies = proxies
        self._cdn = cdn

    @staticmethod
    def serves(path: bytes) -> bool:
        """Whether a path is one of this app's."""
        return path.startswith(_PREFIXES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        path, method = scope["raw_path"], scope["method"]
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"")
        call_path = path.rstrip(b"/")
        if method == "OPTIONS":
            await _send(send, 204, b"", [*answers.PREFLIGHT, *_cors(origin)])
        elif path.startswith(PIXEL) and method in ("GET", "HEAD"):
            await self._pixel(scope, path, send)
        elif method in ("GET", "HEAD"):
            asked = path.decode("latin-1")
            if self._cdn.wants_known(asked):
                await given(self._intake.look_again)
            status, body, extra = self._cdn.answer(asked, headers, scheme=self._scheme(scope, headers))
            await _send(send, status, b"" if method == "HEAD" else body, [*extra, *_cors(origin)])
        elif method == "POST" and call_path in CALLS:
            await self._post(call_path, headers, await read_body(receive, MAX_BODY_BYTES), scope, send)
        elif method == "POST" and call_path == METRICS:
            await read_body(receive, MAX_BODY_BYTES)
            await _send(send, 200, answers.SUCCESS_BODY, [_JSON, *_cors(origin)])
        else:
            message = f"{method} {path.decode('latin-1')} is not part of the tracking API."
            await _send(send, 404, answers.error_body("not_found", message), [_JSON, *_cors(origin)])

    async def _post(self, path: bytes, headers: dict[bytes, bytes], body: bytes, scope: Scope, send: Send) -> None:
        query = dict(urllib.parse.parse_qsl(scope["query_string"].decode("latin-1")))
        authorization = headers.get(b"authorization", b"")
        if "writeKey" in query and not authorization:
            authorization = basic(query["writeKey"])
        request = Request(CALLS[path], authorization, headers.get(b"content-encoding", b""), path in SHORT)
        status, answer, after = await self._handled(request, self._ip(scope, headers), body)
        await _send(send, status, answer, [_JSON, *_retry(after), *_cors(headers.get(b"origin", b""))])

    async def _handled(self, request: Request, ip: str, body: bytes) -> tuple[int, bytes, float]:
        def begin(give: Callable[[tuple[int, bytes, float]], None]) -> None:
            self._intake.handle(request, ip, body, lambda *answer: give(answer))

        return await given(begin)

    async def _pixel(self, scope: Scope, path: bytes, send: Send) -> None:
        """Always a picture, whatever became of the event: a mail or an ad can do nothing with an error.

        A 200 says that the event was kept, or was wrong; while none can be kept, the picture comes with a 503.
        """
        status, after = 200, 0.0
        call = path[len(PIXEL) :].decode("latin-1")
        if scope["method"] == "GET" and call in EVENT_TYPES:
            key, event = pixel_event(scope["query_string"].decode("latin-1"))
            headers = dict(scope["headers"])
            request = Request(call, basic(key), b"", is_client_side=True)
            answered, _, after = await self._handled(request, self._ip(scope, headers), json.encode(event))
            status = answered if answered >= HTTPStatus.INTERNAL_SERVER_ERROR else status
        kind = [(b"content-type", b"image/gif"), (b"cache-control", b"no-store")]
        await _send(send, status, GIF, [*kind, *_retry(after)])

    def _ip(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        return self._proxies.client(_peer(scope), headers.get(b"x-forwarded-for", b""))

    def _scheme(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """The scheme that a trusted proxy says the browser used, else ""."""
        said = headers.get(b"x-forwarded-proto", b"").decode("latin-1").rpartition(",")[2].strip().lower()
        return said if said in ("http", "https") and self._proxies.trusts(_peer(scope)) else ""


def _peer(scope: Scope) -> str:
    return scope["client"][0] if scope["client"] else ""


_JSON = (b"content-type", b"application/json")


def basic(key: str) -> bytes:
    """A write key as the Authorization header that says it."""
    return b"Basic " + base64.b64encode(key.encode() + b":") if key else b""


def pixel_event(query: str) -> tuple[str, dict[str, Any]]:
    """The write key and the event of a pixel's query: `data` in base64, or flat keys whose dots nest."""
    values = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    event = _decoded(values["data"]) if "data" in values else _nested(values)
    key = event.pop("writeKey", None) or values.get("writeKey", "")
    return (key if isinstance(key, str) else ""), event


def _decoded(data: str) -> dict[str, Any]:
    text = data.replace("-", "+").replace("_", "/").replace(" ", "+").rstrip("=")
    try:
        event = json.decode(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _nested(values: dict[str, str]) -> dict[str, Any]:
    event: dict[str, Any] = {}
    for name, value in values.items():
        *parents, last = name.split(".", _MOST_NESTED)
        place = event
        for parent in parents:
            below = place.setdefault(parent, {})
            if not isinstance(below, dict):
                break
            place = below
        else:
            place[last] = value
    return event


def _cors(origin: bytes) -> Headers:
    if not origin:
        return [(b"access-control-allow-origin", b"*")]
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", b"retry-after"),
        (b"vary", b"origin"),
    ]


def _retry(after: float) -> Headers:
    return [(b"retry-after", b"%d" % max(1, round(after)))] if after else []


async def _send(send: Send, status: int, body: bytes, headers: Headers) -> None:
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
