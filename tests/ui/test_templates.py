"""A template in a real browser: written, looked at, published."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.flow, pytest.mark.browser]


def test_a_template_is_written_with_a_preview_beside_it_and_published(page: Page) -> None:
    page.goto("/templates")
    page.get_by_role("button", name="Add template").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Welcome")
    dialog.get_by_role("button", name="Add template").click()
    mail = page.frame_locator("iframe[title='The mail']")
    expect(mail.get_by_text("Hello Ada, good to see you")).to_be_visible()
    page.get_by_label("Subject").fill("HELLO EVERYBODY {{ contact.nope }}")
    expect(page.get_by_text("A subject all in capitals looks like spam.")).to_be_visible()
    expect(page.get_by_text("would get no mail")).to_be_visible()
    page.get_by_label("Subject").fill('Hello {{ contact.firstName | default: "friend" }}')
    expect(page.get_by_text("Hello Ada", exact=True)).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible()
