"""From slugs to identifiers: tables, columns, what an engine cannot spell. Pure (reference: warehouse, 2.2)."""

import hashlib
from functools import lru_cache

from msgspec import Struct

from skywrite.events.names import schema_name, snake

__all__ = ["OWN_TABLES", "Spelling", "column_name", "schema_name", "snake", "table_name"]

OWN_TABLES = frozenset({"tracks", "identifies", "users", "groups", "accounts", "pages", "screens", "aliases"})
_HASH_DIGITS = 8


class Spelling(Struct, frozen=True):
    """What an engine can spell: the longest identifier in bytes, and its reserved words in lower case."""

    longest: int
    reserved: frozenset[str]


def table_name(event: str, spelling: Spelling) -> str:
    """The table of a track event of this name, or "" where it can have none.

    >>> table_name("Signed Up", Spelling(127, frozenset()))
    'signed_up'
    """
    slug = snake(event)
    if slug in OWN_TABLES:
        return f"_{slug}"
    return _identifier(slug, spelling)


@lru_cache(65_536)
def column_name(slug: str, spelling: Spelling) -> str:
    """The column of a property whose path has this slug, or "" where it can have none."""
    return _identifier(slug, spelling)


def _identifier(slug: str, spelling: Spelling) -> str:
    if slug[:1].isdigit() or slug in spelling.reserved:
        slug = f"_{slug}"
    if len(slug) <= spelling.longest:
        return slug
    # Always with the hash, so that a name never depends on which names came before it.
    digest = hashlib.sha256(slug.encode()).hexdigest()[:_HASH_DIGITS]
    return f"{slug[: spelling.longest - _HASH_DIGITS - 1]}_{digest}"
