"""The doors of opens and clicks: a token is checked, a hit is handed to the inbox, and the answer is there.

Neither asks the store: with the keys in memory a link leads on while everything else stands still.
"""

import base64
from collections.abc import Callable, Mapping
from functools import lru_cache

import structlog

from skywrite.channels.email.observing.answers import NO_STORE, Answer, Headers, Redirect
from skywrite.channels.email.observing.hits import Hit, HitKind, hit_record, said
from skywrite.channels.email.observing.pages import not_found_page
from skywrite.channels.email.observing.targets import location
from skywrite.channels.email.tokens import Purpose, Tokens
from skywrite.channels.email.utm import led
from skywrite.intake.commit import GroupCommit
from skywrite.intake.protocol import Visit
from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros

log = structlog.get_logger()
OPEN, CLICK = b"/o/", b"/c/"
_SUFFIX = ".gif"
_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
_PREFETCH = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")
_HTML: Headers = ((b"content-type", b"text/html; charset=utf-8"), *NO_STORE)

PIXEL = Answer(200, ((b"content-type", b"image/gif"), *NO_STORE), _GIF)
NOT_FOUND = Answer(404, (*_HTML, (b"referrer-policy", b"no-referrer")), not_found_page())


class Doors:
    """Opens and clicks. `lost` counts hits that the inbox refused."""

    prefixes: tuple[bytes, ...] = (OPEN, CLICK)

    def __init__(self, tokens: Tokens, commit: GroupCommit, clock: Callable[[], int] = now_micros) -> None:
        self.tokens = tokens
        self.lost = 0
        self._told = ""
        self._commit = commit
        self._now = clock

    def visit(self, visit: Visit, ip: str, send: Callable[[bytes], None]) -> None:
        """A GET by the quick way."""
        self.get(visit.url, visit.headers, ip, lambda answer: send(answer.raw))

    def get(
        self, url: bytes, headers: Mapping[bytes, bytes], ip: str, give: Callable[[Answer | Redirect], None]
    ) -> None:
        """A GET: `give` is called once the hit is kept, or is not to be."""
        hit, answer = self._found(url, headers)
        if hit is None:
            give(answer)
            return
        kind = HitKind.CLICK if hit.link_id else HitKind.OPEN
        self._commit.submit([hit_record(kind, hit, ip, self._now())], lambda failure: self._kept(failure, answer, give))

    def head(self, url: bytes) -> Answer | Redirect:
        """What a GET would answer; nobody has opened or clicked anything by it."""
        return self._found(url, {})[1]

    def _kept(
        self, failure: Later | None, answer: Answer | Redirect, give: Callable[[Answer | Redirect], None]
    ) -> None:
        if failure is not None:  # whoever reads a mail cannot help it: picture and link go on working
            self.lost += 1
            if str(failure) != self._told:  # once, and not for each of some thousands
                self._told = str(failure)
                log.warning("opens and clicks cannot be kept", reason=self._told)
        give(answer)

    def _found(self, url: bytes, headers: Mapping[bytes, bytes]) -> tuple[Hit | None, Answer | Redirect]:
        path = url.partition(b"?")[0].decode("latin-1")
        if url.startswith(OPEN):
            message_id = self.tokens.opened(Purpose.OPEN, path[3:].removesuffix(_SUFFIX))
            hit = None if message_id is None else Hit(message_id, *_client(headers))
            return hit, PIXEL
        return self._followed(path, headers)

    def _followed(self, path: str, headers: Mapping[bytes, bytes]) -> tuple[Hit | None, Answer | Redirect]:
        token, _, rest = path[3:].partition("/")
        link_id, _, sealed = rest.partition("/")
        followed = self.tokens.followed(token, link_id, sealed) if link_id else None
        leading = _leading_to(followed[1]) if followed else None
        if followed is None or leading is None:
            return None, NOT_FOUND
        address, redirect = leading
        return Hit(followed[0], *_client(headers), link_id, address), redirect


@lru_cache(maxsize=4096)  # the links of one mailing are clicked again and again
def _leading_to(target: str) -> tuple[str, Redirect] | None:
    """The address as it stood in the mail, and the answer that leads there."""
    address, goal = led(target)
    place = location(goal)
    return None if place is None else (address, Redirect(place))


def _client(headers: Mapping[bytes, bytes]) -> tuple[str, str]:
    """Its user agent, and what it says of fetching ahead."""
    agent = headers.get(b"user-agent", b"")
    for name in _PREFETCH:
        if name in headers:
            return said(agent), said(headers[name])
    return said(agent), ""
