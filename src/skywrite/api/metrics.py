"""GET /metrics: what Prometheus reads, made of the store's counts, the log's state and what each role says."""

from collections.abc import Iterable, Iterator

from litestar import Response, Router
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from skywrite import __version__
from skywrite.api import queries
from skywrite.api.destination_views import Doing, read_doing, state_of
from skywrite.api.health import health_of, is_ready
from skywrite.api.parts import Parts
from skywrite.api.routes import Given, read
from skywrite.api.signing import signed_in
from skywrite.destinations.service import StoredDestination
from skywrite.pipeline.cursors import log_cursors
from skywrite.warehouse.status import read_status


@read("/metrics", summary="Metrics for Prometheus", include_in_schema=False)
def metrics(parts: Given) -> Response[bytes]:
    """In Prometheus' text format; give Prometheus an API token as its bearer token."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Skywrite(parts))
    return Response(generate_latest(registry), media_type=_KIND)


class _Skywrite(Collector):
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        """Everything, read at this moment."""
        yield _gauge("build_info", "The version that runs.", ("version",), [((__version__,), 1)])
        yield from self._roles()
        yield from self._log()
        yield from self._sources()
        yield from self._destinations()
        yield from self._warehouse()

    def _roles(self) -> Iterator[Metric]:
        roles = health_of(self._parts).roles
        states = [((name,), int(is_ready(state))) for name, state in roles.items()]
        yield _gauge("role_up", "Whether a role is ready.", ("role",), states)

    def _log(self) -> Iterator[Metric]:
        status = self._parts.reader.status()
        yield _gauge("log_head", "The position of the log's last record.", (), [((), status.head)])
        yield _gauge("log_bytes", "The bytes that the log takes.", (), [((), status.bytes)])
        yield _gauge("log_max_bytes", "The cap beyond which events are refused.", (), [((), status.max_bytes)])
        head, decided = self._parts.reader.heads()
        with self._parts.store.read() as connection:
            # Dedupe's cursor says what may be trimmed, an hour or a million events behind what it has decided.
            cursors = log_cursors(connection) | {"dedupe": decided}
        lags = [((follower,), max(0, head - position)) for follower, position in sorted(cursors.items())]
        yield _gauge("follower_lag_records", "Log records that a follower has not read.", ("follower",), lags)

    def _sources(self) -> Iterator[Metric]:
        schemas = {source.id: source.schema for source in self._parts.sources.all()}
        with self._parts.store.read() as connection:
            rows = connection.execute(queries.source_counts(0)).all()
        counted = [row for row in rows if row.source_id in schemas]
        for name, meaning in (
            ("accepted", "Events that a source's SDKs sent and that were new."),
            ("rejected", "Events that were refused."),
            ("duplicates", "Events that were there already."),
        ):
            values = [((schemas[row.source_id],), getattr(row, name)) for row in counted]
            yield _counter(f"source_{name}", meaning, ("source",), values)

    def _destinations(self) -> Iterator[Metric]:
        destinations, doing = self._parts.destinations.all(), read_doing(self._parts)
        names = {one.id: one.name for one in destinations}
        with self._parts.store.read() as connection:
            rows = connection.execute(queries.delivery_counts(0)).all()
        for name, meaning in (
            ("delivered", "Events that a destination took."),
            ("retried", "Attempts that failed and are tried again."),
            ("failed", "Events that were given up."),
        ):
            values = [((names[row.destination_id],), getattr(row, name)) for row in rows if row.destination_id in names]
            yield _counter(f"destination_{name}", meaning, ("destination",), values)
        yield from _waiting(destinations, doing)

    def _warehouse(self) -> Iterator[Metric]:
        said = read_status(self._parts.settings.run)
        yield _gauge("warehouse_position", "The last record that is loaded.", (), [((), said.position)])
        yield _gauge("warehouse_rows", "Rows in the warehouse.", (), [((), said.rows)])
        yield _gauge("warehouse_bytes", "Bytes of the warehouse's file.", (), [((), said.bytes)])
        yield _gauge("warehouse_discards", "Values kept aside.", (), [((), said.discards)])
        yield _gauge("warehouse_set_aside", "Events that could not be loaded.", (), [((), said.set_aside)])


def _waiting(destinations: list[StoredDestination], doing: Doing) -> Iterator[Metric]:
    waiting = [((one.name,), doing.waiting.get(one.id, 0)) for one in destinations]
    yield _gauge("destination_waiting", "Deliveries that wait for their next try.", ("destination",), waiting)
    dead = [((one.name,), doing.dead.get(one.id, 0)) for one in destinations]
    yield _gauge("destination_dead_letters", "Events given up and kept.", ("destination",), dead)
    failing = [((one.name,), int(state_of(one, doing)[0] == "failing")) for one in destinations]
    yield _gauge("destination_failing", "Whether a destination fails now.", ("destination",), failing)


_KIND = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # the framework adds it
Values = Iterable[tuple[tuple[str, ...], float]]


def _gauge(name: str, meaning: str, labels: tuple[str, ...], values: Values) -> Metric:
    return _filled(GaugeMetricFamily(f"skywrite_{name}", meaning, labels=labels), values)


def _counter(name: str, meaning: str, labels: tuple[str, ...], values: Values) -> Metric:
    return _filled(CounterMetricFamily(f"skywrite_{name}", meaning, labels=labels), values)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, values: Values) -> Metric:
    for labels, value in values:
        family.add_metric(labels, value)
    return family


routes = Router("/", route_handlers=[metrics], guards=[signed_in], tags=["server"])
