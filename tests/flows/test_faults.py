"""What goes wrong around a server: it stays up, says what is wrong where a person looks, and goes on by itself."""

import itertools
import shutil

import pytest

from tests.support.build import an_event
from tests.support.disk import filled, no_longer_growing, read_only, remount, small_disk
from tests.support.endpoint import GARBAGE, HANG, status
from tests.support.shell import open_shell
from tests.support.skywrite import Skywrite

pytestmark = pytest.mark.flow
_MEGABYTE = 1 << 20


class Sender:
    """Sends one event after the other to a source, and knows which were acknowledged."""

    def __init__(self, skywrite, name="Shop"):
        self.source = skywrite.add_source(name=name)
        self.schema = self.source["schema"]
        self.acknowledged = []
        self._skywrite = skywrite
        self._numbers = itertools.count()

    def send(self, *, padding=0):
        """One event; its answer."""
        message_id = f"m{next(self._numbers)}"
        answer = self._skywrite.send(self.source, an_event(messageId=message_id, properties={"pad": "x" * padding}))
        assert answer.status in (200, 503), answer
        if answer.status == 200:
            self.acknowledged.append(message_id)
        return answer

    def send_until(self, wanted, what, **options):
        """Send until an answer has this status, and give that answer."""

        def one():
            answer = self.send(**options)
            return answer if answer.status == wanted else None

        return self._skywrite.wait_until(one, what)

    def check_warehouse(self):
        """All that was acknowledged is in the warehouse, once."""
        self._skywrite.sync()
        rows = self._skywrite.query(f"select id from {self.schema}.tracks limit 10000")
        assert sorted(identifier for (identifier,) in rows) == sorted(self.acknowledged)


def health(skywrite):
    """What /health says to who is signed in: reasons too."""
    return skywrite.request("GET", "/health", headers={"Authorization": f"Bearer {skywrite.token()}"}).json


def warehouse_status(skywrite):
    return skywrite.api("GET", "/warehouse/status").json


def says(skywrite, role, *words):
    """Whether /health says of a role that it fails, with these words."""
    said = health(skywrite)["roles"].get(role, "")
    return said.startswith("failing") and all(word in said for word in words)


def refused_plainly(answer):
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json["success"] is False
    return answer.json["message"]


class TestFullDisk:
    def test_refuses_while_it_is_full_and_loses_nothing(self, tmp_path):
        with small_disk(tmp_path / "disk", 96) as disk, Skywrite(disk / "data") as skywrite:
            skywrite.token()
            sender = Sender(skywrite)
            sender.send()
            with filled(disk):
                answer = sender.send_until(503, "refused", padding=20_000)
                assert "full" in refused_plainly(answer)
                skywrite.wait_until(lambda: says(skywrite, "log", "full"), "told in /health")
            sender.send_until(200, "accepted again")
            skywrite.wait_until(skywrite.is_ready, "healthy again")
            sender.check_warehouse()

    def test_an_almost_full_disk_keeps_what_it_acknowledged(self, tmp_path):
        with small_disk(tmp_path / "disk", 96) as disk, Skywrite(disk / "data") as skywrite:
            sender = Sender(skywrite)
            with filled(disk, but=2 * _MEGABYTE):  # events still fit, their rows do not
                sender.send_until(503, "refused", padding=20_000)
                assert len(sender.acknowledged) > 10
            sender.send_until(200, "accepted again")
            skywrite.wait_until(skywrite.is_ready, "healthy again")
            sender.check_warehouse()

    def test_a_file_that_may_not_grow_is_the_same(self, data):
        with Skywrite(data) as skywrite:
            sender = Sender(skywrite)
            sender.send()
            roles = {skywrite.pid_of(role) for role in ("web", "warehouse", "delivery")}
            with no_longer_growing(roles, 64 * 1024):
                refused_plainly(sender.send_until(503, "refused", padding=20_000))
                assert health(skywrite)["status"] == "failing"
            sender.send_until(200, "accepted again")
            skywrite.wait_until(skywrite.is_ready, "healthy again")
            sender.check_warehouse()


