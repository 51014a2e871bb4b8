"""What can be set of the email channel. Pure."""

import re
from typing import Annotated, Any

from msgspec import Meta, Struct

from skywrite.channels.email.outbox.addresses import is_writable
from skywrite.channels.email.utm import Utm, domains_in
from skywrite.kit.errors import Refused

Count = Annotated[int, Meta(ge=0, le=100_000)]
Hours = Annotated[float, Meta(ge=0, le=240)]
Seconds = Annotated[float, Meta(ge=0, le=600)]

_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9](-?[a-z0-9_])*\.)*[a-z0-9](-?[a-z0-9])*")


class EmailSettings(Struct, frozen=True, kw_only=True):
    """How this server sends and receives mail."""

    from_name: Annotated[str, Meta(title="From name", description="Where a template names no other.")] = ""
    from_address: Annotated[str, Meta(title="From address", description="Its domain signs: add it under Domains.")] = ""
    postal_address: Annotated[
        str, Meta(title="Postal address", description="Marketing mail must name one in most countries.")
    ] = ""
    inbound_domain: Annotated[
        str,
        Meta(
            title="Inbound domain",
            description="Where bounces, replies and mailed unsubscribes go; a domain for them alone, such as "
            "`mail.example.com`, whose MX record names this server. Empty is the domain of From.",
        ),
    ] = ""
    bounce_domain: Annotated[
        str, Meta(title="Bounce domain", description="Of the return path alone, if it is to be another.")
    ] = ""
    mailbox: Annotated[
        str,
        Meta(
            title="Plus mailbox",
            description="For a mailbox that you have instead of a domain: `mail@example.com` makes the addresses "
            "`mail+b…@example.com`. Its mail has to be handed to Skywrite.",
        ),
    ] = ""
    tracking_url: Annotated[
        str, Meta(title="Tracking address", description="Where links and pixels lead; empty is this server's.")
    ] = ""
    utm: Annotated[
        bool,
        Meta(
            title="Add UTM parameters",
            description="To each link that is counted, where it has none of that name and no signature.",
        ),
    ] = False
    utm_source: Annotated[str, Meta(title="utm_source", description="Empty is `skywrite`.")] = "skywrite"
    utm_medium: Annotated[str, Meta(title="utm_medium", description="Empty is `email`.")] = "email"
    utm_campaign: Annotated[
        str, Meta(title="utm_campaign", description="Empty is the broadcast's name, or the template's.")
    ] = ""
    utm_domains: Annotated[
        str,
        Meta(
            title="Domains of UTM parameters",
            description="Between commas: they and those below them get the parameters. Empty is all.",
        ),
    ] = ""
    helo: Annotated[
        str,
        Meta(title="HELO name", description="This server's name in DNS, as it greets; its PTR should say the same."),
    ] = ""
    relay_250: Annotated[
        bool,
        Meta(
            title="A relay's yes is a delivery",
            description="Count a mail as delivered when the relay takes it; a bounce may still follow. Otherwise it is "
            "sent until a delivery notice comes, which not every server sends.",
        ),
    ] = True
    mails_per_second: Annotated[
        Annotated[float, Meta(ge=0, le=1_000_000)],
        Meta(
            title="Mails a second",
            description="To the relay, or to one receiver's servers. 0 is as many as a relay takes, 100 to others.",
        ),
    ] = 0.0
    connections: Annotated[
        Annotated[int, Meta(ge=1, le=500)],
        Meta(title="Connections", description="At once, to the relay or to one receiver's servers."),
    ] = 10
    once_days: Annotated[
        Count,
        Meta(
            title="Once in (days)",
            description="The same template goes to the same address once in so many days, unless it is transactional.",
        ),
    ] = 90
    marketing_hours: Annotated[
        Hours, Meta(title="Retry marketing (hours)", description="How long a mail that was put off is tried again.")
    ] = 48.0
    transactional_hours: Annotated[
        Hours, Meta(title="Retry transactional (hours)", description="The same for transactional mail.")
    ] = 24.0
    repeated_softs: Annotated[
        Annotated[int, Meta(ge=2, le=1_000)],
        Meta(
            title="Soft bounces",
            description="So many of different mails, without a sign of life, count as a hard one.",
        ),
    ] = 5
    repeated_soft_days: Annotated[
        Count, Meta(title="Soft bounces over (days)", description="And they lie so many days apart, first to last.")
    ] = 7
    complaints_stop_transactional: Annotated[
        bool,
        Meta(
            title="Complaints stop all mail",
            description="Who marked a mail as spam gets no transactional mail either.",
        ),
    ] = True
    resends_unknown_transactional: Annotated[
        bool,
        Meta(
            title="Resend transactional mail in doubt",
            description="When nobody can tell whether a server took it; some people then get it twice.",
        ),
    ] = False
    hold_seconds: Annotated[
        Seconds, Meta(title="Hold clicks (seconds)", description="How long a click waits for signs of a scanner.")
    ] = 6.0
    machine_seconds: Annotated[
        Seconds, Meta(title="Too soon (seconds)", description="What comes so soon after delivery is a machine's.")
    ] = 10.0
    gmail_is_person: Annotated[
        bool,
        Meta(title="Gmail and Yahoo", description="Opens through the proxies of Gmail and Yahoo count as people's."),
    ] = True
    keeps_addresses: Annotated[
        bool, Meta(title="Keep IP addresses", description="Otherwise only their network is kept.")
    ] = True
    most_suppressed: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)],
        Meta(title="Cap on suppressions", description="So many addresses a minute may one host's reports suppress."),
    ] = 100
    kept_days: Annotated[
        Annotated[int, Meta(ge=1, le=3_650)],
        Meta(title="Keep observations (days)", description="How long what came in is kept as it came."),
    ] = 14
    inbound_host: Annotated[
        str, Meta(title="Inbound address", description="Where Skywrite's own mail server listens.")
    ] = "127.0.0.1"
    inbound_port: Annotated[
        Annotated[int, Meta(ge=0, le=65_535)],
        Meta(title="Inbound port", description="25 for the open internet; 0 switches the mail server off."),
    ] = 0

    @property
    def tags(self) -> Utm | None:
        """What links get when they are followed; None where they are left as they are."""
        if not self.utm:
            return None
        return Utm(self.utm_source, self.utm_medium, self.utm_campaign, domains_in(self.utm_domains))

    @property
    def from_domain(self) -> str:
        """The domain of From, which is the one that signs."""
        return self.from_address.rpartition("@")[2].lower()

    def return_address(self, letter: str, token: str) -> str:
        """The address of a message for one purpose: b for bounces, r for replies, u to unsubscribe."""
        before, behind = self.comes_back
        if letter == "b" and self.bounce_domain and not self.mailbox:
            behind = f"@{self.bounce_domain}"
        return f"{before}{letter}{token}{behind or '@localhost'}"

    @property
    def comes_back(self) -> tuple[str, str]:
        """What stands before and behind letter and token in the address of a message; empty where no mail comes in."""
        if self.mailbox:
            local, _, domain = self.mailbox.rpartition("@")
            return f"{local}+", f"@{domain}"
        domain = self.inbound_domain or self.from_domain
        return "", f"@{domain}" if domain else ""

    @property
    def inbound_domains(self) -> frozenset[str]:
        """The domains that incoming mail may be for."""
        mailbox = self.mailbox.rpartition("@")[2].lower()
        named = (self.bounce_domain, self.inbound_domain or self.from_domain, mailbox)
        return frozenset(filter(None, named)) or frozenset({"localhost"})


