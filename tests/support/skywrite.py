"""A whole Skywrite as its users run it: `skywrite up` in processes of its own, the command line, and HTTP."""

import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skywrite.kit.roles import read_roles
from tests.support.ports import free_port

_PATIENCE = 120.0
_DRAIN_SECONDS = 90.0


@dataclass(frozen=True)
class Answer:
    """Status, headers (lower case) and body of an HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Skywrite:
    """Skywrite on a data folder of its own. `with` starts it and drains it at the end."""

    def __init__(self, data: Path, *, python: str = sys.executable, **settings: Any) -> None:
        self.data = data
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._python = python
        self._token = ""
        self._log = data.parent / f"{data.name}-up.log"  # beside the data: a test may fill or lock its folder
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("SKYWRITE_")}
        self._environment |= {f"SKYWRITE_{name.upper()}": str(value) for name, value in settings.items()}

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    # ---- processes ----

    def start(self) -> None:
        """Start `skywrite up` and wait until its health is 200."""
        self.launch()
        try:
            self.wait_until(self.is_ready, "ready")
        except BaseException:
            self.stop()
            raise

    def launch(self) -> None:
        """Start `skywrite up` and wait for nothing."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("up", "--port", str(self.port)), env=self._environment, stdout=log, stderr=log
            )

    def stop(self) -> int:
        """SIGTERM, and the exit code once it has drained."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(_DRAIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise

    def kill(self, role: str) -> None:
        """kill -9 the process that holds `role` now; where there is none at this moment, nothing."""
        pid = self.pid_of(role)
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_supervisor(self) -> None:
        """kill -9 the supervisor; its children end with it. Waits until the last of them has left the port."""
        self.process.kill()
        self.process.wait()
        self.process = None
        self.wait_until(lambda: not self._is_listening(), "off its port")

    def pid_of(self, role: str) -> int | None:
        """The process that holds a role ("web", "warehouse", "dedupe", "observe", "delivery") now."""
        found = read_roles(self.data / "run").get(role)
        return found.pid if found else None

    def is_ready(self) -> bool:
        """Whether `/health` says 200."""
        with contextlib.suppress(OSError):
            return self.get("/health")[0] == 200
        return False

    def wait_until(self, holds: Callable[[], Any], what: str, patience: float = _PATIENCE) -> Any:
        """Ask `holds` until it gives something true, and give that; the log is shown when it never does."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"Skywrite ended with {self.process.returncode}:\n{self.log_text()}")
            found = holds()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"never {what}:\n{self.log_text()}")

    def log_text(self) -> str:
        """The end of what the processes wrote."""
        return self._log.read_text(errors="replace")[-20_000:] if self._log.exists() else ""

    # ---- the command line ----

    def command(self, *arguments: str) -> list[str]:
        """The command line of `skywrite ARGUMENTS` on this data."""
        return [self._python, "-m", "skywrite", *arguments, "--data", str(self.data)]

    def run(self, *arguments: str, timeout: float = 120, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run `skywrite ARGUMENTS` on this data, whatever becomes of it; `settings` come on top of this one's."""
        extra = {f"SKYWRITE_{name.upper()}": value for name, value in settings.items()}
        return subprocess.run(
            self.command(*arguments),
            env=self._environment | extra,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )

    def cli(self, *arguments: str) -> Any:
        """Run `skywrite ARGUMENTS --json` on this data; its JSON."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, f"skywrite {' '.join(arguments)}: {done.stderr or done.stdout}"
        return json.loads(done.stdout) if done.stdout.strip() else None

    @contextlib.contextmanager
    def running(self, *arguments: str, output: Path) -> Iterator[subprocess.Popen[bytes]]:
        """`skywrite ARGUMENTS` on this data while the block lasts, its stdout in the file `output`."""
        with output.open("wb") as file:
            process = subprocess.Popen(self.command(*arguments), env=self._environment, stdout=file)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(_DRAIN_SECONDS)

    def add_source(self, kind: str = "http-api", name: str = "Shop") -> dict[str, Any]:
        """A new source."""
        return self._added("/sources", {"kind": kind, "name": name})

    def add_webhook(self, source: dict[str, Any], url: str, **settings: Any) -> dict[str, Any]:
        """A webhook for a source's events."""
        body = {"kind": "webhook", "name": "Receiver", "sources": [source["id"]], "settings": {"url": url, **settings}}
        return self._added("/destinations", body)

    def query(self, sql: str) -> list[list[Any]]:
        """The rows of a query on the warehouse: by the API while it runs, else by the command line."""
        if self.process is None:
            return [list(row.values()) for row in self.cli("warehouse", "query", sql)]
        answer = self.api("POST", "/warehouse/query", {"sql": sql, "limit": 10_000})
        assert answer.status == 200, answer
        return answer.json["rows"]

    def sync(self) -> None:
        """Load all that was acknowledged until now: by the API while it runs, else by the command line."""
        if self.process is None:
            self.cli("warehouse", "sync")
        else:
            self.wait_until(self._is_synced, "loaded", patience=2 * _PATIENCE)

    def _is_synced(self) -> bool:
        """Whether it is; 503 is the API's word for a load that takes longer than a caller should wait."""
        answer = self.api("POST", "/warehouse/sync")
        assert answer.status in (200, 503), answer
        return answer.status == 200

    def tables(self, schema: str) -> set[str]:
        """The names of a schema's tables in the warehouse."""
        rows = self.query(f"select table_name from information_schema.tables where table_schema = '{schema}'")
        return {name for (name,) in rows}

    # ---- HTTP ----

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of a GET."""
        answer = self.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return answer.status, answer.body

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, bytes]:
        """Status and body of a POST of JSON, or of bytes as they are."""
        answer = self.request("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return answer.status, answer.body

    def send(self, source: dict[str, Any], *events: dict[str, Any]) -> Answer:
        """Post events to a source: one to its own path, several as a batch."""
        path = f"/v1/{events[0]['type']}" if len(events) == 1 else "/v1/batch"
        body = events[0] if len(events) == 1 else {"batch": events}
        return self.request("POST", path, body, {"Authorization": basic(source["write_keys"][0])})

    def api(self, method: str, path: str, body: Any = None) -> Answer:
        """A call of the management API, below /api/v1, by an API token."""
        return self.request(method, f"/api/v1{path}", body, {"Authorization": f"Bearer {self.token()}"})

    def token(self) -> str:
        """An API token; the first call makes it."""
        if not self._token:
            self._token = self.cli("token", "add", "tests")["secret"]
        return self._token

    def _added(self, path: str, body: Any) -> dict[str, Any]:
        answer = self.api("POST", path, body)
        assert answer.status == 201, answer
        return answer.json

    def debugger(self, source: dict[str, Any]) -> list[dict[str, Any]]:
        """What the debugger of a source shows."""
        return self.api("GET", f"/sources/{source['id']}/debugger").json

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """One request over a connection of its own."""
        raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        sent = ({"Content-Type": "application/json"} if raw is not None else {}) | (headers or {})
        request = urllib.request.Request(self.base_url + path, raw, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as response:
                return _answer(response)
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error)

    def _is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def basic(key: str) -> str:
    """The Authorization header of a write key."""
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def _answer(response: Any) -> Answer:
    return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, response.read())
