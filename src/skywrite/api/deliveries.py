"""What was delivered, what was not, and the dead letters."""

from typing import Any

from litestar import Router
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy import Row

from skywrite.api import queries
from skywrite.api.destination_schemas import (
    Changed,
    DeadLetter,
    DeliveryPoint,
    DeliverySample,
    DestinationOverview,
    ErrorRow,
    SendAgain,
)
from skywrite.api.destination_views import shown
from skywrite.api.periods import Buckets, Period, buckets_of
from skywrite.api.routes import Before, Given, Limit, act, read
from skywrite.api.signing import signed_in
from skywrite.kit.time import now_micros, to_datetime
from skywrite.pipeline import dead_letters, delivery_queries
from skywrite.pipeline.stats import Counts, percentile

_SAMPLES = 100
_ERRORS = 10


@read("/destinations/{destination:str}/overview", summary="What a destination got over a period")
def destination_overview(
    parts: Given, destination: FromPath[str], period: FromQuery[Period] = "24h"
) -> DestinationOverview:
    """Counts and latencies by bucket, reasons of failures, and the latest attempts."""
    found = parts.destinations.get(destination)
    buckets = buckets_of(period, now_micros())
    with parts.store.read() as connection:
        minutes = connection.execute(queries.delivery_rows(buckets.first, found.id)).all()
        errors = connection.execute(delivery_queries.failure_reasons(found.id, _ERRORS)).all()
        samples = connection.execute(delivery_queries.samples(found.id, _SAMPLES)).all()
    return DestinationOverview(
        destination=shown(parts, [found])[0],
        points=_points(buckets, minutes),
        errors=[ErrorRow(row.reason, row.times) for row in errors],
        samples=[_sample(row) for row in samples],
    )


@read("/destinations/{destination:str}/dead-letters", summary="Events that could not be delivered")
def list_dead_letters(
    parts: Given, destination: FromPath[str], before: Before = None, limit: Limit = 50
) -> list[DeadLetter]:
    """Newest first, each with its reason."""
    found = parts.destinations.get(destination)
    listed = dead_letters.listed(parts.store, found.id, before=before, limit=limit)
    return [
        DeadLetter(
            id=letter.id,
            source=letter.source_id,
            message_id=letter.message_id,
            event=letter.event,
            attempts=letter.attempts,
            status=letter.status,
            reason=letter.reason,
            response=letter.response,
            failed_at=to_datetime(letter.failed_at),
        )
        for letter in listed
    ]


@act("/destinations/{destination:str}/dead-letters/send-again", summary="Send dead letters again")
def send_again(parts: Given, destination: FromPath[str], data: JSONBody[SendAgain]) -> Changed:
    """Those of the ids, or all."""
    return Changed(dead_letters.send_again(parts.store, parts.destinations.get(destination).id, data.ids))


@act("/destinations/{destination:str}/dead-letters/discard", summary="Forget dead letters")
def discard(parts: Given, destination: FromPath[str], data: JSONBody[SendAgain]) -> Changed:
    """Those of the ids, or all."""
    return Changed(dead_letters.discard(parts.store, parts.destinations.get(destination).id, data.ids))


def _points(buckets: Buckets, minutes: Any) -> list[DeliveryPoint]:
    counted: dict[int, Counts] = {}
    for row in minutes:
        counts = counted.setdefault((row.minute - buckets.first) // buckets.step, Counts())
        counts.add(Counts(row.delivered, row.retried, row.failed, row.filtered, row.latency, row.response))
    return [_point(at, counted.get(number) or Counts()) for number, at in buckets.starts()]


def _point(at: int, counts: Counts) -> DeliveryPoint:
    return DeliveryPoint(
        at=to_datetime(at),
        delivered=counts.delivered,
        retried=counts.retried,
        failed=counts.failed,
        filtered=counts.filtered,
        p50_millis=percentile(counts.latency, 0.5),
        p95_millis=percentile(counts.latency, 0.95),
    )


def _sample(row: Row[Any]) -> DeliverySample:
    return DeliverySample(
        id=row.id,
        at=to_datetime(row.at),
        outcome=row.outcome,
        message_id=row.message_id,
        event_name=row.event_name,
        status=row.status,
        reason=row.reason,
        millis=row.millis,
        request=row.request,
        response=row.response,
    )


routes = Router(
    "/api/v1",
    route_handlers=[destination_overview, list_dead_letters, send_again, discard],
    guards=[signed_in],
    tags=["destinations"],
)
