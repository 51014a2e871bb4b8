"""The sources that were added: each call is one transaction, announced to every process."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row

from skywrite.kit.errors import Refused
from skywrite.kit.ids import new_id, random_word
from skywrite.kit.names import clean_name
from skywrite.kit.time import now_micros
from skywrite.sources import catalog, queries
from skywrite.sources.names import check_schema, schema_for
from skywrite.store.engine import Store

_KEY_LENGTH = 32
_HOUR = 3600 * 1_000_000
_LONGEST_GRACE_HOURS = 8760
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,62}")
_MOST_LABELS = 50


class StoredKey(Struct, frozen=True):
    """A usable write key; `expires_at` is set when it was rotated away."""

    key: str
    created_at: int
    expires_at: int | None


class StoredSource(Struct, frozen=True):
    """A source as it was set up; times are in µs."""

    id: str
    kind: str
    name: str
    schema: str
    enabled: bool
    labels: dict[str, str]
    created_at: int
    keys: list[StoredKey]  # the usable ones, newest first

    @property
    def write_keys(self) -> list[str]:
        """The keys alone."""
        return [key.key for key in self.keys]


class Sources:
    """Add, read and change sources; `ref` is a source's id or its schema."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._now = clock

    def add(self, kind: str, name: str, labels: Mapping[str, str] | None = None, schema: str = "") -> StoredSource:
        """A new source of the catalog's `kind`, with its first write key; its schema comes from its name.

        Raises Refused naming the field that is wrong.
        """
        catalog.source(kind)
        name = clean_name(name)
        kept = _checked_labels(labels or {})
        if schema:
            check_schema(schema)
        with self._store.write() as connection:
            self._store.announce(connection, queries.TOPIC)  # first, since who adds at the same time waits here
            source_id, now = new_id("src"), self._now()
            if schema and schema in connection.execute(queries.schemas_like(schema)).scalars().all():
                raise Refused(f"The schema {schema} belongs to another source.", where="schema", status=409)
            chosen = schema or self._free_schema(connection, name, source_id)
            connection.execute(
                queries.add_source(
                    id=source_id, kind=kind, name=name, schema=chosen, enabled=True, labels=kept, created_at=now
                )
            )
            connection.execute(queries.add_key(random_word(_KEY_LENGTH), source_id, now))
            return self._get(connection, source_id)

    def all(self) -> list[StoredSource]:
        """Every source, oldest first."""
        with self._store.read() as connection:
            return self._with_keys(connection, connection.execute(queries.live_sources()).all())

    def get(self, ref: str) -> StoredSource:
        """One source. Raises Refused (404) where there is none."""
        with self._store.read() as connection:
            return self._get(connection, ref)

    def change(
        self,
        ref: str,
        *,
        name: str | None = None,
        enabled: bool | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> StoredSource:
        """Change what is given; a new name leaves the schema as it is."""
        values: dict[str, Any] = {}
        if name is not None:
            values["name"] = clean_name(name)
        if enabled is not None:
            values["enabled"] = enabled
        if labels is not None:
            values["labels"] = _checked_labels(labels)
        with self._store.write() as connection:
            source = self._get(connection, ref)
            if values:
                connection.execute(queries.change_source(source.id, **values))
                self._store.announce(connection, queries.TOPIC)
            return self._get(connection, source.id)

    def remove(self, ref: str) -> StoredSource:
        """Take a source away. Its events stay where they are, and its schema is never used for another."""
        with self._store.write() as connection:
            source = self._get(connection, ref)
            connection.execute(queries.change_source(source.id, removed_at=self._now(), enabled=False))
            self._store.announce(connection, queries.TOPIC)
            return source

    def rotate(self, ref: str, grace_hours: float = 24.0) -> StoredSource:
        """A new key at once; the old ones work for `grace_hours` more, so that nothing is lost meanwhile."""
        if not 0 <= grace_hours <= _LONGEST_GRACE_HOURS:
            raise Refused(f"The grace must be 0 to {_LONGEST_GRACE_HOURS} hours.", where="grace_hours")
        with self._store.write() as connection:
            source = self._get(connection, ref)
            now = self._now()
            connection.execute(queries.expire_keys(source.id, now + int(grace_hours * _HOUR)))
            connection.execute(queries.add_key(random_word(_KEY_LENGTH), source.id, now))
            self._store.announce(connection, queries.TOPIC)
            return self._get(connection, source.id)

    def revoke(self, ref: str, key: str) -> StoredSource:
        """End one key at once. Raises Refused where it is not the source's, or its last one."""
        with self._store.write() as connection:
            source = self._get(connection, ref)
            if key not in source.write_keys:
                raise Refused(f"{source.name} has no write key {key[:40]!r}.", where="key", status=404)
            if len(source.keys) == 1:
                raise Refused(
                    "A source's last write key can't be ended: rotate it, or switch the source off.",
                    where="key",
                    status=409,
                )
            connection.execute(queries.drop_key(source.id, key))
            self._store.announce(connection, queries.TOPIC)
            return self._get(connection, source.id)

    def _free_schema(self, connection: Connection, name: str, source_id: str) -> str:
        first = schema_for(name, source_id, ())
        taken = set(connection.execute(queries.schemas_like(first)).scalars())
        return schema_for(name, source_id, taken)

    def _get(self, connection: Connection, ref: str) -> StoredSource:
        rows = connection.execute(queries.live_source(ref)).all() if "\x00" not in ref else []
        if not rows:
            raise Refused(f"There is no source {ref[:80]!r}.", where="source", status=404)
        return self._with_keys(connection, rows)[0]

    def _with_keys(self, connection: Connection, rows: Sequence[Row[Any]]) -> list[StoredSource]:
        keys: dict[str, list[StoredKey]] = {row.id: [] for row in rows}
        for row in connection.execute(queries.keys_of(list(keys), self._now())):
            keys[row.source_id].append(StoredKey(row.key, row.created_at, row.expires_at))
        return [
            StoredSource(row.id, row.kind, row.name, row.schema, row.enabled, row.labels, row.created_at, keys[row.id])
            for row in rows
        ]


def _checked_labels(labels: Mapping[str, str]) -> dict[str, str]:
    if len(labels) > _MOST_LABELS:
        raise Refused(f"A source takes at most {_MOST_LABELS} labels.", where="labels")
    for key, value in labels.items():
        if not _LABEL.fullmatch(key) or not _LABEL.fullmatch(value):
            raise Refused(
                f"The label {f'{key}={value}'[:80]!r} can't be used: key and value begin with a letter and hold "
                "letters, digits and hyphens only.",
                where="labels",
            )
    return dict(labels)
