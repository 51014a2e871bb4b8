"""The 128-bit hash by which an id is remembered."""

import xxhash

ID_BYTES = 16
NO_ID = bytes(ID_BYTES)


def id_hash(message_id: str) -> bytes:
    """16 bytes for a messageId. At 86 million ids a day two differing ones meet once in 10^22 days."""
    return xxhash.xxh3_128_digest(message_id.encode())
