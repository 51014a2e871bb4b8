"""Reading the feed for several couriers at once: in a thread of its own, and what one has read serves the others."""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from skywrite.events.apart import Found, found_in
from skywrite.log.base import Record
from skywrite.pipeline.feed import Feed

_KEPT = 4


class Arrival:
    """A record of the feed; its events are decoded once, and changed by nobody."""

    __slots__ = ("_duplicates", "_found", "record")

    def __init__(self, record: Record, duplicates: frozenset[int]) -> None:
        self.record = record
        self._duplicates = duplicates
        self._found: list[Found] | None = None

    def events(self) -> list[Found]:
        """The events, less the duplicates; those that cannot be read say why."""
        if self._found is None:
            self._found = list(found_in(self.record, self._duplicates))
        return self._found


class Tail:
    """The feed, for a loop. Log and feed serve one thread at a time: all reading goes through `thread`."""

    def __init__(self, feed: Feed, read_bytes: int) -> None:
        self._feed = feed
        self._read_bytes = read_bytes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="delivery-feed")
        self._recent: OrderedDict[int, list[Arrival]] = OrderedDict()

    async def read(self, after: int) -> list[Arrival]:
        """The next records after a position, [] when up to date."""
        known = self._recent.get(after)
        if known is not None:
            return known
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._thread, self._feed.read, after, self._read_bytes)
        arrivals = [Arrival(record, duplicates) for record, duplicates in found]
        if arrivals:
            self._recent[after] = arrivals
            while len(self._recent) > _KEPT:
                self._recent.popitem(last=False)
        return arrivals

    async def head(self) -> int:
        """The position of the log's last record."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._feed.head)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()
