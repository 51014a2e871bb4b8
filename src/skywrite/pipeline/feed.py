"""What a consumer follows: the log's records, in order, each with those of its events that are duplicates."""

from skywrite.kit.bell import Listener
from skywrite.log.base import Log, Record
from skywrite.pipeline.decisions import Decisions


class Feed:
    """The log as far as dedupe has decided it. `listener` wakes when there may be more; its fileno fits a loop."""

    def __init__(self, log: Log, decisions: Decisions, listener: Listener) -> None:
        self._log = log
        self._decisions = decisions
        self.listener = listener

    def read(self, after: int, max_bytes: int) -> list[tuple[Record, frozenset[int]]]:
        """The next records after position `after`, with the indexes of their duplicate events; [] when up to date."""
        decided = self._decisions.decided()
        if decided <= after:
            return []
        records = self._log.read(after, max_bytes, upto=decided)
        if not records:
            return []
        duplicates = self._decisions.duplicates(after, records[-1].position)
        return [(record, frozenset(duplicates.get(record.position, ()))) for record in records]

    def head(self) -> int:
        """The position of the log's last record, decided or not."""
        return self._log.head()

    def wait(self, timeout: float) -> bool:
        """Block until there may be more, or `timeout` seconds passed; for threads (a loop watches `listener`)."""
        return self.listener.wait(timeout)
