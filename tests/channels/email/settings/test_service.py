"""The channel's settings are announced when they change, and kept from who should not see them."""

import pytest

from skywrite.channels.email.settings.service import TOPIC, EmailChannel, open_kind, shown_settings
from skywrite.kit.errors import Refused
from skywrite.store.engine import changes_version


def test_a_change_is_announced(sqlite_store) -> None:
    channel = EmailChannel(sqlite_store)
    channel.change({"from_address": "ada@example.com"}, provider_settings={"mode": "direct"})
    with sqlite_store.read() as connection:
        assert changes_version(connection, TOPIC) == 1
    assert channel.get().is_set_up


def test_secrets_are_in_no_repr(sqlite_store) -> None:
    channel = EmailChannel(sqlite_store)
    kept = channel.change(provider_settings={"host": "smtp.example.com", "user": "ada", "password": "hunter2"})
    assert "hunter2" not in repr(open_kind(kept).settings) + str(shown_settings(kept))
    assert channel.reveal("password") == "hunter2"


def test_what_is_not_set_up_says_so() -> None:
    from skywrite.channels.email.settings.model import ChannelSettings

    with pytest.raises(Refused, match="not set up"):
        open_kind(ChannelSettings())
