from typing import Any

import pytest

from skywrite.api.app import create_app
from tests.support.problems import problem

OPEN = {"/api/v1/setup", "/api/v1/sign-in", "/api/v1/accept-invitation", "/health", "/", "/{path:path}"}
DOCUMENT = "/api/openapi.json"


def every_route(app: Any) -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for route in app.routes
        for method in sorted(route.methods - {"OPTIONS", "HEAD"})
        if not route.path.startswith(DOCUMENT)
    ]


def test_every_route_but_the_open_ones_asks_who_it_is(world, stranger) -> None:
    asked = 0
    for method, path in every_route(create_app(world.parts)):
        if path in OPEN:
            continue
        asked += 1
        filled = "/".join("1" if part.startswith("{") else part for part in path.split("/"))
        problem(stranger.request(method, filled, json={}), 401)
    assert asked > 35


def test_every_write_of_a_browser_needs_its_csrf_token(world, ada) -> None:
    del ada.headers["X-CSRF-Token"]
    for method, path in every_route(create_app(world.parts)):
        if method == "GET" or path in OPEN:
            continue
        filled = "/".join("1" if part.startswith("{") else part for part in path.split("/"))
        assert "X-CSRF-Token" in problem(ada.request(method, filled, json={}), 403)


def test_another_sessions_csrf_token_does_not_do(ada) -> None:
    ada.headers["X-CSRF-Token"] = "0" * 64
    problem(ada.post("/api/v1/tokens", json={"name": "x"}), 403)


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "bearer", "Basic eDp5", "Bearer \xff"])
def test_a_wrong_token_is_refused(stranger, header: str) -> None:
    problem(stranger.get("/api/v1/sources", headers={"Authorization": header.encode("latin-1")}), 401)


def test_a_wrong_cookie_is_refused(stranger) -> None:
    problem(stranger.get("/api/v1/sources", headers={"Cookie": "skywrite_session=nonsense"}), 401)


def test_every_answer_forbids_frames_and_guesses(stranger) -> None:
    for path in ("/", "/health", "/api/v1/me", "/api/v1/nothing", "/api/openapi.json"):
        headers = stranger.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
