"""PostgreSQL that does not answer: a connection that waits for no answer longer than it should.

The server's own `statement_timeout` ends what takes long; this is for a server that can end nothing any more, such as
one that was stopped or whose network is gone.
"""

import contextlib
import time
from collections.abc import Generator, Iterator
from typing import Any

import sqlalchemy
from psycopg import Connection, OperationalError

CONNECT_SECONDS = 5
STATEMENT_SECONDS = 15
SILENCE_SECONDS = 20.0
_UNHURRIED_SECONDS = 24 * 3600.0


class PatientConnection(Connection[Any]):
    """Raises OperationalError, and is closed, where the server is silent for too long."""

    silence = SILENCE_SECONDS

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        """What the server answers; every exchange with it passes here."""
        return super().wait(self._until(gen, time.monotonic() + self.silence), *args, **kwargs)

    def _until(self, gen: Generator[Any, Any, Any], end: float) -> Generator[Any, Any, Any]:
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() > end:
                    self.pgconn.finish()
                    raise OperationalError(f"the server did not answer within {self.silence:g} seconds")
                wanted = gen.send(ready)
        except StopIteration as done:
            return done.value


@contextlib.contextmanager
def unhurried(connection: sqlalchemy.Connection) -> Iterator[None]:
    """Within the block and its transaction a statement may take long, as an index of millions of rows does."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    patient = connection.connection.driver_connection
    if isinstance(patient, PatientConnection):
        patient.silence = _UNHURRIED_SECONDS
    try:
        yield
    finally:
        if isinstance(patient, PatientConnection):
            patient.silence = SILENCE_SECONDS
