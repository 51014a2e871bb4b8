"""Contacts, lists, segments and Segment Sync in a real browser."""

import email
import email.policy
import http.client
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.support.browser import Held
from tests.support.mail_server import MailServer, a_running_server
from tests.support.skywrite import Skywrite

pytestmark = [pytest.mark.flow, pytest.mark.browser]

_PERSON = {"User-Agent": "Mozilla/5.0 (Macintosh) Version/17.4 Safari/605.1.15"}


def _contact(skywrite: Skywrite, name: str, **more: Any) -> dict[str, Any]:
    body = {"email": f"{name.lower()}@example.org", "user_id": "", "traits": {"firstName": name} | more}
    answer = skywrite.api("POST", "/contacts", body | {"list_id": None})
    assert answer.status == 201, answer
    return answer.json


# ---- segments ------------------------------------------------------------------------------------------------


def test_a_nested_segment_is_counted_while_it_is_built_and_then_shows_its_members(
    page: Page, skywrite: Skywrite
) -> None:
    _contact(skywrite, "Bea", tier="gold", city="Basel")
    _contact(skywrite, "Cay", tier="gold", city="Cork")
    _contact(skywrite, "Dan", tier="gold", city="Delft")
    _contact(skywrite, "Eve", tier="iron", city="Basel")
    page.goto("/segments/new")
    page.get_by_label("Name", exact=True).fill("Golden, but not in Cork")
    found = page.get_by_role("list", name="Some of them").get_by_role("listitem")
    whole = page.get_by_role("group", name="all of")
    _add_trait(whole, "tier", "gold")
    expect(found).to_contain_text(["Bea", "Cay", "Dan"])

    whole.get_by_role("button", name="Group").last.click()
    either = page.get_by_role("group", name="any of")
    _add_trait(either, "city", "Basel")
    _add_trait(either, "city", "Cork")
    expect(found).to_contain_text(["Bea", "Cay"])

    whole.get_by_role("button", name="Group").last.click()
    match = either.last.locator("input[aria-label='How many must hold']")
    match.click()
    page.get_by_role("option", name="none", exact=True).click()
    _add_trait(page.get_by_role("group", name="none of"), "city", "Cork")
    expect(found).to_contain_text(["Bea"])
    said = "Contacts whose tier is “gold” and (whose city is “Basel” or whose city is “Cork”)"
    expect(page.get_by_text(said)).to_be_visible()

    page.get_by_role("button", name="Create segment").click()
    page.get_by_role("navigation", name="Pages of this segment").get_by_role("link", name="Contacts").click()
    members = page.get_by_role("table", name="Contacts in this segment")
    expect(members.get_by_role("link")).to_have_text(["Bea"])
    page.get_by_role("button", name="Why is Bea in it?").click()
    expect(page.get_by_text("They match.")).to_be_visible()


def _add_trait(group: Locator, name: str, value: str) -> None:
    group.get_by_role("button", name="Condition", exact=True).last.click()
    group.page.get_by_role("menuitem", name=re.compile("^Trait")).click()
    row = group.get_by_role("group", name="Trait").last
    row.get_by_placeholder("Choose a trait").fill(name)
    row.get_by_placeholder("Value").fill(value)


# ---- a contact -----------------------------------------------------------------------------------------------


def test_the_timeline_shows_what_becomes_of_a_mail_as_it_happens(page: Page, skywrite: Skywrite) -> None:
    fay = _contact(skywrite, "Fay")
    with a_running_server() as mailbox:
        _send_by(skywrite, mailbox)
        page.goto(f"/contacts/{fay['id']}")
        expect(page.get_by_text("Became a contact")).to_be_visible()
        mail = {"to": {"email": fay["email"]}, "subject": "Come in", "html": '<a href="https://example.com/in">In</a>'}
        assert skywrite.api("POST", "/messages", mail).status == 201
        expect(page.get_by_text("Email delivered")).to_be_visible()
        _click(skywrite, next(mail.content for mail in mailbox.mails))
    expect(page.get_by_text("Clicked in an email")).to_be_visible()
    expect(page.get_by_text("https://example.com/in", exact=True)).to_be_visible()


def _send_by(skywrite: Skywrite, mailbox: MailServer) -> None:
    sender = {"from_address": "ada@example.com", "from_name": "Ada", "postal_address": "1 Cloud Street"}
    at_once = {"relay_250": True, "hold_seconds": 0, "machine_seconds": 0}
    relay = {"host": "127.0.0.1", "port": mailbox.port, "tls": "none"}
    body = {"settings": sender | at_once, "provider": "smtp", "provider_settings": relay}
    answer = skywrite.api("PATCH", "/channels/email", body)
    assert answer.status == 200, answer


def _click(skywrite: Skywrite, mail: bytes) -> None:
    letter = email.message_from_bytes(mail, policy=email.policy.default)
    html = letter.get_body(("html",)).get_content()
    path = urlsplit(re.search(r'href="([^"]*/c/[^"]+)"', html)[1]).path
    connection = http.client.HTTPConnection("127.0.0.1", skywrite.port)
    connection.request("GET", path, headers=_PERSON)
    assert connection.getresponse().status in (302, 303, 307)
    connection.close()


