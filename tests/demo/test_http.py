"""The demo's way to Skywrite: what may be asked twice is asked again, and a refusal is told in its words."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from skywrite.demo import http
from skywrite.demo.http import Api
from skywrite.kit.errors import SkywriteError


def asking(ask, *, drops=0, status=200, body="[1]"):
    """What `ask(api)` gives, and what the server got; it drops the first connections."""
    got = []

    async def answer(request):
        got.append((request.method, request.path, request.headers["Authorization"], await request.json()
                    if request.can_read_body else None))  # fmt: skip
        if len(got) <= drops:
            request.transport.abort()
        return web.Response(text=body, status=status)

    async def run():
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            async with aiohttp.ClientSession() as session:
                return await ask(Api(session, f"http://127.0.0.1:{runner.addresses[0][1]}", "secret"))
        finally:
            await runner.cleanup()

    return asyncio.run(run()), got


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """It tries again at once."""
    monkeypatch.setattr(http, "_PAUSE_SECONDS", 0.0)


def test_a_question_is_asked_again_where_the_server_went_away():
    found, got = asking(lambda api: api.get("/contacts/count"), drops=2)
    assert found == [1]
    assert got == [("GET", "/api/v1/contacts/count", "Bearer secret", None)] * 3


def test_what_changes_something_is_asked_once():
    with pytest.raises(SkywriteError, match="can't be reached"):
        asking(lambda api: api.post("/broadcasts", {}), drops=1)


def test_events_are_sent_again_under_the_same_id():
    _, got = asking(lambda api: api.track("key", [{"type": "identify", "userId": "u1"}]), drops=1)
    assert [path for _, path, _, _ in got] == ["/v1/batch"] * 2
    first, again = (body["batch"][0] for *_, body in got)
    assert first == again
    assert first["messageId"]


@pytest.mark.parametrize(
    "ask", [lambda api: api.get("/x"), lambda api: api.patch("/x", {}), lambda api: api.track("k", [])]
)
def test_a_refusal_is_told_in_the_servers_words(ask):
    with pytest.raises(SkywriteError, match=r"was answered 409.*in use"):
        asking(ask, status=409, body='{"detail": "in use"}')
