"""The official SDKs as their makers ship them: only their host is ours. Each one's six calls, down to the rows."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.browser import Watch, a_page, a_site, chromium
from tests.support.needs import need_folder, need_program

pytestmark = pytest.mark.flow
_SDKS = Path(__file__).parent / "sdks"
_ORIGINAL = "2026-11-20 08:30:00.123Z"
_TYPES = ["alias", "group", "identify", "page", "screen", "track"]

_BROWSER_CALLS = """
async () => {
  await new Promise((resolve) => analytics.ready(resolve));
  const timestamp = new Date("2026-11-20T08:30:00.123Z");
  await analytics.identify("ada", { email: "ada@example.com", plan: "pro", logins: 3 });
  await analytics.track("Order Completed", { orderId: "A-100", revenue: 39.95 }, { timestamp });
  await analytics.page("Docs", "Quick Start", { url: "https://example.com/docs" });
  await analytics.screen("Home", { tab: "feed" });
  await analytics.group("acme", { name: "Acme", employees: 12 });
  await analytics.alias("ada", "anon-1");
  return analytics.user().anonymousId();
}
"""


def segment_python(skywrite, source):
    """segment-analytics-python (PyPI)"""
    _run(sys.executable, _SDKS / "segment_python.py", skywrite, source)


def segment_node(skywrite, source):
    """@segment/analytics-node (npm)"""
    _run(_node(), _SDKS / "segment.mjs", skywrite, source)


def rudderstack_node(skywrite, source):
    """@rudderstack/rudder-sdk-node (npm)"""
    _run(_node(), _SDKS / "rudderstack.mjs", skywrite, source)


def segment_browser(skywrite, source):
    """@segment/analytics-next: the snippet of the source's page, in a page of another origin, in Chromium"""
    snippet = skywrite.api("GET", f"/sources/{source['id']}/snippets").json[0]["code"]
    html = f"<!doctype html><html><head><title>A shop</title>{snippet}</head><body></body></html>"
    with chromium() as browser, a_site(html) as site, a_page(browser) as page:
        watch = Watch(page)
        page.goto(site)
        anonymous_id = page.evaluate(_BROWSER_CALLS)
        assert anonymous_id
        assert watch.errors == []
        assert watch.origins == {site, skywrite.base_url}


# What runs it, the kind of source that it is set up as, and what it calls itself.
_CASES = [
    (segment_python, "python", "analytics-python"),
    (segment_node, "nodejs", "@segment/analytics-node"),
    (rudderstack_node, "nodejs", "analytics-node"),
    (segment_browser, "javascript", "analytics.js"),
]


class Sent:
    """What one SDK has sent, by its source."""

    def __init__(self, skywrite, sdk, kind, library):
        self.source = skywrite.add_source(kind, sdk.__name__)
        self.schema = self.source["schema"]
        self.sdk = sdk
        self.library = library
        self._skywrite = skywrite
        sdk(skywrite, self.source)
        skywrite.sync()

    def rows(self, columns, table, where="true"):
        return self._skywrite.query(f"select {columns} from {self.schema}.{table} where {where}")

    def debugger(self):
        return self._skywrite.debugger(self.source)


@pytest.fixture(scope="module", params=_CASES, ids=lambda case: case[0].__name__)
def sent(request, shared):
    return Sent(shared, *request.param)


def test_debugger_shows_every_call(sent):
    shown = sent.debugger()
    assert {event["status"] for event in shown} == {"accepted"}
    assert sorted({event["type"] for event in shown}) == _TYPES
    assert {event["name"] for event in shown} >= {"Order Completed", "Quick Start"}


def test_tail_shows_what_the_debugger_shows(sent, shared):
    assert shared.cli("events", "tail", sent.schema) == sent.debugger()


def test_track_is_a_row_of_tracks_and_of_its_event(sent):
    assert sent.rows("user_id, event, event_text, context_library_name", "tracks") == [
        ["ada", "order_completed", "Order Completed", sent.library]
    ]
    assert sent.rows("user_id, order_id, revenue", "order_completed") == [["ada", "A-100", 39.95]]
    assert sent.rows("id", "tracks") == sent.rows("id", "order_completed")


def test_given_time_is_kept_and_corrected_by_the_clocks_difference(sent):
    # Both clocks are this machine's: the corrected time is the given one, give or take the way here. RudderStack's SDK
    # keeps the call's own time as the original beside the given one, which is final.
    original = "true" if sent.sdk is rudderstack_node else f"original_timestamp = '{_ORIGINAL}'"
    for table in ("tracks", "order_completed"):
        near = f"abs(epoch(timestamp) - epoch(timestamptz '{_ORIGINAL}')) < 60"
        assert sent.rows(f"{original}, {near}", table) == [[True, True]]
    assert sent.rows("abs(epoch(received_at) - epoch(timestamp)) < 60", "identifies") == [[True]]
    assert sent.rows("abs(epoch(received_at) - epoch(sent_at)) < 60", "identifies") == [[True]]


def test_identify_is_a_row_of_identifies_and_the_users_state(sent):
    traits = "email, plan, logins"
    assert sent.rows(f"user_id, {traits}", "identifies") == [["ada", "ada@example.com", "pro", 3]]
    assert sent.rows(f"id, {traits}", "users") == [["ada", "ada@example.com", "pro", 3]]


def test_page_and_screen_are_rows_with_their_names(sent):
    assert sent.rows("user_id, name, category, url", "pages", "name = 'Quick Start'") == [
        ["ada", "Quick Start", "Docs", "https://example.com/docs"]
    ]
    assert sent.rows("user_id, name, tab", "screens") == [["ada", "Home", "feed"]]


def test_group_is_a_row_of_groups_and_the_accounts_state(sent):
    assert sent.rows("user_id, group_id, name, employees", "groups") == [["ada", "acme", "Acme", 12]]
    assert sent.rows("id, name, employees", "accounts") == [["acme", "Acme", 12]]


def test_alias_is_a_row_of_aliases(sent):
    assert sent.rows("user_id, previous_id", "aliases") == [["ada", "anon-1"]]


def test_message_ids_are_the_sdks_own(sent):
    shown = {event["raw"]["messageId"] for event in sent.debugger()}
    assert {identifier for (identifier,) in sent.rows("id", "tracks")} <= shown
    assert all(len(identifier) >= 20 for identifier in shown)


@pytest.mark.parametrize("sent", _CASES[-1:], ids=["segment_browser"], indirect=True)
def test_browsers_first_page_view_knows_its_page(sent):
    path, title, agent, ip = sent.rows("path, title, context_user_agent, context_ip", "pages", "name is null")[0]
    assert (path, title, ip) == ("/", "A shop", "127.0.0.1")
    assert "Chrome" in agent


def _node():
    need_folder(_SDKS / "node_modules", "The Node SDKs are not installed (make test installs them)")
    return need_program("node", reason="Node is not installed")


def _run(program, script, skywrite, source):
    done = subprocess.run(
        [program, script, skywrite.base_url, source["write_keys"][0]],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
