"""Delivery to the catalog's destinations: what the worker runs."""

import asyncio
from collections.abc import Callable

from skywrite.destinations import queries
from skywrite.destinations.service import routes
from skywrite.kit.time import now_micros
from skywrite.pipeline.delivery import Delivery
from skywrite.pipeline.feed import Feed
from skywrite.pipeline.pace import Pace
from skywrite.settings import Settings
from skywrite.sources.queries import TOPIC as SOURCES
from skywrite.store.engine import Store


async def run_delivery(
    settings: Settings,
    store: Store,
    feed: Feed,
    stop: asyncio.Event,
    *,
    pace: Pace | None = None,
    clock: Callable[[], int] = now_micros,
) -> None:
    """Deliver to every enabled destination until `stop`, then let what is on its way finish."""
    topics = (queries.TOPIC, SOURCES)  # a removed source is no longer among a destination's
    await Delivery(settings, store, feed, routes, topics=topics, pace=pace, clock=clock).run(stop)
