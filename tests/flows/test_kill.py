"""kill -9 of any process at any moment, under load: nothing acknowledged is lost, nothing is there twice.

pytest tests/flows/test_kill.py --kills 300      a long run
pytest tests/flows/test_kill.py --kill-seed 7    the same kills again
"""

import random
import time
from collections import defaultdict

import duckdb
import pytest

from tests.support.endpoint import Endpoint
from tests.support.load import Client, sending
from tests.support.skywrite import Skywrite

pytestmark = pytest.mark.flow
_CLIENTS = 3
_VICTIMS = ("web", "warehouse", "delivery", "supervisor")
_PATIENCE = 120.0


@pytest.fixture(scope="module")
def aftermath(request, tmp_path_factory):
    """What is left when all the killing is over and everything has caught up."""
    kills = request.config.getoption("kills", default=12)
    seed = request.config.getoption("kill_seed", default=None)
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    print(f"seed {seed}: repeat with --kill-seed {seed}")  # noqa: T201 - pytest shows it where the test fails
    folder = tmp_path_factory.mktemp("kill")
    with Endpoint() as endpoint, Skywrite(folder / "data", private_destinations=True) as skywrite:
        yield _rampage(skywrite, endpoint, kills, seed)


class Aftermath:
    """What the clients know, what the warehouse holds, what the endpoint got."""

    def __init__(self, clients, skywrite, endpoint):
        self.acknowledged = [event for client in clients for event in client.acknowledged]
        self.tries = sum(client.tries for client in clients)
        self.deliveries = list(endpoint.deliveries)
        with duckdb.connect(str(skywrite.data / "warehouse.duckdb"), read_only=True) as warehouse:
            self.rows = {
                table: warehouse.sql(f"select id from shop.{table}").fetchall()
                for table in ("tracks", "step_taken", "identifies")
            }
            self.users = {
                identifier: tuple(rest)
                for identifier, *rest in warehouse.sql("select id, n, t0, t1, t2 from shop.users").fetchall()
            }
            self.user_rows = warehouse.sql("select count(*) from shop.users").fetchall()[0][0]

    def of_type(self, kind):
        return [event for event in self.acknowledged if event["type"] == kind]


def test_the_run_was_a_run(aftermath):
    assert len(aftermath.of_type("track")) > 100
    assert len(aftermath.of_type("identify")) > 100


@pytest.mark.parametrize(("table", "kind"), [("tracks", "track"), ("step_taken", "track"), ("identifies", "identify")])
def test_every_acknowledged_event_is_in_the_warehouse_once(aftermath, table, kind):
    found = sorted(identifier for (identifier,) in aftermath.rows[table])
    assert found == sorted(event["messageId"] for event in aftermath.of_type(kind))


def test_users_hold_what_the_last_identify_said(aftermath):
    expected = {}
    for event in aftermath.of_type("identify"):  # each client's in the order of their acknowledgement
        expected.setdefault(event["userId"], {}).update(event["traits"])
    assert aftermath.users == {
        user: tuple(traits.get(name) for name in ("n", "t0", "t1", "t2")) for user, traits in expected.items()
    }
    assert aftermath.user_rows == len(expected)


def test_every_acknowledged_event_was_delivered(aftermath):
    delivered = {delivery.event["messageId"] for delivery in aftermath.deliveries}
    assert {event["messageId"] for event in aftermath.acknowledged} - delivered == set()


def test_an_event_delivered_again_keeps_its_webhook_id(aftermath):
    ids = defaultdict(set)
    for delivery in aftermath.deliveries:
        ids[delivery.event["messageId"]].add(delivery.id)
    assert {message: found for message, found in ids.items() if len(found) > 1} == {}
    assert len({one for found in ids.values() for one in found}) == len(ids)


def test_first_deliveries_come_in_each_users_order(aftermath):
    order = defaultdict(list)
    seen = set()
    for event in (delivery.event for delivery in aftermath.deliveries):
        if event["messageId"] not in seen:
            seen.add(event["messageId"])
            order[event["userId"]].append((event.get("traits") or event["properties"])["n"])
    assert {user: numbers for user, numbers in order.items() if numbers != sorted(numbers)} == {}


def _rampage(skywrite: Skywrite, endpoint: Endpoint, kills: int, seed: int) -> Aftermath:
    chance = random.Random(seed)
    source = skywrite.add_source()
    skywrite.add_webhook(source, endpoint.url)
    with sending([Client(number, skywrite.port, source["write_keys"][0], seed) for number in range(_CLIENTS)]) as end:
        for number in range(kills):
            # The first round takes each in turn, so that the shortest run has met all of them.
            victim = _VICTIMS[number] if number < len(_VICTIMS) else chance.choice(_VICTIMS)
            time.sleep(chance.uniform(0.05, 2.0))  # the moment of a kill is what is tried here; nothing waits for it
            _kill(skywrite, victim)
        skywrite.wait_until(skywrite.is_ready, "ready after the last kill")
        clients = end(_PATIENCE)
    skywrite.cli("warehouse", "sync")
    wanted = {event["messageId"] for client in clients for event in client.acknowledged}
    skywrite.wait_until(lambda: wanted <= endpoint.message_ids(), "all delivered", _PATIENCE)
    assert skywrite.stop() == 0
    return Aftermath(clients, skywrite, endpoint)


def _kill(skywrite: Skywrite, victim: str) -> None:
    if victim == "supervisor":
        skywrite.kill_supervisor()
        skywrite.launch()
    else:
        skywrite.wait_until(lambda: skywrite.pid_of(victim), f"running: {victim}")
        skywrite.kill(victim)
