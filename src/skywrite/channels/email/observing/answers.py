"""An HTTP answer of the public doors, as bytes for the quick way and in parts for the ASGI app."""

import http

Headers = tuple[tuple[bytes, bytes], ...]
NO_STORE: Headers = (
    (b"cache-control", b"no-store, no-cache, max-age=0, private"),
    (b"pragma", b"no-cache"),
    (b"x-robots-tag", b"noindex, nofollow"),
)


class Answer:
    """Status, headers and body; `raw` is the whole of it as HTTP/1.1."""

    __slots__ = ("body", "headers", "raw", "status")

    def __init__(self, status: int, headers: Headers, body: bytes = b"") -> None:
        self.status = status
        self.headers = (*headers, (b"content-length", b"%d" % len(body)))
        self.body = body
        self.raw = b"".join((_first_line(status), lines(self.headers), b"\r\n", body))


class Redirect:
    """An `Answer` that leads on. It is made for each click, so what is always the same in it is made once."""

    __slots__ = ("body", "headers", "raw", "status")

    def __init__(self, target: str) -> None:
        place = target.encode()
        self.status = 302
        self.headers = ((b"location", place), *_OF_REDIRECTS)
        self.body = b""
        self.raw = _BEFORE_TARGET + place + _BEHIND_TARGET


def lines(headers: Headers) -> bytes:
    """Headers as HTTP/1.1 writes them."""
    return b"".join(b"%s: %s\r\n" % pair for pair in headers)


def _first_line(status: int) -> bytes:
    return b"HTTP/1.1 %d %s\r\n" % (status, http.HTTPStatus(status).phrase.encode())


_OF_REDIRECTS: Headers = (
    *NO_STORE,
    (b"referrer-policy", b"no-referrer-when-downgrade"),
    (b"content-length", b"0"),
)
_BEFORE_TARGET = _first_line(302) + b"location: "
_BEHIND_TARGET = b"\r\n" + lines(_OF_REDIRECTS) + b"\r\n"
