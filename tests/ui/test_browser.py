"""A few whole journeys through the web app, in a real Chromium, on a real server."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.support.build import an_event
from tests.ui.conftest import EMAIL, PASSWORD

pytestmark = [pytest.mark.flow, pytest.mark.browser]


def row(page, text):
    """An arrival in the debugger's list."""
    return page.get_by_role("list", name="Arrivals, newest first").get_by_role("button").filter(has_text=text)


def test_first_run_link_leads_to_an_account_and_the_pipeline(page):
    page.goto("/")
    expect(page.get_by_role("heading", name="Pipeline")).to_be_visible()
    expect(page.get_by_role("button", name=f"Account: {EMAIL}")).to_be_visible()


def test_source_from_the_catalog_shows_its_first_event_in_the_debugger(page, skywrite):
    page.goto("/sources")
    page.get_by_role("link", name="Add source").first.click()
    page.get_by_placeholder("Search sources").fill("http")
    page.get_by_role("link", name=re.compile("^HTTP API")).first.click()
    page.get_by_label("Name", exact=True).fill("Web Shop")
    expect(page.get_by_text("web_shop")).to_be_visible()
    page.get_by_role("button", name="Add source").click()
    expect(page.get_by_role("heading", name="Web Shop")).to_be_visible()
    source = skywrite.api("GET", "/sources/web_shop").json
    # The snippet names this server and this key.
    expect(page.get_by_text(source["write_keys"][0]).first).to_be_visible()
    expect(page.get_by_text(skywrite.base_url).first).to_be_visible()

    page.get_by_role("link", name="Debugger", exact=True).click()
    expect(page.get_by_text("Listening for events")).to_be_visible()
    assert skywrite.send(source, an_event(event="First Thing", userId="grace", messageId="first")).status == 200
    expect(row(page, "First Thing")).to_be_visible()
    expect(row(page, "grace")).to_be_visible()
    row(page, "First Thing").click()
    page.get_by_role("tab", name="Raw").click()
    expect(page.get_by_text('"First Thing"').first).to_be_visible()

    page.goto("/")
    expect(page.get_by_role("region", name="Picture of the pipeline")).to_contain_text("Web Shop")


def test_refused_event_is_mended_and_sent_again(page, skywrite):
    source = skywrite.add_source(name="Mended")
    page.goto(f"/sources/{source['id']}/debugger")
    expect(page.get_by_text("Listening for events")).to_be_visible()
    assert skywrite.send(source, {"type": "track", "userId": "ada", "messageId": "broken"}).status == 400
    refused = row(page, "event is missing")
    expect(refused).to_be_visible()
    refused.click()
    box = page.get_by_label("The event as JSON")
    box.fill(json.dumps(json.loads(box.input_value()) | {"event": "Mended Thing"}))
    # What was refused is kept a moment after it has shown.
    skywrite.wait_until(lambda: skywrite.api("GET", f"/sources/{source['id']}/rejections").json, "kept")
    page.get_by_role("button", name="Send again").click()
    expect(row(page, "Mended Thing")).to_be_visible()
    skywrite.sync()
    assert skywrite.query("select id, user_id from mended.mended_thing") == [["broken", "ada"]]


def test_destination_is_added_with_its_form_and_shows_its_deliveries(page, skywrite, endpoint):
    source = skywrite.add_source(name="Delivered")
    page.goto("/destinations/catalog")
    page.get_by_role("link", name=re.compile("^Webhook")).first.click()
    page.get_by_label("Name", exact=True).fill("Our Hook")
    page.get_by_role("button", name="Add destination").click()
    expect(page.get_by_label("Address")).to_have_attribute("aria-invalid", "true")  # it is needed
    page.get_by_label("Address").fill(endpoint.url)
    page.get_by_role("checkbox", name="Delivered").check()
    page.get_by_role("button", name="Add destination").click()
    expect(page.get_by_role("heading", name="Our Hook")).to_be_visible()

    def delivered():
        # It gets what arrives from now on; "now" comes when the delivery has heard of it.
        skywrite.send(source, an_event(event="Shipped", messageId=f"d{len(endpoint.deliveries)}-{id(object())}"))
        return endpoint.deliveries

    skywrite.wait_until(delivered, "delivered")
    page.get_by_role("link", name="Deliveries").click()
    first = page.get_by_role("table", name="Deliveries").get_by_role("row").filter(has_text="Shipped").first
    expect(first).to_contain_text("Delivered")
    first.get_by_role("button", name="Shipped").click()
    sent = "|".join(re.escape(delivery.event["messageId"]) for delivery in endpoint.deliveries)
    expect(page.get_by_role("dialog")).to_contain_text(re.compile(sent))


