"""The picture of the first page: sources, the log, the warehouse, destinations, and what flows between them."""

import time
from datetime import UTC, datetime

from skywrite.api import queries
from skywrite.api.destination_views import Doing, lag_of, read_doing, state_of
from skywrite.api.parts import Parts
from skywrite.api.periods import DAY_MINUTES, minute_of
from skywrite.api.schemas import LogStatus, Pipeline, PipelineEdge, PipelineNode
from skywrite.api.source_views import note_rates
from skywrite.destinations import catalog as destination_kinds
from skywrite.destinations.service import StoredDestination
from skywrite.kit.time import now_micros
from skywrite.sources.service import StoredSource
from skywrite.warehouse.status import read_status

_LOG, _WAREHOUSE = "log", "warehouse"


def picture(parts: Parts) -> Pipeline:
    """How everything is at this moment."""
    sources, destinations = parts.sources.all(), parts.destinations.all()
    since = minute_of(now_micros()) - DAY_MINUTES
    with parts.store.read() as connection:
        note_rates(parts, connection)
        accepted = {row.source_id: row.accepted for row in connection.execute(queries.source_counts(since))}
    doing = read_doing(parts)
    status = parts.reader.status()
    log = LogStatus(status.head, status.oldest, status.bytes, status.max_bytes, status.full)
    from_sources = [_source(parts, source, accepted) for source in sources]
    to_destinations = [_destination(parts, one, doing, status.head) for one in destinations]
    middle = [_log(log, from_sources), _warehouse(parts, status.head, from_sources)]
    return Pipeline(
        nodes=[*from_sources, *middle, *to_destinations],
        edges=[
            *(PipelineEdge(node.id, _LOG, node.per_second) for node in from_sources),
            *(PipelineEdge(_LOG, node.id, node.per_second) for node in (middle[1], *to_destinations)),
        ],
        log=log,
        at=datetime.now(UTC),
    )


def _source(parts: Parts, source: StoredSource, accepted: dict[str, int]) -> PipelineNode:
    per_second = parts.rates.per_second(f"source:{source.id}")
    state = "disabled" if not source.enabled else "receiving" if per_second else "idle"
    return PipelineNode(
        id=source.id,
        kind="source",
        name=source.name,
        icon=source.kind,
        enabled=source.enabled,
        state=state,
        per_second=per_second,
        total_24h=accepted.get(source.id, 0),
    )


def _log(log: LogStatus, sources: list[PipelineNode]) -> PipelineNode:
    detail = "The log is full: new events are refused until its followers catch up." if log.full else ""
    return PipelineNode(
        id=_LOG,
        kind="log",
        name="Event log",
        icon="log",
        enabled=True,
        state="full" if log.full else "ok",
        per_second=sum(node.per_second for node in sources),
        total_24h=sum(node.total_24h for node in sources),
        detail=detail,
    )


def _warehouse(parts: Parts, head: int, sources: list[PipelineNode]) -> PipelineNode:
    said = read_status(parts.settings.run)
    if said.last_sync is not None:
        parts.loads.note(said.last_sync.id, said.last_sync.events, time.monotonic())
    return PipelineNode(
        id=_WAREHOUSE,
        kind="warehouse",
        name="Warehouse",
        icon="duckdb",
        enabled=True,
        state=said.state,
        per_second=parts.loads.per_second(),
        total_24h=sum(node.total_24h for node in sources),
        lag=max(0, head - said.position),
        detail=said.reason,
    )


def _destination(parts: Parts, one: StoredDestination, doing: Doing, head: int) -> PipelineNode:
    state, reason = state_of(one, doing)
    kind = destination_kinds.destinations().get(one.kind)
    return PipelineNode(
        id=one.id,
        kind="destination",
        name=one.name,
        icon=kind.icon if kind is not None else one.kind,
        enabled=one.enabled,
        state=state,
        per_second=parts.rates.per_second(f"destination:{one.id}"),
        total_24h=doing.delivered.get(one.id, 0),
        lag=lag_of(one, doing, head),
        detail=reason,
    )
