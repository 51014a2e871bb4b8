"""Runs a courier for each enabled destination, and notices when destinations change. Each is on its own: what one
does, or fails to do, costs the others nothing.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import structlog

from skywrite.kit.errors import Later, SkywriteError
from skywrite.kit.http_client import HttpClient
from skywrite.kit.time import now_micros
from skywrite.pipeline import cursors, delivery_queries
from skywrite.pipeline.courier import Courier, Start
from skywrite.pipeline.feed import Feed
from skywrite.pipeline.ledger import Ledger
from skywrite.pipeline.pace import HOUR, Pace
from skywrite.pipeline.route import Route
from skywrite.pipeline.tail import Tail
from skywrite.settings import Settings
from skywrite.store.engine import Store, changes_version

log = structlog.get_logger()
T = TypeVar("T")
Routes = Callable[[Store], list[Route]]
_LOOK_AT_MOST_EVERY = 0.2
_LONGEST_PAUSE = 30.0


def pace_of(settings: Settings) -> Pace:
    """The usual patience, with the window that the settings name."""
    return Pace(window=int(settings.retry_hours * HOUR))


class Delivery:
    """All couriers of this process. `routes` reads the enabled destinations; `topics` tell when they change."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        feed: Feed,
        routes: Routes,
        *,
        topics: tuple[str, ...],
        pace: Pace | None = None,
        clock: Callable[[], int] = now_micros,
    ) -> None:
        self._settings = settings
        self._store = store
        self._feed = feed
        self._read_routes = routes
        self._topics = topics
        self._pace = pace or pace_of(settings)
        self._clock = clock
        self._tail = Tail(feed, self._pace.read_bytes)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="delivery-store")
        self._running: dict[str, _Running] = {}
        self._leaving: dict[str, asyncio.Task[None]] = {}  # by route: those that still finish what is on its way
        self._versions = (-1, -1)
        self._news = store.news()
        self._bell = asyncio.Event()
        self._looked_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`; returns when every courier has written down how far it came."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._feed.listener.fileno(), self._rung)
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                self._bell.clear()
                await self._look()
                self._tell_all()
                ringing = asyncio.ensure_future(self._bell.wait())
                await asyncio.wait({ringing, stopping}, timeout=self._pace.look, return_when=asyncio.FIRST_COMPLETED)
                ringing.cancel()
                await asyncio.sleep(self._pace.settle)  # the bell rings for every append
        finally:
            stopping.cancel()
            loop.remove_reader(self._feed.listener.fileno())
            for running in self._running.values():
                running.stop.set()
            await asyncio.gather(*(running.task for running in self._running.values()), *self._leaving.values())
            self._tail.close()
            self._thread.shutdown()

    # ---- news ----

    def _rung(self) -> None:
        self._feed.listener.clear()
        self._bell.set()

    def _tell_all(self, *, retries_changed: bool = False) -> None:
        for running in self._running.values():
            if running.courier is not None:
                running.courier.tell(retries_changed=retries_changed)

    async def _look(self) -> None:
        """See whether destinations changed, or retries were added by hand; not more often than a few times a second."""
        now = time.monotonic()
        if now - self._looked_at < _LOOK_AT_MOST_EVERY:
            asyncio.get_running_loop().call_later(_LOOK_AT_MOST_EVERY, self._bell.set)
            return
        self._looked_at = now
        if not self._news.any():
            return
        try:
            versions = await self._in_store(self._read_versions)
            if versions[0] != self._versions[0]:
                self._arrange(await self._in_store(partial(self._read_routes, self._store)))
            if versions[1] != self._versions[1]:
                self._tell_all(retries_changed=True)
        except Later as error:
            log.warning("the destinations can't be read", reason=str(error))
        else:
            self._versions = versions
            self._news.seen()

    def _read_versions(self) -> tuple[int, int]:
        with self._store.read() as connection:
            return (
                changes_version(connection, *self._topics),
                changes_version(connection, delivery_queries.TOPIC),
            )

    async def _in_store(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # ---- couriers ----

    def _arrange(self, routes: list[Route]) -> None:
        """Stop what is no longer wanted as it was, start what is new; a changed route follows on its old self."""
        wanted = {route.id: route for route in routes if not route.is_local}
        for name, running in list(self._running.items()):
            if name not in wanted or not wanted[name].same_as(running.route):
                running.stop.set()
                self._leaving[name] = running.task
                running.task.add_done_callback(partial(self._left, name))
                del self._running[name]
        for name, route in wanted.items():
            if name not in self._running:
                self._running[name] = _Running(route, self._keep, self._leaving.get(name))

    def _left(self, name: str, task: asyncio.Task[None]) -> None:
        if self._leaving.get(name) is task:  # else a later one of the route leaves by now, once this one has
            del self._leaving[name]

    async def _keep(self, running: "_Running", earlier: asyncio.Task[None] | None) -> None:
        """Have a courier at work for a route; one that breaks is replaced, and says why where a page can read it."""
        if earlier is not None:
            await asyncio.wait([earlier])
        pause = 0.5
        while not running.stop.is_set():
            try:
                await self._deliver(running)
            except Later as error:  # the store cannot be used: there is nowhere to say so but the log
                log.warning("a delivery waits for the store", destination=running.route.id, reason=str(error))
                await _wait(running.stop, pause)
            except Exception as error:  # the loop's edge: whatever it was, the others and this one live on
                reason = str(error) if isinstance(error, SkywriteError) else f"{type(error).__name__}: {error}"
                log.exception("a delivery failed, beginning again", destination=running.route.id)
                await self._say_broken(running.route, f"Skywrite's delivery broke and begins again: {reason}")
                await _wait(running.stop, pause)
                pause = min(_LONGEST_PAUSE, pause * 2)

    async def _deliver(self, running: "_Running") -> None:
        route = running.route
        if route.target is None:
            await self._say_failing(route, route.problem)
            await running.stop.wait()
            return
        head = await self._tail.head()
        courier = Courier(
            route,
            route.target,
            await self._in_store(partial(self._read_start, route, head)),
            tail=self._tail,
            ledger=Ledger(self._store, route, self._pace, self._thread),
            client=HttpClient(allow_private=self._settings.private_destinations, timeout=self._pace.timeout),
            pace=self._pace,
            clock=self._clock,
        )
        running.courier = courier
        await courier.run(running.stop)

    def _read_start(self, route: Route, head: int) -> Start:
        """Where the route stands; one that never began begins at the log's head.

        One that was switched off meanwhile gets no cursor: nobody would move it, and the log waits for every one.
        """
        now = self._clock()
        with self._store.write() as connection:
            is_enabled = delivery_queries.is_enabled(connection, route.id)
            cursor = cursors.cursor(connection, route.follower)
            if cursor is None:
                cursor = head
                if is_enabled:
                    cursors.start_cursor(connection, route.follower, head, now)
            connection.execute(delivery_queries.wake_orphans(route.id, now))
            users = connection.execute(delivery_queries.waiting_users(route.id)).scalars().all()
            state = connection.execute(delivery_queries.state(route.id)).one_or_none()
        was_down = state is not None and state.state == "failing" and state.probe_at is not None
        if state is None or not was_down:
            return Start(cursor, frozenset(users))
        return Start(cursor, frozenset(users), state.since, state.reason)

    async def _say_broken(self, route: Route, reason: str) -> None:
        try:
            await self._say_failing(route, reason)
        except Exception as error:  # noqa: BLE001 - it may be the store that broke it, and there is nowhere else to say so
            said = str(error) if isinstance(error, SkywriteError) else f"{type(error).__name__}: {error}"
            log.warning("a delivery's state can't be written down", destination=route.id, reason=said)

    async def _say_failing(self, route: Route, reason: str) -> None:
        values = {
            "destination_id": route.id, "state": "failing", "reason": reason, "since": self._clock(), "probe_at": None,
        }  # fmt: skip
        await self._in_store(partial(self._put_state, values))

    def _put_state(self, values: dict[str, object]) -> None:
        with self._store.write() as connection:
            if not delivery_queries.is_removed(connection, str(values["destination_id"])):
                delivery_queries.put_state(connection, values)


class _Running:
    """A route at work."""

    def __init__(
        self,
        route: Route,
        keep: "Callable[[_Running, asyncio.Task[None] | None], Coroutine[Any, Any, None]]",
        earlier: asyncio.Task[None] | None,
    ) -> None:
        self.route = route
        self.stop = asyncio.Event()
        self.courier: Courier | None = None
        self.task = asyncio.get_running_loop().create_task(keep(self, earlier))


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
