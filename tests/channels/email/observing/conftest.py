"""An observer of one sent message, on each engine or on SQLite alone."""

import pytest

from skywrite.settings import Settings
from skywrite.store.engine import open_store
from tests.support.observing import Observing


@pytest.fixture(scope="module")
def shared_observing(shared_store, tmp_path_factory):
    """The observer of a module's tests."""
    made = Observing(shared_store, tmp_path_factory.mktemp("observing"))
    yield made
    made.close()


@pytest.fixture
def observing(shared_observing):
    """A message of whom nothing was observed, and its observer; clicks are decided at once."""
    shared_observing.begin()
    return shared_observing


@pytest.fixture
def observing_anywhere(store, tmp_path):
    """The same on SQLite, then on PostgreSQL; clicks wait 15 s."""
    made = Observing(store, tmp_path, hold_seconds=15)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_settings(tmp_path_factory):
    """The settings of `shared_store`."""
    return Settings(data=tmp_path_factory.mktemp("shared") / "data")


@pytest.fixture(scope="module")
def shared_store(shared_settings):
    """One store on SQLite for the tests of a module, which write to it what does not disturb the others."""
    opened = open_store(shared_settings)
    yield opened
    opened.close()
