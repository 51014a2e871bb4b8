"""A source's overview and its schema page."""

from typing import Any

from litestar import Router
from litestar.params import FromPath, FromQuery
from sqlalchemy import Row

from skywrite.api import queries
from skywrite.api.periods import Period, buckets_of
from skywrite.api.routes import Given, read
from skywrite.api.schemas import CountPoint, SchemaEvent, SchemaEventDetail, SchemaProperty, SourceOverview
from skywrite.api.signing import signed_in
from skywrite.api.source_views import note_rates, shown
from skywrite.kit.errors import Refused
from skywrite.kit.time import now_micros, to_datetime

_TOP_EVENTS = 10


@read("/sources/{source:str}/overview", summary="What a source received over a period")
def source_overview(parts: Given, source: FromPath[str], period: FromQuery[Period] = "24h") -> SourceOverview:
    """Counts by bucket, with zeros where nothing came, and the most frequent events."""
    found = parts.sources.get(source)
    buckets = buckets_of(period, now_micros())
    with parts.store.read() as connection:
        note_rates(parts, connection)
        rows = connection.execute(queries.source_points(found.id, buckets.first, buckets.step))
        counted = {row.bucket: row for row in rows}
        top = connection.execute(queries.events_of_source(found.id, _TOP_EVENTS)).all()
    return SourceOverview(
        source=shown(parts, [found])[0],
        per_second=parts.rates.per_second(f"source:{found.id}"),
        points=[_point(at, counted.get(number)) for number, at in buckets.starts()],
        top_events=[_event(row) for row in top],
    )


@read("/sources/{source:str}/schema", summary="Every event that a source has sent")
def source_schema(parts: Given, source: FromPath[str]) -> list[SchemaEvent]:
    """The most frequent first."""
    found = parts.sources.get(source)
    with parts.store.read() as connection:
        return [_event(row) for row in connection.execute(queries.events_of_source(found.id))]


@read("/sources/{source:str}/schema/{type:str}/{event:path}", summary="One event with its properties")
def source_event(parts: Given, source: FromPath[str], type: FromPath[str], event: FromPath[str]) -> SchemaEventDetail:  # noqa: A002
    """`event` is `-` for every type but track."""
    found = parts.sources.get(source)
    name = event.removeprefix("/")
    name = "" if name == "-" and type != "track" else name
    with parts.store.read() as connection:
        row = connection.execute(queries.one_event(found.id, type, name)).first()
        if row is None:
            raise Refused(f"{found.name} has sent no such event.", where="event", status=404)
        properties = connection.execute(queries.properties_of(found.id, type, name)).all()
    return SchemaEventDetail(_event(row), [_property(each) for each in properties])


def _point(at: int, row: Row[Any] | None) -> CountPoint:
    if row is None:
        return CountPoint(to_datetime(at), 0, 0, 0)
    return CountPoint(to_datetime(at), row.accepted, row.rejected, row.duplicates)


def _event(row: Row[Any]) -> SchemaEvent:
    first, last = to_datetime(row.first_seen), to_datetime(row.last_seen)
    return SchemaEvent(row.type, row.event, first, last, row._mapping["count"], row.properties)  # noqa: SLF001


def _property(row: Row[Any]) -> SchemaProperty:
    first, last = to_datetime(row.first_seen), to_datetime(row.last_seen)
    return SchemaProperty(row.path, row.types, first, last, row._mapping["count"])  # noqa: SLF001


routes = Router(
    "/api/v1", route_handlers=[source_overview, source_schema, source_event], guards=[signed_in], tags=["sources"]
)
