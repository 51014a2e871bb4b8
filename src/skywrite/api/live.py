"""A source's arrivals for all who watch it live: followed, decoded and encoded once, however many they are.

A hub for each source that is watched begins with its first watcher, where the log is then, and ends with the last. Who
wants what came before follows the log alone up to where the hub was, and then joins it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import structlog
from msgspec import Raw, Struct

from skywrite.api.bells import Bells
from skywrite.kit import json
from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros
from skywrite.pipeline.debugging import count_events, latest_events, ripe, with_rejections
from skywrite.pipeline.reader import Marked, Reader
from skywrite.store.engine import Store

log = structlog.get_logger()
MOST_AT_ONCE = 50  # events in one message
MOST_WATCHERS = 100  # streams of one process
_PACE_SECONDS = 0.25
_BREATH_SECONDS = 0.05  # where a busy log rings all the time and dedupe lags
_LOOK_SECONDS = 1.0
_AFTER_SECONDS = 10.0
_READ_BYTES = 4 << 20
_FAR_BEHIND = 5_000  # records; further behind than that, a stream jumps ahead


class Message(Struct):
    """What came between two positions of the log: the newest events, each as JSON, and how many were left out."""

    begin: int
    end: int
    events: list[tuple[int, Raw]]  # with the position of its record, the newest last
    skipped: int
    _data: str = ""

    @property
    def data(self) -> str:
        """Its JSON, in the form of `schemas.Arrivals`; made once."""
        if not self._data:
            self._data = json.encode(_Encoded([raw for _, raw in self.events], self.skipped)).decode()
        return self._data

    def beyond(self, position: int) -> "Message":
        """Less what came up to a position."""
        events = [(at, raw) for at, raw in self.events if at > position]
        # What was left out is older than what is shown.
        return Message(position, self.end, events, self.skipped if len(events) == len(self.events) else 0)

    def followed_by(self, later: "Message") -> "Message":
        """Both as one, again with the newest events only."""
        events = self.events + later.events
        dropped = max(0, len(events) - MOST_AT_ONCE)
        return Message(self.begin, later.end, events[dropped:], self.skipped + later.skipped + dropped)


class _Encoded(Struct):
    events: list[Raw]
    skipped: int


class Trail(Struct):
    """How far one source's arrivals have been followed in the log."""

    after: int
    waits: bool = False  # something arrived that dedupe has not decided yet

    def step(self, reader: Reader, store: Store, source_id: str, upto: int | None = None) -> Message | None:
        """What came for a source since the last step, None for nothing."""
        head, decided = reader.heads()
        head = head if upto is None else min(head, upto)
        begin, skipped = self.after, 0
        if head - self.after > _FAR_BEHIND:
            skipped = head - _FAR_BEHIND // 2 - self.after
            self.after = head - _FAR_BEHIND // 2
        self.waits = False
        if head <= self.after:
            return None
        marked = self._ripe(reader.after(self.after, _READ_BYTES, head), decided, head)
        mine = [(record, duplicates) for record, duplicates in marked if record.source_id == source_id]
        if not mine and not skipped:
            return None
        events = with_rejections(store, source_id, latest_events(mine, MOST_AT_ONCE))
        encoded = [(int(event.id.partition("-")[0]), Raw(json.encode(event))) for event in events]
        return Message(begin, self.after, encoded, skipped + max(0, count_events(mine) - len(events)))

    def _ripe(self, marked: list[Marked], decided: int, head: int) -> list[Marked]:
        """Those that may be shown now."""
        found = ripe(marked, decided, now_micros())
        self.waits = len(found) < len(marked)
        if found:
            self.after = found[-1][0].position
        elif not marked:
            self.after = head  # a log may have gaps
        return found