def test_two_contacts_become_one(page: Page, skywrite: Skywrite) -> None:
    lea, max_ = _contact(skywrite, "Lea"), _contact(skywrite, "Max")
    page.goto(f"/contacts/{lea['id']}")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Merge with another…").click()
    dialog = page.get_by_role("dialog", name="Merge another contact into Lea")
    dialog.get_by_label("The other contact").fill(max_["email"])
    dialog.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("max@example.org is part of Lea now.")).to_be_visible()
    assert skywrite.api("GET", f"/contacts/{max_['id']}").json["id"] == lea["id"]


def test_who_is_forgotten_is_gone(page: Page, skywrite: Skywrite) -> None:
    gus = _contact(skywrite, "Gus")
    page.goto(f"/contacts/{gus['id']}")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Forget this contact…").click()
    dialog = page.get_by_role("dialog", name="Forget Gus?")
    expect(dialog.get_by_role("button", name="Forget for good")).to_be_disabled()
    dialog.get_by_role("textbox").fill(gus["email"])
    dialog.get_by_role("button", name="Forget for good").click()
    expect(page.get_by_text("Gus is forgotten.")).to_be_visible()
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    page.get_by_placeholder("Search email, name or ID").fill("gus@")
    expect(page.get_by_text("No contact matches")).to_be_visible()
    assert skywrite.api("GET", f"/contacts/{gus['id']}").status == 404


# ---- lists ---------------------------------------------------------------------------------------------------


def test_a_list_is_made_and_filled(page: Page, skywrite: Skywrite) -> None:
    _contact(skywrite, "Hal")
    _contact(skywrite, "Ida")
    page.goto("/contacts/lists")
    page.get_by_role("button", name="New list").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Friends")
    page.get_by_role("dialog").get_by_role("button", name="Make list").click()
    page.get_by_role("link", name="Friends").click()
    expect(page).to_have_title("People · Contacts · Skywrite")
    expect(page.get_by_text("No contact matches")).to_be_visible()

    page.goto("/contacts?q=ida")
    page.get_by_role("checkbox", name="Choose Ida").check()
    page.get_by_role("button", name="Add to list").click()
    page.get_by_role("menuitem", name="Friends").click()
    expect(page.get_by_text("1 contact put on Friends.")).to_be_visible()
    page.get_by_role("link", name="Lists").click()
    expect(page.get_by_role("row", name=re.compile("^Friends"))).to_contain_text("1")
    page.get_by_role("link", name="Friends").click()
    expect(page.get_by_role("table", name="Contacts").get_by_role("link")).to_have_text(["Ida"])


# ---- Segment Sync --------------------------------------------------------------------------------------------


def test_the_key_of_segment_sync_is_replaced_and_the_old_one_ended(page: Page, skywrite: Skywrite) -> None:
    old = skywrite.api("GET", "/segment-sync").json["keys"][0]["key"]
    page.goto("/settings/segment-sync")
    expect(page.get_by_text(old)).to_be_visible()
    page.get_by_role("button", name="Regenerate…").click()
    page.get_by_role("button", name="Make a new key").click()
    expect(page.get_by_text("stops in")).to_be_visible()
    expect(page.get_by_text(old)).to_be_visible()
    page.get_by_role("button", name="End now").click()
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text(old)).to_have_count(0)
    (left,) = skywrite.api("GET", "/segment-sync").json["keys"]
    assert left["key"] != old
    expect(page.get_by_text(left["key"])).to_be_visible()


# ---- states --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [
    ("/contacts", "**/api/v1/contacts?*"),
    ("/contacts/lists", "**/api/v1/lists"),
    ("/contacts/imports", "**/api/v1/contacts/imports"),
    ("/segments", "**/api/v1/segments"),
    ("/settings/segment-sync", "**/api/v1/segment-sync"),
], ids=lambda address: address[0])  # fmt: skip
def test_a_page_that_waits_says_so_and_one_that_is_refused_says_why(page: Page, address: tuple[str, str]) -> None:
    path, asked = address
    waiting = Held(page, asked)
    with page.expect_request(asked):
        page.goto(path)
    expect(page.get_by_role("status", name="Loading")).to_be_visible()
    waiting.let_go()
    expect(page.get_by_role("status", name="Loading")).to_be_hidden()

    page.route(asked, _refuse)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Not today.")
    page.unroute(asked)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_be_hidden()


def _refuse(route: Route) -> None:
    route.fulfill(status=400, content_type="application/json", body=json.dumps({"error": "Not today."}))


def test_the_demo_is_not_offered_where_it_would_meet_contacts(page: Page, skywrite: Skywrite) -> None:
    _contact(skywrite, "Jon")
    page.goto("/")
    expect(page.get_by_text("There are contacts here already")).to_be_visible()
    expect(page.get_by_role("button", name="Play the demo")).to_be_hidden()
