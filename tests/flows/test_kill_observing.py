"""kill -9 of who takes hits and who observes them, under a stream: what was answered is never lost, and counts once."""

import contextlib
import http.client
import threading
import time
from collections import Counter

import pytest
from sqlalchemy import select

from skywrite.channels.email.settings.service import EmailChannel
from skywrite.channels.email.tokens import Purpose, StoredTokens
from skywrite.settings import Settings
from skywrite.store.contact_tables import activities
from skywrite.store.engine import open_store
from tests.support.observing import add_contact, add_message
from tests.support.skywrite import Skywrite

pytestmark = pytest.mark.flow
_MESSAGES = 400
_READERS = 4
_KILLS = {40: "web", 90: "observing", 140: "web", 190: "observing", 200: "web"}  # after so many answers
_PERSON = {"User-Agent": "Mozilla/5.0 (Macintosh) Version/17.4 Safari/605.1.15"}
_TARGET = "https://example.com/there"
_OPENED, _CLICKED = "Email Opened", "Email Clicked"


class Readers:
    """Open each mail and follow its link, several at a time; `answered` is what they got an answer to."""

    def __init__(self, port: int, tokens, messages) -> None:
        self.answered: list[tuple[str, int]] = []
        self._port = port
        self._tokens = tokens
        self._messages = messages
        self._threads = [threading.Thread(target=self._read, args=(place,)) for place in range(_READERS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        for thread in self._threads:
            thread.join()

    def is_done(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _read(self, place: int) -> None:
        for message in self._messages[place::_READERS]:
            self._hit((_OPENED, message), f"/o/{self._tokens.token(Purpose.OPEN, message)}.gif", 200)
            self._hit((_CLICKED, message), self._tokens.links(message).path("l1", _TARGET), 302)

    def _hit(self, hit: tuple[str, int], path: str, status: int) -> None:
        """Ask once, whoever is killed meanwhile: nobody can tell of what got no answer whether it counts."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
            with contextlib.closing(connection):
                connection.request("GET", path, headers=_PERSON)
                response = connection.getresponse()
                response.read()
            assert response.status == status
            self.answered.append(hit)
            return
        time.sleep(0.05)  # the moment is what is tried here; nothing waits for it


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory):
    """What was answered, what the timeline has, and what the warehouse got, when all is over."""
    folder = tmp_path_factory.mktemp("observing")
    store = open_store(Settings(data=folder / "data"))
    EmailChannel(store).change({"hold_seconds": 0})
    with contextlib.closing(store), Skywrite(folder / "data") as skywrite:
        skywrite.add_source("autopilothq", "Mail")
        tokens = StoredTokens(store)
        with store.write() as connection:
            ada = add_contact(connection, "ada@example.com")
            messages = [add_message(connection, ada, key=str(number)) for number in range(_MESSAGES)]
        with Readers(skywrite.port, tokens, messages) as readers:
            for count, role in _KILLS.items():
                skywrite.wait_until(lambda count=count: len(readers.answered) >= count or readers.is_done(), "read")
                skywrite.kill(role)
        skywrite.wait_until(skywrite.is_ready, "ready after the last kill")
        skywrite.wait_until(lambda: set(readers.answered) <= set(_told(store)), "told of all that was answered")
        skywrite.wait_until(lambda: len(_loaded(skywrite)) >= len(set(_told(store))), "loaded")
        yield readers.answered, _told(store), _loaded(skywrite)


def test_the_run_was_a_run(aftermath):
    answered = Counter(name for name, _ in aftermath[0])
    assert min(answered[_OPENED], answered[_CLICKED]) > _MESSAGES / 4


def test_each_hit_that_was_answered_is_told_once(aftermath):
    answered, told, _ = aftermath
    assert set(answered) <= set(told)
    assert {hit: times for hit, times in Counter(told).items() if times > 1} == {}


def test_each_hit_that_was_told_is_an_event_in_the_warehouse_once(aftermath):
    _, told, loaded = aftermath
    assert Counter(name for name, _ in loaded) == Counter(name for name, _ in told)
    assert len({identifier for _, identifier in loaded}) == len(loaded)


def _told(store):
    a = activities.c
    with store.read() as connection:
        rows = connection.execute(select(a.name, a.message_id).where(a.name.in_((_OPENED, _CLICKED))))
        return [tuple(row) for row in rows]


def _loaded(skywrite):
    """The events in the warehouse, by name and id."""
    skywrite.sync()
    if "tracks" not in skywrite.tables("mail"):
        return []
    return skywrite.query(
        "select event_text, id from mail.tracks where event_text in ('Email Opened', 'Email Clicked')"
    )
