"""The process of a maker, which the sender starts: it makes mails until the sender is gone."""

import gc
import signal
import socket
import sys

from skywrite.access.links import known_address
from skywrite.channels.email.domains.service import signing_keys
from skywrite.channels.email.domains.signing import Signing
from skywrite.channels.email.filling import Filling
from skywrite.channels.email.makers import serve
from skywrite.channels.email.settings.service import read_settings
from skywrite.channels.email.tokens import load_tokens
from skywrite.kit.logs import set_up_logs
from skywrite.settings import load_settings
from skywrite.store.engine import open_store


def main() -> None:
    """Serve at standard input, which is a socket, with the channel as it is set up now."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the sender, which ends its makers at last
    settings = load_settings()
    set_up_logs(settings.log_format, process="maker")
    store = open_store(settings)
    with store.read() as connection:
        own, signing = read_settings(connection).email, Signing(signing_keys(connection))
    fill = Filling(store, load_tokens(store), own, known_address(settings), signing)
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # a batch of mails is no cycle: the collector looks in vain
    serve(socket.socket(fileno=sys.stdin.fileno()), fill)


if __name__ == "__main__":
    main()
