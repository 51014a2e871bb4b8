import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from skywrite.kit.bell import Listener
from skywrite.kit.errors import Later, Refused, SkywriteError
from skywrite.settings import Settings
from skywrite.store.engine import Store, changes_version, insert, open_store
from skywrite.store.patience import PatientConnection
from skywrite.store.tables import cursors, meta, schema_events, sources, write_keys
from tests.support.postgres import Postgres


def _fail_after(_result: object) -> None:
    raise ZeroDivisionError


def _count(store: Store, table) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _write_meta(store: Store) -> None:
    with store.write() as connection:
        connection.execute(meta.insert().values(name="a", value="1"))


class TestTransactions:
    def test_what_is_written_is_there_for_a_new_store(self, store: Store, store_settings: Settings) -> None:
        with store.write() as connection:
            connection.execute(meta.insert().values(name="a", value="1"))
        again = open_store(store_settings)
        assert _count(again, meta) == 1
        again.close()

    def test_an_error_undoes_the_whole_block(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.write() as connection:
            _fail_after(connection.execute(meta.insert().values(name="a", value="1")))
        assert _count(store, meta) == 0

    def test_a_reader_sees_one_state_throughout(self, store: Store) -> None:
        with store.read() as connection:
            count = select(func.count()).select_from(meta)
            assert connection.execute(count).scalar_one() == 0
            with ThreadPoolExecutor(1) as thread:
                thread.submit(_write_meta, store).result()
            assert connection.execute(count).scalar_one() == 0
        assert _count(store, meta) == 1

    def test_writers_in_many_threads_lose_nothing(self, store: Store) -> None:
        with store.write() as connection:
            connection.execute(cursors.insert().values(follower="f", partition=0, position=0, updated_at=0))

        def count_up(_: int) -> None:
            with store.write() as connection:
                row = select(cursors.c.position).where(cursors.c.follower == "f").with_for_update()
                position = connection.execute(row).scalar_one()
                connection.execute(cursors.update().values(position=position + 1))

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(count_up, range(40)))
        with store.read() as connection:
            assert connection.execute(select(cursors.c.position)).scalar_one() == 40

    def test_a_row_must_name_what_exists(self, store: Store) -> None:
        from sqlalchemy.exc import IntegrityError

        with pytest.raises(IntegrityError), store.write() as connection:
            connection.execute(write_keys.insert().values(key="k", source_id="none", created_at=0))

    def test_insert_knows_conflicts(self, store: Store) -> None:
        with store.write() as connection:
            for value in ("1", "2"):
                row = insert(connection, meta).values(name="a", value=value)
                connection.execute(
                    row.on_conflict_do_update(index_elements=["name"], set_={"value": row.excluded.value})
                )
        with store.read() as connection:
            assert connection.execute(select(meta.c.value)).scalar_one() == "2"


class TestAnnounce:
    def test_it_counts_up_by_topic(self, store: Store) -> None:
        with store.write() as connection:
            store.announce(connection, "sources")
            store.announce(connection, "sources")
            store.announce(connection, "destinations")
        with store.read() as connection:
            assert changes_version(connection, "sources") == 2
            assert changes_version(connection) == 3
            assert changes_version(connection, "unheard of") == 0

    def test_the_bell_rings_after_the_commit(self, store: Store, store_settings: Settings) -> None:
        listener = Listener(store_settings.run / "bell", "test")
        with store.write() as connection:
            store.announce(connection, "sources")
            assert not listener.wait(0)
        assert listener.wait(0)
        listener.close()

    def test_the_bell_is_silent_without_a_change_and_after_an_error(
        self, store: Store, store_settings: Settings
    ) -> None:
        listener = Listener(store_settings.run / "bell", "test")
        with store.write() as connection:
            connection.execute(meta.insert().values(name="a", value="1"))
        with pytest.raises(ZeroDivisionError), store.write() as connection:
            _fail_after(store.announce(connection, "sources"))
        with store.write() as connection:
            connection.execute(meta.insert().values(name="b", value="1"))
        assert not listener.wait(0)
        with store.read() as connection:
            assert changes_version(connection) == 0
        listener.close()


