"""A process that delivers until it is killed: `python -P tests/support/deliver.py DATA`."""

import asyncio
import sys
from pathlib import Path

import uvloop

from skywrite.destinations.running import run_delivery
from skywrite.settings import Settings
from skywrite.store.engine import open_store
from skywrite.wiring import open_feed


async def main(data: Path) -> None:
    settings = Settings(data=data, private_destinations=True)
    with open_feed(settings, "delivery") as feed:
        await run_delivery(settings, open_store(settings), feed, asyncio.Event())


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1])))
