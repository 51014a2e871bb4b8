"""Segment's naming routine: how a name that a person chose becomes a word of SQL. Pure, and quick by a cache."""

import re
from functools import lru_cache

# Segment states it over bytes: the non-empty greedy matches of [A-Z0-9]*[a-z0-9]*. A character that is not ASCII has
# only bytes that separate, so characters give the same words.
_WORDS = re.compile(r"[A-Z0-9]+[a-z0-9]*|[a-z][a-z0-9]*").findall
_CACHED = 65_536
_LONGEST_CACHED = 200  # a name without bound must not fill the cache's memory


def snake(name: str) -> str:
    """`name` as Segment's warehouses spell it: `Signed Up` is `signed_up`; "" where it has no ASCII letter or digit.

    Source: reference/segment/3-warehouse.md, section 2.1.
    """
    return _cached(name) if len(name) <= _LONGEST_CACHED else _snake(name)


def _snake(name: str) -> str:
    return "_".join(_WORDS(name)).lower()


_cached = lru_cache(_CACHED)(_snake)


def schema_name(name: str) -> str:
    """The schema of a source of this name, or "" where the name has no letter or digit.

    A leading digit gets `_` before it, as Segment does on Redshift. Source: the same page, 2.2.
    """
    slug = snake(name)
    return f"_{slug}" if slug[:1].isdigit() else slug
