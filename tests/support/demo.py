"""`skywrite demo` as a person runs it: a process of its own, and what it says."""

import os
import re
import signal
import subprocess
from pathlib import Path

from skywrite.playing import read_played
from tests.support.skywrite import Skywrite

_DRAIN_SECONDS = 90.0


class Demo(Skywrite):
    """A demo on a data folder of its own, with a server of its own. `with` starts it and ends it."""

    def __init__(self, data: Path, *, starts: bool = True, **settings) -> None:
        super().__init__(data, **settings)
        self._starts = starts
        self.mailbox = ""

    def start(self) -> None:
        """Start it, and wait for nothing."""
        if self._starts or self.process is None:
            self._log.write_bytes(b"")
            with self._log.open("ab") as log:
                command = self.command("demo", "--port", str(self.port))
                self.process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)

    def __enter__(self):
        if self._starts:
            self.start()
        return self

    def __exit__(self, *_):
        self.end(signal.SIGTERM)

    def said(self) -> str:
        """All that it said."""
        return self._log.read_text(errors="replace")

    def wait_for(self, words: str) -> None:
        """Wait until it says these words."""
        self.wait_until(lambda: words in self.said(), f"said {words!r}", patience=240)
        played = read_played(self.data / "run")
        self.mailbox = played.scene.mailbox if played else ""

    def end(self, number: int) -> int:
        """Send it a signal, and give its exit code once it has ended."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(number)
        try:
            return process.wait(_DRAIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise

    def processes(self) -> list[int]:
        """The processes that still run on its data folder."""
        wanted = re.compile(rb"SKYWRITE_DATA=" + re.escape(os.fsencode(self.data)) + rb"\0")
        return [pid for pid, environment in _environments() if wanted.search(environment + b"\0")]


def _environments():
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                yield int(folder.name), (folder / "environ").read_bytes()
            except OSError:
                continue
