"""The public doors as an ASGI app: unsubscribe and preferences, view online, and what of opens and clicks does not come
the quick way (HEAD, HTTP/1.0, pipelined requests).
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

import structlog

from skywrite.channels.email.observing.answers import NO_STORE, Answer, Headers, Redirect
from skywrite.channels.email.observing.doors import NOT_FOUND, Doors
from skywrite.channels.email.observing.forms import applied, chosen_on_page, form_fields, looks_like_a_person, told
from skywrite.channels.email.observing.hits import Choice, HitKind, hit_record
from skywrite.channels.email.observing.pages import Preferences, done_page, neutral_page, unsubscribe_page
from skywrite.channels.email.tokens import Purpose
from skywrite.intake.addresses import TrustedProxies
from skywrite.intake.commit import GroupCommit
from skywrite.kit.asgi import Receive, Scope, Send, given, read_body
from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros

log = structlog.get_logger()
_UNSUBSCRIBE, _VIEW = b"/u/", b"/v/"
_ONE_CLICK = ("List-Unsubscribe", "One-Click")
_LONGEST_BODY = 64 * 1024
_AGAIN = "Please press the button once more, so that we know it was you."
_TRY_LATER = "This could not be saved just now. Please try again in a minute."
_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'"
_HTML: Headers = (
    (b"content-type", b"text/html; charset=utf-8"),
    *NO_STORE,
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_MAIL_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline' https:; img-src * data:; font-src https:; sandbox allow-popups"
)
_VIEWED: Headers = (*(pair for pair in _HTML if pair[0] != b"content-security-policy"),)


class Recipients(Protocol):
    """What the pages ask of the store; each call may block, and raises Later while it is away."""

    def preferences(self, message_id: int) -> Preferences | None:
        """Whom the page is for and what they chose; None where the message is not known any more."""


View = Callable[[int], bytes | None]  # a message's HTML, rendered again; None where that cannot be


class PublicApp:
    """Serves what `serves` says. `view` renders a message for a browser; without it there are no such pages."""

    def __init__(
        self,
        doors: Doors,
        commit: GroupCommit,
        recipients: Recipients,
        proxies: TrustedProxies,
        view: View | None = None,
    ) -> None:
        self._doors = doors
        self._commit = commit
        self._recipients = recipients
        self._proxies = proxies
        self._view = view

    @staticmethod
    def serves(path: bytes) -> bool:
        """Whether a path is one of this app's."""
        return path.startswith((*Doors.prefixes, _UNSUBSCRIBE, _VIEW))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        path, method = scope["raw_path"], scope["method"]
        if method == "OPTIONS":
            answer: Answer | Redirect = Answer(204, ((b"allow", b"GET, HEAD, OPTIONS"),))
        elif path.startswith(Doors.prefixes):
            answer = await self._hit(path, method, scope)
        elif path.startswith(_VIEW):
            answer = await self._viewed(path[3:].decode("latin-1")) if method in ("GET", "HEAD") else _not_allowed()
        else:
            answer = await self._preferences(path[3:].decode("latin-1"), method, scope, receive)
        body = b"" if method == "HEAD" else answer.body
        await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
        await send({"type": "http.response.body", "body": body})

    # ---- opens and clicks ----

    async def _hit(self, path: bytes, method: str, scope: Scope) -> Answer | Redirect:
        if method == "HEAD":
            return self._doors.head(path)
        if method != "GET":
            return _not_allowed()
        return await given(partial(self._doors.get, path, dict(scope["headers"]), self._ip(scope)))

    # ---- view online ----

    async def _viewed(self, token: str) -> Answer:
        message_id = self._doors.tokens.opened(Purpose.VIEW, token)
        if message_id is None or self._view is None:
            return NOT_FOUND
        try:
            page = await asyncio.to_thread(self._view, message_id)
        except Later:
            return Answer(503, (*_HTML, (b"retry-after", b"30")), b"")
        if page is None:
            return NOT_FOUND
        return Answer(200, (*_VIEWED, (b"content-security-policy", _MAIL_POLICY)), page)

    # ---- unsubscribe and preferences ----

    async def _preferences(self, token: str, method: str, scope: Scope, receive: Receive) -> Answer:
        message_id = self._doors.tokens.opened(Purpose.UNSUBSCRIBE, token)
        if message_id is None:
            return Answer(404, _HTML, neutral_page())
        action = f"/u/{token}"
        if method in ("GET", "HEAD"):
            return _html(unsubscribe_page(await self._found(message_id), action, _millis()))
        if method != "POST":
            return _not_allowed()
        body = await read_body(receive, _LONGEST_BODY)
        content_type = dict(scope["headers"]).get(b"content-type", b"")
        fields = form_fields(content_type, body if len(body) <= _LONGEST_BODY else b"")
        if _ONE_CLICK in fields:
            return await self._one_click(message_id, self._ip(scope))
        return await self._form(message_id, action, fields, self._ip(scope))

    async def _one_click(self, message_id: int, ip: str) -> Answer:
        """RFC 8058: no page, no question, no redirect."""
        failure = await self._kept(Choice(message_id, "one_click", everything=True), ip)
        if failure is not None:
            return Answer(503, (*_HTML, (b"retry-after", b"30")), b"")
        return Answer(200, ((b"content-type", b"text/plain; charset=utf-8"), *NO_STORE), b"You are unsubscribed.\n")

    async def _form(self, message_id: int, action: str, fields: list[tuple[str, str]], ip: str) -> Answer:
        found = await self._found(message_id)
        chosen = chosen_on_page(message_id, fields)
        if chosen is None or not looks_like_a_person(fields, _millis()):
            return _html(unsubscribe_page(found, action, _millis(), _AGAIN if fields else ""))
        if await self._kept(chosen, ip) is not None:
            return Answer(
                503, (*_HTML, (b"retry-after", b"30")), unsubscribe_page(found, action, _millis(), _TRY_LATER)
            )
        title, sentence = told(chosen, found)
        return _html(done_page(title, sentence, applied(chosen, found), action, _millis()))

    async def _kept(self, choice: Choice, ip: str) -> Later | None:
        record = hit_record(HitKind.UNSUBSCRIBE, choice, ip, now_micros())
        return await given(partial(self._commit.submit, [record]))

    async def _found(self, message_id: int) -> Preferences:
        """As the store knows it; while it is away the page can still unsubscribe."""
        try:
            return await asyncio.to_thread(self._recipients.preferences, message_id) or Preferences("")
        except Later as error:
            log.warning("preferences can't be looked up", reason=str(error))
            return Preferences("")

    def _ip(self, scope: Scope) -> str:
        peer = scope["client"][0] if scope["client"] else ""
        return self._proxies.client(peer, dict(scope["headers"]).get(b"x-forwarded-for", b""))


def _html(page: bytes) -> Answer:
    return Answer(200, _HTML, page)


def _not_allowed() -> Answer:
    return Answer(405, ((b"allow", b"GET, HEAD, OPTIONS"), *NO_STORE))


def _millis() -> int:
    return int(time.time() * 1000)
