from pathlib import Path

import pytest

from skywrite.kit.errors import Refused
from skywrite.settings import Settings, load_settings


def test_without_any_there_are_defaults():
    assert load_settings({}) == Settings()


def test_the_environment_sets_and_a_flag_wins():
    found = load_settings({"SKYWRITE_PORT": "9000", "SKYWRITE_DATA": "/a", "HOME": "/"}, port=9001, host=None)
    assert (found.port, found.data, found.host) == (9001, Path("/a"), "127.0.0.1")


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_a_switch_is_said_in_words(text, value):
    assert load_settings({"SKYWRITE_PRIVATE_DESTINATIONS": text}).private_destinations is value


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"SKYWRITE_PROT": "1"}, "SKYWRITE_PROT"),
        ({"SKYWRITE_PORT": "x"}, "port"),
        ({"SKYWRITE_PORT": "70000"}, "port"),
        ({"SKYWRITE_DEDUPE_HOURS": "1"}, "dedupe_hours"),
        ({"SKYWRITE_PRIVATE_DESTINATIONS": "perhaps"}, "private_destinations"),
        ({"SKYWRITE_TRUSTED_PROXIES": "10.0.0.0/8, proxy.internal"}, "SKYWRITE_TRUSTED_PROXIES.*'proxy.internal'"),
        ({"SKYWRITE_TRUSTED_PROXIES": "10.0.0.1/99"}, "SKYWRITE_TRUSTED_PROXIES"),
        ({"SKYWRITE_MAIL_KEY": "key.pem"}, "SKYWRITE_MAIL_KEY"),
    ],
)
def test_a_wrong_or_unknown_setting_is_refused_by_name(environ, said):
    with pytest.raises(Refused, match=said):
        load_settings(environ)


@pytest.mark.parametrize("trusted", ["", "*", "10.0.0.1", " 10.0.0.0/8 ,fd00::/8,", "10.0.0.1/8"])
def test_proxies_are_addresses_and_networks(trusted):
    assert load_settings({"SKYWRITE_TRUSTED_PROXIES": trusted}).trusted_proxies == trusted


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"public_url": "https://events.example.com/"}, "https://events.example.com"),
    ],
)
def test_the_base_url_is_where_browsers_reach_it(fields, url):
    assert Settings(**fields).base_url == url
