"""A private PostgreSQL server on loopback for the length of a test run."""

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.ports import free_port

_START_SECONDS = 120
_FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=200"]
_names = itertools.count()


class Postgres:
    """A server on the data folder `data`, and new databases on it."""

    def __init__(self, data: Path, as_user: list[str]) -> None:
        self._data = data
        self._as_user = as_user
        self._port = free_port()
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, on the port that it had before."""
        options = [part for setting in _FAST for part in ("-c", setting)]
        self._server = subprocess.Popen(
            [*self._as_user, _programs() / "postgres", "-D", self._data, "-h", "127.0.0.1", "-p", str(self._port),
             "-k", "", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", start_new_session=True,
        )  # fmt: skip
        _wait_for(self._port, self._server)

    def stop(self) -> None:
        """Stop the server; what it holds is there when it starts again."""
        if self._server is not None:
            # SIGINT is PostgreSQL's "fast shutdown"; the group is that of runuser and the server alone.
            os.killpg(self._server.pid, signal.SIGINT)
            self._server.wait()
            self._server = None

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """While the block lasts, every process of the server stands still: it takes connections and answers nothing."""
        everybody = self._processes()
        try:
            for pid in everybody:
                os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in everybody:
                os.kill(pid, signal.SIGCONT)

    def _processes(self) -> list[int]:
        """The server and the backends of its sessions, which have process groups of their own."""
        assert self._server is not None
        found, parents = [self._server.pid], {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        for parent in found:  # grows as it goes
            found += [pid for pid, of in parents.items() if of == parent]
        return found

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://skywrite@127.0.0.1:{self._port}/{database}"

    def new_database(self, like: str = "template1") -> str:
        """The name of a new database: empty, or a copy of `like`."""
        name = f"test_{next(_names)}"
        with self._admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected to it."""
        with self._admin() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def disconnect_all(self, database: str) -> None:
        """End every session on a database, as a restart of the server does."""
        with self._admin() as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database])

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(host="127.0.0.1", port=self._port, user="skywrite", dbname="postgres", autocommit=True)


@contextlib.contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server with its data in a temporary folder; skips where PostgreSQL is missing (fails on CI)."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="skywrite-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        as_user = ["runuser", "-u", _other_user(), "--"]
        shutil.chown(folder, _other_user())
    server = Postgres(folder / "data", as_user)
    try:
        subprocess.run(
            [*as_user, programs / "initdb", "-D", folder / "data", "-U", "skywrite", "-A", "trust", "-E", "UTF8", "-N"],
            check=True, capture_output=True, cwd="/",
        )  # fmt: skip
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    for program in ("/usr/lib/postgresql", "/opt/homebrew/opt/postgresql"):
        found = sorted(Path(program).glob("*/bin/initdb")) if Path(program).is_dir() else []
        if found:
            return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    reason = "PostgreSQL's server is not installed (Debian: apt-get install postgresql)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _other_user() -> str:
    import pwd

    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, "PostgreSQL ended at its start"
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user="skywrite", dbname="postgres").close()
            return
        time.sleep(0.05)
    raise TimeoutError("PostgreSQL did not start")
