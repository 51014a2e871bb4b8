"""The demo in a real browser: the button on the empty first page, and where it leads."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import a_page

pytestmark = pytest.mark.browser
_LASTS_MILLIS = 90_000
_EVENTS = ("Delivered", "Bounced", "Opened", "Clicked", "Marked as Spam", "Unsubscribed", "Replied")


def test_the_button_plays_the_whole_loop(page, browser) -> None:
    page.goto("/")
    page.get_by_role("button", name="Play the demo").click()
    card = page.get_by_role("region", name="The demo")
    expect(card.get_by_role("progressbar")).to_be_visible()
    expect(card.get_by_text("People open, click, reply")).to_be_visible(timeout=_LASTS_MILLIS)
    expect(card.get_by_role("heading", name="The loop is closed")).to_be_visible(timeout=_LASTS_MILLIS)

    _shows_the_loop(page)
    mailbox = card.get_by_role("link", name="Mailbox").get_attribute("href")
    _shows_a_report(page)
    _shows_a_timeline(page)
    with a_page(browser) as other:
        other.goto(mailbox)
        other.get_by_text("Welcome aboard, Ada").first.click()
        expect(other.frame_locator("iframe").get_by_text("Take the first step")).to_be_visible()

    page.goto("/channels")
    expect(page.get_by_text("Mail goes to the demo")).to_be_visible()
    page.goto("/")
    page.get_by_role("button", name="End the demo").click()
    expect(card).to_be_hidden()
    _starts_afresh(page)


def _shows_the_loop(page) -> None:
    strip = page.get_by_role("region", name="Email events of the last 24 hours")
    for name in _EVENTS:
        one = strip.locator("div", has=page.locator("dt", has_text=re.compile(f"^{name}$"))).last
        expect(one.locator("dd")).to_have_text(re.compile("^[1-9]"))
    picture = page.get_by_role("region", name="Picture of the pipeline")
    expect(picture.get_by_role("link", name="Contacts")).to_contain_text("people")
    expect(picture.get_by_role("link", name=re.compile("^Email"))).to_contain_text("sent in 24 h")


def _shows_a_report(page) -> None:
    page.get_by_role("region", name="The demo").get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    expect(page.get_by_role("button", name="Opened by machines: show the contacts")).to_have_text("4")
    page.go_back()


def _shows_a_timeline(page) -> None:
    page.get_by_role("region", name="The demo").get_by_role("link", name="A reader").click()
    for words in ("Email delivered", "Opened an email", "Clicked in an email"):
        expect(page.get_by_text(words).first).to_be_visible()


def _starts_afresh(page) -> None:
    page.goto("/channels")
    page.get_by_role("button", name="Start afresh").click()
    expect(page.get_by_text("Mail goes to the demo")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("From address")).to_have_value("")
    expect(page.get_by_text("Mail goes to the demo")).to_be_hidden()
