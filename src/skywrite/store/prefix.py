"""A text that begins with another, so that every engine finds it by its index."""

from typing import Any

from sqlalchemy import ColumnElement, Dialect, and_

_LAST = chr(0x10FFFF)


def begins(column: ColumnElement[Any], prefix: str, dialect: Dialect) -> ColumnElement[bool]:
    """Whether `column` begins with `prefix`, upper and lower case told apart.

    SQLite's LIKE uses no index, so there it is a range of the binary order; PostgreSQL's order is the locale's, so
    there it is LIKE, with an index of `text_pattern_ops`.
    """
    if dialect.name == "postgresql":
        return column.startswith(prefix, autoescape=True)
    return and_(column >= prefix, column < prefix + _LAST)