def test_warehouse_page_shows_the_rows_of_a_query(page, skywrite):
    source = skywrite.add_source(name="Asked")
    assert skywrite.send(source, an_event(userId="linus", messageId="asked")).status == 200
    skywrite.sync()
    page.goto("/warehouse/query")
    editor = page.get_by_role("textbox", name="SQL")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("select user_id, event from asked.tracks")
    page.get_by_role("button", name="Run").click()
    rows = page.get_by_role("region", name="Rows")
    expect(rows).to_contain_text("linus")
    expect(rows).to_contain_text("order_completed")

    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("drop table asked.tracks")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert")).to_contain_text("The query failed")
    assert skywrite.query("select user_id from asked.tracks") == [["linus"]]


def test_key_is_rotated_and_both_keys_work(page, skywrite):
    source = skywrite.add_source(name="Turned")
    page.goto(f"/sources/{source['id']}/settings")
    page.get_by_role("button", name="Rotate").click()
    page.get_by_role("button", name="Make a new key").click()
    expect(page.get_by_text("stops in")).to_be_visible()
    now = skywrite.api("GET", "/sources/turned").json
    assert len(now["write_keys"]) == 2
    for key in now["write_keys"]:
        expect(page.get_by_text(key)).to_be_visible()
        skywrite.wait_until(lambda key=key: skywrite.send({"write_keys": [key]}, an_event()).status == 200, "taken")


def test_signs_out_and_in_again(browser, skywrite, signed_in):
    from tests.support.browser import Watch, a_page

    with a_page(browser, base_url=skywrite.base_url) as page:
        watch = Watch(page)
        page.goto("/sources")
        _sign_in(page, "wrong horse battery")
        expect(page.get_by_text("The email address or the password is wrong.")).to_be_visible()
        _sign_in(page, PASSWORD)
        expect(page.get_by_role("heading", name="Sources")).to_be_visible()  # where it was going
        page.get_by_role("button", name=f"Account: {EMAIL}").click()
        page.get_by_role("menuitem", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.goto("/sources")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        # The browser itself notes each refusal; nothing else may be wrong.
        assert [error for error in watch.errors if "401" not in error] == []
        assert watch.origins == {skywrite.base_url}


def test_dark_mode_stays(page):
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name=f"Account: {EMAIL}").click()
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.reload()
    expect(page.get_by_role("heading", name="Pipeline")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/", "Pipeline"),
        ("/sources", "Sources"),
        ("/sources/catalog", "Add a source"),
        ("/sources/{id}/overview", "Narrow"),
        ("/sources/{id}/debugger", "Narrow"),
        ("/sources/{id}/schema", "Narrow"),
        ("/sources/{id}/settings", "Narrow"),
        ("/destinations", "Destinations"),
        ("/destinations/catalog/webhook", "Webhook"),
        ("/warehouse/query", "Warehouse"),
        ("/warehouse/tables", "Warehouse"),
        ("/settings/server", "Settings"),
    ],
)
def test_page_fits_a_phone(phone, skywrite, narrow, path, heading):
    phone.goto(path.format(id=narrow["id"]))
    expect(phone.get_by_role("heading", level=1, name=heading)).to_be_visible()
    expect(phone.get_by_role("heading", name="Loading")).to_have_count(0)
    expect(phone.locator(".mantine-Skeleton-root")).to_have_count(0)
    wider = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{wider} pixels must be scrolled for"


@pytest.fixture(scope="module")
def narrow(skywrite):
    """A source with something in it."""
    source = skywrite.add_source(name="Narrow")
    long = "A Rather Long Name Of An Event That Would Not Fit " * 3
    assert skywrite.send(source, an_event(event=long, messageId="narrow")).status == 200
    skywrite.sync()
    return source


def _sign_in(page, password):
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
