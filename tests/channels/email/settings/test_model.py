"""The addresses that the channel's settings make."""

import pytest

from skywrite.channels.email.settings.model import EmailSettings

FROM = {"from_address": "ada@Example.com"}


@pytest.mark.parametrize(
    ("settings", "bounce", "reply"),
    [
        (FROM, "b1@example.com", "r1@example.com"),
        (FROM | {"inbound_domain": "in.example.com"}, "b1@in.example.com", "r1@in.example.com"),
        (FROM | {"bounce_domain": "b.example.com"}, "b1@b.example.com", "r1@example.com"),
        (FROM | {"mailbox": "mail@example.org"}, "mail+b1@example.org", "mail+r1@example.org"),
        ({}, "b1@localhost", "r1@localhost"),
    ],
)
def test_where_mail_comes_back_to(settings, bounce, reply) -> None:
    made = EmailSettings(**settings)
    assert (made.return_address("b", "1"), made.return_address("r", "1")) == (bounce, reply)
    assert {bounce.partition("@")[2], reply.partition("@")[2]} <= made.inbound_domains
