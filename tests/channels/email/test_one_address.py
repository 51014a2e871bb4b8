"""An address is one address everywhere: to identities, the contact, its messages and what it is not sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from skywrite.channels.email.outbox.asking import Asked, To, ask
from skywrite.channels.email.outbox.suppressions import Suppressions
from skywrite.contacts.addresses import fold
from skywrite.contacts.erasing import erase
from skywrite.contacts.service import People
from skywrite.store.contact_tables import contacts, identities
from skywrite.store.engine import Store
from skywrite.store.mail_tables import messages, suppressions

ODD = ["ADA@Example.COM", "ada.b+news@example.com", "ada@b\u00fccher.example", "stra\u00dfe@example.com"]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("email", ODD)
def test_everybody_keeps_the_same_form(store: Store, email: str) -> None:
    People(store).add(email)
    asked = Asked(to=To(email=f" {email}"), subject="Hi", text="Hi")
    ask(store, asked, "k1", now=1)
    Suppressions(store).add([email], by="test", now=2)
    with store.read() as connection:
        forms = {
            connection.execute(select(contacts.c.email_key)).scalar_one(),
            connection.execute(select(identities.c.value)).scalar_one(),
            connection.execute(select(messages.c.address)).scalar_one(),
            connection.execute(select(suppressions.c.address)).scalar_one(),
        }
    assert forms == {fold(email)}


@pytest.mark.parametrize("email", ODD)
def test_who_asked_to_be_forgotten_is_not_written_to_when_the_address_comes_back(store: Store, email: str) -> None:
    People(store).add(email)
    erase(store, email)
    People(store).add(email)
    queued = ask(store, Asked(to=To(email=email), subject="Hi", text="Hi"), "k1", now=1)
    assert (queued.state, queued.reason) == ("rejected", "erased")
