"""One rule says when two addresses are one: contacts, messages and suppressions agree, in every spelling."""

import pytest
from sqlalchemy import select

from skywrite.channels.email.outbox.enqueue import enqueue
from skywrite.channels.email.outbox.model import NewMessage, Origin
from skywrite.channels.email.outbox.rules import Rules
from skywrite.channels.email.outbox.suppressions import Suppressions
from skywrite.contacts.erasing import erase
from skywrite.store.contact_tables import contacts, identities
from skywrite.store.mail_tables import messages, suppressions
from tests.contacts.test_apply import run
from tests.support.build import an_event

NOW = 1_795_450_295_423_000
SPELLINGS = [
    (" Ada@Example.COM ", "ada@example.com"),
    ("a.d.a+News@example.com", "A.D.A+news@EXAMPLE.com"),
    ("ada@Bücher.example", "ADA@xn--bcher-kva.example"),
    ("ada@bu\u0308cher.example", "ada@BÜCHER.example"),
    ("ÄDA@example.com", "äda@example.com"),
    ("ada@example.com.", "Ada@example.com"),
]


def identified(store, user: str, email: str) -> None:
    run(store, [an_event(type="identify", userId=user, traits={"email": email})])


def sent(store, email: str, contact_id: int | None, key: str):
    """A message to an address, as the outbox took it."""
    wanted = NewMessage(key=key, origin=Origin.BROADCAST, email=email.strip(), contact_id=contact_id)
    with store.write() as connection:
        return enqueue(connection, [wanted], now=NOW, rules=Rules())[0]


@pytest.mark.parametrize(("first", "second"), SPELLINGS)
def test_each_table_holds_the_same_form_of_an_address(store, first, second) -> None:
    identified(store, "u1", first)
    sent(store, second, 1, "m1")
    Suppressions(store).add([second], by="me", now=NOW)
    with store.read() as connection:
        found = {
            connection.execute(select(contacts.c.email_key)).scalar_one(),
            connection.execute(select(identities.c.value).where(identities.c.kind == 3)).scalar_one(),
            connection.execute(select(messages.c.address)).scalar_one(),
            connection.execute(select(suppressions.c.address)).scalar_one(),
        }
    assert len(found) == 1


@pytest.mark.parametrize(("first", "second"), SPELLINGS)
def test_who_was_erased_and_comes_again_is_not_written_to(store, first, second) -> None:
    identified(store, "u1", first)
    erase(store, "u1", NOW)
    identified(store, "u2", second)
    message = sent(store, second, 2, "m2")
    assert (message.state, message.reason) == ("rejected", "erased")
