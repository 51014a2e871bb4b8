import asyncio
import contextlib
import sqlite3
from collections import defaultdict

import msgspec
import pytest
from aiohttp import web
from sqlalchemy import update
from structlog.testing import capture_logs

from skywrite.destinations import service
from skywrite.destinations.queries import TOPIC
from skywrite.kit.http import Request
from skywrite.kit.time import now_micros
from skywrite.pipeline import dead_letters
from skywrite.pipeline.delivery import Delivery
from skywrite.pipeline.retry import BEHIND
from skywrite.pipeline.verdict import Verdict
from skywrite.store.tables import cursors, retries
from skywrite.wiring import open_feed
from tests.support.build import a_new_record
from tests.support.delivering import QUICK, Plant, numbered, window
from tests.support.receiver import Receiver, eventually

PATIENT = msgspec.structs.replace(QUICK, straggler=30.0)


@pytest.fixture
def plant(settings, sqlite_store):
    plant = Plant(settings, sqlite_store)
    yield plant
    plant.close()


def by_user(receiver):
    """The numbers delivered to each user, in order, each once."""
    found = defaultdict(dict)
    for hit in receiver.delivered:
        for event in hit.events:
            found[event["userId"]].setdefault(event["properties"]["n"])
    return {user: list(numbers) for user, numbers in found.items()}


def in_order(receiver):
    return all(numbers == sorted(numbers) for numbers in by_user(receiver).values())


def test_each_event_is_posted_once_in_the_order_of_its_user(plant):
    async def main():
        async with Receiver() as receiver:
            hook = plant.webhook(receiver)
            async with plant.delivering():
                names = plant.send_each(300, users=7)
                await receiver.until(lambda: len(receiver.delivered) >= 300)
            assert sorted(receiver.ids) == sorted(names)
            assert in_order(receiver)
            assert plant.cursor(hook) == plant.log.head()
            assert plant.counted(hook) == {"delivered": 300, "retried": 0, "failed": 0, "filtered": 0}

    asyncio.run(main())


def failing(kind, per_event=1):
    """An answer that fails each event's first `per_event` tries in some way."""
    tries = defaultdict(int)

    async def answer(hit):
        tries[hit.id] += 1
        if tries[hit.id] > per_event:
            return 204
        return await kind() if callable(kind) else kind

    return answer


async def hanging():
    await asyncio.sleep(3600)
    return 204


@pytest.mark.parametrize("kind", [500, 503, 429, 408], ids=str)
def test_an_event_that_fails_is_retried_and_later_ones_of_its_user_wait(plant, kind):
    async def main():
        async with Receiver() as receiver:
            always = failing(kind)
            receiver.answer = lambda hit: always(hit) if hit.event["properties"]["n"] % 10 == 0 else 204
            hook = plant.webhook(receiver)
            async with plant.delivering():
                names = plant.send_each(100, users=7)
                await receiver.until(lambda: len(receiver.distinct) >= 100)
                await eventually(lambda: plant.waiting(hook) == 0)
            assert set(receiver.ids) == set(names)
            assert in_order(receiver)
            assert plant.counted(hook)["retried"] == 10
            assert plant.dead(hook) == []

    asyncio.run(main())


def test_a_retry_carries_the_same_id_and_body(plant):
    async def main():
        async with Receiver(failing(500, per_event=2)) as receiver:
            plant.webhook(receiver)
            async with plant.delivering():
                plant.send_each(1)
                await receiver.until(lambda: len(receiver.delivered) == 1)
            assert [hit.id for hit in receiver.hits] == ["m0", "m0", "m0"]
            assert len({hit.body for hit in receiver.hits}) == 1

    asyncio.run(main())


def test_one_that_is_never_answered_is_sent_again(plant):
    async def main():
        async with Receiver(failing(hanging)) as receiver:
            hook = plant.webhook(receiver)
            async with plant.delivering(msgspec.structs.replace(QUICK, timeout=0.2)):
                plant.send_each(1)
                await eventually(lambda: plant.counted(hook)["delivered"] == 1)
            assert len(receiver.hits) > 1
            assert receiver.distinct == {"m0"}

    asyncio.run(main())


