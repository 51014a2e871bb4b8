"""The 128-bit hash by which a source's messageId is remembered."""

from collections.abc import Iterable
from functools import lru_cache

from xxhash import xxh3_64_intdigest, xxh3_128_digest

ID_BYTES = 16
NO_ID = bytes(ID_BYTES)


def id_hash(source_id: str, message_id: str | None) -> bytes:
    """16 bytes for a source's messageId, NO_ID where there is none. The same messageId of two sources is two ids.

    Else whoever guesses a server's messageIds could suppress its events with the public write key of a web page. At
    86 million ids a day two differing ones meet once in 10^22 days.
    """
    return xxh3_128_digest(message_id.encode(), _seed(source_id)) if message_id else NO_ID


def id_hashes(source_id: str, message_ids: Iterable[str | None]) -> bytes:
    """The hashes of several messageIds, one behind the other."""
    seed = _seed(source_id)
    return b"".join([xxh3_128_digest(each.encode(), seed) if each else NO_ID for each in message_ids])


@lru_cache(maxsize=1024)
def _seed(source_id: str) -> int:
    return xxh3_64_intdigest(source_id.encode())
