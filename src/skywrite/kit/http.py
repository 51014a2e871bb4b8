"""HTTP as values: what is asked, what is answered, and what went wrong instead. `kit.http_client` carries them."""

from functools import lru_cache
from urllib.parse import quote, urlsplit

from msgspec import Struct, field

from skywrite.kit.errors import Refused

USER_AGENT = "Skywrite/1"
_PATH_SAFE = "/:@!$&'()*+,;=-._~%?[]|"
_PORTS = {"http": 80, "https": 443}


class Request(Struct, frozen=True):
    """One request. `url` and `headers` may hold secrets, which `shown`, for a page, leaves out."""

    method: str
    url: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Request({self.method} {origin_of(self.url).authority}, {len(self.body)} bytes)"

    def shown(self, length: int = 4000) -> str:
        """Method and host, and the first characters of the body, for a person."""
        body = self.body[: length * 4].decode("utf-8", "replace")[:length]
        return f"{self.method} {origin_of(self.url).authority}\n\n{body}"


class Response(Struct, frozen=True):
    """An answer: header names in lower case, the body cut at a bound."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def beginning(self, length: int = 1000) -> str:
        """The first characters of the body, for a person."""
        return self.body[: length * 4].decode("utf-8", "replace").replace("\0", "\ufffd")[:length]


class Failure(Struct, frozen=True):
    """No answer: `code` is a name such as ECONNREFUSED, `reason` a sentence without secrets."""

    code: str
    reason: str


class Origin(Struct, frozen=True):
    """Where a request goes, and what it asks for there."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def key(self) -> tuple[str, str, int]:
        """What two requests must share to go by one connection."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@lru_cache(maxsize=4096)
def origin_of(url: str) -> Origin:
    """The parts of a URL. Raises Refused where it is no http(s) address, or holds a user name or password."""
    if any(character <= " " or character == "\x7f" for character in url):
        raise Refused("An address has no spaces or control characters in it.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(f"This is no address: {error}.") from error
    if parts.scheme not in _PORTS:
        raise Refused("The address must begin with http:// or https://.")
    if parts.username is not None or parts.password is not None:
        raise Refused("The address must not hold a user name or password; put them into a header.")
    path = quote(parts.path or "/", safe=_PATH_SAFE)
    query = f"?{quote(parts.query, safe=_PATH_SAFE)}" if parts.query else ""
    return Origin(parts.scheme, _host(parts.hostname), _PORTS[parts.scheme] if port is None else port, path + query)


def _host(name: str | None) -> str:
    if not name:
        raise Refused("The address names no host.")
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError as error:
        raise Refused("The address's host is no name that can be looked up.") from error


def to_wire(request: Request, origin: Origin) -> bytes:
    """The bytes of a request. Raises Refused where a header would break out of its line."""
    lines = [f"{request.method} {origin.target} HTTP/1.1\r\nhost: {origin.authority}"]
    for name, value in request.headers.items():
        if "\n" in value or "\r" in value or "\0" in value:
            raise Refused(f"The header {name} holds a line break.")
        lines.append(f"{name}: {value}")
    lines.append(f"content-length: {len(request.body)}\r\n\r\n")
    return "\r\n".join(lines).encode("latin-1", "replace") + request.body
