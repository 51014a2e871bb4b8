"""A whole Skywrite, and a Chromium in which somebody is signed in."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from skywrite.wiring import WEB_FILES
from tests.support.browser import Watch, a_page, chromium
from tests.support.endpoint import Endpoint
from tests.support.needs import need_folder
from tests.support.skywrite import Skywrite

PASSWORD = "correct horse battery"
EMAIL = "ada@example.com"
_LINK = re.compile(r"(/welcome\?token=[\w-]+)")


@pytest.fixture(scope="module")
def skywrite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Skywrite]:
    """A Skywrite whose destinations may reach this machine."""
    need_folder(WEB_FILES / "ui", "The UI is not built (make setup builds it)")
    with Skywrite(tmp_path_factory.mktemp("ui") / "data", private_destinations=True) as skywrite:
        yield skywrite


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        expect.set_options(timeout=60_000)
        yield browser


@pytest.fixture(scope="module")
def signed_in(skywrite: Skywrite, browser: Browser) -> dict:
    """The cookies of the first user, who came by the first-run link that `up` prints."""
    link = skywrite.wait_until(lambda: _LINK.search(skywrite.log_text()), "greeted")[1]
    with a_page(browser) as page, Watch(page).calm(skywrite.base_url):
        page.goto(skywrite.base_url + link)
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("heading", name="Pipeline")).to_be_visible()
        expect(page.get_by_text("Start here")).to_be_visible()
        return page.context.storage_state()


@pytest.fixture
def page(skywrite: Skywrite, browser: Browser, signed_in: dict) -> Iterator[Page]:
    """A page of somebody signed in; at the end it has complained of nothing and asked no other host."""
    with (
        a_page(browser, storage_state=signed_in, base_url=skywrite.base_url) as page,
        Watch(page).calm(skywrite.base_url),
    ):
        yield page


@pytest.fixture
def phone(skywrite: Skywrite, browser: Browser, signed_in: dict) -> Iterator[Page]:
    """The same on a phone."""
    small = {"viewport": {"width": 375, "height": 720}, "has_touch": True}
    with (
        a_page(browser, storage_state=signed_in, base_url=skywrite.base_url, **small) as page,
        Watch(page).calm(skywrite.base_url),
    ):
        yield page


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A webhook's receiver."""
    with Endpoint() as endpoint:
        yield endpoint
