"""Kill -9 of the delivering process: nothing missing, each user in order, and few events twice."""

import asyncio
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.support.delivering import Plant
from tests.support.receiver import Receiver, eventually

CHILD = Path(__file__).parents[1] / "support" / "deliver.py"
EVENTS, USERS, KILLS = 2000, 60, 3
COMMITTED_AT_LEAST_EVERY = 500 + 64 + 500  # events done, those on their way, and those done during a commit


@pytest.fixture
def plant(settings, sqlite_store):
    plant = Plant(settings, sqlite_store)
    yield plant
    plant.close()


async def child(plant):
    return await asyncio.create_subprocess_exec(sys.executable, "-P", str(CHILD), str(plant.settings.data))


@pytest.mark.flow
@pytest.mark.parametrize("fails", [0, 0.02], ids=["all well", "some fail"])
def test_a_killed_delivery_misses_nothing_and_repeats_little(plant, fails):
    async def main():
        chance = random.Random(7)
        async with Receiver(lambda _: 500 if chance.random() < fails else 204) as receiver:
            hook = plant.webhook(receiver)
            names = plant.send_each(EVENTS, users=USERS)
            marks = sorted(chance.sample(range(200, EVENTS - 200), KILLS))
            process = await child(plant)
            for mark in marks:
                await receiver.until(lambda mark=mark: len(receiver.distinct) >= mark)
                process.kill()
                await process.wait()
                process = await child(plant)
            await receiver.until(lambda: len(receiver.distinct) == EVENTS)
            await eventually(lambda: plant.cursor(hook) == plant.log.head() and plant.waiting(hook) == 0)
            process.kill()
            await process.wait()
        assert set(receiver.ids) == set(names)
        assert first_deliveries_are_in_order(receiver)
        assert sum(Counter(receiver.ids).values()) - EVENTS <= KILLS * COMMITTED_AT_LEAST_EVERY

    asyncio.run(main())


def first_deliveries_are_in_order(receiver):
    numbers = defaultdict(dict)
    for hit in receiver.delivered:
        numbers[hit.event["userId"]].setdefault(hit.event["properties"]["n"])
    return all(list(found) == sorted(found) for found in numbers.values())