class ChannelSettings(Struct, frozen=True):
    """All of the channel: its own settings, which provider carries, and that one's settings as they are stored."""

    email: EmailSettings = EmailSettings()
    provider: str = "smtp"
    provider_settings: dict[str, Any] = {}

    @property
    def is_set_up(self) -> bool:
        """Whether there is enough to send by."""
        return bool(self.email.from_address and self.provider_settings)


def check(settings: EmailSettings) -> None:
    """Raise Refused, naming the field, for what the types let through and can't work."""
    for name in ("inbound_domain", "bounce_domain", "helo"):
        value = getattr(settings, name)
        if value and not _DOMAIN.fullmatch(value.lower()):
            raise Refused(f"{value[:80]!r} is no domain.", where=name)
    for name in ("from_address", "mailbox"):
        value = getattr(settings, name)
        if value and not is_writable(value):
            raise Refused(f"{value[:80]!r} is no email address.", where=name)
    if settings.tracking_url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", settings.tracking_url):
        raise Refused("The tracking address begins with https:// or http://, and has no ? or #.", where="tracking_url")
    for domain in domains_in(settings.utm_domains):
        if not _DOMAIN.fullmatch(domain):
            raise Refused(f"{domain[:80]!r} is no domain.", where="utm_domains")
    for name in ("from_name", "postal_address"):
        if any(ord(letter) < 32 and letter != "\n" for letter in getattr(settings, name)) or "\n" in settings.from_name:
            raise Refused("It has control characters.", where=name)
