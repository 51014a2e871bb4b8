"""What DuckDB's errors mean for a load: the place is at fault, another process, or the rows."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from skywrite.warehouse.engines.base import Busy, Unwritable

_NOT_NOW = (duckdb.IOException, duckdb.OutOfMemoryException, OSError)
_WORDS_OF_THE_PLACE = (
    *("Could not write", "Could not sync", "Could not truncate", "Cannot open file", "No space left"),
    *("Operation not permitted", "Permission denied", "Read-only file system", "database has been invalidated"),
)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of the place as Busy or Unwritable, with a sentence; those of the rows as they are."""
    try:
        yield
    except Exception as error:
        if not is_of_the_place(error):
            raise
        if "lock" in str(error).lower() and "conflicting" in str(error).lower():
            raise Busy(
                f"Another program has {path.name} open; the load goes on when it is closed. {_holder(error)}"
            ) from error
        raise Unwritable(f"{path} can't be written now: {error}") from error


def is_of_the_place(error: BaseException) -> bool:
    """Whether an error comes from the place (disk, lock), not from the rows."""
    # A disk that fills up during a commit is told as a transaction that failed, and by what comes after it.
    return isinstance(error, _NOT_NOW) or (
        isinstance(error, duckdb.TransactionException | duckdb.FatalException)
        and any(words in str(error) for words in _WORDS_OF_THE_PLACE)
    )


def _holder(error: Exception) -> str:
    """The part of DuckDB's message that names the other process."""
    _, found, rest = str(error).partition("Conflicting lock is held in ")
    return f"It is {rest.split('. See')[0].strip()}." if found else ""
