"""The channel's settings are announced when they change, and kept from who should not see them."""

import pytest

from skywrite.channels.email.settings import queries
from skywrite.channels.email.settings.service import TOPIC, EmailChannel, open_kind, shown_settings
from skywrite.kit.errors import Refused
from skywrite.kit.roles import Voice
from skywrite.kit.stop import Stop
from skywrite.roles.send import run_send
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


def test_a_provider_that_is_not_there_any_more_is_told_of_by_the_role_and_can_be_mended(settings, sqlite_store) -> None:
    row = {"email": {}, "provider": "pigeon", "provider_settings": {}}
    with sqlite_store.write() as connection:
        queries.put(connection, "email", row, 1)
    stop = Stop()
    stop.set()
    with pytest.raises(Refused, match="pigeon"):
        run_send(settings, sqlite_store, stop, Voice(settings.run, "send"))
    channel = EmailChannel(sqlite_store)
    with pytest.raises(Refused):  # a relay without its host
        channel.change(provider_slug="smtp")
    assert channel.change(provider_slug="smtp", provider_settings={"mode": "direct"}).provider == "smtp"
