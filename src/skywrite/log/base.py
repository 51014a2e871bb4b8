"""What a log is: the one small interface that SQLite serves now and Kafka later.

A log has partitions; a record's place is its partition and its position there. Positions grow by arrival and are
never used twice. All records of one user are appended to one partition in the order of their acceptance: the SQLite
log has a single partition, a Kafka log takes the hash of the user's id (see docs/decisions/0002-log.md).
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct


class NewRecord(Struct, frozen=True, array_like=True):
    """One request's worth of events, to be appended as one row."""

    received_at: int  # µs since 1970
    source_id: str
    kind: str  # "batch", one of the six event types, or "rejected"
    ip: str  # of a client-side sender, else ""
    ids: bytes  # 16 bytes an event: the hash of its messageId, zeros where it has none
    body: bytes  # JSON: the batch request, the event, or the list of refused events


class Record(Struct, frozen=True, array_like=True):
    """A record as it is read back."""

    position: int
    received_at: int
    source_id: str
    kind: str
    ip: str
    ids: bytes
    body: bytes


class RecordIds(Struct, frozen=True, array_like=True):
    """What dedupe needs of a record."""

    position: int
    received_at: int
    ids: bytes


class LogStatus(Struct, frozen=True):
    """How full a log is."""

    head: int  # position of the last record; 0 when there was none yet
    oldest: int  # position of the oldest record still kept
    bytes: int
    max_bytes: int

    @property
    def full(self) -> bool:
        """Whether new records are refused."""
        return self.bytes >= self.max_bytes


class Log(Protocol):
    """Append and follow. Every call may block on disk or network, and may be made from any one thread at a time."""

    partitions: int

    def append(self, records: Sequence[NewRecord]) -> int:
        """Make `records` durable, in order, all or none; the position of the first.

        Raises Later when the log is full, or when the disk refuses.
        """

    def read(self, after: int, max_bytes: int, upto: int | None = None, partition: int = 0) -> list[Record]:
        """The records after position `after` (up to `upto`), at least one if there is one, then up to `max_bytes`."""

    def ids(self, after: int, max_events: int, upto: int | None = None) -> list[RecordIds]:
        """The messageId hashes of the records after `after`, without their bodies, some `max_events` of them."""

    def recent(self, source_id: str, limit: int) -> list[Record]:
        """The latest records of a source that together hold `limit` events or a little more, oldest first."""

    def head(self, partition: int = 0) -> int:
        """The position of the last record, 0 when there was none yet."""

    def status(self) -> LogStatus:
        """How full the log is."""

    def trim(self, read_by_all: int, keep_after: int) -> int:
        """Drop what every follower has read (position <= `read_by_all`) and that is older than `keep_after` µs.

        Gives the number of bytes freed. What a follower has not read is never dropped.
        """

    def close(self) -> None:
        """Release files and connections."""