class Watcher:
    """One stream's letter box: what it has not read yet, as one message that never grows beyond its bound."""

    def __init__(self, after: int) -> None:
        self.is_over = False
        self._after = after
        self._unread: Message | None = None
        self._news = asyncio.Event()

    def put(self, message: Message) -> None:
        """Add what came; where the last message was not read yet, what doesn't fit beside it is left out."""
        if message.end <= self._after:
            return
        if message.begin < self._after:
            message = message.beyond(self._after)
        self._unread = self._unread.followed_by(message) if self._unread else message
        self._news.set()

    def end(self) -> None:
        """Nothing more will come."""
        self.is_over = True
        self._news.set()

    async def next(self, seconds: float) -> Message | None:
        """What came since the last; None where nothing comes within so many seconds, or any more."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)
        found, self._unread = self._unread, None
        if not self.is_over:
            self._news.clear()
        return found


class Live:
    """Every source that is watched just now. Used in the event loop only."""

    def __init__(self, reader: Reader, store: Store, bells: Bells, is_stopping: Callable[[], bool]) -> None:
        self._reader, self._store, self._bells, self._is_stopping = reader, store, bells, is_stopping
        self._hubs: dict[str, _Hub] = {}

    @property
    def watchers(self) -> int:
        """How many watch."""
        return sum(len(hub.watchers) for hub in self._hubs.values())

    def check_room(self) -> None:
        """Raises Later where no more can watch."""
        if self.watchers >= MOST_WATCHERS:
            sentence = f"{MOST_WATCHERS} live debuggers are open already; close one, or try again later."
            raise Later(sentence, after=_AFTER_SECONDS)

    async def watch(self, source_id: str, after: int, head: int, patience: float) -> AsyncIterator[Message | None]:
        """What comes for a source after a log position; None at first, and where nothing came for so many seconds.

        `head` is where the log is now. It ends when the server stops or the log can't be followed.
        """
        if self._is_stopping() or self.watchers >= MOST_WATCHERS:
            return
        hub = self._hubs.get(source_id) or self._begin(source_id, head)
        watcher = Watcher(after)
        hub.watchers.add(watcher)
        joined = hub.trail.after  # what comes from here on lies in the letter box
        try:
            yield None
            async for message in self._before(source_id, after, joined):
                yield message
            while not watcher.is_over:
                yield await watcher.next(patience)
        finally:
            hub.watchers.discard(watcher)
            if not hub.watchers:
                self._end(source_id, hub)

    async def _before(self, source_id: str, after: int, upto: int) -> AsyncIterator[Message]:
        trail = Trail(after)
        while trail.after < upto and not self._is_stopping():
            begin = trail.after
            message = await asyncio.to_thread(trail.step, self._reader, self._store, source_id, upto)
            if message is not None:
                yield message
            if trail.after < upto:
                await self._pause(trail, begin)

    def _begin(self, source_id: str, after: int) -> "_Hub":
        hub = self._hubs[source_id] = _Hub(Trail(after))
        hub.task = asyncio.get_running_loop().create_task(self._follow(source_id, hub))
        return hub

    def _end(self, source_id: str, hub: "_Hub") -> None:
        if hub.task is not None:
            hub.task.cancel()
        if self._hubs.get(source_id) is hub:
            del self._hubs[source_id]

    async def _follow(self, source_id: str, hub: "_Hub") -> None:
        try:
            while not self._is_stopping():
                # A copy: who joins meanwhile must see where the last finished step ended.
                trail = Trail(hub.trail.after)
                message = await asyncio.to_thread(trail.step, self._reader, self._store, source_id)
                begin, hub.trail = hub.trail.after, trail
                if message is not None:
                    _ = message.data  # once for all
                    for watcher in hub.watchers:
                        watcher.put(message)
                await self._pause(trail, begin)
        except Exception:
            log.exception("the live debugger cannot follow the log", source=source_id)
        finally:
            for watcher in hub.watchers:
                watcher.end()
            if self._hubs.get(source_id) is hub:
                del self._hubs[source_id]

    async def _pause(self, trail: Trail, begin: int) -> None:
        """Until it is worth to look again: a pace where there was something to read, else the bell."""
        if trail.after > begin:
            await asyncio.sleep(_PACE_SECONDS)
            return
        if trail.waits:
            await asyncio.sleep(_BREATH_SECONDS)
        await self._bells.wait(_PACE_SECONDS if trail.waits else _LOOK_SECONDS)


class _Hub:
    """One source's follower, and who watches it."""

    def __init__(self, trail: Trail) -> None:
        self.trail = trail
        self.watchers: set[Watcher] = set()
        self.task: asyncio.Task[None] | None = None
