"""A maker of plain mails: python -m tests.support.making [dead]. It dies of mails to die@..."""

import os
import signal
import socket
import subprocess
import sys

from skywrite.channels.email.makers import serve
from skywrite.channels.email.outbox.model import Claimed, Made
from tests.support.carrier import plain_mail


def start_plain_maker(asker: socket.socket, *words: str) -> "subprocess.Popen[bytes]":
    """Such a process, as `makers.Start` has it; with "dead" it does not even start."""
    return subprocess.Popen([sys.executable, "-m", "tests.support.making", *words], stdin=asker.fileno())


def main() -> None:
    """Serve at standard input."""
    if "dead" not in sys.argv:
        serve(socket.socket(fileno=sys.stdin.fileno()), _plain_or_dead)


def _plain_or_dead(message: Claimed) -> Made:
    if message.email.startswith("die@"):
        os.kill(os.getpid(), signal.SIGKILL)
    return plain_mail(message)


if __name__ == "__main__":
    main()
