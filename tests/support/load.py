"""A client under load: it retries as SDKs do, with the same messageIds, and remembers what was acknowledged."""

import contextlib
import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from tests.support.skywrite import basic

_TIMEOUT = 10
_RETRY_SECONDS = 0.1


class Client(threading.Thread):
    """Sends events of users of its own, one request after the other, until it is told to `finish`.

    Each event counts up its user's `n`: the order of a user's acknowledged events is known, and so is the state that
    the last identify leaves behind.
    """

    def __init__(self, number: int, port: int, key: str, seed: int) -> None:
        super().__init__(name=f"client-{number}")
        self.acknowledged: list[dict[str, Any]] = []
        self.tries = 0
        self._port = port
        self._headers = {"Authorization": basic(key), "Content-Type": "application/json"}
        self._random = random.Random(f"{seed}/{number}")
        self._counters = {f"c{number}-u{user}": 0 for user in range(8)}
        self._enough = threading.Event()
        self._gone = threading.Event()
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Send until told to finish; the request under way is retried until it is acknowledged."""
        while not self._enough.is_set():
            events = [self._event() for _ in range(self._random.choice([1, 1, 2, 10, 30]))]
            if self._deliver(events):
                self.acknowledged.extend(events)
            self._enough.wait(self._random.uniform(0.0, 0.05))
        self._hang_up()

    def finish(self, patience: float) -> None:
        """Let the request under way come to its acknowledgement, and end."""
        self._enough.set()
        self.join(patience)
        self._gone.set()
        self.join()

    def _event(self) -> dict[str, Any]:
        user = self._random.choice(list(self._counters))
        self._counters[user] = number = self._counters[user] + 1
        common = {
            "userId": user,
            "messageId": f"{user}-{number}",
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        if self._random.random() < 0.4:
            return common | {"type": "identify", "traits": {"n": number, f"t{number % 3}": number}}
        return common | {"type": "track", "event": "Step Taken", "properties": {"n": number}}

    def _deliver(self, events: list[dict[str, Any]]) -> bool:
        path = "/v1/batch" if len(events) > 1 else f"/v1/{events[0]['type']}"
        body = json.dumps({"batch": events} if len(events) > 1 else events[0])
        while not self._gone.is_set():
            self.tries += 1
            status = self._post(path, body)
            if status == 200:
                return True
            assert status in (None, 503), f"{status} is no answer that an SDK would retry"
            time.sleep(_RETRY_SECONDS)
        return False

    def _post(self, path: str, body: str) -> int | None:
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_TIMEOUT)
            self._connection.request("POST", path, body, self._headers)
            response = self._connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            self._hang_up()
            return None
        return response.status

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@contextlib.contextmanager
def sending(clients: list[Client]) -> Iterator[Callable[[float], list[Client]]]:
    """Clients that send while the block lasts; what it gives ends them with patience, and gives them back."""

    def end(patience: float) -> list[Client]:
        for client in clients:
            client.finish(patience)
        return clients

    for client in clients:
        client.start()
    try:
        yield end
    finally:
        end(0)
