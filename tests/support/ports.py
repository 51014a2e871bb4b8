"""Ports for servers that are told theirs."""

import socket
import sys


def free_port() -> int:
    """A port of loopback that nobody else is given while this process lives.

    A port that was only asked for and let go is anybody's until its server listens, and again while that is restarted.
    So it stays bound: Linux gives it to no other socket, but a server that names it may listen there, as servers set
    SO_REUSEADDR. Other systems know no such thing.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port: int = held.getsockname()[1]
    if sys.platform.startswith("linux"):
        held.detach()  # its descriptor ends with the process
    else:
        held.close()
    return port
