"""The Channels pages in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.mail_server import a_running_server

pytestmark = pytest.mark.browser


def test_a_relay_is_set_up_tried_and_its_talk_shown(skywrite, page) -> None:
    with a_running_server(rcpt=["550 5.1.1 nobody of that name"]) as server:
        skywrite.cli("channel", "set", "provider.tls=none", "provider.host=smtp.example.com")
        page.goto("/channels")
        page.get_by_label("Relay host").fill("127.0.0.1")
        page.get_by_label("Port").fill(str(server.port))
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.get_by_label("From address").fill("ada@example.com")
        page.get_by_role("button", name="Save").nth(1).click()
        page.mouse.move(0, 0)  # a notification stays while the mouse is on it, and covers what is below
        for words in ("Refused", "Taken"):
            page.get_by_label("To", exact=True).fill("bob@example.net")
            page.get_by_role("button", name="Send test mail").click()
            expect(page.get_by_role("status").get_by_text(words, exact=True)).to_be_visible()
        expect(page.get_by_text("RCPT TO:<bob@example.net>", exact=False)).to_be_visible()
        assert len(server.mails) == 1


def test_links_get_utm_parameters(skywrite, page) -> None:
    page.goto("/channels")
    page.get_by_label("Add UTM parameters").check()
    page.get_by_label("utm_campaign").fill("always")
    page.get_by_label("Domains of UTM parameters").fill("https://shop.example")
    save = page.get_by_role("button", name="Save").nth(2)
    save.click()
    expect(page.get_by_text("'https://shop.example' is no domain.")).to_be_visible()
    page.get_by_label("Domains of UTM parameters").fill("shop.example")
    save.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    settings = skywrite.api("GET", "/channels/email").json["settings"]
    assert {name: value for name, value in settings.items() if name.startswith("utm")} == {
        "utm": True,
        "utm_source": "skywrite",
        "utm_medium": "email",
        "utm_campaign": "always",
        "utm_domains": "shop.example",
    }


def test_a_domain_shows_what_to_publish(page) -> None:
    page.goto("/channels/domains")
    expect(page.get_by_text("No sending domains")).to_be_visible()
    page.get_by_label("Domain", exact=True).fill("example.com")
    page.get_by_role("button", name="Add domain").click()
    record = page.get_by_role("region", name=re.compile("^DKIM: "))
    expect(record.get_by_text("._domainkey.example.com", exact=False)).to_be_visible()
    expect(record.get_by_role("button", name="Copy DKIM value")).to_be_visible()
