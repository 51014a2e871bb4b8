"""A user's DuckDB shell: another process that has the warehouse open."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_SHELL = """
import sys, time
import duckdb

path, read_only, sql = sys.argv[1], sys.argv[2] == "ro", sys.argv[3]
deadline = time.monotonic() + 120
while True:  # a load may have it for a moment
    try:
        connection = duckdb.connect(path, read_only=read_only)
        break
    except duckdb.IOException:
        if time.monotonic() > deadline:
            raise
        time.sleep(0.01)
print(connection.sql(sql).fetchall(), flush=True)
sys.stdin.read()
"""


class Shell:
    """`pid` has the warehouse open; `said` is what its query gave."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.pid = process.pid
        self.said = process.stdout.readline().strip()


@contextlib.contextmanager
def open_shell(warehouse: Path, sql: str = "select 1", *, read_only: bool = False) -> Iterator[Shell]:
    """Another process has the warehouse open while the block lasts; it has run `sql` first."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SHELL, str(warehouse), "ro" if read_only else "rw", sql],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        shell = Shell(process)
        assert shell.said, "the shell could not open the warehouse"
        yield shell
    finally:
        process.communicate()
        assert process.returncode == 0
