"""What a person sees of the settings: all of them, and no secret."""

from pathlib import Path

import msgspec
import pytest

from skywrite.settings import Settings, shown_settings


def shown(name: str, value: object) -> str:
    """How a setting of this name and value would be shown."""
    kind = msgspec.defstruct("Later", [(name, object, "")], bases=(Settings,), frozen=True, kw_only=True)
    return {row[0]: row[1] for row in shown_settings(kind(**{name: value}))}[f"SKYWRITE_{name.upper()}"]


@pytest.mark.parametrize(
    "name", ["smtp_password", "secret", "signing_secret", "api_key", "keys", "token", "token_of_x"]
)
def test_what_is_secret_by_its_name_is_hidden_and_what_is_not_set_is_seen_to_be(name) -> None:
    assert (shown(name, "hunter2"), shown(name, ""), shown(name, None)) == ("***", "", "")


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("postgresql+psycopg://u:hunter2@db/x", "postgresql+psycopg://u:***@db/x"),
        ("redis://:hunter2@cache:6379/0", "redis://:***@cache:6379/0"),
        ("https://u:hun:ter2@hunter2/@proxy:80", "https://u:***@proxy:80"),
        (
            "postgresql://db/x?user=u&password=hunter2&sslmode=require",
            "postgresql://db/x?user=u&password=***&sslmode=require",
        ),
        ("https://h/in?access_token=hunter2", "https://h/in?access_token=***"),
        ("https://sky.example/a@b", "https://sky.example/a@b"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("sqlite:////srv/a@b.db", "sqlite:////srv/a@b.db"),
    ],
)
@pytest.mark.parametrize("name", ["database", "public_url", "smtp"])
def test_a_password_in_an_address_is_hidden_and_the_rest_is_not(name, url, seen) -> None:
    assert shown(name, url) == seen


@pytest.mark.parametrize(
    ("name", "value", "seen"),
    [("monkeys", "two", "two"), ("private_destinations", True, "true"), ("data", Path("a"), "a"), ("port", 0, "0")],
)
def test_what_is_no_secret_is_shown(name, value, seen) -> None:
    assert shown(name, value) == seen