class TestReadOnlyFolder:
    def test_at_the_start_is_one_clear_sentence(self, tmp_path):
        with small_disk(tmp_path / "disk", 96) as disk:
            with Skywrite(disk / "data") as skywrite:
                sender = Sender(skywrite)
                sender.send()
            remount(disk, "ro")
            done = skywrite.run("up", "--port", str(skywrite.port))
            assert done.returncode == 1
            assert "written" in done.stderr
            assert "Traceback" not in done.stderr
            assert len(done.stderr.strip().splitlines()) == 1
            remount(disk, "rw")
            with skywrite:
                sender.send()
                sender.check_warehouse()

    def test_while_it_runs(self, data):
        with Skywrite(data, log_segment_bytes=65536) as skywrite:
            sender = Sender(skywrite)
            sender.send()
            skywrite.sync()
            with read_only(data):
                # A segment that is open can still be written; the next one can't be begun.
                refused_plainly(sender.send_until(503, "refused", padding=20_000))
                skywrite.wait_until(lambda: says(skywrite, "log"), "told in /health")
            sender.send_until(200, "accepted again")
            skywrite.wait_until(skywrite.is_ready, "healthy again")
            sender.check_warehouse()

    def test_of_the_warehouse_alone_while_it_runs(self, data):
        with Skywrite(data) as skywrite:
            sender = Sender(skywrite)
            sender.send()
            skywrite.sync()
            with read_only(data, below=False):
                assert sender.send().status == 200
                told = skywrite.wait_until(
                    lambda: (now := warehouse_status(skywrite))["state"] == "failing" and now, "told by the warehouse"
                )
                assert "warehouse.duckdb" in told["reason"]
            skywrite.wait_until(lambda: warehouse_status(skywrite)["state"] == "idle", "loading again")
            sender.check_warehouse()


class TestHeldWarehouse:
    def test_waits_says_for_whom_and_goes_on(self, data):
        with Skywrite(data) as skywrite:
            sender = Sender(skywrite)
            sender.send()
            skywrite.sync()
            with open_shell(data / "warehouse.duckdb") as shell:
                assert sender.send().status == 200
                said = skywrite.wait_until(
                    lambda: (now := warehouse_status(skywrite))["state"] == "waiting" and now, "waiting"
                )
                assert "warehouse.duckdb" in said["reason"]
                assert str(shell.pid) in said["reason"]
                assert said["lag"] >= 1
                assert skywrite.is_ready()
            sender.check_warehouse()
            assert warehouse_status(skywrite)["reason"] == ""

    def test_is_free_for_a_read_only_shell_between_loads(self, data):
        with Skywrite(data) as skywrite:
            sender = Sender(skywrite)
            for _ in range(3):
                sender.send()
                skywrite.sync()
                count = f"select count(*) from {sender.schema}.tracks"
                with open_shell(data / "warehouse.duckdb", count, read_only=True) as shell:
                    assert shell.said == str([(len(sender.acknowledged),)])
                    sender.send()
            sender.check_warehouse()


class TestFullLog:
    def test_refuses_while_a_consumer_lags_and_takes_again_when_it_has_caught_up(self, data):
        with Skywrite(data, log_max_bytes=2 * _MEGABYTE, log_segment_bytes=256 * 1024) as skywrite:
            sender = Sender(skywrite)
            sender.send()
            skywrite.sync()
            with open_shell(data / "warehouse.duckdb"):
                answer = sender.send_until(503, "refused", padding=20_000)
                assert "cap" in refused_plainly(answer)
                skywrite.wait_until(lambda: says(skywrite, "log", "full"), "told in /health")
                assert len(sender.acknowledged) > 20
            sender.send_until(200, "accepted again")
            skywrite.wait_until(skywrite.is_ready, "healthy again")
            sender.check_warehouse()


