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
        lines = b"".join(b"%s: %s\r\n" % pair for pair in self.headers)
        self.raw = b"HTTP/1.1 %d %s\r\n%s\r\n%s" % (status, http.HTTPStatus(status).phrase.encode(), lines, body)
