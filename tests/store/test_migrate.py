import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from skywrite.kit.errors import SkywriteError
from skywrite.settings import Settings
from skywrite.store import contact_tables, mail_tables
from skywrite.store.engine import Store, open_store
from skywrite.store.migrate import VERSIONS, newest
from skywrite.store.tables import metadata

if TYPE_CHECKING:
    from tests.support.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Settings]:
    """A database without any table."""
    if request.param == "sqlite":
        yield settings
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.new_database()
    yield Settings(data=settings.data, database=postgres.url(name))
    postgres.drop(name)


def test_from_nothing_the_tables_are_those_of_the_code(empty: Settings) -> None:
    assert contact_tables.metadata is mail_tables.metadata is metadata
    store = open_store(empty)
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    store.close()


def test_processes_that_start_together_migrate_once(empty: Settings) -> None:
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda _: open_store(empty), range(4)))
    with stores[0].read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [(newest(),)]
    for store in stores:
        store.close()


def test_a_newer_store_is_left_alone(store: Store, store_settings: Settings) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29990101_0000'"))
    with pytest.raises(SkywriteError, match="newer Skywrite"):
        open_store(store_settings)


def test_migrations_are_named_by_date_and_time_and_form_one_line() -> None:
    names = sorted(path.stem for path in VERSIONS.glob("*.py"))
    previous: str | None = None
    for name in names:
        source = (VERSIONS / f"{name}.py").read_text()
        assert re.fullmatch(r"20\d{6}_\d{4}", name)
        assert f'revision = "{name}"' in source
        expected = f'"{previous}"' if previous else "None"
        assert f"down_revision = {expected}" in source
        previous = name
