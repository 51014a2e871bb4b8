import pytest

from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros
from skywrite.sources import queries, write_keys
from skywrite.sources.service import Sources
from skywrite.sources.write_keys import KnownKey, WriteKeys
from skywrite.store.engine import Store
from tests.support.postgres import Postgres


@pytest.fixture
def sources(store: Store) -> Sources:
    return Sources(store)


@pytest.fixture
def keys(store: Store) -> WriteKeys:
    return WriteKeys(store)


def test_a_key_gives_its_source(sources: Sources, keys: WriteKeys) -> None:
    added = sources.add("javascript", "Web")
    keys.refresh()
    assert keys.known(added.write_keys[0]) == KnownKey(added.id, "javascript", "web", True)


def test_it_reads_again_only_when_something_changed(sources: Sources, keys: WriteKeys) -> None:
    assert keys.refresh() is True
    assert keys.refresh() is False
    sources.add("python", "Web")
    assert keys.refresh() is True
    assert keys.refresh() is False


def test_switched_off_removed_and_rotated_keys_are_noticed(sources: Sources, keys: WriteKeys) -> None:
    key = sources.add("python", "Web").write_keys[0]
    keys.refresh()
    sources.change("web", enabled=False)
    keys.refresh()
    assert keys.known(key).enabled is False
    sources.change("web", enabled=True)
    sources.rotate("web", grace_hours=0)
    keys.refresh()
    assert keys.known(key) is None
    new = sources.get("web").write_keys[0]
    assert keys.known(new).enabled is True
    sources.remove("web")
    keys.refresh()
    assert keys.known(new) is None


def test_a_key_ends_by_itself_when_its_time_is_up(
    store: Store, sources: Sources, keys: WriteKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [now_micros()]
    monkeypatch.setattr(write_keys, "now_micros", lambda: now[0])
    added = sources.add("python", "Web")
    with store.write() as connection:  # nobody announces that time passes
        connection.execute(queries.expire_keys(added.id, now[0] + 1))
        store.announce(connection, queries.TOPIC)
    keys.refresh()
    assert keys.known(added.write_keys[0]) is not None
    assert not keys.refresh()
    now[0] += 1
    assert keys.refresh()
    assert keys.known(added.write_keys[0]) is None


def test_known_keys_work_on_while_the_store_is_away(postgres: Postgres, migrated: str, settings) -> None:
    from skywrite.settings import Settings
    from skywrite.store.engine import open_store

    name = postgres.new_database(like=migrated)
    store = open_store(Settings(data=settings.data, database=postgres.url(name)))
    keys = WriteKeys(store)
    key = Sources(store).add("python", "Web").write_keys[0]
    keys.refresh()
    postgres.drop(name)
    with pytest.raises(Later):
        keys.refresh()
    assert keys.known(key) is not None
    assert keys.known("unknown") is None
    store.close()
