"""SMTP as a provider, and what of its settings cannot work."""

import re

from skywrite.channels.email.providers.base import EmailProvider, Means
from skywrite.channels.email.providers.smtp.client import SmtpClient
from skywrite.channels.email.providers.smtp.handshake import is_loopback
from skywrite.channels.email.providers.smtp.settings import SmtpSettings
from skywrite.kit.errors import Refused

_HOST = re.compile(r"[A-Za-z0-9_.:\-\[\]]{1,253}")
_ROUTE = re.compile(r"(\*|[A-Za-z0-9_.-]+)=([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:]+\]):(\d{1,5})")


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
