"""Requests whose write key is not known: it may have been made a moment ago, so they wait for a look into the store.

A look is taken at most ten times a second, for all who wait: a flood of made-up keys costs no more than that, and
nobody is told 401 by what was read before the request came.
"""

import asyncio
from collections.abc import Callable

import structlog

from skywrite.kit.errors import Later
from skywrite.sources.write_keys import WriteKeys

log = structlog.get_logger()
Again = Callable[[Later | None], None]
_LOOK_SECONDS = 0.1
_MOST_WAITING = 1000


class Newcomers:
    """Calls back those who `wait`, in the loop, once the keys were read again: with None, or why they could not be."""

    def __init__(self, keys: WriteKeys) -> None:
        self._keys = keys
        self._waiting: list[Again] = []
        self._is_looking = False
        self._looked_at = 0.0

    def wait(self, again: Again) -> None:
        """Call `again` after the next look; at once, with Later, where too many wait already."""
        if len(self._waiting) >= _MOST_WAITING:
            again(Later("Too many requests with unknown write keys; try again.", after=1))
            return
        self._waiting.append(again)
        if not self._is_looking:
            self._is_looking = True
            loop = asyncio.get_running_loop()
            loop.call_at(max(loop.time(), self._looked_at + _LOOK_SECONDS), self._look)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self._looked_at = loop.time()
        waiting, self._waiting = self._waiting, []
        loop.run_in_executor(None, self._keys.refresh).add_done_callback(lambda looked: self._tell(waiting, looked))

    def _tell(self, waiting: list[Again], looked: asyncio.Future[bool]) -> None:
        failure = looked.exception()
        later = failure if isinstance(failure, Later | None) else Later(f"The sources can't be read: {failure}.")
        newer, self._waiting, self._is_looking = self._waiting, [], False
        for again in newer:  # they came after the look began
            self.wait(again)
        for again in waiting:
            try:
                again(later)
            except Exception:  # one that breaks may not leave the others without an answer
                log.exception("a request with a new write key could not be answered")
