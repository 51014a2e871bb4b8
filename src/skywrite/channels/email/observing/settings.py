"""What observing needs of the channel's settings."""

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.channels.email.settings.service import read_settings


class ObservingSettings(Struct, frozen=True, kw_only=True):
    """How what happens to a mail is judged, and where mail comes in; see `EmailSettings` for each."""

    inbound_host: str = "127.0.0.1"
    inbound_port: int = 0
    inbound_domains: tuple[str, ...] = ()  # none means any
    hold_seconds: float = 6.0
    machine_seconds: float = 10.0
    gmail_is_person: bool = True
    keeps_addresses: bool = True
    most_suppressed: int = 100
    kept_days: int = 14
    soft_bounces: int = 5
    soft_days: int = 7


def observing_settings(connection: Connection) -> ObservingSettings:
    """As the channel is set up."""
    own = read_settings(connection).email
    same = {name: getattr(own, name) for name in ObservingSettings.__struct_fields__ if hasattr(own, name)}
    same["inbound_domains"] = tuple(sorted(own.inbound_domains)) if own.from_address else ()
    return ObservingSettings(**same, soft_bounces=own.repeated_softs, soft_days=own.repeated_soft_days)