class TestText:
    @pytest.mark.parametrize("value", ["NUL \x00 here", "half \ud800 pair", "", "🦆", "x" * 200_000])
    def test_any_text_is_kept(self, store: Store, value: str) -> None:
        with store.write() as connection:
            connection.execute(meta.insert().values(name="a", value=value))
        with store.read() as connection:
            kept = connection.execute(select(meta.c.value)).scalar_one()
        assert kept == value.replace("\x00", "␀").replace("\ud800", "\ufffd")

    def test_long_keys_are_told_apart_and_found_again(self, store: Store) -> None:
        names = ["é" * 20_000 + end for end in ("a", "b")]
        row = {"source_id": "s", "type": "track", "first_seen": 0, "last_seen": 0, "count": 1}
        with store.write() as connection:
            connection.execute(schema_events.insert(), [row | {"event": name} for name in names])
        with store.read() as connection:
            found = connection.execute(
                select(func.count()).select_from(schema_events).where(schema_events.c.event == names[0])
            )
            assert found.scalar_one() == 1


class TestTrouble:
    def test_sqlite_is_durable_and_shared(self, sqlite_store: Store) -> None:
        with sqlite_store.read() as connection:
            found = {
                name: connection.execute(text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}

    def test_readers_go_on_while_one_writes(self, sqlite_store: Store) -> None:
        with sqlite_store.write() as connection:
            connection.execute(meta.insert().values(name="a", value="1"))
            assert _count(sqlite_store, meta) == 0

    def test_a_lost_connection_is_made_again(self, postgres: Postgres, migrated: str, settings: Settings) -> None:
        name = postgres.new_database(like=migrated)
        store = open_store(Settings(data=settings.data, database=postgres.url(name)))
        assert _count(store, meta) == 0
        postgres.disconnect_all(name)
        assert _count(store, meta) == 0

        def cut_off() -> None:
            with store.read() as connection:
                postgres.disconnect_all(name)
                connection.execute(select(meta))

        with pytest.raises(Later, match="store can't be used just now"):
            cut_off()
        store.close()
        postgres.drop(name)

    def test_a_server_that_falls_silent_is_given_up(
        self, postgres: Postgres, migrated: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        name = postgres.new_database(like=migrated)
        store = open_store(Settings(data=settings.data, database=postgres.url(name) + "?connect_timeout=2"))
        assert _count(store, meta) == 0

        def while_silent() -> None:
            with postgres.silent():
                _count(store, meta)  # the connection at hand is silent, and so is each new one

        def fall_silent() -> None:
            with store.read() as connection, postgres.silent():
                connection.execute(select(meta))

        for asked, said in ((while_silent, "store can't be used just now"), (fall_silent, "did not answer")):
            with monkeypatch.context() as hasty:
                hasty.setattr(PatientConnection, "silence", 0.5)
                with pytest.raises(Later, match=said):
                    asked()
            assert _count(store, meta) == 0
        store.close()
        postgres.drop(name)

    def test_what_takes_too_long_is_ended_by_the_server(
        self, postgres: Postgres, migrated: str, settings: Settings
    ) -> None:
        store = open_store(Settings(data=settings.data, database=postgres.url(migrated)))
        with store.read() as connection:
            assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "15s"
        store.close()
        url = postgres.url(migrated) + "?options=-c%20statement_timeout%3D50ms"
        store = open_store(Settings(data=settings.data, database=url))
        with pytest.raises(Later, match="statement timeout"), store.read() as connection:
            connection.execute(text("SELECT pg_sleep(20)"))
        store.close()

    def test_a_missing_server_is_explained(self, settings: Settings) -> None:
        wrong = Settings(data=settings.data, database="postgresql://u:secret@127.0.0.1:1/none")
        with pytest.raises(SkywriteError, match="can't be opened") as raised:
            open_store(wrong)
        assert "secret" not in str(raised.value)

    @pytest.mark.parametrize("url", ["mysql://root@localhost/x", "nonsense", "oracle+nothing://x"])
    def test_other_databases_are_refused(self, settings: Settings, url: str) -> None:
        with pytest.raises(Refused, match="PostgreSQL or SQLite"):
            open_store(Settings(data=settings.data, database=url))

    def test_a_folder_that_is_a_file_is_explained(self, settings: Settings) -> None:
        settings.data.write_text("in the way")
        with pytest.raises(SkywriteError, match="can't be written to"):
            open_store(settings)

    def test_a_file_that_is_no_database_is_explained(self, settings: Settings) -> None:
        settings.run.mkdir(parents=True)
        (settings.data / "skywrite.db").write_text("not a database, but long enough to be looked at as one" * 99)
        with pytest.raises(SkywriteError, match="not a database"):
            open_store(settings)


class TestSeveralAtOnce:
    def test_all_open_an_empty_store_at_once(self, store_settings: Settings) -> None:
        together = threading.Barrier(6)

        def open_it(_: int) -> int:
            together.wait()
            opened = open_store(store_settings)
            found = _count(opened, sources)
            opened.close()
            return found

        with ThreadPoolExecutor(6) as threads:
            assert list(threads.map(open_it, range(6))) == [0] * 6
