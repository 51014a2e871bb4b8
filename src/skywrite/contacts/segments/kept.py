"""A segment as its keeper has it."""

from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row

from skywrite.contacts.ids import public_segment
from skywrite.contacts.segments.check import used_segments
from skywrite.contacts.segments.model import Group


class Kept(Struct, frozen=True):
    """A segment: what it is to say, and how far that is true. Times are µs."""

    id: int
    name: str
    definition: Group
    state: str  # building, ready, failing, removed
    members: int
    kept_upto: int
    updated_at: int
    uses: frozenset[int]  # the segments that it asks for

    @property
    def public_id(self) -> str:
        """As others have it."""
        return public_segment(self.id)


def kept_of(row: Row[Any]) -> Kept:
    """The segment of a row of the table."""
    definition = _decoded(msgspec.json.encode(row.definition))
    return Kept(
        row.id, row.name, definition, row.state, row.members, row.kept_upto, row.updated_at,
        frozenset(used_segments(definition)),
    )  # fmt: skip


@lru_cache(maxsize=1000)
def _decoded(raw: bytes) -> Group:
    return msgspec.json.decode(raw, type=Group)
