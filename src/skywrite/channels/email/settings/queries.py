"""The SQL of the channels' settings."""

from typing import Any

from sqlalchemy import Connection, Select, select

from skywrite.store.engine import insert
from skywrite.store.mail_tables import channel_settings

TOPIC = "channels"  # what is announced when a channel's settings or sending domains change


def settings_of(name: str) -> Select[Any]:
    """What is set of a channel."""
    return select(channel_settings.c.settings).where(channel_settings.c.name == name)


def put(connection: Connection, name: str, settings: dict[str, Any], now: int) -> None:
    """Set a channel anew."""
    row = insert(connection, channel_settings).values(name=name, settings=settings, updated_at=now)
    changed = {"settings": settings, "updated_at": now}
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=changed))
