"""From a file of contacts to a broadcast that runs, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Held
from tests.support.mail_server import a_running_server
from tests.support.skywrite import Skywrite

pytestmark = [pytest.mark.flow, pytest.mark.browser]

_PEOPLE = "email,firstName,city\nbea@example.org,Bea,Basel\ncay@example.org,Cay,Cork\nnot an address,Nobody,Nice\n"


def test_imported_contacts_are_the_audience_of_a_broadcast_that_is_started(page: Page, skywrite: Skywrite) -> None:
    with a_running_server() as mailbox:
        skywrite.cli(
            "channel", "set", "provider.host=127.0.0.1", f"provider.port={mailbox.port}", "provider.tls=none",
            "from_address=ada@example.com", "from_name=Ada", "postal_address=1 Cloud Street",
        )  # fmt: skip
        _import(page)
        _publish(page)
        _broadcast(page)


def test_nothing_moves_under_the_pointer_when_the_samples_of_a_file_come(page: Page) -> None:
    late = Held(page, "**/samples")
    with page.expect_request("**/samples"):
        _upload(page)
    button = page.get_by_role("button", name="Try it")
    expect(button).to_be_visible()
    before = button.bounding_box()
    late.let_go()
    expect(page.get_by_text("Basel · Cork · Nice")).to_be_visible()
    assert button.bounding_box() == before


def _upload(page: Page) -> None:
    page.goto("/contacts/imports")
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": _PEOPLE.encode()}
    page.get_by_label("CSV file", exact=True).set_input_files(file)


def _import(page: Page) -> None:
    _upload(page)
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Change the mapping").click()
    page.get_by_label("Trait of city").fill("home")
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name=re.compile("^Import 2 contacts, leave out 1$")).click()
    expect(page.get_by_role("link", name="See contacts")).to_be_visible()


def _publish(page: Page) -> None:
    page.goto("/templates")
    page.get_by_role("button", name="Add template").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("News")
    page.get_by_role("dialog").get_by_role("button", name="Add template").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible()


def _broadcast(page: Page) -> None:
    page.goto("/broadcasts/new")
    page.get_by_label("Name").fill("First news")
    page.get_by_role("textbox", name="Template").or_(page.get_by_role("combobox", name="Template")).click()
    page.get_by_role("option", name="News").click()
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("button", name=re.compile("^Start")).click()
    expect(page.get_by_text("100% done")).to_be_visible()
    expect(page.get_by_role("button", name="Attempted: show the contacts")).to_have_text("2")
