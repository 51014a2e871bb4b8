import asyncio
from collections import defaultdict

import pytest
from tests.support.delivering import QUICK, Plant, numbered, window
from tests.support.receiver import Receiver, eventually


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
