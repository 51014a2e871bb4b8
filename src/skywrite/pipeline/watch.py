"""Keeps what `observe` tallies in the store, with its cursor, in one transaction a second while events flow."""

import threading

from skywrite.kit.time import now_micros
from skywrite.pipeline import queries
from skywrite.pipeline.feed import Feed
from skywrite.pipeline.observe import Known, Tally
from skywrite.store.engine import Store

FOLLOWER = "observe"
_READ_BYTES = 16 << 20
_PACE_SECONDS = 1.0


class Watch:
    """The follower that fills the sources' pages."""

    def __init__(self, feed: Feed, store: Store) -> None:
        self._feed = feed
        self._store = store
        self._known = Known()
        self.is_behind = False  # whether the last step had as much as one step takes
        with store.read() as connection:
            self._after = queries.cursor(connection, FOLLOWER)

    def step(self) -> int:
        """Tally what has come, up to a bound, and keep it; how many records that were."""
        records = self._feed.read(self._after, _READ_BYTES)
        if not records:
            return 0
        with self._store.read() as connection:
            self._known.load(connection, {record.source_id for record, _ in records})
        tally = Tally(self._known)
        for record, duplicates in records:
            tally.add(record, duplicates)
        after = records[-1][0].position
        with self._store.write() as connection:
            queries.add_minutes(connection, tally.minutes)
            queries.add_events(connection, tally.events)
            queries.add_properties(connection, tally.properties)
            queries.add_rejections(connection, tally.rejected)
            queries.set_cursor(connection, FOLLOWER, after, now_micros())
        self._after = after
        self.is_behind = sum(len(record.body) for record, _ in records) >= _READ_BYTES
        return len(records)

    def run(self, stop: threading.Event) -> None:
        """Follow until `stop`; at most one transaction a second unless there is a backlog."""
        while not stop.is_set():
            if not self.step():
                self._feed.wait(_PACE_SECONDS)
            elif not self.is_behind:
                stop.wait(_PACE_SECONDS)
