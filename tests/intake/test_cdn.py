"""The settings document names the server as the browser reached it, and believes nobody else about that."""

import json

import pytest

from skywrite.intake.cdn import Cdn
from tests.support.web import TrackingServer


def named(server, **headers):
    """The protocol and the host that the settings name, and how long they may be kept by whom."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    status, answered, body = server.request("GET", f"/v1/projects/{server.key}/settings", headers=sent, auth=False)
    assert status == 200
    segment = json.loads(body)["integrations"]["Segment.io"]
    return segment["protocol"], segment["apiHost"], answered["cache-control"]


@pytest.mark.parametrize(
    ("proxies", "said", "protocol"),
    [
        ("", "https", "http"),
        ("10.0.0.1", "https", "http"),
        ("127.0.0.1", "https", "https"),
        ("*", "https", "https"),
        ("127.0.0.1", "gopher", "http"),
        ("127.0.0.1", "gopher, https", "https"),
    ],
)
def test_a_proxy_s_word_for_the_scheme_is_believed_only_when_it_is_trusted(
    sqlite_store, tmp_path, proxies, said, protocol
):
    with TrackingServer(sqlite_store, tmp_path, proxies=proxies) as server:
        assert named(server, X_Forwarded_Proto=said)[0] == protocol


def test_what_a_browser_asked_for_is_for_it_alone(sqlite_store, tmp_path):
    with TrackingServer(sqlite_store, tmp_path) as server:
        assert named(server, Host="192.168.1.7:8080") == ("http", "192.168.1.7:8080/v1", "private, max-age=60")
        assert named(server, Host="[::1]:8080")[1] == "[::1]:8080/v1"


@pytest.mark.parametrize("host", ["evil.example/collect?", "a@b", "a b", "x" * 10 + "#", ""])
def test_what_is_no_host_is_not_repeated(sqlite_store, tmp_path, host):
    with TrackingServer(sqlite_store, tmp_path) as server:
        assert named(server, Host=host)[1] == f"127.0.0.1:{server.port}/v1"


def test_the_public_address_stands_whatever_is_asked_for(sqlite_store, tmp_path):
    with TrackingServer(sqlite_store, tmp_path) as server:
        cdn = Cdn(server._keys, tmp_path, "https://events.example")
        server._keys.refresh()
        path = f"/v1/projects/{server.key}/settings"
        _, body, headers = cdn.answer(path, {b"host": b"evil.example"}, scheme="http")
        segment = json.loads(body)["integrations"]["Segment.io"]
        assert (segment["protocol"], segment["apiHost"]) == ("https", "events.example/v1")
        assert (b"cache-control", b"public, max-age=60") in headers