def test_one_that_hangs_holds_up_its_own_user_only(plant):
    async def main():
        async with Receiver() as receiver:
            hangs = asyncio.Event()

            async def late():
                await hangs.wait()
                return 503

            once = failing(late)
            receiver.answer = lambda hit: once(hit) if hit.id == "m0" else 204
            hook = plant.webhook(receiver)
            async with plant.delivering():
                plant.send_each(50, users=5)
                await receiver.until(lambda: len(receiver.distinct) >= 40)
                assert not any(event["userId"] == "u0" for hit in receiver.delivered for event in hit.events)
                await eventually(lambda: plant.cursor(hook) == plant.log.head())  # nor does the cursor wait
                hangs.set()
                await receiver.until(lambda: len(receiver.distinct) >= 50)
            assert in_order(receiver)

    asyncio.run(main())


def test_what_is_refused_for_good_becomes_a_dead_letter_and_costs_nobody_else(plant):
    async def main():
        async with Receiver() as receiver:
            refusal = web.Response(status=422, text='{"error": "no such product"}')
            receiver.answer = lambda hit: copy_of(refusal) if hit.id == "m3" else 204
            hook = plant.webhook(receiver)
            async with plant.delivering():
                plant.send_each(20)
                await receiver.until(lambda: len(receiver.delivered) >= 19)
                await eventually(lambda: len(plant.dead(hook)) == 1)
            [letter] = plant.dead(hook)
            assert (letter.message_id, letter.status, letter.attempts) == ("m3", 422, 1)
            assert letter.response == '{"error": "no such product"}'
            assert "422" in letter.reason
            assert letter.event["properties"] == {"n": 3}
            assert in_order(receiver)

    asyncio.run(main())


def copy_of(response):
    return web.Response(status=response.status, text=response.text, headers=dict(response.headers))


def test_dead_letters_are_sent_again_in_order_and_those_discarded_are_gone(plant):
    async def main():
        async with Receiver(lambda _: 400) as receiver:
            hook = plant.webhook(receiver)
            async with plant.delivering():
                plant.send_each(12, users=3)
                await eventually(lambda: len(plant.dead(hook)) == 12)
                newest = plant.dead(hook)[0]
                assert dead_letters.discard(plant.store, hook.id, [newest.id]) == 1
                receiver.answer = lambda _: 204
                assert dead_letters.send_again(plant.store, hook.id) == 11
                await receiver.until(lambda: len(receiver.delivered) == 11)
                await eventually(lambda: plant.waiting(hook) == 0)
            assert newest.message_id not in receiver.ids
            assert plant.dead(hook) == []
            assert in_order(receiver)

    asyncio.run(main())


def test_an_event_older_than_the_window_is_given_up_with_its_reason(plant):
    async def main():
        async with Receiver() as receiver:
            receiver.answer = lambda hit: 500 if hit.event["userId"] == "u1" else 204
            hook = plant.webhook(receiver)
            async with plant.delivering(window(0.3)):
                plant.send_each(10, users=2)
                await eventually(lambda: len(plant.dead(hook)) == 5)
                await eventually(lambda: plant.waiting(hook) == 0)
            assert {letter.status for letter in plant.dead(hook)} == {500}
            assert plant.dead(hook)[-1].attempts > 1
            assert plant.counted(hook)["failed"] == 5

    asyncio.run(main())


def test_a_destination_that_is_down_is_probed_and_goes_on_by_itself(plant):
    async def main():
        async with Receiver(lambda _: 503) as receiver:
            hook = plant.webhook(receiver)
            async with plant.delivering():
                names = plant.send_each(2000, users=400)
                await eventually(lambda: plant.state(hook)[0] == "failing")
                assert "503" in plant.state(hook)[1]
                failed = len(receiver.hits)
                await receiver.until(lambda: len(receiver.hits) >= failed + 5)  # it probes, one at a time
                assert len(receiver.hits) < 200  # and burns no attempts of the others
                receiver.answer = lambda _: 204
                await receiver.until(lambda: len(receiver.distinct) == 2000)
                await eventually(lambda: plant.waiting(hook) == 0 and plant.cursor(hook) == plant.log.head())
                await eventually(lambda: plant.state(hook)[0] != "failing")
            assert set(receiver.ids) == set(names)
            assert in_order(receiver)
            assert plant.dead(hook) == []

    asyncio.run(main())


