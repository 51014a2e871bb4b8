"""The trait `unsubscribed`, by which another system says that somebody wants no mail, or does again."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from skywrite.contacts.apply import apply
from skywrite.contacts.calls import calls_in
from skywrite.contacts.identity_texts import EMAIL
from skywrite.contacts.service import People
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import activities
from skywrite.store.engine import Store
from skywrite.store.mail_tables import suppressions
from tests.support.build import a_batch, a_record, an_event

ADA = "ada@example.com"


def identify(store: Store, **traits: object) -> None:
    record = a_record(a_batch(an_event(type="identify", userId="u1", traits=traits)))
    with store.write() as connection:
        apply(connection, list(calls_in(record)))


def stand(store: Store) -> tuple[set[str], list[str]]:
    """Which addresses have unsubscribed, and what the timeline says of it."""
    with store.read() as connection:
        off = select(suppressions.c.address).where(suppressions.c.reason == "unsubscribed")
        names = select(activities.c.name).where(activities.c.name.like("%subscribed")).order_by(activities.c.id)
        return set(connection.execute(off).scalars()), list(connection.execute(names).scalars())


def by_hand(store: Store, *, email: str, **traits: object) -> None:
    try:
        People(store).change_traits("u1", traits, by="bob")
    except Refused:  # nobody yet
        People(store).add(email, "u1", traits, by="bob")


@pytest.mark.parametrize("say", [identify, by_hand])
@pytest.mark.parametrize(
    ("said", "off", "told"),
    [
        ([{}], False, []),
        ([{"unsubscribed": False}], False, []),
        ([{"unsubscribed": "yes"}], False, []),
        ([{"unsubscribed": True}], True, ["Unsubscribed"]),
        ([{"unsubscribed": True}, {"unsubscribed": True}], True, ["Unsubscribed"]),
        ([{"unsubscribed": True}, {"unsubscribed": False}], False, ["Unsubscribed", "Resubscribed"]),
        ([{"unsubscribed": True}, {"unsubscribed": None}], False, ["Unsubscribed", "Resubscribed"]),
    ],
)
def test_only_a_change_of_the_trait_counts(
    store: Store, said: list[dict[str, object]], off: bool, told: list[str], say: Callable[..., None]
) -> None:
    for traits in said:
        say(store, email=ADA, **traits)
    assert stand(store) == ({ADA} if off else set(), told)


def test_false_does_not_undo_what_somebody_chose_elsewhere(store: Store) -> None:
    identify(store, email=ADA)
    row = {"address": ADA, "scope": "all", "reason": "unsubscribed", "since": 1, "evidence": "page"}
    with store.write() as connection:
        connection.execute(suppressions.insert().values(row))
    identify(store, email=ADA, unsubscribed=False)
    assert stand(store)[0] == {ADA}


def test_it_follows_to_an_address_that_is_added_by_hand(store: Store) -> None:
    people = People(store)
    people.add(ADA, traits={"unsubscribed": True})
    people.add_identity(ADA, EMAIL, "Ada@new.example")
    assert stand(store)[0] == {ADA, "ada@new.example"}


def test_the_evidence_names_the_source_that_said_so(store: Store) -> None:
    identify(store, email=ADA, unsubscribed=True)
    with store.read() as connection:
        assert list(connection.execute(select(suppressions.c.evidence)).scalars()) == ["identify of source src_1"]


def test_it_follows_to_another_address_and_waits_for_the_first(store: Store) -> None:
    identify(store, unsubscribed=True)
    assert stand(store)[0] == set()
    identify(store, email=ADA)
    identify(store, email="ada@new.example")
    assert stand(store)[0] == {ADA, "ada@new.example"}
