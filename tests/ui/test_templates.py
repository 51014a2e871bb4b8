"""A template in a real browser: written, looked at, published."""

import pytest
from playwright.sync_api import Page, expect

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


def test_the_preview_is_filled_in_with_sample_data(skywrite: Skywrite, page: Page) -> None:
    template = skywrite.api("POST", "/templates", {"name": "Order"}).json["id"]
    change = {"kind": "html", "body": "<p>Order {{ data.order }}</p>", "is_transactional": True}
    assert skywrite.api("PATCH", f"/templates/{template}", change).status == 200
    page.goto(f"/templates/{template}")
    expect(page.get_by_text("would get no mail")).to_be_visible()
    page.get_by_role("tab", name="Data").click()
    page.get_by_label("Sample data").fill('{"order": ')
    expect(page.get_by_text("This is no JSON object.")).to_be_visible()
    page.get_by_label("Sample data").fill('{"order": "R-1024"}')
    expect(page.frame_locator("iframe[title='The mail']").get_by_text("Order R-1024")).to_be_visible()
