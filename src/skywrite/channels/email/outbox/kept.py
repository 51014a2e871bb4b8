"""The rules of sending as they are kept: a row of the channel's settings."""

import msgspec
from sqlalchemy import Connection, select

from skywrite.channels.email.outbox.rules import Rules
from skywrite.kit.errors import Refused
from skywrite.store.engine import insert
from skywrite.store.mail_tables import channel_settings

_NAME = "sending"


def read_rules(connection: Connection) -> Rules:
    """The rules in force."""
    kept = connection.execute(select(channel_settings.c.settings).where(channel_settings.c.name == _NAME)).scalar()
    return msgspec.convert(kept, Rules) if kept else Rules()


def change_rules(connection: Connection, given: dict[str, object], *, now: int) -> Rules:
    """Set what is given. Raises Refused with `where` for what cannot be."""
    unknown = given.keys() - {field.name for field in msgspec.structs.fields(Rules)}
    if unknown:
        raise Refused(f"There is no rule {min(unknown)!r}.", where=min(unknown))
    try:
        rules = msgspec.convert(msgspec.structs.asdict(read_rules(connection)) | given, Rules)
    except msgspec.ValidationError as error:
        raise Refused(f"A rule is wrong: {error}.", where=str(error).rpartition("`$.")[2].rstrip("`")) from error
    values = {"settings": msgspec.structs.asdict(rules), "updated_at": now}
    row = insert(connection, channel_settings).values(name=_NAME, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))
    return rules
