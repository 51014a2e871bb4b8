"""Builders: each has whole defaults, so a test names only what it is about."""

import json
from typing import Any

from skywrite.kit.hashing import id_hashes
from skywrite.log.base import NewRecord, Record

A_MOMENT = 1_795_450_295_423_000  # 2026-11-23T16:11:35.423Z


def an_event(**fields: Any) -> dict[str, Any]:
    """A track call as an SDK sends it."""
    return {
        "type": "track",
        "event": "Order Completed",
        "userId": "u1",
        "messageId": "m1",
        "timestamp": "2026-11-23T16:11:30.000Z",
        "properties": {"revenue": 39.95},
        "context": {"library": {"name": "test", "version": "1"}},
    } | fields


def a_batch(*events: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A batch request's body."""
    return {"batch": list(events or [an_event()]), "sentAt": "2026-11-23T16:11:35.000Z"} | fields


def a_record(
    body: Any, *, position: int = 1, kind: str = "batch", source_id: str = "src_1", at: int = A_MOMENT, ip: str = ""
) -> Record:
    """A record as it is read from the log."""
    return Record(position, at, source_id, kind, ip, ids_of(body, source_id), _bytes(body))


def a_new_record(body: Any = None, *, kind: str = "batch", source_id: str = "src_1", at: int = A_MOMENT) -> NewRecord:
    """A record to append."""
    body = a_batch() if body is None else body
    return NewRecord(at, source_id, kind, "", ids_of(body, source_id), _bytes(body))


def ids_of(body: Any, source_id: str = "src_1") -> bytes:
    """The ids column of a body."""
    if isinstance(body, bytes):
        return b""
    events = body.get("batch", [body])
    return id_hashes(source_id, (event.get("messageId") for event in events))


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()
