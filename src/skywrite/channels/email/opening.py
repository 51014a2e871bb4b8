"""Opens the provider that the channel is set up with: for the sender, and for a test mail."""

from collections.abc import Callable

from skywrite.channels.email.carrying import Provider
from skywrite.channels.email.dns import Dns
from skywrite.channels.email.providers.base import Means
from skywrite.channels.email.providers.journal import Journal
from skywrite.channels.email.settings.model import ChannelSettings
from skywrite.channels.email.settings.service import helo_of, open_kind


def open_provider(
    kept: ChannelSettings,
    *,
    journal: Journal | None = None,
    allow_private: bool = False,
    trace: Callable[[str], None] | None = None,
    dns: Dns | None = None,
    seconds: float = 3_600.0,
) -> Provider:
    """The provider of these settings, in the running loop. Raises Refused where the channel is not set up.

    `allow_private` is the server's setting `private_destinations`, `seconds` how long a server may take over one answer
    at most.
    """
    means = Means(
        helo=helo_of(kept),
        dns=dns or Dns(),
        journal=journal,
        relay_250=kept.email.relay_250,
        allow_private=allow_private,
        per_second=kept.email.mails_per_second,
        connections=kept.email.connections,
        trace=trace,
        seconds=seconds,
    )
    return open_kind(kept).open(means)
