"""The links by which people come in, and the address that they begin with."""

import contextlib

from skywrite.settings import Settings

_FILE = "address"  # in the run folder: where the server that ran last was reached


def welcome_link(base_url: str, token: str) -> str:
    """Where an invitation's link leads: a page that asks for a password."""
    return f"{base_url}/welcome?token={token}"


def remember_address(settings: Settings) -> None:
    """Said by a server at its start, for those who only know its data folder."""
    with contextlib.suppress(OSError):
        (settings.run / _FILE).write_text(settings.base_url)


def known_address(settings: Settings) -> str:
    """Where the server of this data folder is reached, as far as is known."""
    if settings.public_url:
        return settings.base_url
    with contextlib.suppress(OSError):
        return (settings.run / _FILE).read_text() or settings.base_url
    return settings.base_url
