"""Makers: processes that render and sign mails, as that is most of a mail's work and one interpreter fills one core.

A maker is asked over a socket and changes nothing anywhere, so that one which dies loses nothing. It ends when the
socket does, and so with whoever asked.
"""

import asyncio
import socket
import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from typing import cast

import msgspec
import structlog

from skywrite.channels.email.outbox.model import Claimed, Made, Rejected
from skywrite.kit.errors import SkywriteError

log = structlog.get_logger()
_MUCH = 4  # batches in a maker's hands, at which there is to be another maker
_DEATHS = 3  # of makers with one and the same mail in hand
_SIZE = 4  # bytes before each batch that say how long it is
_BUFFER = 1 << 18
_encode = msgspec.msgpack.Encoder().encode
_batch = msgspec.msgpack.Decoder(list[Claimed]).decode
_mails = msgspec.msgpack.Decoder(list[Made]).decode

# Starts a process that calls `serve` with this end of a socket as its standard input.
Start = Callable[[socket.socket], "subprocess.Popen[bytes]"]


def serve(asker: socket.socket, make: Callable[[Claimed], Made]) -> None:
    """What a maker does: make what it is asked for, batch by batch, until the other side is gone."""
    try:
        with asker.makefile("rb", _BUFFER) as questions:
            asker.sendall(_framed(b""))  # it is ready
            while size := questions.read(_SIZE):
                batch = _batch(questions.read(int.from_bytes(size, "big")))
                asker.sendall(_framed(_encode([make(message) for message in batch])))
    except ConnectionError:
        return


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(_SIZE, "big") + body


class Makers:
    """At most so many makers, started as they are needed. Used in one event loop."""

    def __init__(self, start: Start, most: int) -> None:
        self._start, self._most = start, most
        self._makers: list[_Maker] = []
        self._starting: asyncio.Task[_Maker] | None = None

    async def make(self, messages: Sequence[Claimed]) -> list[Made]:
        """The mail of each message, or why there can be none, in their order.

        A message at which maker after maker dies is rejected. Raises SkywriteError where no maker can be started.
        """
        for _ in range(1 if len(messages) > 1 else _DEATHS):
            maker = await self._free()
            try:
                return await maker.make(messages)
            except _Died:
                log.warning("a maker died, its mails are made anew", mails=len(messages))
        if len(messages) > 1:  # whichever it died of will be alone in the end
            half = len(messages) // 2
            return await self.make(messages[:half]) + await self.make(messages[half:])
        return [Rejected(f"It could not be rendered: {_DEATHS} processes died at it.")]

    async def begin(self) -> None:
        """Start the first, before there is something to make. Raises SkywriteError as `make` does."""
        await self._free()

    def close(self) -> None:
        """End them all; nobody may wait for `make` any more."""
        if self._starting is not None:
            self._starting.cancel()
        for maker in self._makers:
            maker.end()

    async def _free(self) -> "_Maker":
        """The one with the least in hand; where all have much, another is started."""
        self._makers = [maker for maker in self._makers if maker.is_alive]
        best = min(self._makers, key=lambda maker: maker.in_hand, default=None)
        if best is not None and (best.in_hand < _MUCH or len(self._makers) >= self._most):
            return best
        if self._starting is None or self._starting.done():
            self._starting = asyncio.get_running_loop().create_task(self._another())
        return best if best is not None else await asyncio.shield(self._starting)

    async def _another(self) -> "_Maker":
        ours, theirs = socket.socketpair()
        with theirs:
            maker = _Maker(self._start(theirs))
        await asyncio.get_running_loop().create_connection(lambda: maker, sock=ours)
        self._makers.append(maker)
        await maker.ready
        return maker


class _Died(Exception):
    """The process is gone, and what it was asked for is not made."""


class _Maker(asyncio.Protocol):
    """One process, and what it was asked for and has not answered."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        loop = asyncio.get_running_loop()
        self.is_alive = True
        self.ready: asyncio.Future[bytes] = loop.create_future()
        self._process = process
        self._answers: deque[asyncio.Future[bytes]] = deque([self.ready])
        self._heard = bytearray()

    @property
    def in_hand(self) -> int:
        """Batches that it has not answered."""
        return len(self._answers)

    async def make(self, messages: Sequence[Claimed]) -> list[Made]:
        """Its answer. Raises _Died."""
        answer = asyncio.get_running_loop().create_future()
        self._answers.append(answer)
        self._transport.write(_framed(_encode(messages)))
        return _mails(await answer)

    def end(self) -> None:
        """It changes nothing anywhere, so it can be killed at any moment."""
        self.is_alive = False
        self._process.kill()
        self._process.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """From asyncio."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """From asyncio: (a part of) answers, which come in the order of the questions."""
        self._heard += data
        while len(self._heard) >= _SIZE:
            end = _SIZE + int.from_bytes(self._heard[:_SIZE], "big")
            if len(self._heard) < end:
                return
            answer = self._answers.popleft()
            if not answer.done():
                answer.set_result(bytes(memoryview(self._heard)[_SIZE:end]))
            del self._heard[:end]

    def connection_lost(self, _: Exception | None) -> None:
        """From asyncio: the process is gone."""
        self.end()
        not_started = SkywriteError("The process that makes mails did not start; its log says why.")
        error = _Died() if self.ready.done() else not_started
        for answer in self._answers:
            if not answer.done():
                answer.set_exception(error)
