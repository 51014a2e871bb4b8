"""What a way of sending mail is: how its form looks, and how it is opened. One module each, found by its class."""

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from skywrite.channels.email.carrying import Provider
from skywrite.channels.email.dns import Dns
from skywrite.channels.email.providers.journal import Journal
from skywrite.kit.catalog import Configurable

S = TypeVar("S", bound=Struct)


class Means(Struct, frozen=True, kw_only=True):
    """What a provider is given to work with."""

    helo: str  # the name of this server
    dns: Dns
    journal: Journal | None = None  # None for a test mail, which nobody asks for after a crash
    relay_250: bool = True  # a relay's 250 counts as delivered
    allow_private: bool = False  # servers of recipients may have private addresses
    per_second: float = 0.0  # mails, to servers that no limit is known of; 0: as many as a relay takes, 100 to others
    connections: int = 10  # the same
    seconds: float = 3_600.0  # how long a server may take over one answer at most, whatever the standard grants it
    trace: Callable[[str], None] | None = None  # hears each line of the talk, secrets left out


class EmailProvider(Configurable[S]):
    """One way to send."""

    def __init_subclass__(cls, *, slug: str, name: str) -> None:
        super().__init_subclass__()
        cls.slug, cls.name = slug, name

    def open(self, means: Means) -> Provider:
        """A sender with these settings; called, and used, in one running event loop."""
        raise NotImplementedError
