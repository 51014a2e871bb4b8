"""What apps by ASGI share: their types, a request's body, and the wait for a call that calls back."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Disconnected(Exception):
    """Whoever sent a request is gone before its end: what came is not all of it, and nobody waits for an answer."""


async def next_part(receive: Receive) -> MutableMapping[str, Any]:
    """The next part of a request's body. Raises Disconnected where it breaks off."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    return message


async def read_body(receive: Receive, most: int) -> bytes:
    """A request's body; of one with more than `most` bytes the first `most` + 1, and the rest is let go.

    Raises Disconnected where it breaks off.
    """
    body = bytearray()
    while True:
        message = await next_part(receive)
        body += message.get("body", b"")[: most + 1 - len(body)]
        if not message.get("more_body"):
            return bytes(body)


async def given(begin: Callable[[Callable[[T], None]], None]) -> T:
    """What a call gives that calls back, now or later."""
    waited: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    begin(lambda value: None if waited.done() else waited.set_result(value))
    return await waited
