"""The connection to the state store: SQLite in the data folder, or PostgreSQL. It knows no table but `changes`."""

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError, TimeoutError  # noqa: A004

from skywrite.kit.bell import Bell
from skywrite.kit.errors import Later, Refused, SkywriteError
from skywrite.kit.lock import Turnstile
from skywrite.settings import Settings
from skywrite.store.migrate import migrate
from skywrite.store.news import News, Stamps
from skywrite.store.tables import changes

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

_BUSY_MILLIS = 10_000
_POOL = {"pool_size": 5, "max_overflow": 60, "pool_timeout": 10}
_UNREACHABLE = (OperationalError, InterfaceError, TimeoutError)


class Store:
    """Transactions on the state store, and the bell that tells other processes of a change."""

    def __init__(self, engine: Engine, bell: Bell, turnstile: Turnstile | None) -> None:
        self.engine = engine
        self._reader = engine if turnstile else engine.execution_options(isolation_level="REPEATABLE READ")
        self._writer = engine.execution_options(skywrite_writes=True)
        self._bell = bell
        self._turnstile = turnstile  # where the engine's writers stand in line: a server sees to that itself
        self._stamps = Stamps(engine) if turnstile else None

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads, and sees one state of the store throughout.

        Raises Later when the store cannot be reached.
        """
        with _explained(), self._reader.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write, committed at the end of the block; SQLite's writers queue here.

        Raises Later when the store cannot be reached, is locked too long, or its disk is full.
        """
        with _explained():
            with self._turn(), self._writer.begin() as connection:
                yield connection
            if connection.get_execution_options().get("skywrite_announced"):
                self._bell.ring()

    def news(self) -> News:
        """Tells one reader whether to look. On PostgreSQL, which counts nothing of the kind, it always says so."""
        return News(self._stamps.now if self._stamps is not None else object)

    def announce(self, connection: Connection, topic: str) -> None:
        """Tell every process that `topic` changed, once the transaction of `connection` is committed."""
        row = insert(connection, changes).values(topic=topic, version=1)
        connection.execute(row.on_conflict_do_update(index_elements=["topic"], set_={"version": changes.c.version + 1}))
        connection.execution_options(skywrite_announced=True)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        self._bell.close()
        if self._turnstile is not None:
            self._turnstile.close()
        if self._stamps is not None:
            self._stamps.close()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if self._turnstile is None:
            yield
            return
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self._turnstile.turn())
            except Later as error:
                raise Later(f"The store can't be used just now: {error}.") from error
            yield


def open_store(settings: Settings) -> Store:
    """The store that `settings` names, with all its tables as this version wants them.

    Raises SkywriteError with what is wrong where it cannot be opened.
    """
    try:
        settings.run.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SkywriteError(
            f"The data folder {settings.data} can't be written to: {error.strerror}. "
            "Name another with --data, or mend its permissions."
        ) from error
    engine = _engine(settings)
    with contextlib.ExitStack() as undo:
        undo.callback(engine.dispose)
        try:
            migrate(engine, settings.run / "store.lock")
        except (DatabaseError, *_UNREACHABLE) as error:
            raise SkywriteError(
                f"The store at {engine.url.render_as_string(hide_password=True)} can't be opened: {_reason(error)}."
            ) from error
        undo.pop_all()
    embedded = engine.dialect.name == "sqlite"
    turnstile = Turnstile(settings.run / "store", _BUSY_MILLIS / 1000) if embedded else None
    return Store(engine, Bell(settings.run / "bell"), turnstile)


def changes_version(connection: Connection, *topics: str) -> int:
    """A number that grows whenever one of `topics` (or, without any, anything) is announced."""
    total = select(func.coalesce(func.sum(changes.c.version), 0))
    if topics:
        total = total.where(changes.c.topic.in_(topics))
    return int(connection.execute(total).scalar_one())


def insert(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that knows ON CONFLICT, whichever engine is below."""
    # Either is slow to import, and a process needs one of them.
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415

    return sqlite.insert(table)


def _engine(settings: Settings) -> Engine:
    unknown = Refused(
        "SKYWRITE_DATABASE must be an SQLAlchemy URL of PostgreSQL or SQLite, such as "
        "postgresql+psycopg://user:password@host/name.",
        where="database",
    )
    try:
        url = make_url(settings.store_url)
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername="postgresql+psycopg")
        remote = url.get_backend_name() == "postgresql"
        engine = create_engine(url, pool_pre_ping=remote, connect_args=_patience(url) if remote else {}, **_POOL)
    except (ArgumentError, ImportError) as error:
        raise unknown from error
    if engine.dialect.name not in ("sqlite", "postgresql"):
        raise unknown
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.driver == "psycopg":
        event.listen(engine, "do_connect", _connect_postgres)
    return engine


def _patience(url: URL) -> dict[str, Any]:
    """How long PostgreSQL may take, where the URL does not say it."""
    from skywrite.store.patience import CONNECT_SECONDS, STATEMENT_SECONDS  # noqa: PLC0415 - it imports psycopg

    limits = {"connect_timeout": CONNECT_SECONDS, "options": f"-c statement_timeout={STATEMENT_SECONDS}s"}
    return {name: value for name, value in limits.items() if name not in url.query}


def _connect_postgres(_dialect: Any, _record: Any, words: list[Any], named: dict[str, Any]) -> Any:
    from skywrite.store.patience import PatientConnection  # noqa: PLC0415

    return PatientConnection.connect(*words, **named)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says, not where the driver guesses
    for pragma in (
        f"busy_timeout = {_BUSY_MILLIS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "journal_size_limit = 67108864",  # a long reader lets the WAL grow: it gets small again after
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer may be refused at once, whatever the timeout: so a writer says so from the start.
    writes = connection.get_execution_options().get("skywrite_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except _UNREACHABLE as error:
        raise Later(f"The store can't be used just now: {_reason(error)}.") from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # its children are our mistakes; itself is a damaged file
            raise
        raise Later(f"The store can't be used: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
