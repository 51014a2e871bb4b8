"""A webhook's receiver on loopback whose answers a test decides, and which says when something has come in."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import web
from msgspec import Struct

PATIENCE = 120.0  # so long a test waits for what should come before it fails; never asserted on


class Hit(Struct, frozen=True):
    """One request as it came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def events(self) -> list[dict[str, Any]]:
        found = json.loads(self.body)
        return found if isinstance(found, list) else [found]

    @property
    def event(self) -> dict[str, Any]:
        return self.events[0]

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


Answer = int | web.Response
Answering = Callable[[Hit], Answer | Awaitable[Answer]]


class Receiver:
    """`answer` decides each answer: a status, or a response, at once or later."""

    def __init__(self, answer: Answering = lambda _: 204) -> None:
        self.answer = answer
        self.hits: list[Hit] = []
        self.delivered: list[Hit] = []
        self.ids: list[str] = []  # the messageIds delivered, in order
        self.distinct: set[str] = set()
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 24)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def listen(self, port: int = 0) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", port)
        await self._site.start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}/hook"

    async def deafen(self) -> None:
        """Refuse connections from now on."""
        await self._site.stop()

    async def _serve(self, request: web.Request) -> web.Response:
        hit = Hit({name.lower(): value for name, value in request.headers.items()}, await request.read())
        self.hits.append(hit)
        await self.ring()
        answer = self.answer(hit)
        if isinstance(answer, Awaitable):
            answer = await answer
        response = web.Response(status=answer) if isinstance(answer, int) else answer
        if response.status < 300:
            self.delivered.append(hit)
            self.ids += (names := [event["messageId"] for event in hit.events])
            self.distinct.update(names)
            await self.ring()
        return response

    async def ring(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something that came in makes `true` true."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(true), PATIENCE)


async def eventually(true: Callable[[], bool]) -> None:
    """Wait until something outside this loop, such as a row in the store, has become so."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while not await asyncio.to_thread(true):
        if loop.time() > end:
            raise AssertionError("it never became so")
        await asyncio.sleep(0.02)
