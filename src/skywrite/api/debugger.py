"""The debugger: a source's latest arrivals, and those that come, live."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

from litestar import Router, get
from litestar.params import FromPath, QueryParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage
from msgspec import Struct

from skywrite.api import queries
from skywrite.api.debugging import count_events, debug_events, ripe
from skywrite.api.parts import Parts
from skywrite.api.problems import RESPONSES
from skywrite.api.reader import Marked
from skywrite.api.routes import Given, read
from skywrite.api.schemas import Arrivals, DebugEvent
from skywrite.api.signing import signed_in
from skywrite.kit import json
from skywrite.kit.time import now_micros

_MOST = 500
_MOST_AT_ONCE = 50
_PACE_SECONDS = 0.25
_LOOK_SECONDS = 1.0
_READ_BYTES = 4 << 20
_FAR_BEHIND = 5_000  # records; further behind than that, the stream jumps ahead
_ALIVE_SECONDS = 15.0  # a comment this often tells proxies that the stream lives


@read("/sources/{source:str}/debugger", summary="A source's latest arrivals")
def debugger(
    parts: Given, source: FromPath[str], limit: Annotated[int, QueryParameter(ge=1, le=_MOST)] = _MOST
) -> list[DebugEvent]:
    """Accepted, duplicate and refused, the newest last."""
    found = parts.sources.get(source)
    events = list(debug_events(parts.reader.recent(found.id, limit)))[-limit:]
    return _with_rejections(parts, found.id, events)


def _with_rejections(parts: Parts, source_id: str, events: list[DebugEvent]) -> list[DebugEvent]:
    """The same events, the refused ones with the id by which they are kept, if they are by now."""
    positions = {int(event.id.partition("-")[0]) for event in events if event.status == "rejected"}
    if positions:
        with parts.store.read() as connection:
            rows = connection.execute(queries.rejection_ids(source_id, sorted(positions))).all()
        kept = {f"{row.position}-{row.item}": row.id for row in rows}
        for event in events:
            event.rejection = kept.get(event.id) if event.status == "rejected" else None
    return events


@get("/sources/{source:str}/debugger/live", summary="A source's arrivals as they come", responses=RESPONSES)
async def debugger_live(
    parts: Given, source: FromPath[str], after: Annotated[int | None, QueryParameter(ge=0, le=(1 << 63) - 1)] = None
) -> ServerSentEvent:
    """Server-sent events named `arrivals`: at most 50 events a quarter second, and how many were left out.

    `after` is the log position to begin after (the first part of an event's id); without it, now.
    """
    found = await asyncio.to_thread(parts.sources.get, source)
    if after is None:
        after = (await asyncio.to_thread(parts.reader.heads))[0]
    return ServerSentEvent(_follow(parts, found.id, after))


async def _follow(parts: Parts, source_id: str, after: int) -> AsyncIterator[ServerSentEventMessage]:
    yield ServerSentEventMessage(comment="here")
    spoke = time.monotonic()
    trail = Trail(after)
    while not parts.is_stopping():
        arrivals = await asyncio.to_thread(trail.step, parts, source_id)
        if arrivals is not None:
            spoke = time.monotonic()
            yield ServerSentEventMessage(event="arrivals", data=json.encode(arrivals).decode(), id=str(trail.after))
            await asyncio.sleep(_PACE_SECONDS)
        elif time.monotonic() - spoke > _ALIVE_SECONDS:
            spoke = time.monotonic()
            yield ServerSentEventMessage(comment="here")
        if arrivals is None:
            await parts.bells.wait(_PACE_SECONDS if trail.waits else _LOOK_SECONDS)


class Trail(Struct):
    """How far one live stream has followed the log."""

    after: int
    waits: bool = False  # something arrived that dedupe has not decided yet

    def step(self, parts: Parts, source_id: str) -> Arrivals | None:
        """What came for a source since the last step, None for nothing."""
        head, decided = parts.reader.heads()
        skipped = 0
        if head - self.after > _FAR_BEHIND:
            skipped = head - _FAR_BEHIND // 2 - self.after
            self.after = head - _FAR_BEHIND // 2
        self.waits = False
        if head <= self.after:
            return None
        marked = self._ripe(parts.reader.after(self.after, _READ_BYTES, head), decided)
        mine = [(record, duplicates) for record, duplicates in marked if record.source_id == source_id]
        if not mine and not skipped:
            return None
        events = list(debug_events(mine[-_MOST_AT_ONCE:]))[-_MOST_AT_ONCE:]
        events = _with_rejections(parts, source_id, events)
        return Arrivals(events, skipped + max(0, count_events(mine) - len(events)))

    def _ripe(self, marked: list[Marked], decided: int) -> list[Marked]:
        """Those that may be shown now."""
        found = ripe(marked, decided, now_micros())
        self.waits = len(found) < len(marked)
        if found:
            self.after = found[-1][0].position
        return found


routes = Router("/api/v1", route_handlers=[debugger, debugger_live], guards=[signed_in], tags=["sources"])
