"""`skywrite up` as a newcomer meets it: it starts, says what to do next, lives on, and ends in good order."""

import itertools
import json
import os
import re
import signal
import socket
import sys

import pytest

from tests.support.build import an_event
from tests.support.ports import free_port
from tests.support.skywrite import Skywrite, basic

pytestmark = pytest.mark.flow
_LINK = re.compile(r"(/welcome\?token=[\w-]+)")
_CHILDREN = ("web", "warehouse", "delivery")


def numbered(count: int, first: int = 0) -> list[dict]:
    return [an_event(messageId=f"m{number}") for number in range(first, first + count)]


class TestStart:
    def test_prints_what_to_do_next_and_the_first_run_link(self, data):
        with Skywrite(data) as skywrite:
            token = _greeted(skywrite)
            assert f"ready at {skywrite.base_url}" in skywrite.log_text()
            entered = skywrite.request(
                "POST",
                "/api/v1/accept-invitation",
                {"token": token, "password": "correct horse battery", "email": "ada@example.com"},
            )
            assert entered.status == 200
            assert entered.json["email"] == "ada@example.com"

    def test_second_start_finds_everything_and_offers_no_link_to_a_stranger(self, data):
        with Skywrite(data) as skywrite:
            source = skywrite.add_source()
            skywrite.send(source, *numbered(3))
            _sign_up(skywrite)
        skywrite.start()
        try:
            assert [found["schema"] for found in skywrite.cli("source", "list")] == ["shop"]
            skywrite.send(source, *numbered(2, first=3))
            skywrite.sync()
            assert skywrite.query("select count(*), count(distinct id) from shop.tracks") == [[5, 5]]
            skywrite.wait_until(lambda: skywrite.log_text().count("ready at") == 2, "greeted again")
            assert len(_LINK.findall(skywrite.log_text())) == 1
        finally:
            skywrite.stop()

    def test_health_names_every_role(self, shared):
        health = shared.request("GET", "/health").json
        assert health["status"] == "ok"
        assert {"web", "dedupe", "delivery", "warehouse"} <= health["roles"].keys()
        assert set(health["roles"].values()) == {"ok"}


class TestRefusesToStart:
    def test_where_the_port_is_taken(self, data):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = Skywrite(data).run("up", "--port", str(port))
        assert done.returncode == 1
        assert f"127.0.0.1:{port}" in done.stderr
        assert "--port" in done.stderr
        assert "Traceback" not in done.stderr

    def test_where_another_runs_on_the_same_data(self, shared):
        done = shared.run("up", "--port", str(free_port()))
        assert done.returncode == 1
        assert "already runs" in done.stderr
        assert shared.is_ready()

    @pytest.mark.parametrize(
        ("settings", "named"),
        [
            ({"dedup_hours": "48"}, "SKYWRITE_DEDUP_HOURS"),
            ({"port": "eighty"}, "port"),
            ({"web_processes": "0"}, "web_processes"),
            ({"database": "mysql://x/y"}, "SKYWRITE_DATABASE"),
        ],
    )
    def test_where_a_setting_is_unknown_or_wrong(self, data, settings, named):
        done = Skywrite(data).run("up", **settings)
        assert done.returncode == 2
        assert named in done.stderr
        assert "Traceback" not in done.stderr


