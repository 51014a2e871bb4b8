"""The tracking API on a real socket, served by uvicorn in a thread of the test's process."""

import asyncio
import contextlib
import http.client
import json
import socket
import threading
from pathlib import Path

import uvicorn

from skywrite.intake.addresses import TrustedProxies
from skywrite.intake.app import TrackingApp
from skywrite.intake.cdn import Cdn
from skywrite.intake.commit import GroupCommit
from skywrite.intake.intake import Intake
from skywrite.intake.protocol import tracking_protocol
from skywrite.kit.bell import Bell
from skywrite.log.sqlite import SqliteLog
from skywrite.sources.service import Sources
from skywrite.sources.write_keys import WriteKeys


class TrackingServer:
    """An intake on 127.0.0.1 with one source; `log` reads what it wrote."""

    def __init__(
        self, store, folder: Path, *, kind="http-api", proxies="", max_log_bytes=1 << 30, web_files=None, app=None
    ):
        self.sources = Sources(store)
        self.source = self.sources.add(kind, "Test")
        self.key = self.source.write_keys[0]
        self.folder = folder
        self.log = SqliteLog(folder / "log")
        self._keys = WriteKeys(store)
        self._proxies = TrustedProxies(proxies)
        self._max_log_bytes = max_log_bytes
        self._web_files = web_files or folder
        self._app = app  # what serves what is no plain POST to the tracking API, in place of the rest of that API
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def __enter__(self):
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join()
        self.log.close()

    async def _serve(self):
        self._loop = asyncio.get_running_loop()
        log = SqliteLog(self.folder / "log", max_bytes=self._max_log_bytes)
        bell = Bell(self.folder / "bell")
        commit = GroupCommit(log, bell, asyncio.get_running_loop())
        self.intake = Intake(self._keys, commit)
        app = TrackingApp(self.intake, self._proxies, Cdn(self._keys, self._web_files, f"http://127.0.0.1:{self.port}"))
        protocol = tracking_protocol(self.intake, self._proxies)
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._app or app, http=protocol, ws="none", lifespan="off", log_config=None, access_log=False
            )
        )
        with contextlib.suppress(asyncio.CancelledError):
            serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
            self._ready.set()
            await serving
        commit.close()
        bell.close()
        log.close()

    def records(self):
        return self.log.read(0, 1 << 40)

    def request(self, method, path, body=None, headers=None, *, auth=True):
        """Status, headers and body of one request over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = dict(headers or {})
        if auth:
            sent.setdefault("Authorization", basic(self.key))
        raw = json.dumps(body).encode() if isinstance(body, dict | list) else body
        connection.request(method, path, raw, sent)
        response = connection.getresponse()
        answered = response.read()
        connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, answered

    def post(self, path, body, **headers):
        status, _, answered = self.request(
            "POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        return status, json.loads(answered)

    def connected(self):
        """A connection of its own."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=120)

    def now(self):
        """The time by which the server judges what stalls."""
        return self._loop.time()

    def end_stalled(self, before=None):
        """End every connection that stalled since `before`, as the server's sweep does; by default, however young."""
        ended = threading.Event()

        def sweep():
            for connection in list(self._server.server_state.connections):
                connection.close_if_stalled(before or self.now() + 1)
            ended.set()

        self._loop.call_soon_threadsafe(sweep)
        ended.wait()

    def settle(self):
        """Return when the server has read what was sent to it by now."""
        read = threading.Event()
        # What is readable now is read before the second turn of the loop ends.
        self._loop.call_soon_threadsafe(lambda: self._loop.call_soon(lambda: self._loop.call_soon(read.set)))
        read.wait()

    def raw(self, *pieces: bytes, answers: int = 1) -> bytes:
        """Send bytes as they are, piece by piece, and read until `answers` status lines and a body are in."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=120) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                connection.sendall(piece)
            read = b""
            while answers and (read.count(b"HTTP/1.1 ") < answers or not read.endswith((b"}", b"\r\n\r\n"))):
                more = connection.recv(65536)
                if not more:
                    break
                read += more
            return read


def basic(key: str) -> str:
    """The Authorization header of a write key."""
    import base64

    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()
