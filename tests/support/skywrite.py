"""A whole Skywrite as its users run it: `skywrite up` in processes of its own, the command line, and HTTP."""

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
from pathlib import Path

from skywrite.kit.roles import read_roles

_PATIENCE = 60.0


class Skywrite:
    """Skywrite on a data folder of its own. `with` starts it and drains it at the end."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = _free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("SKYWRITE_")}
        self._environment |= {f"SKYWRITE_{name.upper()}": str(value) for name, value in settings.items()}
        self._process: subprocess.Popen | None = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self) -> None:
        """Start `skywrite up` and wait until its health is 200."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "up.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "skywrite", "up", "--data", str(self.data), "--port", str(self.port)],
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        self.wait_until(self.is_ready, "ready")

    def stop(self) -> int:
        """SIGTERM, and the exit code once it has drained."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        self._process = None
        return code

    def kill_supervisor(self) -> None:
        """kill -9 the supervisor; its children end with it."""
        self._process.kill()
        self._process.wait()
        self._process = None

    def pid_of(self, role: str) -> int | None:
        """The process that holds a role ("web", "warehouse", "dedupe", "observe", "delivery") now."""
        found = read_roles(self.data / "run").get(role)
        return found.pid if found and found.is_live else None

    def is_ready(self) -> bool:
        """Whether `/health` says 200."""
        with contextlib.suppress(OSError):
            return self.get("/health")[0] == 200
        return False

    def wait_until(self, holds, what: str, patience: float = _PATIENCE):
        """Ask `holds` until it gives something true, and give that; the log is shown when it never does."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                raise AssertionError(f"Skywrite ended with {self._process.returncode}:\n{self.log_text()}")
            found = holds()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"never {what}:\n{self.log_text()}")

    def log_text(self) -> str:
        """The end of what the processes wrote."""
        return (self.data / "up.log").read_text(errors="replace")[-6000:]

    def cli(self, *arguments: str, ok: bool = True):
        """Run `skywrite ARGUMENTS --json` on this data; its JSON, or with ok=False the finished process."""
        done = subprocess.run(
            [sys.executable, "-m", "skywrite", *arguments, "--data", str(self.data), "--json"],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if not ok:
            return done
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def query(self, sql: str) -> list[list]:
        """The rows of a query on the warehouse."""
        return self.cli("warehouse", "query", sql)["rows"]

    def sync(self) -> None:
        """Load all that was acknowledged until now."""
        self.cli("warehouse", "sync")

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of a GET."""
        return self._http(urllib.request.Request(self.base_url + path, headers=headers))

    def post(self, path: str, body, **headers: str) -> tuple[int, bytes]:
        """Status and body of a POST of JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self._http(urllib.request.Request(self.base_url + path, raw, sent))

    @staticmethod
    def _http(request) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
