"""A real Chromium under Playwright, and pages for it on a port of their own."""

import contextlib
import http.server
import threading
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.support.needs import need_program

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_MISSING = "Chromium is not installed (Debian: apt-get install chromium)"
_PATIENCE_MILLIS = 60_000


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium; skips where there is none (fails on CI)."""
    program = need_program("chromium", "chromium-browser", "google-chrome", reason=_MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def a_page(browser: Browser, **options) -> Iterator[Page]:
    """A page in a profile of its own."""
    context = browser.new_context(**options)
    context.set_default_timeout(_PATIENCE_MILLIS)
    try:
        yield context.new_page()
    finally:
        context.close()


class Watch:
    """What a page did that nobody should see: other hosts asked, errors on the console, exceptions thrown."""

    def __init__(self, page: Page) -> None:
        self.origins: set[str] = set()
        self.errors: list[str] = []
        page.on("request", lambda request: self.origins.add("/".join(request.url.split("/")[:3])))
        page.on("console", lambda message: _is_fault(message) and self.errors.append(_text(message)))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @contextlib.contextmanager
    def calm(self, *origins: str) -> Iterator[None]:
        """At the end of the block, if it went well, nothing was complained of and no other origin was asked."""
        yield
        assert self.errors == []
        assert self.origins - {"data:", "blob:"} <= set(origins)


class Held:
    """A page's requests to addresses of a pattern: they wait until they are let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._waiting: list[Route] = []
        self._is_over = False
        page.route(pattern, self._hold)

    def let_go(self) -> None:
        """Send those that wait; those that come later wait no more."""
        self._is_over = True
        while self._waiting:
            self._waiting.pop().continue_()

    def _hold(self, route: Route) -> None:
        if self._is_over:
            route.continue_()
        else:
            self._waiting.append(route)


@contextlib.contextmanager
def a_site(html: str) -> Iterator[str]:
    """The address of a website whose every page is this HTML."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = html.encode() if "favicon" not in self.path else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _is_fault(message) -> bool:
    # The browser itself notes a request that was refused as wrong; that it was is for the page to show.
    return message.type == "error" and "status of 400" not in message.text


def _text(message) -> str:
    return f"{message.text} ({message.location.get('url', '')})"
