"""Keeps what `observe` tallies in the store, with its cursor, in one transaction a second while events flow."""

import structlog

from skywrite.kit.time import now_micros
from skywrite.log.base import Record
from skywrite.pipeline import cursors, queries
from skywrite.pipeline.feed import Feed
from skywrite.pipeline.observe import Known, Tally
from skywrite.store.engine import Store

log = structlog.get_logger()
FOLLOWER = "observe"
_READ_BYTES = 16 << 20
_PORTION = 1_000


class Watch:
    """The follower that fills the sources' pages."""

    def __init__(self, feed: Feed, store: Store) -> None:
        self._feed = feed
        self._store = store
        self._known = Known()
        self.is_behind = False  # whether the last step had as much as one step takes
        self._after = cursors.begun(self._store, FOLLOWER, now_micros())

    def step(self) -> int:
        """Tally what has come, up to a bound, and keep it; how many records that were."""
        records = self._feed.read(self._after, _READ_BYTES)
        if not records:
            return 0
        with self._store.read() as connection:
            self._known.load(connection, {record.source_id for record, _ in records})
        tally = Tally(self._known)
        for record, duplicates in records:
            self._add(tally, record, duplicates)
        after = records[-1][0].position
        # Refused events, of which there may be very many, go first and by the portion: nobody else waits long to
        # write, and one that is kept already is not kept twice.
        *portions, last = [tally.rejected[n : n + _PORTION] for n in range(0, max(1, len(tally.rejected)), _PORTION)]
        for portion in portions:
            with self._store.write() as connection:
                queries.add_rejections(connection, portion)
        with self._store.write() as connection:
            queries.add_minutes(connection, tally.minutes)
            queries.add_events(connection, tally.events)
            queries.add_properties(connection, tally.properties)
            queries.add_rejections(connection, last)
            cursors.advance(connection, FOLLOWER, after, now_micros())
        self._after = after
        self.is_behind = sum(len(record.body) for record, _ in records) >= _READ_BYTES
        return len(records)

    def _add(self, tally: Tally, record: Record, duplicates: frozenset[int]) -> None:
        try:
            tally.add(record, duplicates)
        except Exception:  # counting must go on: what it has not read stays in the log, which in the end is full
            log.exception("a record could not be looked at; the pages leave it out", position=record.position)