def test_while_it_is_down_events_past_the_window_become_dead_letters(plant):
    async def main():
        async with Receiver(lambda _: web.Response(status=500, text="broken")) as receiver:
            hook = plant.webhook(receiver)
            async with plant.delivering(window(0.5)):
                plant.send_each(300, users=100)
                await eventually(lambda: len(plant.dead(hook)) == 300)
                await eventually(lambda: plant.cursor(hook) == plant.log.head())
            assert {letter.response for letter in plant.dead(hook)} == {"broken"}
            assert len(receiver.hits) < 200

    asyncio.run(main())


def test_a_dead_neighbour_costs_the_others_nothing(plant):
    async def main():
        async with Receiver(lambda _: hanging()) as dead, Receiver() as alive:
            plant.webhook("http://127.0.0.1:1/refused", name="Refuses")
            plant.webhook(dead, name="Hangs")
            hook = plant.webhook(alive, name="Works")
            async with plant.delivering(msgspec.structs.replace(QUICK, timeout=1.0, drain=2.0)):
                plant.send_each(500, users=50)
                await alive.until(lambda: len(alive.delivered) >= 500)
                await eventually(lambda: plant.cursor(hook) == plant.log.head())
            assert in_order(alive)

    asyncio.run(main())


def test_retry_after_is_heeded(plant):
    async def main():
        moments = []

        async with Receiver() as receiver:

            def answer(_):
                moments.append(asyncio.get_running_loop().time())
                return web.Response(status=429, headers={"Retry-After": "1"}) if len(moments) == 1 else 204

            receiver.answer = answer
            plant.webhook(receiver)
            async with plant.delivering():
                plant.send_each(1)
                await receiver.until(lambda: len(receiver.delivered) == 1)
            assert moments[1] - moments[0] >= 0.99  # not before it was asked to

    asyncio.run(main())


