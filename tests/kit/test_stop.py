"""The word to end reaches threads and loops, whenever and by whomever it is said."""

import asyncio
import threading

from skywrite.kit.stop import Stop


def test_a_loop_hears_of_it_from_another_thread() -> None:
    stop = Stop()

    async def main() -> None:
        with stop.heard() as stopped:
            assert not stopped.is_set()
            thread = threading.Thread(target=stop.set)
            thread.start()
            await asyncio.wait_for(stopped.wait(), 30)
            thread.join()

    asyncio.run(main())


def test_a_loop_that_comes_later_hears_of_it_too() -> None:
    stop = Stop()
    stop.set()

    async def main() -> None:
        with stop.heard() as stopped:
            await asyncio.wait_for(stopped.wait(), 30)

    asyncio.run(main())


def test_a_loop_that_has_ended_is_in_nobodys_way() -> None:
    stop, told = Stop(), []
    hearing = stop.heard()

    async def main() -> None:
        hearing.__enter__()  # and does not leave: as when the loop ends while the word is being said

    asyncio.run(main())
    with stop.telling(lambda: told.append("next")):
        stop.set()
    assert told == ["next"]


def test_it_is_told_on_within_the_block_alone() -> None:
    stop, told = Stop(), []
    with stop.telling(lambda: told.append("before")):
        pass
    with stop.telling(lambda: told.append("within")):
        stop.set()
    with stop.telling(lambda: told.append("after")):
        pass
    assert told == ["within", "after"]
