"""What every room's tests may ask for: settings on a folder of their own, and a store on each engine."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from skywrite.settings import Settings
from skywrite.store.engine import Store, open_store
from tests.support.postgres import Postgres, running_postgres

# One run tries what the last one did, however slow the machine is; `--hypothesis-profile search` tries what it likes.
_PATIENTLY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis_settings.register_profile("steady", derandomize=True, **_PATIENTLY)
hypothesis_settings.register_profile("search", derandomize=False, **_PATIENTLY)
hypothesis_settings.load_profile("steady")


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """Logs that a command in this process has set up end with its test, as the stream does that they go to."""
    before, level = logging.root.handlers[:], logging.root.level
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        logging.root.handlers[:], logging.root.level = before, level


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose data is in a folder of this test."""
    return Settings(data=tmp_path / "data")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this run."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database that holds Skywrite's empty tables, to be copied."""
    name = postgres.new_database()
    open_store(Settings(data=tmp_path_factory.mktemp("migrated"), database=postgres.url(name))).close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def store_settings(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Settings]:
    """Settings of a store on SQLite, then of one on PostgreSQL."""
    if request.param == "sqlite":
        yield settings
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.new_database(like=request.getfixturevalue("migrated"))
    yield Settings(data=settings.data, database=postgres.url(name))
    postgres.drop(name)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that holds Skywrite's empty tables, to be copied: to make them takes ten times as long."""
    settings = Settings(data=tmp_path_factory.mktemp("migrated") / "data")
    open_store(settings).close()
    return settings.data / "skywrite.db"


@pytest.fixture
def store(request: pytest.FixtureRequest, store_settings: Settings) -> Iterator[Store]:
    """An open store without rows, on SQLite and then on PostgreSQL."""
    if not store_settings.database:
        _copied(request.getfixturevalue("migrated_file"), store_settings)
    opened = open_store(store_settings)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(settings: Settings, migrated_file: Path) -> Iterator[Store]:
    """An open store without rows on SQLite alone, for tests that are not about the store."""
    _copied(migrated_file, settings)
    opened = open_store(settings)
    yield opened
    opened.close()


def _copied(migrated_file: Path, settings: Settings) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
    shutil.copy(migrated_file, settings.data / "skywrite.db")
