"""The addresses that the channel's settings make."""

import pytest

from skywrite.channels.email.settings.model import EmailSettings, check
from skywrite.channels.email.utm import Utm
from skywrite.kit.errors import Refused

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


def test_links_get_utm_parameters_where_that_is_switched_on() -> None:
    assert EmailSettings(utm_campaign="always").tags is None
    assert EmailSettings(utm=True).tags == Utm("skywrite", "email")
    made = EmailSettings(utm=True, utm_source="news", utm_campaign="always", utm_domains="Shop.example, blog.example")
    assert made.tags == Utm("news", "email", "always", frozenset({"shop.example", "blog.example"}))


def test_a_domain_of_utm_parameters_is_a_domain() -> None:
    with pytest.raises(Refused, match="no domain") as refusal:
        check(EmailSettings(utm_domains="shop.example, https://blog.example"))
    assert refusal.value.where == "utm_domains"
