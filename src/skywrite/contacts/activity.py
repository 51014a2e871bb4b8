"""The timeline: everything that happened to a contact is one row, written in the transaction that made it true.

The rows' ids grow in the order in which they are committed, so that whoever follows them by id misses none.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert, text

from skywrite.store.contact_tables import activities

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


def add_activities(connection: Connection, happened: Sequence[Activity]) -> None:
    """Write them down, in their order, as part of the transaction of `connection`."""
    if not happened:
        return
    if connection.dialect.name == "postgresql":
        # A number is taken before it is committed: so one transaction at a time, or a follower would pass by a gap
        # that is filled later. SQLite has one writer anyway.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK})
    connection.execute(insert(activities), [msgspec.structs.asdict(one) for one in happened])
