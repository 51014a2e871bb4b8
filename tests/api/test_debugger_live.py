"""Many who watch one source: one decodes for all, nobody waits for the slowest, and there is a bound."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec
import pytest

from skywrite.api.live import MOST_AT_ONCE, MOST_WATCHERS, Live, Message, Watcher
from tests.support.problems import problem
from tests.support.receiver import PATIENCE, eventually

NEVER = 3600.0


def track(name: str, number: int = 0):
    return {"type": "track", "event": name, "userId": "u", "messageId": f"{name}-{number}"}


def a_message(begin: int, end: int, skipped: int = 0) -> Message:
    """One with an event for each position."""
    raw = [(position, msgspec.json.encode(position)) for position in range(begin + 1, end + 1)]
    return Message(begin, end, [(position, msgspec.Raw(text)) for position, text in raw], skipped)


def read(watcher: Watcher) -> dict[str, Any]:
    return json.loads(asyncio.run(watcher.next(NEVER)).data)


class TestWatcher:
    def test_who_does_not_read_is_skipped_ahead_and_told_how_far(self) -> None:
        watcher = Watcher(0)
        for begin in range(0, 10_000, MOST_AT_ONCE):
            watcher.put(a_message(begin, begin + MOST_AT_ONCE, skipped=2))
        found = read(watcher)
        assert found["events"] == list(range(10_000 - MOST_AT_ONCE + 1, 10_001))
        assert found["skipped"] == 10_000 - MOST_AT_ONCE + 2 * 10_000 // MOST_AT_ONCE

    def test_who_is_a_little_late_misses_nothing(self) -> None:
        watcher = Watcher(0)
        watcher.put(a_message(0, 2))
        watcher.put(a_message(2, 3))
        assert read(watcher) == {"events": [1, 2, 3], "skipped": 0}

    def test_what_was_seen_before_does_not_come_again(self) -> None:
        watcher = Watcher(4)
        watcher.put(a_message(0, 3))
        watcher.put(a_message(3, 6, skipped=9))
        assert read(watcher) == {"events": [5, 6], "skipped": 0}

    def test_at_the_end_what_is_left_is_still_read(self) -> None:
        watcher = Watcher(0)
        watcher.put(a_message(0, 1))
        watcher.end()
        assert read(watcher)["events"] == [1]
        assert asyncio.run(watcher.next(NEVER)) is None


@pytest.fixture
def live(world) -> Live:
    return world.parts.live


@contextlib.asynccontextmanager
async def watching(
    world: Any, source: Any, times: int = 1, after: int | None = None
) -> AsyncIterator[list[AsyncIterator[Message | None]]]:
    """Streams that have begun; `arrivals` gives what comes on one."""
    head = world.log.head()
    streams = [world.parts.live.watch(source.id, head if after is None else after, head, NEVER) for _ in range(times)]
    for stream in streams:
        assert await anext(stream) is None
    yield streams
    for stream in streams:
        await stream.aclose()
    world.parts.bells.close()


async def arrivals(stream: AsyncIterator[Message | None]) -> Message:
    async with asyncio.timeout(PATIENCE):
        message = await anext(stream)
    assert message is not None
    return message


def names(message: Message) -> list[str]:
    return [event["name"] for event in json.loads(message.data)["events"]]


class TestLive:
    def test_however_many_watch_it_is_decoded_and_encoded_once(self, world) -> None:
        source = world.source()

        async def main() -> None:
            async with watching(world, source, times=20) as streams:
                await asyncio.to_thread(world.send, source, track("A"), track("B"))
                found = [await arrivals(stream) for stream in streams]
                assert names(found[0]) == ["A", "B"]
                assert {id(message) for message in found} == {id(found[0])}
                assert {id(message.data) for message in found} == {id(found[0].data)}

        asyncio.run(main())

    def test_one_that_never_reads_holds_up_nobody(self, world) -> None:
        source = world.source()

        async def main() -> None:
            async with watching(world, source, times=2) as (read, unread):
                for name in "ABC":
                    await asyncio.to_thread(world.send, source, track(name))
                    assert names(await arrivals(read)) == [name]
                assert names(await arrivals(unread)) == ["A", "B", "C"]

        asyncio.run(main())

    def test_who_comes_later_gets_what_came_after_its_position_once(self, world) -> None:
        source = world.source()

        async def main() -> None:
            begin = world.log.head()
            async with watching(world, source) as [first]:
                for name in "AB":
                    await asyncio.to_thread(world.send, source, track(name))
                    assert names(await arrivals(first)) == [name]
                async with watching(world, source, after=begin) as [second]:
                    assert names(await arrivals(second)) == ["A", "B"]
                    await asyncio.to_thread(world.send, source, track("C"))
                    assert names(await arrivals(second)) == ["C"]

        asyncio.run(main())

    def test_a_position_that_is_far_ahead_keeps_nobody_else_from_watching(self, world) -> None:
        source = world.source()

        async def main() -> None:
            async with watching(world, source, after=1 << 62), watching(world, source) as [stream]:
                await asyncio.to_thread(world.send, source, track("A"))
                assert names(await arrivals(stream)) == ["A"]

        asyncio.run(main())

    def test_where_the_log_cannot_be_followed_the_streams_end_and_the_next_begins_anew(self, world, live) -> None:
        source = world.source()

        async def main() -> None:
            async with watching(world, source) as [stream]:
                real, world.reader.after = world.reader.after, None  # nothing can be read
                await asyncio.to_thread(world.send, source, track("A"))
                async with asyncio.timeout(PATIENCE):
                    assert [message async for message in stream] in ([], [None])
                assert live.watchers == 0
                world.reader.after = real
            async with watching(world, source, after=0) as [stream]:
                assert names(await arrivals(stream)) == ["A"]

        asyncio.run(main())

    def test_beyond_the_bound_it_is_refused_for_now(self, world, live, program) -> None:
        source = world.source()

        async def main() -> None:
            async with watching(world, source, times=MOST_WATCHERS):
                head = world.log.head()
                assert [message async for message in live.watch(source.id, head, head, NEVER)] == []
                answer = await asyncio.to_thread(program.get, "/api/v1/sources/web/debugger/live")
                problem(answer, 503)
                assert str(MOST_WATCHERS) in answer.json()["error"]
                assert int(answer.headers["retry-after"]) > 0
            assert live.watchers == 0

        asyncio.run(main())


class TestStream:
    def test_one_that_hangs_up_without_reading_gives_its_place_back(self, world, live, served) -> None:
        source = world.source()
        with contextlib.ExitStack() as streams:
            opened = [
                streams.enter_context(served.stream("GET", "/api/v1/sources/web/debugger/live")) for _ in range(3)
            ]
            lines = [response.iter_lines() for response in opened]
            for each in lines:
                until_here(each)
            assert live.watchers == 3
            world.send(source, track("A"))
        asyncio.run(eventually(lambda: live.watchers == 0))


def until_here(lines: Iterator[str]) -> None:
    """The stream's first word, which comes when it watches."""
    assert "here" in next(line for line in lines if line)
