"""From a claimed message to its mail: what a store that is away comes to."""

import pytest

from skywrite.channels.email.domains.signing import Signing
from skywrite.channels.email.filling import Filling
from skywrite.channels.email.outbox.model import Claimed, Rejected
from skywrite.channels.email.settings.model import EmailSettings
from skywrite.channels.email.tokens import Tokens
from skywrite.kit.errors import Later
from skywrite.store.engine import Store

OF_A_TEMPLATE = Claimed(
    id=1, email="p1@example.com", template_id=1, version=1, broadcast_id=None, campaign_id=None,
    campaign_name=None, attempt=1,
)  # fmt: skip


@pytest.fixture
def fill(sqlite_store: Store) -> Filling:
    own = EmailSettings(from_address="ada@example.com")
    return Filling(sqlite_store, Tokens({1: b"k" * 32}), own, "http://127.0.0.1:8080", Signing())


def test_a_store_that_is_away_rejects_no_mail(fill: Filling, monkeypatch) -> None:
    def away(_: Store) -> None:
        raise Later("The store can't be used just now.")

    monkeypatch.setattr(Store, "read", away)
    with pytest.raises(Later):
        fill(OF_A_TEMPLATE)


def test_a_template_that_is_not_there_does(fill: Filling) -> None:
    assert isinstance(fill(OF_A_TEMPLATE), Rejected)
