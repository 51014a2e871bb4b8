"""A template in a real browser: written, looked at, published."""

import pytest
from playwright.sync_api import Page, expect

from skywrite.demo.stage import RECEIPT
from tests.support.skywrite import Skywrite

pytestmark = [pytest.mark.flow, pytest.mark.browser]

_TWO_LAYOUTS = """<style>
.wide { display: none }
@media (min-width: 600px) { .wide { display: block !important } .narrow { display: none !important } }
</style><p class="wide">Two columns</p><p class="narrow">One column</p>"""


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


def test_a_template_that_needs_data_is_looked_at_and_tried_with_a_sample(page: Page, skywrite: Skywrite) -> None:
    template = skywrite.api("POST", "/templates", RECEIPT).json["id"]
    assert skywrite.api("POST", f"/templates/{template}/publish").status == 200
    page.goto(f"/templates/{template}")
    expect(page.get_by_text("data.order has no value")).to_be_visible()
    page.get_by_role("tab", name="Sample data").click()
    field = page.get_by_label("Sample data").and_(page.locator("textarea"))
    field.fill('{"order": "A-7", "total": "99 EUR"}')
    mail = page.frame_locator("iframe[title='The mail']")
    expect(mail.get_by_text("Your order A-7 of 99 EUR is packed")).to_be_visible()

    field.fill('{"order": "A-7", ')
    expect(page.get_by_text("This is no JSON yet.")).to_be_visible()
    expect(mail.get_by_text("Your order A-7 of 99 EUR is packed")).to_be_visible()
    page.get_by_role("button", name="Send test").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("This is no JSON yet.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Send test")).to_be_disabled()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()

    field.fill('{"order": "A-8", "total": "5 EUR"}')
    page.get_by_role("button", name="Send test").click()
    dialog.get_by_label("To").fill("me@example.com")
    dialog.get_by_role("button", name="Send test").click()
    expect(dialog.get_by_text("It is on its way.")).to_be_visible()
    (sent,) = skywrite.api("GET", "/messages?email=me@example.com").json
    assert "Your order A-8 of 5 EUR" in skywrite.api("GET", f"/messages/{sent['id']}").json["body"]["html"]


def test_the_sample_begins_with_the_data_of_a_recent_message(page: Page, skywrite: Skywrite) -> None:
    template = skywrite.api("POST", "/templates", RECEIPT).json["id"]
    assert skywrite.api("POST", f"/templates/{template}/publish").status == 200
    asked = {"to": {"email": "bob@example.com"}, "template_id": template, "data": {"order": "B-1", "total": "12 EUR"}}
    assert skywrite.api("POST", "/messages", asked).status == 201
    page.goto(f"/templates/{template}")
    mail = page.frame_locator("iframe[title='The mail']")
    expect(mail.get_by_text("Your order B-1 of 12 EUR is packed")).to_be_visible()
    page.get_by_role("tab", name="Sample data").click()
    field = page.get_by_label("Sample data").and_(page.locator("textarea"))
    expect(field).to_have_value('{\n  "order": "B-1",\n  "total": "12 EUR"\n}')
    field.fill('{"order": "B-2", "total": "12 EUR"}')
    expect(mail.get_by_text("Your order B-2 of 12 EUR is packed")).to_be_visible()
    page.get_by_role("button", name="Back to that").click()
    expect(mail.get_by_text("Your order B-1 of 12 EUR is packed")).to_be_visible()


@pytest.mark.parametrize("screen", [1280, 390])
def test_the_preview_lays_the_mail_out_as_the_chosen_screen_does(skywrite: Skywrite, page: Page, screen: int) -> None:
    template = skywrite.api("POST", "/templates", {"name": f"Seen on {screen}"}).json["id"]
    assert skywrite.api("PATCH", f"/templates/{template}", {"kind": "html", "body": _TWO_LAYOUTS}).status == 200
    page.set_viewport_size({"width": screen, "height": 900})
    page.goto(f"/templates/{template}")
    frame, mail = page.get_by_title("The mail"), page.frame_locator("iframe[title='The mail']")
    expect(mail.get_by_text("Two columns")).to_be_visible()
    expect(mail.get_by_text("One column")).to_be_hidden()
    frame.scroll_into_view_if_needed()
    expect(frame).to_be_in_viewport(ratio=0.95)  # made as small as the room: nothing of it is cut off
    page.get_by_text("Phone", exact=True).click()
    expect(mail.get_by_text("One column")).to_be_visible()
    expect(mail.get_by_text("Two columns")).to_be_hidden()
