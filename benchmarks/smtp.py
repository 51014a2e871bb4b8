"""The SMTP client alone, against a sink on loopback: mails a second by what else is done for each.

The sink is Debian's `smtp-sink` (package postfix). Run by itself: `python -m benchmarks.smtp [seconds]`.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from skywrite.channels.email.carrying import Outcome, Outgoing
from skywrite.channels.email.dns import Dns
from skywrite.channels.email.providers.base import Means
from skywrite.channels.email.providers.journal import Journal
from skywrite.channels.email.providers.smtp.client import SmtpClient
from skywrite.channels.email.providers.smtp.limits import Limits
from skywrite.channels.email.providers.smtp.settings import SmtpSettings

_CONTENT = (
    b"From: Ada <ada@example.com>\r\nTo: Bob <bob@example.net>\r\nSubject: News of the week\r\n"
    b"Date: Mon, 30 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1234@example.com>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    + b"<p>A line of a newsletter, about as long as one is.</p>\r\n"
    * 40
)


@contextlib.contextmanager
def a_sink() -> Iterator[int]:
    """The port of a server that takes every mail and keeps none."""
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, *as_user, "-m", "2000", f"127.0.0.1:{port}", "1000"])
    try:
        _until_up(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _until_up(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError("The sink does not listen.")


async def sent(port: int, seconds: float, *, journal: Journal | None, connections: int = 20) -> tuple[float, float]:
    """Mails a second over so many seconds, every one told as taken; and the µs of CPU that each took here."""
    means = Means(helo="localhost", dns=Dns(["127.0.0.1"]), journal=journal)
    limits = Limits(connections=connections, mails_a_connection=0x7FFF_FFFF, mails_a_second=0)
    client = SmtpClient(SmtpSettings(host="127.0.0.1", port=port, tls="none"), means, relay_limits=limits)
    count, began, cpu = 0, time.perf_counter(), time.process_time()
    room = asyncio.Event()
    client.on_room = room.set
    recorded: list[int] = []

    def told(number: int, outcome: Outcome) -> None:
        assert outcome.result == "taken", outcome
        recorded.append(number)

    while time.perf_counter() - began < seconds:
        room.clear()
        for _ in range(client.room):
            count += 1
            mail = Outgoing(count, f"b{count}@bounce.example.com", f"u{count}@example.net", _CONTENT)
            client.submit(mail, lambda outcome, number=count: told(number, outcome))
        if journal is not None:
            journal.clear(recorded)
            recorded.clear()
        if client.room == 0:
            await room.wait()
    while client.room < 4_096:  # noqa: ASYNC110 - nothing tells that nothing is on its way
        await asyncio.sleep(0.001)
    rate, each = count / (time.perf_counter() - began), (time.process_time() - cpu) / count * 1e6
    await client.close()
    return rate, each


def main(seconds: float = 5.0) -> list[tuple[str, float]]:
    """Measure, print, and give each figure with its name."""
    found = []
    with (
        a_sink() as port,
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as run,
    ):
        for name, keeps in (("no journal", False), ("journal", True)):
            journal = Journal(Path(folder) / name / "journal") if keeps else None
            rate, each = run.run(sent(port, seconds, journal=journal))
            found.append((name, rate))
            print(f"{name:<12} {rate:>8,.0f} mails/s  {each:>6,.0f} µs of CPU a mail")
    return found


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
