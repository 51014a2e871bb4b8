"""The API keys of the Segment Sync page: what an AutopilotHQ destination, ours or another's, calls with."""

import secrets
import threading
from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.contacts import queries
from skywrite.kit.errors import Refused
from skywrite.kit.ids import new_id
from skywrite.kit.time import now_micros
from skywrite.store.engine import Store, changes_version

TOPIC = "sync_keys"  # what is announced when a key changes
_HOUR = 3600 * 1_000_000
_LONGEST_GRACE_HOURS = 24 * 90
_KEY_BYTES = 16  # 32 hex characters, as Autopilot's keys have
REFUSED_KEY = "The API key is not one of the Segment Sync page: paste the one that it shows."


class SyncKey(Struct, frozen=True):
    """A key; times are in µs. One that was replaced works until `expires_at`."""

    id: str
    key: str
    created_at: int
    used_at: int | None
    expires_at: int | None


class SyncKeys:
    """Make, read and end keys: each call is one transaction, announced to every process."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._now = clock

    def all(self) -> list[SyncKey]:
        """Every key that works, newest first; the first is made when somebody asks for it."""
        now = self._now()
        with self._store.read() as connection:
            found = _working(connection, now)
        if found:
            return found
        with self._store.write() as connection:
            self._store.announce(connection, TOPIC)  # who comes second waits here, and finds the key of the first
            if not (found := _working(connection, now)):
                _add(connection, now)
                found = _working(connection, now)
            return found

    def regenerate(self, grace_hours: float = 24.0) -> list[SyncKey]:
        """A new key at once; the old ones work for `grace_hours` more. Raises Refused for a grace that is too long."""
        if not 0 <= grace_hours <= _LONGEST_GRACE_HOURS:
            raise Refused(f"The grace must be 0 to {_LONGEST_GRACE_HOURS} hours.", where="grace_hours")
        now = self._now()
        with self._store.write() as connection:
            connection.execute(queries.end_keys(now + int(grace_hours * _HOUR)))
            _add(connection, now)
            self._store.announce(connection, TOPIC)
            return _working(connection, now)

    def revoke(self, identifier: str) -> list[SyncKey]:
        """End one key at once; those that still work. Raises Refused (404) where there is none of this id."""
        now = self._now()
        with self._store.write() as connection:
            if not connection.execute(queries.end_keys(now, identifier)).rowcount:
                raise Refused("There is no such key.", where="key", status=404)
            self._store.announce(connection, TOPIC)
            return _working(connection, now)


def id_of(connection: Connection, key: str, now: int) -> str | None:
    """The id of a key that works at `now`, None where there is none of this text."""
    row = connection.execute(queries.working_key(key, now)).first() if "\0" not in key else None
    return row.id if row is not None else None


class KnownSyncKeys:
    """The keys in memory, so that a call is checked by one look into a dict; `refresh` reads them when they changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, SyncKey] = {}
        self._news = store.news()
        self._version = -1
        self._refreshing = threading.Lock()

    def known(self, key: str, now: int) -> str | None:
        """The id of a key that works, as of the last `refresh`."""
        found = self._known.get(key)
        return found.id if found is not None and (found.expires_at is None or found.expires_at > now) else None

    def refresh(self) -> None:
        """Read the keys again where any changed. Raises Later when the store cannot be reached."""
        with self._refreshing:
            if not self._news.any():
                return
            with self._store.read() as connection:
                version = changes_version(connection, TOPIC)
                if version != self._version:
                    self._known = {one.key: one for one in _working(connection, now_micros())}
                    self._version = version
            self._news.seen()


def _add(connection: Connection, now: int) -> None:
    connection.execute(queries.add_key(new_id("key"), secrets.token_hex(_KEY_BYTES), now))


def _working(connection: Connection, now: int) -> list[SyncKey]:
    return [
        SyncKey(row.id, row.key, row.created_at, row.used_at, row.expires_at)
        for row in connection.execute(queries.working_keys(now))
    ]
