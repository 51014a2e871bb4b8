"""Directs the demo: people arrive, a newsletter goes out, its readers do what they do, and the warehouse shows it."""

import asyncio
import contextlib
import random
import secrets
import socket
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
from aiohttp import web

from skywrite.demo.acts import World
from skywrite.demo.cast import CAST, Person, person
from skywrite.demo.http import Api
from skywrite.demo.mailbox.mails import Mail, Mails
from skywrite.demo.mailbox.page import make_app
from skywrite.demo.mailbox.server import Mailbox
from skywrite.demo.play import LASTS, Players
from skywrite.demo.stage import Stage, leave_stage, set_stage
from skywrite.events.email import EmailEvent
from skywrite.kit.errors import SkywriteError
from skywrite.kit.time import iso_millis, now_micros
from skywrite.playing import Scene

COUNTS = "select event, count(*) from autopilothq.tracks group by 1 order by 2 desc"
_HOST = "127.0.0.1"
_PORTS = range(20_000, 32_768)
_LOOK_SECONDS = 0.3
_PATIENCE = 120.0
_ASKS_ALL_THE_SAME = 10  # the warehouse of a server with other traffic is never quite there
_UNDER_WAY = ("queued", "sending", "deferred")


Tell = Callable[[Scene], None]


async def direct(api_of: Callable[[aiohttp.ClientSession], Api], tell: Tell, *, rate: float = 0.0) -> None:
    """Play the demo on a running server, then go on until cancelled: with `rate` mails a second, 0 for none.

    Raises SkywriteError, saying what did not come about.
    """
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        await _Director(api_of(session), tell).play(rate)


class _Director:
    def __init__(self, api: Api, tell: Tell) -> None:
        self._api = api
        self._tell = tell
        self._inbound_port = _free_port()
        self._world = World(_HOST, self._inbound_port)
        self._players = Players(self._world)
        self._mails = Mails()
        self._page = ""
        self._looks = 0

    async def play(self, rate: float) -> None:
        loop = asyncio.get_running_loop()

        def heard(mail: Mail) -> None:  # in the mail server's thread
            loop.call_soon_threadsafe(self._players.take, mail)

        with Mailbox(self._mails, self._players.answer, heard) as mailbox:
            async with _serving(self._mails) as self._page:
                self._say("Setting up", 0.05)
                stage = await set_stage(self._api, mailbox.port, self._inbound_port)
                try:
                    await self._arrive(stage)
                    await self._write(stage)
                    await self._read()
                    self._say("The loop is closed", 1.0)
                    await self._go_on(stage, rate)
                finally:
                    with contextlib.suppress(SkywriteError, TimeoutError):
                        await leave_stage(self._api)

    def _say(self, name: str, done: float) -> None:
        self._tell(Scene(name, done, self._page))

    async def _arrive(self, stage: Stage) -> None:
        """The fifty come through the tracking API, as a shop's server would send them."""
        self._say("Fifty people arrive", 0.1)
        for one in CAST:
            self._players.know(one)
        for at in range(0, len(CAST), 10):
            await self._api.track(stage.write_key, [call for one in CAST[at : at + 10] for call in _calls(one)])
        await self._until("the fifty to be contacts", self._are_here)

    async def _are_here(self) -> bool:
        return bool((await self._api.get("/contacts/count"))["number"] >= len(CAST))

    async def _write(self, stage: Stage) -> None:
        self._say("A newsletter goes out", 0.25)
        made = await self._api.post(
            "/broadcasts", {"name": "Welcome", "template_id": stage.news, "audience": {"kind": "all"}}
        )
        await self._api.post(f"/broadcasts/{made['id']}/start", {})

        async def is_out() -> bool:
            now = await self._api.get(f"/broadcasts/{made['id']}")
            return bool(now["state"] == "done" and not any(now["progress"].get(state) for state in _UNDER_WAY))

        await self._until("the newsletter to go out", is_out)

    async def _read(self) -> None:
        """Its readers act; meanwhile the first events come to the warehouse."""
        reading = asyncio.ensure_future(self._players.finish())
        began = asyncio.get_running_loop().time()
        while not reading.done():
            passed = asyncio.get_running_loop().time() - began
            self._say("People open, click, reply, complain and unsubscribe", 0.35 + 0.45 * min(1.0, passed / LASTS))
            await asyncio.wait([reading], timeout=_LOOK_SECONDS)
        self._say("The events reach the warehouse", 0.85)
        await self._until("all seven events to be in the warehouse", self._are_loaded)

    async def _are_loaded(self) -> bool:
        self._looks += 1
        is_behind = (await self._api.get("/warehouse/status"))["lag"] > 0
        if is_behind and self._looks % _ASKS_ALL_THE_SAME:  # who asks it keeps the loader waiting
            return False
        with contextlib.suppress(SkywriteError):  # its tables come with the first events
            found = await self._api.post("/warehouse/query", {"sql": COUNTS})
            return len({row[0] for row in found["rows"]}) >= len(EmailEvent)
        return False

    async def _go_on(self, stage: Stage, rate: float) -> None:
        """Orders are sent on, at a rate; new people come now and then."""
        if rate <= 0:
            await asyncio.Event().wait()
        people, dice = list(CAST), random.Random(7)  # noqa: S311 - a play, the same every time
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            if dice.random() < 0.1:
                people.append(person(len(people)))
                self._players.know(people[-1])
                await self._api.track(stage.write_key, _calls(people[-1]))
            with contextlib.suppress(SkywriteError):  # someone new is a contact a moment later
                await self._receipt(stage, dice.choice(people))
            self._say("Orders go out, and people read on", 1.0)
            due = max(due + 1 / rate, clock() - 1)  # after a standstill it does not hurry for long
            await asyncio.sleep(due - clock())

    async def _receipt(self, stage: Stage, to: Person) -> None:
        order = uuid.uuid4().hex[:8].upper()
        await self._api.post(
            "/messages",
            {
                "key": f"order-{order}",
                "to": {"user_id": to.user_id},
                "template_id": stage.receipt,
                "data": {"order": order, "total": "€ 42.00"},
            },
        )

    async def _until(self, what: str, is_so: Callable[[], Any]) -> None:
        end = asyncio.get_running_loop().time() + _PATIENCE
        while not await is_so():
            if asyncio.get_running_loop().time() > end:
                raise SkywriteError(f"The demo waited {_PATIENCE:.0f} seconds for {what}, in vain.")
            await asyncio.sleep(_LOOK_SECONDS)


def _calls(one: Person) -> list[dict[str, Any]]:
    """What a shop says of somebody new."""
    at = iso_millis(now_micros())
    return [
        {"type": "identify", "userId": one.user_id, "traits": one.traits(), "timestamp": at},
        {
            "type": "track",
            "userId": one.user_id,
            "event": "Signed Up",
            "properties": {"plan": one.plan},
            "timestamp": at,
        },
    ]


@contextlib.asynccontextmanager
async def _serving(mails: Mails) -> AsyncIterator[str]:
    """The mailbox's page, while the block lasts; its address."""
    runner = web.AppRunner(make_app(mails))
    await runner.setup()
    try:
        await web.TCPSite(runner, _HOST, 0).start()
        yield f"http://{_HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _free_port() -> int:
    """A port to listen on a moment from now: one that no system hands out by itself to whoever asks meanwhile."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((_HOST, port))
            return port
