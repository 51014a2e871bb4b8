"""`POST /mail/receive`: a mail from an existing mail server, its bytes as the body, its envelope in the query.

That server has decided to deliver it here, so it is taken whoever it is to.
"""

import asyncio
import urllib.parse
from collections.abc import Callable
from typing import Any

from skywrite.channels.email.observing.answers import NO_STORE, Answer
from skywrite.channels.email.observing.hits import KEPT_BYTES, Incoming, mail_record
from skywrite.channels.email.observing.smtp_session import MOST_BYTES
from skywrite.intake.addresses import TrustedProxies
from skywrite.intake.commit import GroupCommit
from skywrite.kit import json
from skywrite.kit.asgi import Receive, Scope, Send, given, next_part
from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros

PATH = b"/mail/receive"
_MOST_RCPTS = 20


class ReceivingApp:
    """ASGI. `allows` says whether an API token works and may block."""

    def __init__(self, commit: GroupCommit, proxies: TrustedProxies, *, allows: Callable[[str], bool]) -> None:
        self._commit = commit
        self._proxies = proxies
        self._allows = allows

    @staticmethod
    def serves(path: bytes) -> bool:
        """Whether a path is this app's."""
        return path == PATH

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        answer = await self._answer(scope, receive)
        await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            return _said(405, "Post the mail here, its bytes as the body.")
        headers = dict(scope["headers"])
        scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        try:
            if scheme.lower() != "bearer" or not await asyncio.to_thread(self._allows, secret.strip()):
                return _said(401, "Send an API token as `Authorization: Bearer`.")
        except Later as error:
            return _said(503, str(error))
        return await self._received(scope, headers, receive)

    async def _received(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Answer:
        query = urllib.parse.parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        rcpt_to = tuple(filter(None, query.get("to", ())))
        if len(rcpt_to) > _MOST_RCPTS:
            return _said(400, f"Name at most {_MOST_RCPTS} recipients; post the mail again for the others.")
        raw, size = await _mail(receive)
        if size > MOST_BYTES:
            return _said(413, f"A mail may have {MOST_BYTES} bytes.")
        if not raw.strip():
            return _said(400, "There is no mail in the body.")
        head = Incoming(query["from"][0] if "from" in query else None, rcpt_to, "http", size)
        peer = scope["client"][0] if scope["client"] else ""
        ip = self._proxies.client(peer, headers.get(b"x-forwarded-for", b""))
        failure: Later | None = await given(
            lambda give: self._commit.submit([mail_record(head, [raw], ip, now_micros())], give)
        )
        return _said(200) if failure is None else _said(503, str(failure))


def _said(status: int, message: str = "") -> Answer:
    body: dict[str, Any] = {"success": status == 200} | ({"message": message} if message else {})
    again = ((b"retry-after", b"30"),) if status == 503 else ()
    return Answer(status, ((b"content-type", b"application/json"), *NO_STORE, *again), json.encode(body))


async def _mail(receive: Receive) -> tuple[bytes, int]:
    """As much of the body as is kept, and how long it is; of one that is too large, that it is."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await next_part(receive)
        part = message.get("body", b"")
        if size < KEPT_BYTES:
            parts.append(part)
        size += len(part)
        if not message.get("more_body") or size > MOST_BYTES:
            return b"".join(parts), size