class TestOldCopies:
    def test_of_all_but_the_warehouse_cost_no_new_event(self, data, tmp_path):
        skywrite, backup = Skywrite(data), tmp_path / "backup"
        with skywrite:
            sender = Sender(skywrite)
            sender.send()
            sender.check_warehouse()
        shutil.copytree(data, backup, ignore=shutil.ignore_patterns("run"))
        with skywrite:
            for _ in range(20):
                sender.send()
            sender.check_warehouse()
        for name in ("log", "dedupe"):
            shutil.rmtree(data / name)
            shutil.copytree(backup / name, data / name)
        for file in data.glob("skywrite.db*"):
            file.unlink()
        for file in backup.glob("skywrite.db*"):
            shutil.copy(file, data)
        with skywrite:
            for _ in range(5):
                assert sender.send().status == 200
            sender.check_warehouse()


class TestWebhookThatFails:
    @pytest.mark.parametrize(
        ("answer", "words"),
        [(status(500, b"out of order"), "500"), (GARBAGE, ""), (HANG, "")],
        ids=["answers 500", "answers garbage", "hangs"],
    )
    def test_is_tried_again_until_it_takes_all_in_order(self, data, endpoint, answer, words):
        with Skywrite(data, private_destinations=True) as skywrite:
            sender = Sender(skywrite)
            destination = skywrite.add_webhook(sender.source, endpoint.url)
            endpoint.say(answer)
            for _ in range(3):
                sender.send()
            told = skywrite.wait_until(lambda: _in_trouble(skywrite, destination), "told by the destination")
            assert words in told["state_reason"]
            sender.check_warehouse()  # one that fails costs the others nothing
            endpoint.deliveries.clear()
            endpoint.say(status(200))
            sender.send()
            skywrite.wait_until(lambda: set(sender.acknowledged) <= endpoint.message_ids(), "all delivered")
            skywrite.wait_until(lambda: not _in_trouble(skywrite, destination), "well again")

    def test_that_refuses_an_event_for_good_gets_the_next_and_the_first_is_kept(self, data, endpoint):
        with Skywrite(data, private_destinations=True) as skywrite:
            sender = Sender(skywrite)
            destination = skywrite.add_webhook(sender.source, endpoint.url)
            path = f"/destinations/{destination['id']}/dead-letters"
            endpoint.say(status(400, b"not like this"))
            sender.send()
            letter = skywrite.wait_until(lambda: skywrite.api("GET", path).json, "a dead letter")[0]
            assert (letter["message_id"], letter["status"]) == ("m0", 400)
            assert "not like this" in letter["response"]
            endpoint.say(status(200))
            endpoint.deliveries.clear()
            assert skywrite.api("POST", f"{path}/send-again", {}).status < 300
            skywrite.wait_until(lambda: endpoint.message_ids() == {"m0"}, "sent again")
            skywrite.wait_until(lambda: skywrite.api("GET", path).json == [], "no longer dead")


class TestPostgresStore:
    def test_whole_flow_and_a_store_that_goes_and_comes_back(self, data, endpoint, postgres):
        database = postgres.new_database()
        with Skywrite(data, database=postgres.url(database), private_destinations=True) as skywrite:
            assert not (data / "skywrite.db").exists()
            skywrite.token()
            sender = Sender(skywrite)
            skywrite.add_webhook(sender.source, endpoint.url)
            sender.send()
            skywrite.wait_until(lambda: endpoint.message_ids() == {"m0"}, "delivered")
            postgres.stop()
            try:
                # The keys are known: what arrives is kept, as the log needs no store.
                for _ in range(5):
                    assert sender.send().status == 200
                skywrite.wait_until(lambda: says(skywrite, "store"), "told in /health")
            finally:
                postgres.start()
            sender.send_until(200, "accepted")
            skywrite.wait_until(skywrite.is_ready, "healthy again")
            skywrite.wait_until(lambda: set(sender.acknowledged) <= endpoint.message_ids(), "all delivered")
            sender.check_warehouse()
            assert skywrite.stop() == 0
        shutil.rmtree(data / "run")
        with skywrite:
            sender.send()
            sender.check_warehouse()


def _in_trouble(skywrite, destination):
    now = skywrite.api("GET", f"/destinations/{destination['id']}").json
    return now if now["state"] in ("retrying", "failing") and now["state_reason"] else None
