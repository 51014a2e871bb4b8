"""SMTP's settings, as its form shows them."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from skywrite.kit.fields import Secret

Port = Annotated[int, Meta(ge=1, le=65_535)]


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
