"""The public doors of mails on a real socket, served by uvicorn in a thread of the test's process."""

import asyncio
import contextlib
import http.client
import re
import socket
import threading
import urllib.parse
from pathlib import Path

import uvicorn

from skywrite.channels.email.observing.app import PublicApp
from skywrite.channels.email.observing.doors import Doors
from skywrite.channels.email.observing.receiving import ReceivingApp
from skywrite.channels.email.observing.recipients import StoredRecipients
from skywrite.channels.email.tokens import StoredTokens
from skywrite.intake.addresses import TrustedProxies
from skywrite.intake.commit import GroupCommit
from skywrite.intake.protocol import tracking_protocol
from skywrite.kit.asgi import Disconnected
from skywrite.kit.bell import Bell
from skywrite.log.sqlite import SqliteLog


class MailDoors:
    """Opens, clicks, unsubscribes and `/mail/receive` on 127.0.0.1; `records` reads what the inbox got."""

    def __init__(self, store, folder: Path, *, max_bytes=1 << 30, view=None):
        self.tokens = StoredTokens(store)
        self._store = store
        self._folder = folder
        self._max_bytes = max_bytes
        self._view = view
        self._before = 0
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

    async def _serve(self):
        inbox = SqliteLog(self._folder / "inbox", max_bytes=self._max_bytes)
        bell = Bell(self._folder / "bell")
        commit = GroupCommit(inbox, bell, asyncio.get_running_loop())
        proxies = TrustedProxies("")
        doors = Doors(self.tokens, commit)
        public = PublicApp(doors, commit, StoredRecipients(self._store), proxies, self._view)
        receiving = ReceivingApp(commit, proxies, allows=lambda secret: secret == "good")

        async def app(scope, receive, send):
            with contextlib.suppress(Disconnected):
                await (receiving if receiving.serves(scope["raw_path"]) else public)(scope, receive, send)

        protocol = self._protocol = tracking_protocol(None, proxies, doors)
        config = uvicorn.Config(app, http=protocol, ws="none", lifespan="off", log_config=None, access_log=False)
        self._server = uvicorn.Server(config)
        with contextlib.suppress(asyncio.CancelledError):
            serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
            self._ready.set()
            await serving
        commit.close()
        bell.close()
        inbox.close()

    def records(self):
        """What the inbox got since `forget`."""
        with contextlib.closing(SqliteLog(self._folder / "inbox")) as inbox:
            return inbox.read(self._before, 1 << 40)

    def forget(self):
        """Begin a test with an inbox that is as good as empty."""
        self._before = max((record.position for record in self.records()), default=self._before)
        return self

    def known_tails(self):
        """The headers that would not be parsed again."""
        return list(self._protocol.tails)

    def kinds(self):
        return [record.kind for record in self.records()]

    def request(self, method, path, body=None, **headers):
        """Status, headers and body of one request over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        answered = response.read()
        connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, answered

    def form(self, path, fields):
        """Post a form as a browser does."""
        kind = "application/x-www-form-urlencoded"
        return self.request("POST", path, urllib.parse.urlencode(fields), content_type=kind)

    def page(self, path):
        """A page's text, and the fields of its form that a person does not see."""
        _, _, body = self.request("GET", path)
        text = body.decode()
        return text, dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
