import pytest
from sqlalchemy import insert

from skywrite.api import deliveries
from skywrite.kit.time import now_micros
from skywrite.store.tables import dead_letters, delivery_minutes, delivery_samples, delivery_states, retries
from tests.support.problems import problem


@pytest.fixture
def hook(world, program, monkeypatch):
    """A webhook that has delivered, failed, and given up three events in the minute that its page is asked for."""
    world.source()
    settings = {"url": "https://hooks.example.com/in"}
    body = {"kind": "webhook", "name": "Hook", "sources": ["web"], "settings": settings}
    hook = program.post("/api/v1/destinations", json=body).json()
    now = now_micros()
    monkeypatch.setattr(deliveries, "now_micros", lambda: now)
    with world.store.write() as connection:
        latency = [0] * 10 + [5] + [0] * 17
        counts = {"delivered": 5, "retried": 2, "failed": 3, "filtered": 1, "latency": latency, "response": latency}
        minute = now // 60_000_000
        connection.execute(insert(delivery_minutes).values(destination_id=hook["id"], minute=minute, **counts))
        for item in range(3):
            letter = {"source_id": "s", "position": 1, "item": item, "user_key": "u", "message_id": f"m{item}"}
            letter |= {"event": '{"type":"track"}', "attempts": 4, "received_at": now, "failed_at": now}
            letter |= {"status": 400, "reason": "It answered 400.", "response": "no", "destination_id": hook["id"]}
            connection.execute(insert(dead_letters).values(**letter))
        sample = {"outcome": "failed", "message_id": "m0", "event_name": "x", "status": 400, "reason": "r"}
        sample |= {"millis": 5, "request": "POST", "response": "no", "at": now, "destination_id": hook["id"]}
        connection.execute(insert(delivery_samples).values(**sample))
        state = {"destination_id": hook["id"], "state": "failing", "reason": "It is down.", "since": now}
        connection.execute(insert(delivery_states).values(**state))
    return hook


class TestOverview:
    def test_counts_latencies_errors_and_attempts_are_shown(self, hook, program) -> None:
        shown = program.get(f"/api/v1/destinations/{hook['id']}/overview?period=10m").json()
        last = shown["points"][-1]
        assert (last["delivered"], last["retried"], last["failed"], last["filtered"]) == (5, 2, 3, 1)
        assert 512 <= last["p50_millis"] <= last["p95_millis"] <= 1024
        assert shown["points"][0]["p50_millis"] is None
        assert shown["errors"] == [{"reason": "It answered 400.", "count": 3}]
        assert [sample["message_id"] for sample in shown["samples"]] == ["m0"]

    def test_what_waits_for_its_next_try_shows_its_reason_too(self, hook, program, store) -> None:
        waiting = {"destination_id": hook["id"], "user_key": "u", "position": 9, "source_id": "s", "message_id": "m"}
        waiting |= {"event": "{}", "received_at": 1, "since": 1, "due_at": 1 << 60, "reason": "It answered 503."}
        with store.write() as connection:
            connection.execute(insert(retries).values(**waiting, item=0, attempts=1))
            connection.execute(insert(retries).values(**waiting, item=1, attempts=0))  # only stands behind the other
        shown = program.get(f"/api/v1/destinations/{hook['id']}/overview").json()
        assert {"reason": "It answered 503.", "count": 1} in shown["errors"]

    def test_the_destination_says_how_it_does(self, hook, program) -> None:
        shown = program.get(f"/api/v1/destinations/{hook['id']}").json()
        assert (shown["state"], shown["state_reason"]) == ("failing", "It is down.")
        assert (shown["delivered_24h"], shown["failed_24h"], shown["dead"]) == (5, 3, 3)


class TestDeadLetters:
    def test_they_are_listed_newest_first_by_pages(self, hook, program) -> None:
        path = f"/api/v1/destinations/{hook['id']}/dead-letters"
        first = program.get(f"{path}?limit=2").json()
        second = program.get(f"{path}?limit=2&before={first[-1]['id']}").json()
        assert [letter["message_id"] for letter in first + second] == ["m2", "m1", "m0"]
        assert first[0]["event"] == {"type": "track"}

    @pytest.mark.parametrize("act", ["send-again", "discard"])
    def test_some_or_all_go(self, hook, program, act) -> None:
        path = f"/api/v1/destinations/{hook['id']}/dead-letters"
        one = program.get(path).json()[0]["id"]
        assert program.post(f"{path}/{act}", json={"ids": [one]}).json() == {"count": 1}
        assert program.post(f"{path}/{act}", json={}).json() == {"count": 2}
        assert program.get(path).json() == []

    def test_what_is_sent_again_waits_for_its_next_try(self, hook, program) -> None:
        program.post(f"/api/v1/destinations/{hook['id']}/dead-letters/send-again", json={})
        shown = program.get(f"/api/v1/destinations/{hook['id']}").json()
        assert (shown["waiting"], shown["dead"]) == (3, 0)

    @pytest.mark.parametrize("ids", [[0], [-1], [2**63], ["x"], "x", [None], [1] * 1001])
    def test_ids_that_make_no_sense_are_refused(self, hook, program, ids) -> None:
        problem(program.post(f"/api/v1/destinations/{hook['id']}/dead-letters/discard", json={"ids": ids}), 400)
