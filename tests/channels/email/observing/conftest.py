"""An observer of one sent message, on each engine or on SQLite alone."""

import pytest

from tests.support.observing import Observing


@pytest.fixture
def observing(sqlite_store, tmp_path):
    """Clicks are decided at once."""
    made = Observing(sqlite_store, tmp_path)
    yield made
    made.close()


@pytest.fixture
def observing_anywhere(store, tmp_path):
    """The same on SQLite, then on PostgreSQL; clicks wait 15 s."""
    made = Observing(store, tmp_path, hold_seconds=15)
    yield made
    made.close()
