"""The webhook: events as JSON to an address of yours, signed by the Standard Webhooks scheme."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from skywrite.destinations.base import Destination, Event, Request, Secret
from skywrite.kit.errors import Refused
from skywrite.kit.http import USER_AGENT, origin_of
from skywrite.kit.ids import new_secret

_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*([\x20-\x7e\x80-\xff]*)")
_OURS = re.compile(
    "host|content-length|content-type|user-agent|transfer-encoding|connection|expect|upgrade|te|trailer|keep-alive"
    "|webhook-(id|timestamp|signature)"
)
_PLAIN_ID = re.compile(r"[\x21-\x7e]{1,256}")
_SECRET_PREFIX = "whsec_"  # noqa: S105
_SECRET_BYTES = (24, 64)


class WebhookSettings(Struct, frozen=True, kw_only=True):
    """What a webhook needs to know."""

    url: Annotated[
        str,
        Meta(title="Address", description="Events are posted here as JSON. http:// or https://.", max_length=4000),
    ]
    secret: Annotated[
        Secret,
        Meta(
            title="Signing secret",
            description="`whsec_` and 24 to 64 bytes in base64. Made for you when left empty.",
        ),
    ] = Secret()
    authorization: Annotated[
        Secret,
        Meta(title="Authorization header", description="Sent as it is with each request, such as `Bearer abc`."),
    ] = Secret()
    headers: Annotated[
        list[str],
        Meta(title="Further headers", description="One `Name: value` each. They are no secrets.", max_length=50),
    ] = []
    batch_size: Annotated[
        int,
        Meta(
            title="Events a request",
            description="With 1 the body is the event; with more it is a JSON array of up to so many events.",
            ge=1,
            le=1000,
        ),
    ] = 1
    in_flight: Annotated[
        int,
        Meta(
            title="Requests at once",
            description="At most so many are on their way at a time, each of another user.",
            ge=1,
            le=128,
        ),
    ] = 64
    types: Annotated[
        list[Literal["track", "identify", "page", "screen", "group", "alias"]],
        Meta(title="Event types", description="Only these are sent; all when empty."),
    ] = []
    events: Annotated[
        list[str],
        Meta(title="Track events", description="Of track events only those of these names are sent; all when empty."),
    ] = []


class Webhook(Destination[WebhookSettings], slug="webhook", name="Webhook", categories=["Raw data"]):
    """Posts each event to an address of yours, signed, in the order of each user.

    Every event that your sources accept is posted as JSON in Segment's common form, one a request or in batches. Each
    request is signed by the [Standard Webhooks](https://www.standardwebhooks.com) scheme, so any of its libraries
    checks it: `webhook-id` is the event's `messageId`, the same in every retry.

    Answer with a 2xx within ten seconds. Anything else that may pass is tried again for hours, and what is refused
    for good is kept with your answer, to be sent again from the destination's page.
    """

    def __init__(self, settings: WebhookSettings) -> None:
        super().__init__(settings)
        self._key = _key_of(settings.secret)
        self._types = frozenset(settings.types or self.methods)
        self._names = frozenset(settings.events)
        self._headers = {
            "content-type": "application/json",
            "user-agent": USER_AGENT,
            **dict(_header(line) for line in settings.headers),
        }
        if settings.authorization:
            self._headers["authorization"] = str(settings.authorization)

    @property
    def batch_size(self) -> int:
        """As it is set."""
        return self.settings.batch_size

    @property
    def in_flight(self) -> int:
        """As it is set."""
        return self.settings.in_flight

    @classmethod
    def completed(cls, settings: WebhookSettings) -> WebhookSettings:
        """With a signing secret."""
        return settings if settings.secret else msgspec.structs.replace(settings, secret=Secret(new_secret()))

    @classmethod
    def check(cls, settings: WebhookSettings) -> None:
        """The address must be one, the secret a key, the headers headers."""
        try:
            origin_of(settings.url)
        except Refused as error:
            raise Refused(str(error), where="url") from None
        _key_of(settings.secret)
        for line in settings.headers:
            _header(line)
        if not (settings.authorization.isprintable() and settings.authorization.isascii()):
            raise Refused("The Authorization header must be one line of printable characters.", where="authorization")

    def wants(self, event: Event) -> bool:
        """By its type and, for a track event, its name."""
        kind = event.get("type")
        if kind not in self._types:
            return False
        return kind != "track" or not self._names or event.get("event") in self._names

    def request(self, events: Sequence[Event], at: int) -> Request:
        """One event as an object, or several as an array, with the three headers of Standard Webhooks."""
        body = msgspec.json.encode(events[0] if self.settings.batch_size == 1 else events)
        name = _id_of(events)
        second = str(at // 1_000_000)
        signed = hmac.digest(self._key, b"%s.%s.%s" % (name.encode(), second.encode(), body), "sha256")
        headers = {
            **self._headers,
            "webhook-id": name,
            "webhook-timestamp": second,
            "webhook-signature": "v1," + binascii.b2a_base64(signed, newline=False).decode(),
        }
        return Request("POST", self.settings.url, body, headers)


def _id_of(events: Sequence[Event]) -> str:
    """The messageId, or what stands for several, or for one that no header can carry; the same at each try."""
    if len(events) == 1:
        name = str(events[0].get("messageId", ""))
        if _PLAIN_ID.fullmatch(name):
            return name
    names = "\n".join(str(event.get("messageId", "")) for event in events)
    return "msg_" + hashlib.sha256(names.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _key_of(secret: Secret) -> bytes:
    if not secret:
        return b""
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    least, most = _SECRET_BYTES
    if not least <= len(key) <= most:
        raise Refused(
            f"The signing secret must be {_SECRET_PREFIX} and {least} to {most} bytes in base64.", where="secret"
        )
    return key


def _header(line: str) -> tuple[str, str]:
    match = _HEADER.fullmatch(line.strip())
    if match is None:
        raise Refused("A header is a line such as `X-Team: growth`.", where="headers")
    name = match[1].lower()
    if name == "authorization":
        raise Refused("Authorization has a field of its own, which is kept secret.", where="headers")
    if _OURS.fullmatch(name):
        raise Refused(f"The header {name} is set by Skywrite itself.", where="headers")
    return name, match[2]
