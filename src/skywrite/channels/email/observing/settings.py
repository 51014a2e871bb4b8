"""What can be set of observing; kept beside the channel's other settings."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, select

from skywrite.store.engine import Store, insert
from skywrite.store.mail_tables import channel_settings

_NAME = "observing"


class ObservingSettings(Struct, frozen=True, kw_only=True):
    """How what happens to a mail is judged, and where mail comes in."""

    inbound_host: Annotated[
        str, Meta(title="Address", description="Where the mail server for bounces, replies and complaints listens.")
    ] = "0.0.0.0"  # noqa: S104 - mail comes from anywhere
    inbound_port: Annotated[
        int, Meta(title="Port", description="Its port, mostly 25; 0 switches it off.", ge=0, le=65535)
    ] = 0
    inbound_domains: Annotated[
        tuple[str, ...], Meta(title="Domains", description="The domains that it takes mail for; none means any.")
    ] = ()
    hold_seconds: Annotated[
        float, Meta(title="Hold clicks", description="How long a click waits for signs of a scanner.", ge=0, le=600)
    ] = 15.0
    machine_seconds: Annotated[
        float,
        Meta(title="Machine until", description="What comes so soon after delivery is a machine's.", ge=0, le=600),
    ] = 10.0
    gmail_is_person: Annotated[
        bool, Meta(title="Gmail's proxy", description="Opens through the proxies of Gmail and Yahoo count as people's.")
    ] = True
    keeps_addresses: Annotated[
        bool, Meta(title="Keep IP addresses", description="Otherwise only their network is kept.")
    ] = True
    most_suppressed: Annotated[
        int, Meta(title="Cap", description="So many addresses a minute may one host's reports suppress.", ge=1)
    ] = 100
    kept_days: Annotated[int, Meta(title="Keep days", description="How long observations are kept.", ge=1)] = 14
    soft_bounces: Annotated[int, Meta(title="Soft bounces", description="So many are as one hard one.", ge=2)] = 5
    soft_days: Annotated[int, Meta(title="Over days", description="If so many days lie between.", ge=0)] = 7


def observing_settings(connection: Connection) -> ObservingSettings:
    """As they were saved, defaults for the rest."""
    kept = connection.execute(select(channel_settings.c.settings).where(channel_settings.c.name == _NAME)).scalar()
    return msgspec.convert(kept or {}, ObservingSettings)


def save_observing_settings(store: Store, settings: ObservingSettings, at: int) -> None:
    """Keep them, and tell the roles."""
    values = {"settings": msgspec.to_builtins(settings), "updated_at": at}
    with store.write() as connection:
        row = insert(connection, channel_settings).values(name=_NAME, **values)
        connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))
        store.announce(connection, _NAME)
