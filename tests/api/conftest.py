"""The real app on a real store and log, and its callers: a stranger, Ada in a browser, and a program with a token."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from litestar.testing import TestClient

from skywrite.api.app import create_app
from skywrite.api.parts import Parts, make_parts
from skywrite.intake.accept import accept
from skywrite.intake.answers import SUCCESS_BODY, error_body
from skywrite.kit import json
from skywrite.kit.bell import Bell
from skywrite.kit.errors import Refused
from skywrite.kit.time import now_micros
from skywrite.log.base import NewRecord
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline.dedupe import Dedupe
from skywrite.pipeline.feed import Feed
from skywrite.pipeline.reader import Reader
from skywrite.pipeline.watch import Watch
from skywrite.settings import Settings
from skywrite.sources.service import StoredSource
from skywrite.store.engine import Store
from skywrite.wiring import open_decisions, open_listener, open_log

PASSWORD = "correct horse battery"


class World:
    """A store, a log, and the followers that fill the pages, run by hand so that no test waits for them."""

    def __init__(self, settings: Settings, store: Store, ui: Path) -> None:
        self.settings, self.store = settings, store
        self.log: SqliteLog = open_log(settings)
        self.bell = Bell(settings.run / "bell")
        self.stopping = threading.Event()
        self.clock = now_micros
        self.loses_the_answer = False  # an event that is sent again is kept, and its sender told that it is not
        self._dedupe = Dedupe(self.log, settings.data / "dedupe")
        self._decisions = open_decisions(settings)
        self._listener = open_listener(settings, "test")
        self.reader = Reader(lambda: open_log(settings), lambda: open_decisions(settings))
        self.parts: Parts = make_parts(
            settings, store, self.reader, resend=self._resend, ui=ui, is_stopping=self.stopping.is_set
        )

    def source(self, name: str = "Web", kind: str = "python") -> StoredSource:
        """A source."""
        return self.parts.sources.add(kind, name)

    def send(self, source: StoredSource, *events: dict[str, Any]) -> None:
        """What the intake does with a batch, and what the followers make of it."""
        self.append(source, *events)
        self.follow()

    def append(self, source: StoredSource, *events: dict[str, Any]) -> None:
        """What the intake does with a batch; nobody has followed yet."""
        body = json.encode({"batch": events})
        self._append(accept(None, source.id, body, "", self.clock()).records)

    def follow(self) -> None:
        """Let dedupe decide and observe count all that was appended."""
        while self._dedupe.step():
            pass
        watch = Watch(Feed(self.log, self._decisions, self._listener), self.store)
        while watch.step():
            pass
        self.bell.ring()

    def close(self) -> None:
        """Release everything."""
        self._listener.close()
        self._decisions.close()
        self._dedupe.close()
        self.reader.close()
        self.bell.close()
        self.log.close()

    def _append(self, records: list[NewRecord]) -> None:
        if records:
            self.log.append(records)
        self.bell.ring()

    def _resend(self, source_id: str, body: bytes, answer: Callable[[int, bytes, float], None]) -> None:
        try:
            accepted = accept("track", source_id, body, "", self.clock())
        except Refused as error:
            answer(error.status, error_body("bad_request", str(error)), 0)
            return
        if accepted.rejected:
            answer(400, error_body(accepted.rejected[0].code, accepted.rejected[0].reason), 0)
            return
        self._append(accepted.records)
        if self.loses_the_answer:
            answer(503, error_body("unavailable", "The log is away."), 1)
        else:
            answer(200, SUCCESS_BODY, 0)


@pytest.fixture
def world(store_settings: Settings, store: Store, tmp_path: Path) -> Iterator[World]:
    """All that the API needs, on SQLite and then on PostgreSQL."""
    made = World(store_settings, store, tmp_path / "ui")
    yield made
    made.close()


@pytest.fixture
def stranger(world: World) -> Iterator[TestClient[Any]]:
    """Somebody who has not signed in."""
    with TestClient(create_app(world.parts), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def program(world: World, stranger: TestClient[Any]) -> TestClient[Any]:
    """A program with an API token."""
    stranger.headers["Authorization"] = f"Bearer {world.parts.access.add_token('test')[1]}"
    return stranger


@pytest.fixture
def ada(world: World, stranger: TestClient[Any]) -> TestClient[Any]:
    """The first user, signed in, in a browser that sends the CSRF token."""
    token = world.parts.access.first_run_token()
    body = {"token": token, "password": PASSWORD, "email": "ada@example.com"}
    me = stranger.post("/api/v1/accept-invitation", json=body).json()
    stranger.headers["X-CSRF-Token"] = me["csrf"]
    return stranger


@pytest.fixture
def served(world: World) -> Iterator[httpx.Client]:
    """The same app behind a real HTTP server, for what streams; its caller is a program."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        config = uvicorn.Config(create_app(world.parts), log_config=None, lifespan="on", timeout_graceful_shutdown=5)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        headers = {"Authorization": f"Bearer {world.parts.access.add_token('test')[1]}"}
        with httpx.Client(base_url=address, headers=headers, timeout=120) as client:
            _until_up(client)
            yield client
        world.stopping.set()
        server.should_exit = True
        thread.join()


def _until_up(client: httpx.Client) -> None:
    for _ in range(200):
        with contextlib.suppress(httpx.TransportError):
            client.get("/api/v1/setup")
            return
        time.sleep(0.05)
    raise TimeoutError