GARBAGE = {
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-",
    "endless head": b"HTTP/1.1 200 OK\r\n" + b"x-a: " + b"a" * 100_000,
    "an upgrade": b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_a_failure_like_any_other(plant, garbage):
    async def main():
        calls = []

        async def serve(reader, writer):
            calls.append(await reader.readuntil(b"\r\n\r\n"))
            good = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"
            writer.write(good if len(calls) > 2 else garbage)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        hook = plant.webhook(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        async with plant.delivering():
            plant.send_each(1)
            await eventually(lambda: plant.counted(hook)["delivered"] == 1)
        server.close()
        assert len(calls) == 3
        assert plant.counted(hook)["retried"] == 2

    asyncio.run(main())


def test_a_refused_batch_is_sent_in_parts_until_the_bad_event_stands_alone(plant):
    async def main():
        async with Receiver() as receiver:
            receiver.answer = lambda hit: 400 if any(event["messageId"] == "m13" for event in hit.events) else 204
            hook = plant.webhook(receiver, batch_size=20)
            async with plant.delivering():
                plant.send(*[numbered(number) for number in range(40)])
                await receiver.until(lambda: len(receiver.distinct) >= 39)
                await eventually(lambda: len(plant.dead(hook)) == 1)
            assert [letter.message_id for letter in plant.dead(hook)] == ["m13"]
            assert len(receiver.ids) == 39
            assert in_order(receiver)

    asyncio.run(main())


def test_the_integrations_object_other_sources_and_duplicates_are_heeded(plant):
    async def main():
        async with Receiver() as receiver:
            hook = plant.webhook(receiver)
            other = plant.sources.add("python", "Other")
            async with plant.delivering():
                plant.send(numbered(1), source_id=other.id)
                plant.send(
                    numbered(2, integrations={"All": False}),
                    numbered(3, integrations={"Webhook": False}),
                    numbered(4, integrations={"All": False, "Webhook": True}),
                    numbered(5, integrations={"All": False, "Webhook": {"key": 1}}),
                    numbered(6, integrations={"webhook": False}),
                    numbered(6),
                )
                plant.send(numbered(4), numbered(7))
                await receiver.until(lambda: "m7" in receiver.ids)
                await eventually(lambda: plant.cursor(hook) == plant.log.head())
            assert sorted(receiver.ids) == ["m4", "m5", "m6", "m7"]
            assert plant.counted(hook)["filtered"] == 2

    asyncio.run(main())


def test_a_new_destination_gets_nothing_older_and_one_switched_on_again_nothing_of_meanwhile(plant):
    async def main():
        async with Receiver() as receiver:
            plant.send_each(5)
            hook = plant.webhook(receiver)
            async with plant.delivering():
                plant.send_each(5, start=5)
                await receiver.until(lambda: len(receiver.delivered) == 5)
            plant.destinations.disable(hook.id)
            assert plant.cursor(hook) is None  # so the log is not kept for it
            plant.send_each(5, start=10)
            plant.destinations.enable(hook.id)
            plant.send_each(5, start=15)
            async with plant.delivering():
                await receiver.until(lambda: len(receiver.delivered) == 10)
            assert sorted(receiver.ids) == sorted(f"m{number}" for number in [*range(5, 10), *range(15, 20)])

    asyncio.run(main())


def test_changed_settings_are_noticed_while_it_runs(plant):
    async def main():
        async with Receiver() as first, Receiver() as second:
            hook = plant.webhook(first)
            async with plant.delivering():
                plant.send_each(3)
                await first.until(lambda: len(first.delivered) == 3)
                plant.destinations.change(hook.id, settings={"url": second.url})
                await eventually(lambda: bool(plant.send_each(1, start=plant.log.head() + 10)) and bool(second.hits))
            assert set(first.ids).isdisjoint(second.ids)

    asyncio.run(main())


def test_a_private_address_is_not_reached_and_the_state_says_what_to_set(plant):
    async def main():
        async with Receiver() as receiver:
            hook = plant.webhook(receiver)
            plant.settings = msgspec.structs.replace(plant.settings, private_destinations=False)
            async with plant.delivering():
                plant.send_each(100, users=50)
                await eventually(lambda: plant.state(hook)[0] == "failing")
            assert "SKYWRITE_PRIVATE_DESTINATIONS" in plant.state(hook)[1]
            assert receiver.hits == []
            plant.settings = msgspec.structs.replace(plant.settings, private_destinations=True)
            async with plant.delivering():
                await receiver.until(lambda: len(receiver.distinct) == 100)
            assert in_order(receiver)

    asyncio.run(main())


def test_stopping_lets_what_is_on_its_way_finish_and_starting_goes_on_from_there(plant):
    async def main():
        async with Receiver() as receiver:
            release = asyncio.Event()

            async def answer(_):
                await release.wait()
                return 204

            receiver.answer = answer
            hook = plant.webhook(receiver, in_flight=8)
            async with plant.delivering(PATIENT):
                names = plant.send_each(30, users=30)
                await receiver.until(lambda: len(receiver.hits) == 8)
                asyncio.get_running_loop().call_later(0.2, release.set)
            assert len(receiver.delivered) == 8
            assert plant.counted(hook)["delivered"] == 8
            async with plant.delivering():
                await receiver.until(lambda: len(receiver.delivered) == 30)
            assert sorted(receiver.ids) == sorted(names)

    asyncio.run(main())


def test_retries_of_an_earlier_process_keep_their_users_in_order(plant):
    async def main():
        async with Receiver() as receiver:
            receiver.answer = lambda hit: 500 if hit.event["userId"] == "u1" else 204
            hook = plant.webhook(receiver)
            async with plant.delivering():
                plant.send_each(40, users=4)
                await receiver.until(lambda: len(receiver.delivered) == 30)
                await eventually(lambda: plant.waiting(hook) == 10)
            receiver.answer = lambda _: 204
            plant.send_each(40, users=4, start=40)
            async with plant.delivering():
                await receiver.until(lambda: len(receiver.distinct) == 80)
                await eventually(lambda: plant.waiting(hook) == 0)
            assert in_order(receiver)

    asyncio.run(main())


def test_a_long_queue_behind_one_failure_does_not_wait_for_a_commit_every_few(plant):
    async def main():
        async with Receiver() as receiver:
            receiver.answer = lambda _: 500 if len(receiver.hits) == 1 else 204
            plant.webhook(receiver)
            async with plant.delivering(msgspec.structs.replace(QUICK, commit=2.0)):
                plant.send_each(1900, users=1)
                await receiver.until(lambda: len(receiver.distinct) == 1900)
            assert in_order(receiver)

    asyncio.run(main())


def test_retries_that_a_crash_left_ahead_of_the_cursor_go_on(plant):
    async def main():
        async with Receiver() as receiver:
            receiver.answer = lambda hit: 500 if hit.event["userId"] == "u1" else 204
            hook = plant.webhook(receiver)
            async with plant.delivering():
                plant.send_each(20, users=4)
                await receiver.until(lambda: len(receiver.delivered) == 15)
                await eventually(lambda: plant.waiting(hook) == 5)
            with plant.store.write() as connection:  # as if the first event had not been done when it crashed
                connection.execute(update(cursors).where(cursors.c.follower.like("destination:%")).values(position=0))
                due = now_micros() + 1_000_000  # later than the log is read again
                connection.execute(update(retries).where(retries.c.due_at < BEHIND).values(due_at=due))
            receiver.answer = lambda _: 204
            async with plant.delivering():
                await receiver.until(lambda: len(receiver.distinct) == 20)
                await eventually(lambda: plant.waiting(hook) == 0)
            assert in_order(receiver)

    asyncio.run(main())


def test_samples_are_bounded_and_tell_what_was_sent_and_what_came_back(plant):
    async def main():
        async with Receiver(lambda _: web.Response(status=400, text="nope")) as receiver:
            hook = plant.webhook(receiver, authorization="Bearer hush-hush")
            async with plant.delivering(msgspec.structs.replace(QUICK, samples_a_second=1000.0, samples_kept=20)):
                plant.send_each(200, users=20)
                await eventually(lambda: len(plant.dead(hook)) == 200)
            samples = plant.samples(hook)
            assert len(samples) == 20
            assert samples[0].outcome == "failed"
            assert samples[0].response == "nope"
            assert samples[0].event_name == "Order Completed"
            assert '"n":' in samples[0].request
            assert not any("hush-hush" in sample.request for sample in samples)

    asyncio.run(main())


def test_a_store_that_is_locked_for_a_while_loses_nothing(plant):
    async def main():
        async with Receiver() as receiver:
            hook = plant.webhook(receiver)
            async with plant.delivering():
                first = plant.send_each(1, start=1000)
                await eventually(lambda: plant.cursor(hook) == plant.log.head())
                other = sqlite3.connect(plant.settings.data / "skywrite.db")
                other.execute("begin immediate")
                names = first + plant.send_each(100)
                await receiver.until(lambda: len(receiver.delivered) == 101)
                other.rollback()
                other.close()
                await eventually(lambda: plant.cursor(hook) == plant.log.head())
            assert sorted(receiver.ids) == sorted(names)
            assert plant.counted(hook)["delivered"] == 101

    asyncio.run(main())


class Clumsy:
    """A destination's definition that breaks on some events and some answers."""

    catalog_name, batch_size, in_flight = "Clumsy", 1, 8

    def __init__(self, url):
        self.url, self.answers = url, 0

    def wants(self, event):
        return event["properties"]["n"] != 1 or 1 / 0

    def request(self, events, at):
        if events[0]["properties"]["n"] == 2:
            raise KeyError("hush")
        return Request("POST", self.url, msgspec.json.encode(events[0]), {"webhook-id": events[0]["messageId"]})

    def verdict(self, response):
        self.answers += 1
        if self.answers == 1:
            raise ValueError("hush")
        return Verdict.of(response)


def test_a_definition_that_breaks_on_an_event_costs_that_event_alone(plant):
    async def main():
        async with Receiver() as receiver:
            hook = plant.webhook(receiver)
            [route] = service.routes(plant.store)
            clumsy = msgspec.structs.replace(route, target=Clumsy(receiver.url))
            stop = asyncio.Event()
            with open_feed(plant.settings, "delivery") as feed:
                delivery = Delivery(plant.settings, plant.store, feed, lambda _: [clumsy], topics=("x",), pace=QUICK)
                running = asyncio.create_task(delivery.run(stop))
                plant.send_each(6)
                await eventually(lambda: len(plant.dead(hook)) == 2 and plant.counted(hook)["delivered"] == 4)
                await eventually(lambda: plant.cursor(hook) == plant.log.head())
                stop.set()
                await running
            assert receiver.distinct == {"m0", "m3", "m4", "m5"}
            assert "hush" not in " ".join(letter.reason for letter in plant.dead(hook) if letter.message_id == "m2")

    asyncio.run(main())


def test_a_store_that_refuses_even_to_hear_of_it_ends_no_delivery(plant):
    async def main():
        async with Receiver() as receiver:
            hook = plant.webhook(receiver)
            with plant.store.write() as connection:
                for what in ("INSERT", "UPDATE"):
                    no = f"BEFORE {what} ON delivery_states BEGIN SELECT RAISE(ABORT, 'no'); END"
                    connection.exec_driver_sql(f"CREATE TRIGGER no_{what} {no}")
            with capture_logs() as logs:
                async with plant.delivering():
                    plant.send_each(1)
                    await eventually(lambda: any("can't be written down" in entry["event"] for entry in logs))
                    with plant.store.write() as connection:
                        for what in ("INSERT", "UPDATE"):
                            connection.exec_driver_sql(f"DROP TRIGGER no_{what}")
                    await eventually(lambda: plant.cursor(hook) == 1)
            assert receiver.distinct == {"m0"}

    asyncio.run(main())


def test_a_destination_that_was_switched_off_as_it_began_gets_no_cursor(plant):
    async def main():
        async with Receiver() as receiver:
            hook = plant.webhook(receiver)
            seen = service.routes(plant.store)
            plant.destinations.disable(hook.id)
            stop = asyncio.Event()
            with open_feed(plant.settings, "delivery") as feed:
                delivery = Delivery(plant.settings, plant.store, feed, lambda _: seen, topics=("x",), pace=QUICK)
                running = asyncio.create_task(delivery.run(stop))
                await eventually(lambda: plant.state(hook)[0])
                stop.set()
                await running
            assert plant.cursor(hook) is None

    asyncio.run(main())


class Looked:
    """Delivery's view of the destinations, and which of them it saw last."""

    def __init__(self):
        self.names = None

    def __call__(self, store):
        found = service.routes(store)
        self.names = {route.name for route in found}
        return found

    @contextlib.asynccontextmanager
    async def delivering(self, plant, pace):
        stop = asyncio.Event()
        with open_feed(plant.settings, "delivery") as feed:
            delivery = Delivery(plant.settings, plant.store, feed, self, topics=(TOPIC,), pace=pace)
            running = asyncio.create_task(delivery.run(stop))
            try:
                yield
            finally:
                stop.set()
                await running


class Held:
    """Answers nothing to the first event until `release`."""

    def __init__(self, answer=204):
        self.release, self.first_answer = asyncio.Event(), answer

    async def __call__(self, hit):
        if hit.id != "m0":
            return 204
        await self.release.wait()
        return self.first_answer


def test_one_switched_off_and_on_again_waits_until_its_old_self_is_done(plant):
    async def main():
        held, looked = Held(), Looked()
        async with Receiver(held) as receiver, Receiver() as other:
            hook = plant.webhook(receiver)
            async with looked.delivering(plant, PATIENT):
                plant.send_each(1, users=1)
                await receiver.until(lambda: len(receiver.hits) == 1)
                plant.destinations.disable(hook.id)
                await eventually(lambda: looked.names == set())
                plant.destinations.enable(hook.id)
                plant.webhook(other, name="Witness")
                await eventually(lambda: looked.names == {"Hook", "Witness"})
                plant.send_each(50, users=1, start=1)
                await other.until(lambda: len(other.delivered) == 50)
                assert [hit.id for hit in receiver.hits] == ["m0"]
                held.release.set()
                await receiver.until(lambda: len(receiver.delivered) == 51)
            assert in_order(receiver)

    asyncio.run(main())


def test_what_a_removed_one_still_finishes_leaves_nothing_behind(plant):
    async def main():
        held, looked = Held(400), Looked()
        async with Receiver(held) as receiver:
            hook = plant.webhook(receiver)
            async with looked.delivering(plant, PATIENT):
                plant.send_each(1)
                await receiver.until(lambda: len(receiver.hits) == 1)
                await eventually(lambda: plant.state(hook)[0] == "delivering")
                plant.destinations.remove(hook.id)
                await eventually(lambda: looked.names == set())
                held.release.set()
            assert (plant.dead(hook), plant.samples(hook), plant.cursor(hook)) == ([], [], None)
            assert not any(plant.counted(hook).values())
            assert plant.state(hook) == ("", "")

    asyncio.run(main())


def test_what_one_that_is_switched_off_still_finishes_is_kept(plant):
    async def main():
        held, looked = Held(500), Looked()
        async with Receiver(held) as receiver:
            hook = plant.webhook(receiver)
            async with looked.delivering(plant, PATIENT):
                plant.send_each(1)
                await receiver.until(lambda: len(receiver.hits) == 1)
                plant.destinations.disable(hook.id)
                await eventually(lambda: looked.names == set())
                held.release.set()
            assert (plant.waiting(hook), plant.cursor(hook)) == (1, None)

    asyncio.run(main())


def test_an_event_that_cannot_be_read_costs_none_of_its_neighbours(plant):
    async def main():
        async with Receiver() as receiver:
            hook = plant.webhook(receiver)
            async with plant.delivering():
                plant.send(numbered(0), numbered(1, context=7), numbered(2), numbered(3), context={"app": "x"})
                await receiver.until(lambda: len(receiver.delivered) == 3)
                await eventually(lambda: len(plant.dead(hook)) == 1)
                await eventually(lambda: plant.cursor(hook) == plant.log.head())
            assert sorted(receiver.ids) == ["m0", "m2", "m3"]
            [letter] = plant.dead(hook)
            assert letter.reason.startswith("This event cannot be read:")
            assert '"messageId": "m1"' in letter.event["body"]
            assert plant.counted(hook)["failed"] == 1

    asyncio.run(main())


def test_a_record_that_is_no_json_is_one_dead_letter(plant):
    async def main():
        async with Receiver() as receiver:
            hook = plant.webhook(receiver)
            async with plant.delivering():
                plant.log.append([a_new_record(b"{garbled", source_id=plant.source.id)])
                plant.send(numbered(1))
                await receiver.until(lambda: receiver.ids == ["m1"])
                await eventually(lambda: plant.cursor(hook) == plant.log.head())
            [letter] = plant.dead(hook)
            assert letter.event == {"body": "{garbled"}
            assert letter.reason.startswith("This record of the log cannot be read:")

    asyncio.run(main())


class Watched(Clumsy):
    """A destination's definition that counts what it was asked about: so far its courier has read."""

    def __init__(self, url):
        super().__init__(url)
        self.seen = 0

    def wants(self, event):
        self.seen += 1
        return True

    def request(self, events, at):
        return Request("POST", self.url, msgspec.json.encode(events[0]), {"webhook-id": events[0]["messageId"]})

    def verdict(self, response):
        return Verdict.of(response)


def test_what_waits_in_memory_is_bounded_in_bytes(plant):
    async def main():
        release = asyncio.Event()

        async def answer(_):
            await release.wait()
            return 204

        async with Receiver(answer) as receiver, Receiver() as other:
            hook = plant.webhook(receiver)
            plant.webhook(other, name="Witness")
            watched = Watched(receiver.url)

            def routes(store):
                return [
                    msgspec.structs.replace(route, target=watched) if route.id == hook.id else route
                    for route in service.routes(store)
                ]

            stop = asyncio.Event()
            with open_feed(plant.settings, "delivery") as feed:
                pace = msgspec.structs.replace(PATIENT, max_waiting_bytes=50_000)
                delivery = Delivery(plant.settings, plant.store, feed, routes, topics=("x",), pace=pace)
                running = asyncio.create_task(delivery.run(stop))
                for number in range(200):
                    plant.send(numbered(number, users=200, context={"filler": "x" * 5000}))
                await other.until(lambda: len(other.delivered) == 200)
                assert watched.seen <= watched.in_flight + 50_000 // 5000 + 1
                release.set()
                await receiver.until(lambda: len(receiver.delivered) == 200)
                stop.set()
                await running

    asyncio.run(main())


def test_a_request_of_several_events_is_bounded_in_bytes(plant):
    async def main():
        async with Receiver() as receiver:
            plant.webhook(receiver, batch_size=100)
            async with plant.delivering(msgspec.structs.replace(QUICK, request_bytes=20_000)):
                events = [numbered(number, context={"filler": "x" * 5000}) for number in range(50)]
                plant.send(*events)
                await receiver.until(lambda: len(receiver.distinct) == 50)
            assert max(len(hit.events) for hit in receiver.hits) == 3
            assert in_order(receiver)

    asyncio.run(main())


def test_with_little_memory_retries_still_come_round(plant):
    async def main():
        async with Receiver(failing(500)) as receiver:
            hook = plant.webhook(receiver)
            tight = {"max_waiting_bytes": 2000, "max_unsaved_bytes": 2000, "circuit_failures": 10_000}
            async with plant.delivering(msgspec.structs.replace(QUICK, **tight)):
                names = plant.send_each(200, users=20)
                await receiver.until(lambda: len(receiver.distinct) == 200)
                await eventually(lambda: plant.waiting(hook) == 0 and plant.cursor(hook) == plant.log.head())
            assert sorted(receiver.distinct) == sorted(names)
            assert in_order(receiver)

    asyncio.run(main())
