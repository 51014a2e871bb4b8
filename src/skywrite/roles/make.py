"""The process of a maker, which the sender starts: it makes mails until the sender is gone."""

import gc
import signal
import socket
import sys
import threading
import time

import structlog

from skywrite.access.links import known_address
from skywrite.channels.email.domains.service import signing_keys
from skywrite.channels.email.domains.signing import Signing
from skywrite.channels.email.filling import Filling
from skywrite.channels.email.makers import serve
from skywrite.channels.email.settings.service import read_settings
from skywrite.channels.email.tokens import StoredTokens
from skywrite.kit.errors import SkywriteError
from skywrite.kit.logs import set_up_logs
from skywrite.settings import load_settings
from skywrite.store.engine import open_store

log = structlog.get_logger()
_LOOK_SECONDS = 1.0


def main() -> None:
    """Serve at standard input, which is a socket, with the channel as it is set up now."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the sender, which ends its makers at last
    settings = load_settings()
    set_up_logs(settings.log_format, process="maker")
    store = open_store(settings)
    with store.read() as connection:
        own, signing = read_settings(connection).email, Signing(signing_keys(connection))
    tokens = StoredTokens(store)
    fill = Filling(store, tokens, own, known_address(settings), signing)
    threading.Thread(target=_keep_keys, args=(tokens,), daemon=True).start()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # a batch of mails is no cycle: the collector looks in vain
    serve(socket.socket(fileno=sys.stdin.fileno()), fill)


def _keep_keys(tokens: StoredTokens) -> None:
    """Take new keys while mails are made."""
    while True:
        time.sleep(_LOOK_SECONDS)
        try:
            tokens.refresh()
        except SkywriteError as error:
            log.warning("the keys of tokens could not be read; those known go on", reason=str(error))


if __name__ == "__main__":
    main()
