"""Sources as the API shows them: what was set up, with what was counted."""

import time
from collections import defaultdict

from sqlalchemy import Connection

from skywrite.api import queries
from skywrite.api.parts import Parts
from skywrite.api.periods import DAY_MINUTES, minute_of
from skywrite.api.schemas import Source, WriteKey
from skywrite.kit.time import now_micros, to_datetime
from skywrite.sources.service import StoredSource


def shown(parts: Parts, sources: list[StoredSource]) -> list[Source]:
    """Each source with its counts of the last 24 hours and the destinations that it feeds."""
    since = minute_of(now_micros()) - DAY_MINUTES
    fed: dict[str, list[str]] = defaultdict(list)
    with parts.store.read() as connection:
        counts = {row.source_id: row for row in connection.execute(queries.source_counts(since))}
        seen = {row.source_id: row.at for row in connection.execute(queries.last_seen())}
        for row in connection.execute(queries.destinations_by_source()):
            fed[row.source_id].append(row.destination_id)
    views = []
    for source in sources:
        view = plain(source)
        view.destinations = fed[source.id]
        if source.id in seen:
            view.last_event_at = to_datetime(seen[source.id])
        if source.id in counts:
            row = counts[source.id]
            view.accepted_24h, view.rejected_24h, view.duplicates_24h = row.accepted, row.rejected, row.duplicates
        views.append(view)
    return views


def plain(source: StoredSource) -> Source:
    """A source as it was set up."""
    return Source(
        id=source.id,
        kind=source.kind,
        name=source.name,
        schema=source.schema,
        write_keys=source.write_keys,
        enabled=source.enabled,
        labels=source.labels,
        created_at=to_datetime(source.created_at),
        keys=[
            WriteKey(key.key, to_datetime(key.created_at), to_datetime(key.expires_at) if key.expires_at else None)
            for key in source.keys
        ],
        destinations=[],
    )


def note_rates(parts: Parts, connection: Connection) -> None:
    """Note how much every source and destination has counted, for the rates."""
    # Counts of an hour only grow within that hour; from one hour's end to the next the window is lost once.
    since = minute_of(now_micros()) // 60 * 60 - 60
    totals = {f"source:{row.source_id}": row.accepted for row in connection.execute(queries.source_counts(since))}
    for row in connection.execute(queries.delivery_counts(since)):
        totals[f"destination:{row.destination_id}"] = row.delivered
    parts.rates.sample(totals, time.monotonic())
