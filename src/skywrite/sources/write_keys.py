"""The write keys of all sources in memory, so that the intake's hot path is one look into a dict."""

import threading

from msgspec import Struct

from skywrite.kit.time import now_micros
from skywrite.sources import queries
from skywrite.store.engine import Store, changes_version


class KnownKey(Struct, frozen=True):
    """What the intake must know of a write key's source."""

    source_id: str
    kind: str
    schema: str
    enabled: bool


class WriteKeys:
    """Whose key is it? Call `refresh` when the bell rings, each second, and before a key is called unknown."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, KnownKey] = {}
        self._news = store.news()
        self._version = -1
        self._next_expiry: int | None = None
        self._refreshing = threading.Lock()

    def known(self, key: str) -> KnownKey | None:
        """The source of a key, as of the last `refresh`: one look into a dict."""
        return self._known.get(key)

    def refresh(self) -> bool:
        """Read the keys again if any source or key changed, or a key's time ran out; whether they were read.

        Raises Later when the store cannot be reached; what was known stays known.
        """
        with self._refreshing:
            now = now_micros()
            expired = self._next_expiry is not None and self._next_expiry <= now
            if not self._news.any() and not expired:
                return False
            is_read = self._read(now, expired=expired)
            self._news.seen()
            return is_read

    def _read(self, now: int, *, expired: bool) -> bool:
        with self._store.read() as connection:
            version = changes_version(connection, queries.TOPIC)
            if version == self._version and not expired:
                return False
            rows = connection.execute(queries.usable_keys(now)).all()
            self._known = {row.key: KnownKey(row.source_id, row.kind, row.schema, row.enabled) for row in rows}
            self._next_expiry = min((row.expires_at for row in rows if row.expires_at is not None), default=None)
            self._version = version
            return True
