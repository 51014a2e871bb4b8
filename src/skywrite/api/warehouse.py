"""The warehouse: its state, tables and syncs, and SQL on it, read-only and in a process of its own."""

from typing import Literal, cast

from litestar import Router, get, post
from litestar.params import JSONBody

from skywrite.api.parts import Parts
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Before, Given, Limit, read
from skywrite.api.schemas import Column, Query, QueryResult, Sync, TableInfo, WarehouseStatus
from skywrite.api.signing import signed_in
from skywrite.kit.bell import Bell
from skywrite.kit.time import to_datetime
from skywrite.warehouse import query
from skywrite.warehouse.history import Sync as StoredSync
from skywrite.warehouse.status import read_status, request_sync, wait_until_loaded

_QUERY_SECONDS = 30.0
_SYNC_SECONDS = 60.0


@read("/warehouse/status", summary="How the warehouse does")
def warehouse_status(parts: Given) -> WarehouseStatus:
    """Its size, how far it has come, and why it waits."""
    return _status(parts)


def _status(parts: Parts) -> WarehouseStatus:
    said = read_status(parts.settings.run)
    head = parts.reader.heads()[0]
    return WarehouseStatus(
        path=str(parts.warehouse.resolve()),
        bytes=said.bytes,
        position=said.position,
        head=head,
        lag=max(0, head - said.position),
        state=said.state,
        reason=said.reason,
        last_sync=None if said.last_sync is None else _sync(said.last_sync),
        tables=said.tables,
        rows=said.rows,
        discards=said.discards,
        set_aside=said.set_aside,
    )


@get("/warehouse/tables", summary="Every table of the warehouse", responses=RESPONSES)
async def warehouse_tables(parts: Given) -> list[TableInfo]:
    """With its columns and how many rows it has."""
    return [
        TableInfo(
            schema=table.schema,
            name=table.name,
            rows=table.rows,
            columns=[Column(column.name, column.type) for column in table.columns],
            bytes=table.bytes,
        )
        for table in await parts.looks.run(query.tables, parts.warehouse)
    ]


@get("/warehouse/syncs", summary="The loads of the warehouse", responses=RESPONSES)
async def warehouse_syncs(parts: Given, before: Before = None, limit: Limit = 50) -> list[Sync]:
    """Newest first."""
    return [_sync(sync) for sync in await parts.looks.run(query.syncs, parts.warehouse, before, limit)]


@post("/warehouse/sync", summary="Load now", status_code=200, responses=RESPONSES)
async def warehouse_sync(parts: Given) -> WarehouseStatus:
    """Answers when all that was acknowledged before is in the warehouse."""
    return await parts.queries.run(_sync_now, parts)


@post("/warehouse/query", summary="Run SQL, read-only", status_code=200, responses=RESPONSES)
async def warehouse_query(parts: Given, data: JSONBody[Query]) -> QueryResult:
    """Ended after 30 seconds; it can neither change the warehouse nor reach a file or the network."""
    found = await parts.queries.run(query.run_query, parts.warehouse, data.sql, data.limit, _QUERY_SECONDS)
    return QueryResult(
        columns=[Column(column.name, column.type) for column in found.columns],
        rows=found.rows,
        truncated=found.truncated,
        millis=found.millis,
        message=found.message,
    )


def _sync_now(parts: Parts) -> WarehouseStatus:
    head = parts.reader.heads()[0]
    request_sync(parts.settings.run)
    bell = Bell(parts.settings.run / "bell")
    bell.ring()
    bell.close()
    wait_until_loaded(parts.settings.run, head, _SYNC_SECONDS)
    return _status(parts)


def _sync(sync: StoredSync) -> Sync:
    return Sync(
        id=sync.id,
        started_at=to_datetime(sync.started_at),
        millis=sync.millis,
        status=cast(Literal["success", "partial", "failure"], sync.status),
        events=sync.events,
        rows=sync.rows,
        duplicates=sync.duplicates,
        discards=sync.discards,
        position=sync.position,
        error=sync.error,
        notices=list(sync.notices),
    )


routes = Router(
    "/api/v1",
    route_handlers=[warehouse_status, warehouse_tables, warehouse_syncs, warehouse_sync, warehouse_query],
    guards=[signed_in],
    tags=["warehouse"],
)
