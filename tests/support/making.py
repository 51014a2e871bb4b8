"""A maker of plain mails: python -m tests.support.making [dead]. Some it does not make: see `_plain_or_not`."""

import os
import signal
import socket
import subprocess
import sys
import time

from skywrite.channels.email.makers import serve
from skywrite.channels.email.outbox.model import Claimed, Made
from skywrite.kit.errors import Later
from tests.support.carrier import plain_mail


def start_plain_maker(asker: socket.socket, *words: str) -> "subprocess.Popen[bytes]":
    """Such a process, as `makers.Start` has it; with "dead" it does not even start."""
    return subprocess.Popen([sys.executable, "-m", "tests.support.making", *words], stdin=asker.fileno())


def main() -> None:
    """Serve at standard input."""
    if "dead" not in sys.argv:
        serve(socket.socket(fileno=sys.stdin.fileno()), _plain_or_not)


def _plain_or_not(message: Claimed) -> Made:
    match message.email.partition("@")[0]:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(600)
        case "later":
            raise Later("The store can't be used just now.")
    return plain_mail(message)


if __name__ == "__main__":
    main()
