"""The first page's picture, once and live."""

import asyncio
import time
from collections.abc import AsyncIterator

from litestar import Router, get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from skywrite.api.parts import Parts
from skywrite.api.picture import picture
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Given, read
from skywrite.api.schemas import Pipeline
from skywrite.api.signing import signed_in
from skywrite.kit import json
from skywrite.kit.errors import Later

_PACE_SECONDS = 1.0
_AT_LEAST_SECONDS = 5.0


@read("/pipeline", summary="Sources, log, warehouse, destinations and what flows between them")
def show_pipeline(parts: Given) -> Pipeline:
    """As it is now."""
    return picture(parts)


@get("/pipeline/live", summary="The same picture, live", responses=RESPONSES)
async def pipeline_live(parts: Given) -> ServerSentEvent:
    """Server-sent events named `pipeline`: once a second while something changes, else every five."""
    return ServerSentEvent(_follow(parts))


async def _follow(parts: Parts) -> AsyncIterator[ServerSentEventMessage]:
    said, spoke = b"", 0.0
    while not parts.is_stopping():
        try:
            now = await asyncio.to_thread(picture, parts)
        except Later:  # the store is away: the stream goes on when it is back
            await asyncio.sleep(_PACE_SECONDS)
            continue
        told = json.encode([now.nodes, now.edges, now.log])
        if told != said or time.monotonic() - spoke >= _AT_LEAST_SECONDS:
            said, spoke = told, time.monotonic()
            yield ServerSentEventMessage(event="pipeline", data=json.encode(now).decode())
        await asyncio.sleep(_PACE_SECONDS)


routes = Router("/api/v1", route_handlers=[show_pipeline, pipeline_live], guards=[signed_in], tags=["pipeline"])
