"""What is wrong with a template: an error stops it from being published, a warning is for its author to weigh."""

from msgspec import Struct


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong, and where."""

    level: str  # error, warning
    code: str
    message: str  # a sentence
    field: str = "body"  # of the template
    line: int | None = None  # of that field, from 1
