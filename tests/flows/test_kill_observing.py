"""kill -9 of who takes hits and who observes them: what was answered is never lost, and counts once."""

import http.client
import time
from collections import Counter

import pytest
from sqlalchemy import select

from skywrite.channels.email.tokens import Purpose, load_tokens
from skywrite.settings import Settings
from skywrite.store.contact_tables import activities
from skywrite.store.engine import open_store
from tests.support.observing import add_contact, add_message
from tests.support.skywrite import Skywrite

pytestmark = pytest.mark.flow
_MESSAGES = 90
_PERSON = {"User-Agent": "Mozilla/5.0 (Macintosh) Version/17.4 Safari/605.1.15"}


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory):
    """What was answered, what the timeline has, and the messageIds that the source got, when all is over."""
    folder = tmp_path_factory.mktemp("observing")
    with Skywrite(folder / "data") as skywrite:
        source = skywrite.add_source("autopilothq", "Mail")
        store = open_store(Settings(data=folder / "data"))
        tokens = load_tokens(store)
        with store.write() as connection:
            ada = add_contact(connection, "ada@example.com")
            messages = [add_message(connection, ada, key=str(number)) for number in range(_MESSAGES)]
        answered = [each for number, each in enumerate(messages) if _opened(skywrite, tokens, number, each)]
        skywrite.wait_until(skywrite.is_ready, "ready after the last kill")
        skywrite.wait_until(lambda: set(answered) <= set(_told(store)), "every answered open told")
        skywrite.wait_until(lambda: len(_sent(skywrite, source)) >= len(_told(store)), "every open sent")
        yield answered, _told(store), _sent(skywrite, source)
        store.close()


def test_the_run_was_a_run(aftermath):
    assert len(aftermath[0]) > _MESSAGES / 2


def test_each_open_that_was_answered_is_told_once(aftermath):
    answered, told, _ = aftermath
    assert set(answered) <= set(told)
    assert {message: times for message, times in Counter(told).items() if times > 1} == {}


def test_each_open_that_was_told_is_sent_once(aftermath):
    _, told, sent = aftermath
    assert len(set(sent)) == len(sent) == len(told)


def _opened(skywrite, tokens, number, message):
    """Fetch a message's pixel, whoever is killed meanwhile; whether it was answered."""
    if number % 30 == 10:
        skywrite.kill("web")
    if number % 30 in (5, 25):
        skywrite.kill("observing")
    try:
        connection = http.client.HTTPConnection("127.0.0.1", skywrite.port, timeout=5)
        connection.request("GET", f"/o/{tokens.token(Purpose.OPEN, message)}.gif", headers=_PERSON)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        time.sleep(0.05)  # the moment is what is tried here; nothing waits for it
        return False


def _told(store):
    a = activities.c
    with store.read() as connection:
        return list(connection.execute(select(a.message_id).where(a.name == "Email Opened")).scalars())


def _sent(skywrite, source):
    events = skywrite.api("GET", f"/sources/{source['id']}/debugger?limit=500").json
    return [event["raw"]["messageId"] for event in events if event["status"] == "accepted"]
