"""Skywrite's own processes, as a benchmark needs them: started, asked how far they are, ended."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from skywrite.log.sqlite import SqliteLog
from skywrite.warehouse.status import read_status

_START_SECONDS = 60.0
_DRAIN_SECONDS = 900.0


class Skywrite:
    """A Skywrite on a data folder of its own. What was started by `run` is ended at the end of its block."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        unwanted = "SKYWRITE_", "PYTHONDONTWRITEBYTECODE"  # without bytecode each start compiles everything anew
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        self._environment |= {f"SKYWRITE_{name.upper()}": value for name, value in settings.items()}
        self._environment |= {"SKYWRITE_DATA": str(data)}

    def cli(self, *arguments: str) -> Any:
        """Run `skywrite ARGUMENTS --json`; its JSON."""
        command = [sys.executable, "-m", "skywrite", *arguments, "--json"]
        done = subprocess.run(command, env=self._environment, check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    def add_source(self) -> dict[str, Any]:
        """A new source."""
        return dict(self.cli("source", "add", "http-api", "--name", "Shop"))

    def add_webhook(self, source: dict[str, Any], url: str) -> None:
        """A webhook for a source's events."""
        self.cli("destination", "add", "webhook", "--name", "Hook", "--source", source["schema"], "--set", f"url={url}")

    def query(self, sql: str) -> list[list[Any]]:
        """The rows of a query on the warehouse."""
        return [list(row.values()) for row in self.cli("warehouse", "query", sql)]

    def get(self, path: str, token: str = "") -> Any:
        """The JSON of a GET."""
        request = urllib.request.Request(self.base_url + path, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    @contextlib.contextmanager
    def run(self, *arguments: str) -> Iterator[int]:
        """`skywrite ARGUMENTS` while the block lasts; its process id."""
        with self.data.with_suffix(".out").open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "skywrite", *arguments], env=self._environment, stdout=output, stderr=output
            )
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @contextlib.contextmanager
    def up(self) -> Iterator[int]:
        """All of it, ready; the supervisor's process id."""
        with self.run("up", "--port", str(self.port)) as pid:
            wait_until(self.is_ready, "ready")
            yield pid

    @contextlib.contextmanager
    def web(self) -> Iterator[int]:
        """The web process alone, answering; its process id."""
        with self.run("web", "--port", str(self.port)) as pid:
            wait_until(lambda: _listens(self.port), "listening")
            yield pid

    def is_ready(self) -> bool:
        """Whether all roles are well."""
        with contextlib.suppress(OSError):
            return bool(self.get("/health")["status"] == "ok")
        return False

    def events(self) -> int:
        """How many events the log holds, by its own ids."""
        with contextlib.closing(SqliteLog(self.data / "log")) as log:
            after = count = 0
            while found := log.ids(after, 200_000):
                count += sum(len(record.ids) // 16 for record in found)
                after = found[-1].position
        return count

    def wait_until_loaded(self) -> None:
        """Until the warehouse holds everything that is in the log now."""
        with contextlib.closing(SqliteLog(self.data / "log")) as log:
            head = log.head()
        wait_until(lambda: read_status(self.data / "run").position >= head, "loaded", _DRAIN_SECONDS)


@contextlib.contextmanager
def a_skywrite(**settings: str) -> Iterator[Skywrite]:
    """A Skywrite on an empty data folder, not started."""
    with tempfile.TemporaryDirectory(prefix="skywrite-bench-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        yield Skywrite(data, **settings)


def wait_until(holds: Callable[[], bool], what: str, patience: float = _START_SECONDS) -> None:
    """Ask often until it holds."""
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"It was not {what} within {patience:g} s.")
        time.sleep(0.05)


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
