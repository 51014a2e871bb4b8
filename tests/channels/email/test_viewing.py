"""A mail looked at in a browser, by whoever has its address."""

import re

from skywrite.channels.email.outbox.enqueue import enqueue
from skywrite.channels.email.outbox.model import NewMessage, Origin
from skywrite.channels.email.outbox.rules import Rules
from skywrite.channels.email.tokens import Purpose, Tokens
from skywrite.channels.email.viewing import Viewing
from skywrite.store.engine import Store
from tests.support.sending import add_people

TOKENS = Tokens({1: b"of this test"})
BODY = '<a href="https://a.example">Go</a> <a href="{{ unsubscribe_url }}">Stop</a> <a href="{{ view_url }}">View</a>'


def test_its_links_count_and_its_address_gives_nobody_the_reader_s_choice(sqlite_store: Store) -> None:
    add_people(sqlite_store, 1)
    asked = {"subject": "Hi", "html": BODY, "text": "Hi", "from_address": "ann@quay.example"}
    wanted = NewMessage(
        key="k", origin=Origin.API, email="p1@example.com", contact_id=1, is_transactional=True, body=asked
    )
    with sqlite_store.write() as connection:
        (put,) = enqueue(connection, [wanted], now=1, rules=Rules())
    page = (Viewing(sqlite_store, TOKENS, "https://t.example.com")(put.id) or b"").decode()
    found = dict(re.findall(r"https://t[.]example[.]com/(\w)/(\w+)", page))
    assert TOKENS.opened(Purpose.CLICK, found["c"]) == TOKENS.opened(Purpose.VIEW, found["v"]) == put.id
    assert TOKENS.opened(Purpose.UNSUBSCRIBE, found["u"]) is None
    assert TOKENS.opened(Purpose.MESSAGE, found["v"]) is None
