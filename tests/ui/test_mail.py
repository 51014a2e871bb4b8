"""Mail in a real browser: publishing, a broadcast and its report, the suppression list, a recipient's own pages."""

import email
import email.policy
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import a_page
from tests.support.mail_server import MailServer, a_running_server
from tests.support.observing import A_PERSON
from tests.support.skywrite import Skywrite

pytestmark = [pytest.mark.flow, pytest.mark.browser]


class Mailing:
    """The server with a channel whose relay takes all, and what is made by the API before a page is opened."""

    def __init__(self, skywrite: Skywrite, relay: MailServer) -> None:
        self.skywrite, self.relay = skywrite, relay

    def asked(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.skywrite.api(method, path, body)
        assert answer.status < 300, answer
        return answer.json if answer.body else None

    def template(self, name: str, *, is_published: bool = False, **fields: Any) -> str:
        """A template as a new one is, with some fields changed: its id."""
        made = self.asked("POST", "/templates", {"name": name})["id"]
        self.asked("PATCH", f"/templates/{made}", fields)
        if is_published:
            self.asked("POST", f"/templates/{made}/publish")
        return made

    def people(self, listed: str, *addresses: str) -> int:
        """Contacts of a new list: its id."""
        made = self.asked("POST", "/lists", {"name": listed})["id"]
        for address in addresses:
            self.asked("POST", "/contacts", {"email": address, "list_id": made})
        return made

    def mail_to(self, address: str, template: str) -> email.message.EmailMessage:
        """Send a template to an address; the mail as the relay took it."""
        self.asked("POST", "/messages", {"to": {"email": address}, "template_id": template})
        return self.skywrite.wait_until(lambda: self.taken(address), f"a mail to {address}")

    def taken(self, address: str) -> email.message.EmailMessage | None:
        found = [one.content for one in self.relay.mails if f"<{address}>" in one.rcpt]
        return email.message_from_bytes(found[0], policy=email.policy.default) if found else None

    def suppressed(self, address: str) -> list[tuple[str, str]]:
        found = self.asked("GET", f"/suppressions?search={address}")
        return [(one["scope"], one["reason"]) for one in found]


@pytest.fixture(scope="module")
def mailing(skywrite: Skywrite) -> Iterator[Mailing]:
    """Clicks are decided at once: nothing here waits for signs of a scanner."""
    with a_running_server() as relay:
        made = Mailing(skywrite, relay)
        quick = {"hold_seconds": 0, "machine_seconds": 0}
        settings = {"from_address": "ada@example.com", "postal_address": "1 Quay Street, Port Ellen"} | quick
        provider = {"mode": "relay", "host": "127.0.0.1", "port": relay.port, "tls": "none"}
        made.asked("PATCH", "/channels/email", {"settings": settings, "provider_settings": provider})
        yield made


@pytest.fixture
def recipient(browser: Browser) -> Iterator[Page]:
    """The browser of somebody who is not signed in."""
    with a_page(browser) as page:
        yield page


def html_of(mail: email.message.EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return body.get_content()


def click(mail: email.message.EmailMessage, base_url: str) -> str:
    """Follow a mail's first counted link as a person's browser does: where it leads."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    link = re.search(rf'href="({base_url}/c/[^"]+)"', html_of(mail))
    assert link
    try:
        urllib.request.build_opener(Stay).open(urllib.request.Request(link[1], headers={"User-Agent": A_PERSON}))
    except urllib.error.HTTPError as answer:
        return answer.headers["Location"]
    raise AssertionError("it did not redirect")


def figure(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"{name}: show the contacts")


def test_an_undefined_variable_stops_publishing_and_a_fallback_mends_it(mailing: Mailing, page: Page) -> None:
    page.goto(f"/templates/{mailing.template('Undefined', subject='Hello {{ contact.nope }}')}")
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("There is an error: mend it first.")).to_be_visible()
    expect(dialog.get_by_text("No contact has the trait 'nope'")).to_be_visible()
    expect(dialog.get_by_role("button", name="Publish")).to_be_disabled()
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_label("Subject").fill('Hello {{ contact.nope | default: "friend" }}')
    expect(page.get_by_text("Hello friend", exact=True)).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible()


def test_a_warning_is_shown_and_does_not_stop_publishing(mailing: Mailing, page: Page) -> None:
    page.goto(f"/templates/{mailing.template('Loud', subject='EVERYTHING MUST GO')}")
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("A subject all in capitals looks like spam.")).to_be_visible()
    expect(dialog.get_by_text("It can be published with")).to_be_visible()
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible()


def test_a_broadcast_is_paused_resumed_delivered_clicked_and_reported(mailing: Mailing, page: Page) -> None:
    addresses = [f"reader{number}@example.net" for number in range(6)]
    mailing.people("Readers", *addresses)
    mailing.template("Letter", is_published=True)
    _draft(page)
    page.get_by_role("button", name="Start now").click()
    expect(figure(page, "Under way")).to_have_text(re.compile("[1-6]"))  # it is queued by another process
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="November").get_by_text("Paused")).to_be_visible()
    expect(figure(page, "Under way")).to_have_text(re.compile("[1-6]"))
    page.get_by_role("button", name="Change the pace").click()
    page.get_by_label("Mails a second, at most").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("As fast as the servers take it", exact=True)).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("heading", name="November").get_by_text("Done")).to_be_visible()
    expect(figure(page, "Delivered")).to_have_text("6")
    assert sorted(one.rcpt.partition(">")[0][1:] for one in mailing.relay.mails) == addresses

    figure(page, "Delivered").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("heading", name="Delivered: 6")).to_be_visible()
    for address in addresses:
        expect(drawer.get_by_role("link", name=address, exact=True)).to_be_visible()
    drawer.get_by_label("Make a list of them").fill("Got it")
    drawer.get_by_role("button", name="Make list").click()
    expect(drawer.get_by_text("has 6 contacts")).to_be_visible()
    drawer.get_by_role("button", name="Close").click()

    letter = mailing.taken("reader3@example.net")
    assert letter is not None
    assert click(letter, mailing.skywrite.base_url) == "https://example.com/start"
    expect(figure(page, "Clicked")).to_have_text("1")
    mail = page.frame_locator("iframe[title='The mail with its clicks']")
    expect(mail.get_by_text("1 · 1 person · 100%")).to_be_visible()
    page.get_by_role("button", name="1: show who clicked https://example.com/start").click()
    page.get_by_role("dialog").get_by_role("link", name="reader3@example.net", exact=True).click()
    expect(page.get_by_text("Clicked in an email").first).to_be_visible()


def _draft(page: Page) -> None:
    """Draft a broadcast of the letter to its readers, so slow that it is paused before its end."""
    page.goto("/broadcasts/new")
    page.get_by_label("Name").fill("November")
    page.get_by_role("combobox", name="Template").click()
    page.get_by_role("option", name="Letter").click()
    page.get_by_text("A list", exact=True).click()
    page.get_by_role("combobox", name="List").click()
    page.get_by_role("option", name="Readers").click()
    page.get_by_label("Mails a second, at most").fill("0.1")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Letter to list “Readers”")).to_be_visible()


def test_an_address_is_put_on_the_suppression_list_and_taken_off(mailing: Mailing, page: Page) -> None:
    page.goto("/messages/suppressions")
    page.get_by_role("button", name="Add addresses").click()
    page.get_by_role("textbox", name="Addresses").fill("Stop@Example.org")
    page.get_by_role("button", name="Suppress", exact=True).click()
    row = page.get_by_role("row").filter(has_text="stop@example.org")
    expect(row.get_by_text("by ada@example.com")).to_be_visible()
    assert mailing.suppressed("stop@example.org") == [("all", "manual")]
    row.get_by_role("button", name="Remove stop@example.org").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove from the list").click()
    expect(row).to_be_hidden()
    assert mailing.suppressed("stop@example.org") == []


def test_to_look_unsubscribes_nobody_and_the_button_does(mailing: Mailing, recipient: Page) -> None:
    mail = mailing.mail_to("look@example.net", mailing.template("Looked at", is_published=True))
    link = re.search("<(http[^>]+)>", mail["List-Unsubscribe"])
    assert link
    recipient.goto(link[1])
    button = recipient.get_by_role("button", name="Unsubscribe from everything")
    expect(button).to_be_visible()
    assert mailing.suppressed("look@example.net") == []
    _as_a_person(mailing, recipient, button)
    expect(recipient.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    mailing.skywrite.wait_until(lambda: mailing.suppressed("look@example.net") == [("all", "unsubscribed")], "off")


def test_topics_are_chosen_one_by_one(mailing: Mailing, recipient: Page, page: Page) -> None:
    news = mailing.asked("POST", "/topics", {"name": "News", "description": "What is new"})["id"]
    mailing.asked("POST", "/topics", {"name": "Tips", "description": ""})
    mail = mailing.mail_to("choosy@example.net", mailing.template("On news", is_published=True, topic_id=news))
    link = re.search(r'href="([^"]+/u/[^"]+)"[^>]*>\s*Preferences', html_of(mail))
    assert link
    recipient.goto(link[1])
    for name in ("News", "Tips"):
        expect(recipient.get_by_role("checkbox", name=name)).to_be_checked()
    recipient.get_by_role("checkbox", name="News").uncheck()
    _as_a_person(mailing, recipient, recipient.get_by_role("button", name="Save preferences"))
    expect(recipient.get_by_role("heading", name="Preferences saved")).to_be_visible()
    expect(recipient.get_by_role("checkbox", name="Tips")).to_be_checked()
    mailing.skywrite.wait_until(
        lambda: mailing.suppressed("choosy@example.net") == [(str(news), "unsubscribed")], "chosen"
    )
    page.goto("/messages/suppressions")
    row = page.get_by_role("row").filter(has_text="choosy@example.net")
    expect(row.get_by_role("cell", name="Unsubscribed, from News", exact=True)).to_be_visible()


def _as_a_person(mailing: Mailing, page: Page, button: Locator) -> None:
    """Press a button of a recipient's page no sooner than a person could."""
    shown_at = int(page.locator("[name=at]").input_value())
    mailing.skywrite.wait_until(lambda: 1_000 * time.time() - shown_at > 500, "read by a person")
    button.click()
