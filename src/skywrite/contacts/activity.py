"""The timeline: everything that happened to a contact is one row, written in the transaction that made it true.

The rows' ids grow in the order in which they are committed, so that whoever follows them by id misses none.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, text

from skywrite.store import bulk
from skywrite.store.contact_tables import activities
from skywrite.store.types import key, storable_json

_WRITERS_LOCK = 0x5C1_AC71  # any number that no other program on the same database takes


class Kind(StrEnum):
    """What sort of thing happened."""

    TRACK = "track"
    PAGE = "page"
    SCREEN = "screen"
    GROUP = "group"
    EMAIL = "email"  # to a mail: the seven events, and what is shown beside them
    LIST = "list"
    SEGMENT = "segment"
    CONTACT = "contact"  # to the contact itself


class Activity(Struct, frozen=True):
    """One thing that happened to a contact, `at` being when, in µs."""

    contact_id: int
    at: int
    kind: Kind
    name: str
    data: Mapping[str, Any] = {}
    message_id: int | None = None
    source_id: str | None = None


_COLUMNS = ("contact_id", "at", "kind", "name", "message_id", "source_id", "data")
Row = tuple[int, int, str, str, int | None, str | None, str]  # as the table has it: `data` is JSON


def add_activities(connection: Connection, happened: Sequence[Activity]) -> None:
    """Write them down, in their order, as part of the transaction of `connection`."""
    add_rows(
        connection,
        [
            (one.contact_id, one.at, one.kind, key(one.name), one.message_id, one.source_id, _text(one.data))
            for one in happened
        ],
    )


def add_rows(connection: Connection, rows: Sequence[Row]) -> None:
    """The same of rows that are made already, of what can be stored."""
    if rows:
        hold_writers(connection)
        bulk.insert_rows(connection, activities, _COLUMNS, rows)


def hold_writers(connection: Connection) -> None:
    """Until the transaction ends, nobody else writes activities, or changes who a contact is.

    On PostgreSQL a number is taken before it is committed: so one transaction at a time, or a follower would pass by
    a gap that is filled later. Taken before anything is read or changed, or two could each hold what the other wants.
    SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK})


def _text(data: Mapping[str, Any]) -> str:
    return storable_json(msgspec.json.encode(data).decode())
