"""Reads and changes the email channel's settings: each change is one transaction, announced to every process."""

import socket
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

from skywrite.channels.email.providers.base import EmailProvider
from skywrite.channels.email.providers.catalog import provider
from skywrite.channels.email.settings import queries
from skywrite.channels.email.settings.model import ChannelSettings, EmailSettings, check
from skywrite.kit.errors import Refused
from skywrite.kit.fields import as_json, filled_in
from skywrite.kit.time import now_micros
from skywrite.store.engine import Store

_NAME = "email"
TOPIC = queries.TOPIC


class EmailChannel:
    """The email channel as it is set up."""

    def __init__(self, store: Store, *, clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._now = clock

    def get(self) -> ChannelSettings:
        """All of it, secrets included: for who sends, never for a page."""
        with self._store.read() as connection:
            return read_settings(connection)

    def change(
        self,
        email: Mapping[str, Any] | None = None,
        *,
        provider_slug: str | None = None,
        provider_settings: Mapping[str, Any] | None = None,
    ) -> ChannelSettings:
        """Change what is given: of either settings only the named ones, and None puts one back to its default.

        Another provider begins with none of the settings of the one before, so it must be given with its own.
        Raises Refused naming the field that is wrong.
        """
        with self._store.write() as connection:
            kept = read_settings(connection)
            values = as_json(kept.email) | dict(email or {})
            changed = filled_in(EmailSettings, values)
            check(changed)
            slug, own = kept.provider, kept.provider_settings
            given = provider_settings
            if provider_slug is not None and provider_slug != slug:
                slug, own, given = provider_slug, {}, given or {}
            if given is not None:
                own = as_json(provider(slug).configured(own | dict(given)).settings)
            made = ChannelSettings(changed, slug, own)
            row = {"email": as_json(changed), "provider": slug, "provider_settings": own}
            queries.put(connection, _NAME, row, self._now())
            self._store.announce(connection, TOPIC)
        return made

    def reveal(self, name: str) -> str:
        """A secret of the provider's settings, for a person who may see it. Raises Refused where there is none."""
        kept = self.get()
        if name not in provider(kept.provider).secrets() or not kept.provider_settings.get(name):
            raise Refused(f"There is no secret {name[:60]!r}.", where=name[:60], status=404)
        return str(kept.provider_settings[name])


def read_settings(connection: Connection) -> ChannelSettings:
    """The channel's settings, in a transaction of the caller's; the defaults where nothing was set."""
    row = connection.execute(queries.settings_of(_NAME)).scalar()
    if row is None:
        return ChannelSettings()
    return ChannelSettings(filled_in(EmailSettings, row["email"]), row["provider"], dict(row["provider_settings"]))


def open_kind(kept: ChannelSettings) -> EmailProvider[Any]:
    """The provider that is set up. Raises Refused, saying what is missing, where there is none."""
    if not kept.provider_settings:
        raise Refused("The email channel is not set up: say in Channels how mail is sent.", where="provider")
    return provider(kept.provider).configured(kept.provider_settings)


def helo_of(kept: ChannelSettings) -> str:
    """The name by which this server greets others."""
    return kept.email.helo or socket.gethostname() or "localhost"  # getfqdn would ask DNS, and wait for it


def shown_settings(kept: ChannelSettings) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """For a page: the channel's settings whole, the provider's without its secrets, and the names of secrets set."""
    secrets = provider(kept.provider).secrets()
    own = {name: None if name in secrets else value for name, value in kept.provider_settings.items()}
    return msgspec.structs.asdict(kept.email), own, [name for name in secrets if kept.provider_settings.get(name)]
