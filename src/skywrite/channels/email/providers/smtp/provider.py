"""SMTP as a provider: its settings, and what of them cannot work."""

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

from skywrite.channels.email.providers.base import EmailProvider, Means
from skywrite.channels.email.providers.smtp.client import SmtpClient
from skywrite.channels.email.providers.smtp.handshake import is_loopback
from skywrite.kit.errors import Refused
from skywrite.kit.fields import Secret

Port = Annotated[int, Meta(ge=1, le=65_535)]
_HOST = re.compile(r"[A-Za-z0-9_.:\-\[\]]{1,253}")
_ROUTE = re.compile(r"(\*|[A-Za-z0-9_.-]+)=([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:]+\]):(\d{1,5})")


class SmtpSettings(Struct, frozen=True, kw_only=True):
    """How mail is given to SMTP servers."""

    mode: Annotated[
        Literal["relay", "direct"],
        Meta(
            title="Delivery",
            description="`relay`: all mail goes to one server, which carries it on. "
            "`direct`: straight to the servers of each recipient, as their MX records name them.",
        ),
    ] = "relay"
    host: Annotated[str, Meta(title="Relay host", description="Such as `smtp.example.com`.")] = ""
    port: Annotated[Port, Meta(title="Port", description="587 as a rule; 465 with implicit TLS.")] = 587
    tls: Annotated[
        Literal["starttls", "implicit", "opportunistic", "none"],
        Meta(
            title="TLS",
            description="`starttls` and `implicit`: needed, and the certificate is verified. "
            "`opportunistic`: where it is offered. `none`: only on this machine or in a network of your own.",
        ),
    ] = "starttls"
    user: Annotated[str, Meta(title="User", description="Left empty where the relay asks for no login.")] = ""
    password: Annotated[Secret, Meta(title="Password", description="Sent in TLS only.")] = Secret()
    ca_file: Annotated[
        str,
        Meta(
            title="Certificate authority",
            description="A file of certificates (PEM) that the relay's is verified by, too.",
        ),
    ] = ""
    pipelining: Annotated[
        bool, Meta(title="Pipelining", description="Several commands in one go, with servers that offer it.")
    ] = True
    ipv6: Annotated[
        bool,
        Meta(
            title="IPv6", description="With `direct`: also to servers' IPv6 addresses; yours then needs a PTR record."
        ),
    ] = False
    routes: Annotated[
        list[str],
        Meta(
            title="Fixed routes",
            description="With `direct`: `domain=host:port` in the place of a domain's MX records; `*` is every domain.",
        ),
    ] = []


class Smtp(EmailProvider[SmtpSettings], slug="smtp", name="SMTP"):
    """Mail goes to a relay of yours, or straight to the recipients' servers."""

    @classmethod
    def check(cls, settings: SmtpSettings) -> None:
        """Raise Refused for what can't work."""
        fixed_routes(settings.routes)
        if settings.mode == "direct":
            return
        if not _HOST.fullmatch(settings.host):
            raise Refused("Name the relay's host.", where="host")
        if settings.user and not settings.password:
            raise Refused("The user needs a password.", where="password")
        if settings.user and settings.tls == "none" and not is_loopback(settings.host):
            raise Refused("A password is not sent without TLS to another machine.", where="tls")

    def open(self, means: Means) -> SmtpClient:
        """The client, in the running loop."""
        return SmtpClient(self.settings, means, fixed=fixed_routes(self.settings.routes))


def fixed_routes(routes: list[str]) -> dict[str, tuple[str, int]]:
    """`domain=host:port` words as a table. Raises Refused for one of another form."""
    found = {}
    for route in routes:
        parts = _ROUTE.fullmatch(route.strip())
        if parts is None or not 0 < int(parts[3]) < 65_536:
            raise Refused(f"A fixed route has the form domain=host:port; {route[:80]!r} has not.", where="routes")
        found[parts[1].lower().rstrip(".")] = (parts[2].strip("[]"), int(parts[3]))
    return found
