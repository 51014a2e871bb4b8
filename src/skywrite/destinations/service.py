"""The destinations that were added: each call is one transaction, announced to every process.

A new destination, and one that is switched on again, begins at the log's present head: it gets what comes from then
on, and nothing that came before. One that is off receives nothing and nothing is queued for it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row

from skywrite.destinations import catalog, queries
from skywrite.destinations.base import Destination
from skywrite.kit.addresses import check_literal
from skywrite.kit.errors import Refused
from skywrite.kit.fields import as_json
from skywrite.kit.http import origin_of
from skywrite.kit.ids import new_id
from skywrite.kit.names import clean_name
from skywrite.kit.time import now_micros
from skywrite.pipeline import delivery_queries
from skywrite.pipeline.cursors import drop_cursor, start_cursor
from skywrite.pipeline.route import Route
from skywrite.store.engine import Store

SAMPLE_EVENT: dict[str, Any] = {
    "type": "track",
    "event": "Skywrite Test",
    "messageId": "skywrite-test",
    "userId": "skywrite-test",
    "properties": {"from": "Skywrite"},
    "context": {},
    "integrations": {},
    "timestamp": "2026-01-01T00:00:00.000Z",
    "originalTimestamp": "2026-01-01T00:00:00.000Z",
    "receivedAt": "2026-01-01T00:00:00.000Z",
    "version": 2,
}


class StoredDestination(Struct, frozen=True):
    """A destination as it was set up, without its secrets; times are in µs."""

    id: str
    kind: str
    name: str
    enabled: bool
    settings: dict[str, Any]  # a secret is there as None
    secrets_set: list[str]  # the names of those that have a value
    sources: list[str]  # source ids
    created_at: int


class Destinations:
    """Add, read and change destinations; `ref` is a destination's id or its name. `head` tells the log's head."""

    def __init__(
        self,
        store: Store,
        head: Callable[[], int],
        *,
        allow_private: bool = False,
        clock: Callable[[], int] = now_micros,
    ) -> None:
        self._store = store
        self._head = head
        self._allow_private = allow_private
        self._now = clock

    def add(
        self,
        kind: str,
        name: str,
        sources: Sequence[str],
        settings: Mapping[str, Any] | None = None,
        *,
        enabled: bool = True,
    ) -> StoredDestination:
        """A new destination of the catalog's `kind`, connected to sources named by id or schema.

        Raises Refused naming the field that is wrong.
        """
        stored = self._checked(kind, settings or {})
        name, head, now, identifier = clean_name(name), self._head(), self._now(), new_id("dst")
        with self._store.write() as connection:
            self._check_free(connection, name, identifier)
            connection.execute(
                queries.add(id=identifier, kind=kind, name=name, enabled=enabled, settings=stored, created_at=now)
            )
            queries.set_sources(connection, identifier, _source_ids(connection, sources))
            if enabled:
                start_cursor(connection, f"destination:{identifier}", head, now)
            self._store.announce(connection, queries.TOPIC)
            return self._get(connection, identifier)

    def all(self) -> list[StoredDestination]:
        """Every destination, oldest first."""
        with self._store.read() as connection:
            links = _links(connection)
            return [_shown(row, links.get(row.id, [])) for row in connection.execute(queries.live())]

    def get(self, ref: str) -> StoredDestination:
        """One destination. Raises Refused (404) where there is none."""
        with self._store.read() as connection:
            return self._get(connection, ref)

    def change(
        self,
        ref: str,
        *,
        name: str | None = None,
        enabled: bool | None = None,
        sources: Sequence[str] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> StoredDestination:
        """Change what is given. Of `settings` only the named ones change, and None forgets one."""
        head = self._head()
        with self._store.write() as connection:
            row = self._row(connection, ref)
            values: dict[str, Any] = {}
            if name is not None:
                values["name"] = clean_name(name)
                self._check_free(connection, values["name"], row.id)
            if settings is not None:
                values["settings"] = self._checked(row.kind, row.settings | dict(settings))
            is_switched = enabled is not None and enabled != row.enabled
            if is_switched:
                values["enabled"] = enabled
            if values:
                connection.execute(queries.change(row.id, **values))
            if is_switched:  # after the row itself: a delivery, too, locks that one first
                self._switch(connection, row.id, head, on=bool(enabled))
            if sources is not None:
                queries.set_sources(connection, row.id, _source_ids(connection, sources))
            self._store.announce(connection, queries.TOPIC)
            return self._get(connection, row.id)

    def enable(self, ref: str) -> StoredDestination:
        """Switch it on: it gets what comes from now on."""
        return self.change(ref, enabled=True)

    def disable(self, ref: str) -> StoredDestination:
        """Switch it off: it gets nothing, and nothing is queued; what already waits for a retry goes on waiting."""
        return self.change(ref, enabled=False)

    def remove(self, ref: str) -> StoredDestination:
        """Take it away, with what waits for it and its dead letters."""
        with self._store.write() as connection:
            found = self._get(connection, ref)
            # The settings go at once: they may hold secrets.
            connection.execute(queries.change(found.id, removed_at=self._now(), enabled=False, settings={}))
            connection.execute(queries.unlink(found.id))
            delivery_queries.forget(connection, found.id)
            self._store.announce(connection, queries.TOPIC)
            return found

    def reveal(self, ref: str, setting: str) -> str:
        """A secret's value, for a person who may see it. Raises Refused where there is no such secret."""
        with self._store.read() as connection:
            row = self._row(connection, ref)
        if setting not in catalog.destination(row.kind).secrets() or not row.settings.get(setting):
            raise Refused(f"{row.name} has no secret {setting[:60]!r}.", where=setting[:60], status=404)
        return str(row.settings[setting])

    def open(self, ref: str) -> Destination[Any]:
        """The configured destination, to make a request of a test event with."""
        with self._store.read() as connection:
            row = self._row(connection, ref)
        return catalog.destination(row.kind).configured(row.settings)

    # ---- within a transaction ----

    def _checked(self, kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings as they are to be stored; one that can't work is refused."""
        found = catalog.destination(kind)
        target = found.configured(settings)
        completed = found.completed(target.settings)
        if found.is_local:
            return as_json(completed)
        url = found(completed).request([SAMPLE_EVENT], 0).url
        try:
            check_literal(origin_of(url).host, allow_private=self._allow_private)
        except Refused as error:
            raise Refused(str(error), where=_field_of(target.settings, url)) from None
        return as_json(completed)

    def _switch(self, connection: Connection, identifier: str, head: int, *, on: bool) -> None:
        follower = f"destination:{identifier}"
        connection.execute(delivery_queries.drop_state(identifier))
        if on:
            start_cursor(connection, follower, head, self._now())
        else:
            connection.execute(drop_cursor(follower))  # it holds back nothing in the log

    def _check_free(self, connection: Connection, name: str, identifier: str) -> None:
        others = connection.execute(queries.live_one(name)).all()
        if any(row.id != identifier for row in others):
            raise Refused(f"There is a destination of the name {name!r} already.", where="name", status=409)

    def _row(self, connection: Connection, ref: str) -> Row[Any]:
        rows = connection.execute(queries.live_one(ref)).all() if "\x00" not in ref else []
        if not rows:
            raise Refused(f"There is no destination {ref[:80]!r}.", where="destination", status=404)
        return rows[0]

    def _get(self, connection: Connection, ref: str) -> StoredDestination:
        row = self._row(connection, ref)
        links = connection.execute(queries.links_of(row.id))
        return _shown(row, [link.source_id for link in links])


def routes(store: Store) -> list[Route]:
    """Every enabled destination as delivery wants it; one whose settings are refused says why."""
    with store.read() as connection:
        links = _links(connection)
        rows = connection.execute(queries.live()).all()
    return [_route(row, links.get(row.id, [])) for row in rows if row.enabled]


def _route(row: Row[Any], source_ids: list[str]) -> Route:
    shown = msgspec.json.encode(row.settings, order="sorted").decode()
    target, problem = None, ""
    try:
        target = catalog.destination(row.kind).configured(row.settings)
    except Refused as error:
        problem = f"Its settings can't be used: {error}"
    is_local = target is not None and target.is_local
    return Route(row.id, row.name, row.kind, shown, frozenset(source_ids), target, problem, is_local)


def _links(connection: Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in connection.execute(queries.links()):
        found.setdefault(link.destination_id, []).append(link.source_id)
    return found


def _shown(row: Row[Any], source_ids: list[str]) -> StoredDestination:
    kind = catalog.destinations().get(row.kind)
    secrets = kind.secrets() if kind is not None else list(row.settings)
    settings = {name: None if name in secrets else value for name, value in row.settings.items()}
    set_now = [name for name in secrets if row.settings.get(name)]
    return StoredDestination(row.id, row.kind, row.name, row.enabled, settings, set_now, source_ids, row.created_at)


def _source_ids(connection: Connection, refs: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for ref in refs:
        identifier = connection.execute(queries.source_by(ref)).scalar() if "\x00" not in ref else None
        if identifier is None:
            raise Refused(f"There is no source {ref[:80]!r}.", where="sources", status=404)
        found[identifier] = None
    if not found:
        raise Refused("Name at least one source that it gets events of.", where="sources")
    return list(found)


def _field_of(settings: Struct, url: str) -> str:
    """The setting that an address came from."""
    values = msgspec.structs.asdict(settings)
    return next((name for name, value in values.items() if value == url), "settings")
