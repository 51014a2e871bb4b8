"""`POST /autopilothq/segmentio`: where a Segment or a RudderStack elsewhere brings its calls. A 200 is on disk."""

import asyncio
import base64
import functools
import urllib.parse
from collections.abc import Collection
from typing import Any

import structlog

from skywrite.contacts import queries
from skywrite.contacts.admission import Admitted, admit
from skywrite.contacts.identity import Kind
from skywrite.contacts.sync_keys import REFUSED_KEY, KnownSyncKeys
from skywrite.intake.commit import GroupCommit
from skywrite.intake.limits import MAX_BODY_BYTES, gunzipped, too_large
from skywrite.kit import json
from skywrite.kit.asgi import Receive, Scope, Send, given, read_body
from skywrite.kit.errors import Later, Refused
from skywrite.kit.time import now_micros
from skywrite.store.engine import Store

log = structlog.get_logger()
PATH = b"/autopilothq/segmentio"
Headers = dict[bytes, bytes]
_QUICK_BYTES = 64 << 10  # looked at within about a millisecond
_UNAVAILABLE = "Calls can't be kept just now; call again."


class ContactsDoor:
    """An ASGI app for the one path; `serves` says which. `commit` makes calls durable in the inbox."""

    def __init__(self, store: Store, commit: GroupCommit) -> None:
        self._store = store
        self._commit = commit
        self._keys = KnownSyncKeys(store)

    @staticmethod
    def serves(path: bytes) -> bool:
        """Whether a path is the door's."""
        return path.rstrip(b"/") == PATH

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        body = await read_body(receive, MAX_BODY_BYTES)
        try:
            status, answer, after = await self._handle(scope, body)
        except Refused as refusal:
            status, answer, after = refusal.status, {"error": str(refusal), "where": refusal.where}, 0.0
        except Later as error:
            log.warning("a call of another server can't be taken", reason=str(error))
            status, answer, after = 503, {"error": _UNAVAILABLE, "where": ""}, error.after
        await _answer(send, status, json.encode(answer), after)

    async def _handle(self, scope: Scope, body: bytes) -> tuple[int, dict[str, Any], float]:
        if scope["method"] != "POST":
            raise Refused("Only POST is taken here.", status=405)
        headers: Headers = dict(scope["headers"])
        key_id = await self._known(key_in(headers, scope["query_string"].decode("latin-1")))
        if headers.get(b"content-encoding", b"").lower() in (b"gzip", b"x-gzip"):
            body = gunzipped(body)
        if len(body) > MAX_BODY_BYTES:
            raise too_large(len(body))
        look = functools.partial(admit, body, key_id, now_micros(), self._known_browsers)
        # A thread is for who may be named by a browser alone, which is looked up, and for batches that take long.
        is_quick = len(body) <= _QUICK_BYTES and b"anonymousId" not in body
        admitted = look() if is_quick else await asyncio.to_thread(look)
        if admitted.records:
            await self._keep(admitted)
        if admitted.refused:
            return 400, _refusal(admitted), 0
        return 200, {"success": True}, 0

    async def _known(self, key: str) -> str:
        """The id of the key. Raises Refused (401) where it is none."""
        found = self._keys.known(key, now_micros())
        if found is None:
            await asyncio.to_thread(self._keys.refresh)
            found = self._keys.known(key, now_micros())
        if found is None:
            raise Refused(REFUSED_KEY, where="apiKey", status=401)
        return found

    def refresh(self) -> None:
        """Read the keys again where any changed: one that was revoked must stop working. Raises Later."""
        self._keys.refresh()

    def _known_browsers(self, anonymous_ids: Collection[str]) -> set[str]:
        with self._store.read() as connection:
            return {value for value, _ in queries.owners(connection, Kind.ANONYMOUS, anonymous_ids)}

    async def _keep(self, admitted: Admitted) -> None:
        failure = await given(functools.partial(self._commit.submit, admitted.records))
        if failure is not None:
            raise failure


def key_in(headers: Headers, query: str) -> str:
    """The key of a request, "" where it has none: a header of Autopilot's, a bearer token, Basic's user, the query."""
    own = headers.get(b"autopilotapikey", b"").decode("latin-1").strip()
    scheme, _, rest = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if own or scheme.lower() == "bearer":
        return own or rest.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest.strip() + "==").decode("utf-8", "replace").partition(":")[0]
        except ValueError:  # not base64, or not even ASCII
            return ""
    return dict(urllib.parse.parse_qsl(query)).get("apiKey", "")


def _refusal(admitted: Admitted) -> dict[str, Any]:
    first = admitted.refused[0]
    answer: dict[str, Any] = {"error": first.message, "where": f"batch[{first.index}]"}
    if admitted.records or len(admitted.refused) > 1:
        answer["refused"] = [{"index": one.index, "message": one.message} for one in admitted.refused]
    else:
        answer["where"] = "body"
    return answer


async def _answer(send: Send, status: int, body: bytes, after: float) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    if after:
        headers.append((b"retry-after", b"%d" % max(1, round(after))))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
