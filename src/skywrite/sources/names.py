"""How a source's name gives the name of its schema in the warehouse. Pure."""

import re
from collections.abc import Collection

from skywrite.kit.errors import Refused
from skywrite.kit.sql_words import RESERVED as SQL_WORDS

_LONGEST = 60  # identifiers of 63 bytes fit everywhere, and a number may follow
# Schemas and catalogs that an engine has already; the last two are what it calls our file, and one without a file.
_RESERVED = frozenset({"main", "temp", "system", "information_schema", "pg_catalog", "_", "warehouse", "memory"})
_WRITTEN_OUT = re.compile(r"[a-z_][a-z0-9_]*")


def schema_for(name: str, source_id: str, taken: Collection[str]) -> str:
    """The schema of a new source: `AutopilotHQ` gives `autopilothq`; one that is taken gets `_2`, `_3`...

    Lowercase letters, digits and underscores; blanks and hyphens become one underscore, all else is dropped, and a
    word of SQL gets an underscore before it (reference: segment/2-spec-and-sources.md, section 4, names).
    """
    words = re.sub(r"[\s_-]+", "_", name.strip().lower())
    schema = re.sub(r"[^a-z0-9_]", "", words).strip("_")[:_LONGEST].rstrip("_")
    if not schema:
        schema = f"source_{source_id.rpartition('_')[2].lower()}"
    if schema[0].isdigit() or schema in SQL_WORDS:
        schema = f"_{schema}"[:_LONGEST].rstrip("_")
    if is_reserved(schema):
        schema = f"source_{schema.lstrip('_')}"[:_LONGEST].rstrip("_")
    return _free(schema, taken)


def check_schema(schema: str) -> None:
    """Raises Refused where a schema name that somebody wrote out cannot be one."""
    if not _WRITTEN_OUT.fullmatch(schema) or len(schema) > _LONGEST:
        raise Refused(
            f"The schema {schema[:80]!r} can't be used: it takes lowercase letters, digits and underscores, "
            f"begins with no digit, and is at most {_LONGEST} long.",
            where="schema",
        )
    if is_reserved(schema):
        raise Refused(f"The schema {schema!r} is the warehouse's own; choose another.", where="schema")
    if schema in SQL_WORDS:
        raise Refused(f"The schema {schema!r} is a word of SQL; '_{schema}' would do.", where="schema")


def is_reserved(schema: str) -> bool:
    """Whether a warehouse keeps this name for itself."""
    return schema in _RESERVED or schema.startswith(("_skywrite", "pg_"))


def _free(schema: str, taken: Collection[str]) -> str:
    number = 1
    candidate = schema
    while candidate in taken:
        number += 1
        candidate = f"{schema}_{number}"
    return candidate