class TestLivesOn:
    @pytest.mark.parametrize("role", _CHILDREN)
    def test_a_child_that_dies_is_started_again(self, shared, role):
        before = shared.pid_of(role)
        shared.kill(role)
        shared.wait_until(lambda: shared.pid_of(role) not in (None, before), f"a new {role}")
        shared.wait_until(shared.is_ready, "ready again")

    def test_a_child_that_cannot_be_started_is_tried_again_and_costs_the_others_nothing(self, tmp_path, monkeypatch):
        python, away = tmp_path / "python", tmp_path / "away"
        python.symlink_to(sys.executable)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))  # it no longer lies in its own tree
        with Skywrite(tmp_path / "data", python=str(python)) as skywrite:
            before = skywrite.pid_of("warehouse")
            python.rename(away)
            skywrite.kill("web")
            skywrite.wait_until(lambda: "could not be started" in skywrite.log_text(), "told")
            away.rename(python)
            skywrite.wait_until(skywrite.is_ready, "ready again")
            assert skywrite.pid_of("warehouse") == before

    def test_sigterm_drains_and_ends_with_0(self, data):
        skywrite = Skywrite(data)
        with skywrite:
            source = skywrite.add_source()
            for event in numbered(50):
                assert skywrite.send(source, event).status == 200
            assert skywrite.stop() == 0
        skywrite.sync()  # it works without a server too
        assert skywrite.query("select count(*) from shop.tracks") == [[50]]

    def test_a_process_that_ends_in_good_order_leaves_no_word_and_no_ear_behind(self, data):
        with Skywrite(data) as skywrite:
            assert skywrite.stop() == 0
        assert [path.name for room in ("roles", "bell") for path in (data / "run" / room).iterdir()] == []

    def test_ctrl_c_ends_with_0_too(self, data):
        with Skywrite(data) as skywrite:
            skywrite.process.send_signal(signal.SIGINT)
            assert skywrite.process.wait(90) == 0
            skywrite.process = None

    def test_ends_while_a_live_stream_is_open(self, data):
        with Skywrite(data) as skywrite:
            source = skywrite.add_source()
            with socket.create_connection(("127.0.0.1", skywrite.port)) as stream:
                stream.sendall(
                    f"GET /api/v1/sources/{source['id']}/debugger/live HTTP/1.1\r\nHost: x\r\n"
                    f"Authorization: Bearer {skywrite.token()}\r\n\r\n".encode()
                )
                assert b"200 OK" in stream.recv(65536)
                assert skywrite.stop() == 0


class TestSourcesWhileItRuns:
    def test_a_new_source_takes_events_at_once(self, shared):
        source = shared.add_source(name="Fresh")
        assert shared.send(source, an_event()).status == 200

    def test_rotating_a_key_loses_no_event(self, shared):
        source = shared.add_source(name="Rotated")
        assert shared.send(source, an_event(messageId="r1")).status == 200
        rotated = shared.cli("source", "rotate-key", "rotated")
        new, old = rotated["write_keys"]
        assert old == source["write_keys"][0]
        for number, key in enumerate([new, old, new, old]):
            sent = shared.request("POST", "/v1/track", an_event(messageId=f"r2{number}"), {"Authorization": basic(key)})
            assert sent.status == 200
        shared.sync()
        assert shared.query("select count(distinct id) from rotated.tracks") == [[5]]

    def test_a_key_rotated_without_grace_ends(self, shared):
        source = shared.add_source(name="Ended")
        shared.cli("source", "rotate-key", "ended", "--grace-hours", "0")
        shared.wait_until(lambda: shared.send(source, an_event()).status == 401, "refused")

    def test_a_source_that_is_switched_off_refuses_until_it_is_on_again(self, shared):
        source = shared.add_source(name="Switched")
        shared.cli("source", "disable", "switched")
        refused = shared.wait_until(lambda: _refused(shared, source), "refused")
        assert refused.status == 403
        assert "switched off" in refused.json["message"]
        shared.cli("source", "enable", "switched")
        shared.wait_until(lambda: shared.send(source, an_event()).status == 200, "taken again")

    def test_an_unknown_key_is_told_so(self, shared):
        answer = shared.send({"write_keys": ["nobodys"]}, an_event())
        assert answer.status == 401
        assert "nobodys" in answer.json["message"]

    def test_events_tail_shows_what_comes(self, shared, tmp_path):
        source = shared.add_source(name="Tailed")
        shown = tmp_path / "tail"
        with shared.running("events", "tail", "tailed", "--follow", "--json", output=shown):
            # The tail begins when it is ready to; what is sent from then on must come.
            numbers = itertools.count()
            shared.wait_until(
                lambda: shared.send(source, an_event(messageId=f"t{next(numbers)}")) and b"\n" in shown.read_bytes(),
                "tailed",
            )
        event = json.loads(shown.read_text().splitlines()[0])
        assert (event["name"], event["status"]) == ("Order Completed", "accepted")


def _refused(skywrite, source):
    answer = skywrite.send(source, an_event())
    return answer if answer.status != 200 else None


def _greeted(skywrite):
    """The token of the first-run link, once it is told."""
    return skywrite.wait_until(lambda: _LINK.search(skywrite.log_text()), "greeted")[1].partition("=")[2]


def _sign_up(skywrite):
    body = {"token": _greeted(skywrite), "password": "correct horse battery", "email": "ada@example.com"}
    assert skywrite.request("POST", "/api/v1/accept-invitation", body).status == 200
