"""Skywrite's own processes, as a benchmark needs them: started, asked how far they are, ended."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from skywrite.log.sqlite import SqliteLog
from skywrite.warehouse.status import read_status
from tests.support.skywrite import Skywrite

_PATIENCE = 900.0


@contextlib.contextmanager
def a_skywrite(**settings: Any) -> Iterator[Skywrite]:
    """A Skywrite on an empty data folder, not started; whatever of it runs at the end is ended."""
    with tempfile.TemporaryDirectory(prefix="skywrite-bench-", ignore_cleanup_errors=True) as folder:
        skywrite = Skywrite(Path(folder) / "data", **settings)
        try:
            yield skywrite
        finally:
            skywrite.stop()


@contextlib.contextmanager
def roles(skywrite: Skywrite, *roles: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Some of its processes alone: "web", "warehouse" (a worker), "delivery" (another)."""
    with contextlib.ExitStack() as stack:
        processes = []
        for role in roles:
            command = ["web", "--port", str(skywrite.port)] if role == "web" else ["worker", "--only", role]
            output = skywrite.data.parent / f"{role}.out"
            processes.append(stack.enter_context(skywrite.running(*command, output=output)))
        if "web" in roles:
            skywrite.wait_until(lambda: _answers(skywrite), "answering")
        yield processes


def _answers(skywrite: Skywrite) -> bool:
    with contextlib.suppress(OSError):
        return skywrite.get("/health")[0] > 0
    return False


def events_in_log(data: Path) -> int:
    """How many events the log holds, by its own ids."""
    log, after, count = SqliteLog(data / "log"), 0, 0
    while found := log.ids(after, 200_000):
        count += sum(len(record.ids) // 16 for record in found)
        after = found[-1].position
    log.close()
    return count


def wait_until_loaded(data: Path) -> None:
    """Until the warehouse holds everything that is in the log now."""
    log = SqliteLog(data / "log")
    head = log.head()
    log.close()
    deadline = time.monotonic() + _PATIENCE
    while read_status(data / "run").position < head:
        if time.monotonic() > deadline:
            raise TimeoutError(f"The warehouse stands at {read_status(data / 'run').position} of {head}.")
        time.sleep(0.02)
