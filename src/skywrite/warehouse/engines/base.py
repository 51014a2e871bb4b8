"""What the loader asks of an engine. An engine is one module that holds all of its vendor's SQL.

An engine describes itself as data (`spelling`, `limits`); its session is one transaction after another on one
connection, held open for a load and closed after it.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from msgspec import Struct

from skywrite.kit.errors import Later
from skywrite.warehouse.blocks import SetAside
from skywrite.warehouse.catalog import Change, Limits
from skywrite.warehouse.history import Sync
from skywrite.warehouse.naming import Spelling
from skywrite.warehouse.values import Kind


class Busy(Later):
    """Another process holds the warehouse; it is free again when that one lets go."""


class Unwritable(Later):
    """The warehouse can't be written now: a full disk, a folder without permission, no memory."""


class Size(Struct, frozen=True):
    """How much the warehouse holds, own tables left out."""

    tables: int
    rows: int
    discards: int
    set_aside: int  # events that could not be loaded
    bytes: int


class Session(Protocol):
    """A connection to the warehouse for one load: `begin`, then writes, then `commit` or `rollback`."""

    def position(self) -> int:
        """The position of the last record whose rows are committed, 0 when there was none yet."""

    def tables(self) -> Mapping[tuple[str, str], dict[str, Kind]]:
        """The columns of every table of every source, by schema and table."""

    def begin(self) -> None:
        """Start the transaction."""

    def change(self, changes: Sequence[Change]) -> None:
        """Make tables and columns, in the order given."""

    def append(self, schema: str, table: str, rows: Any) -> None:
        """Add the rows of an Arrow table, whose columns all exist."""

    def merge(self, schema: str, table: str, rows: Any) -> None:
        """Keep these rows of `users` or `accounts` for the commit: of each id the latest value of each column wins."""

    def put_aside(self, events: Sequence[SetAside]) -> None:
        """Keep events that can't be loaded, with their reasons."""

    def settle(self) -> None:
        """Write now what `merge` has kept."""

    def commit(self, sync: Sync) -> Sync:
        """Commit the rows, the position and the history row in one transaction; the sync with its id."""

    def rollback(self) -> None:
        """Undo what was written since `begin`."""

    def size(self) -> Size:
        """How much is stored."""


class Engine(Protocol):
    """A kind of warehouse at one place."""

    spelling: Spelling
    limits: Limits

    def is_not_now(self, error: BaseException) -> bool:
        """Whether an error of a session comes from the place (disk, lock), not from the rows."""

    def is_too_much(self, error: BaseException) -> bool:
        """Whether an error says that fewer rows at once might do."""

    def session(self) -> AbstractContextManager[Session]:
        """A session, closed at the end of the block.

        Raises Busy when another process holds the warehouse, Unwritable when it can't be opened for writing.
        """
