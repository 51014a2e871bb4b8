"""The debugger: a source's latest arrivals, and those that come, live."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from litestar import Router, get
from litestar.params import FromPath, QueryParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from skywrite.api.parts import Parts
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Given, read
from skywrite.api.signing import signed_in
from skywrite.pipeline.debugging import DebugEvent, latest_events, with_rejections

_MOST = 500
_ALIVE_SECONDS = 15.0  # a comment this often tells proxies that the stream lives


@read("/sources/{source:str}/debugger", summary="A source's latest arrivals")
def debugger(
    parts: Given, source: FromPath[str], limit: Annotated[int, QueryParameter(ge=1, le=_MOST)] = _MOST
) -> list[DebugEvent]:
    """Accepted, duplicate and refused, the newest last."""
    found = parts.sources.get(source)
    return with_rejections(parts.store, found.id, latest_events(parts.reader.recent(found.id, limit), limit))


@get("/sources/{source:str}/debugger/live", summary="A source's arrivals as they come", responses=RESPONSES)
async def debugger_live(
    parts: Given, source: FromPath[str], after: Annotated[int | None, QueryParameter(ge=0, le=(1 << 63) - 1)] = None
) -> ServerSentEvent:
    """Server-sent events named `arrivals`: at most 50 events a quarter second, and how many were left out.

    `after` is the log position to begin after (the first part of an event's id); without it, now. Who reads slowly is
    skipped ahead. A process has at most 100 such streams open; beyond that the answer is a 503.
    """
    parts.live.check_room()
    found = await asyncio.to_thread(parts.sources.get, source)
    head, _ = await asyncio.to_thread(parts.reader.heads)
    parts.live.check_room()
    return ServerSentEvent(_messages(parts, found.id, head if after is None else after, head))


async def _messages(parts: Parts, source_id: str, after: int, head: int) -> AsyncIterator[ServerSentEventMessage]:
    async for message in parts.live.watch(source_id, after, head, _ALIVE_SECONDS):
        if message is None:
            yield ServerSentEventMessage(comment="here")
        else:
            yield ServerSentEventMessage(event="arrivals", data=message.data, id=str(message.end))


routes = Router("/api/v1", route_handlers=[debugger, debugger_live], guards=[signed_in], tags=["sources"])
