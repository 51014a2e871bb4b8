"""Who asks for news before reading misses no commit, and reads nothing for nothing."""

from contextlib import closing

from skywrite.settings import Settings
from skywrite.store.engine import Store, open_store
from skywrite.store.tables import meta


def _write(store: Store, name: str = "a") -> None:
    with store.write() as connection:
        connection.execute(meta.insert().values(name=name, value="1"))


def test_what_is_committed_is_news_until_it_was_seen(store: Store) -> None:
    news = store.news()
    assert news.any()
    news.seen()
    _write(store)
    assert news.any()
    assert news.any()  # nobody said that it was taken in
    news.seen()
    _write(store, "b")
    assert news.any()


def test_what_comes_between_the_question_and_its_end_is_news_still(store: Store) -> None:
    news = store.news()
    assert news.any()
    _write(store)
    news.seen()
    assert news.any()


def test_a_commit_of_another_process_is_news(store: Store, store_settings: Settings) -> None:
    news = store.news()
    assert news.any()
    news.seen()
    with closing(open_store(store_settings)) as other:
        _write(other)
    assert news.any()


def test_each_reader_has_its_own(store: Store) -> None:
    first, second = store.news(), store.news()
    assert first.any()
    first.seen()
    assert second.any()


def test_reading_and_what_is_undone_are_no_news(sqlite_store: Store) -> None:
    news = sqlite_store.news()
    assert news.any()
    news.seen()
    with sqlite_store.read() as connection:
        connection.execute(meta.select()).all()
    with sqlite_store.write() as connection:
        connection.execute(meta.insert().values(name="a", value="1"))
        connection.rollback()
    assert not news.any()


def test_a_store_that_cannot_be_asked_may_have_news(sqlite_store: Store) -> None:
    news = sqlite_store.news()
    assert news.any()
    news.seen()
    assert not news.any()
    sqlite_store.close()
    assert news.any()
    news.seen()
    assert news.any()
