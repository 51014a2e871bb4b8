"""The settings of `up` on their way to its children."""

from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest

from skywrite.settings import Settings, as_environment, load_settings

OTHERS = {str: "10.0.0.1", int: 7, float: 1234.567, bool: True, Path: Path("a folder/of mine")}

NEEDED = {"mail_key": {"mail_certificate": "its certificate.pem"}}  # what a setting goes with


@pytest.mark.parametrize("field", msgspec.structs.fields(Settings), ids=lambda field: field.name)
def test_every_setting_arrives_as_it_was(field):
    """A new setting whose kind is not among these needs its own way through the environment."""
    value = _another(field.name, get_type_hints(Settings)[field.name])
    settings = Settings(**NEEDED.get(field.name, {}), **{field.name: value})
    assert load_settings(as_environment(settings)) == settings
    assert getattr(settings, field.name) != field.default


def _another(name, kind):
    by_name = {"database": "postgresql+psycopg://u:p w@h/n", "log_max_bytes": 1 << 40, "log_segment_bytes": 1 << 40}
    return by_name.get(name, OTHERS[kind])


def test_the_defaults_arrive_as_they_were():
    assert load_settings(as_environment(Settings())) == Settings()


def test_what_is_none_is_left_out_and_a_list_is_json():
    class Later(Settings, frozen=True, kw_only=True):
        smtp_user: str | None = None
        topics: tuple[str, ...] = ()

    environment = as_environment(Later(topics=("a", 'b "c"')))
    assert "SKYWRITE_SMTP_USER" not in environment
    assert msgspec.json.decode(environment["SKYWRITE_TOPICS"]) == ["a", 'b "c"']
    assert as_environment(Later(smtp_user="ada"))["SKYWRITE_SMTP_USER"] == "ada"
