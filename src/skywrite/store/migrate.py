"""Brings a store's tables to what this version of Skywrite wants. Migrations are named by date and time."""

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from skywrite.kit.errors import SkywriteError

VERSIONS = Path(__file__).parent / "migrations" / "versions"
_ADVISORY_LOCK = 0x5C1_3317E  # any number that no other program on the same database takes
_LOOK_SECONDS = 0.05


def newest() -> str:
    """The name of the last migration that ships with this version."""
    return max(path.stem for path in VERSIONS.glob("[0-9]*.py"))


def migrate(engine: Engine, lock: Path) -> None:
    """Run the migrations that `engine`'s database has not had; processes that start together take turns.

    Raises SkywriteError where the database belongs to a newer Skywrite.
    """
    with engine.connect() as connection:
        if _present(connection) == newest():
            return
    with _alone(engine, lock), engine.execution_options(skywrite_writes=True).begin() as connection:
        present = _present(connection)
        if present is not None and present > newest():
            raise SkywriteError(
                f"The store was written by a newer Skywrite (its tables are of {present}, this one knows "
                f"{newest()}); start that version, or a copy of the data from before."
            )
        if present != newest():
            with _unhurried(connection):
                _upgrade(connection)


def _present(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _unhurried(connection: Connection) -> contextlib.AbstractContextManager[None]:
    if connection.dialect.name != "postgresql":
        return contextlib.nullcontext()
    from skywrite.store.patience import unhurried  # noqa: PLC0415 - it imports psycopg

    return unhurried(connection)


def _upgrade(connection: Connection) -> None:
    # Alembic takes longer to import than all else here together, and nearly every start has nothing to migrate.
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory(str(VERSIONS.parent), version_locations=[str(VERSIONS)])

    def steps(revision: Any, _context: Any) -> list[Any]:
        return scripts._upgrade_revs("head", revision)  # noqa: SLF001  # as alembic.command.upgrade does

    with EnvironmentContext(Config(), scripts, fn=steps) as context:
        context.configure(connection=connection)
        context.run_migrations()


@contextlib.contextmanager
def _alone(engine: Engine, lock: Path) -> Iterator[None]:
    with lock.open("w") as file, contextlib.ExitStack() as stack:
        fcntl.flock(file, fcntl.LOCK_EX)
        if engine.dialect.name == "postgresql":  # other machines may start on it too
            connection = stack.enter_context(engine.connect())
            # Asked for again and again, as waiting in the server would be ended by the statement's timeout.
            while not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_LOCK}).scalar():
                time.sleep(_LOOK_SECONDS)
            stack.callback(connection.invalidate)  # ends its session, and with it the lock
        yield
