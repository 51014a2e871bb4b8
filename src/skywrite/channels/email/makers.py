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
from skywrite.kit.errors import Later, SkywriteError

log = structlog.get_logger()
_MUCH = 4  # batches in a maker's hands, at which there is to be another maker
_DEATHS = 3  # of makers with one and the same mail in hand
_START_SECONDS = 60.0  # that a maker may take to be ready
_BATCH_SECONDS = 60.0  # that one which has something in hand may be silent
_RETRY_SECONDS = 60.0  # after which a further maker is tried again, where one did not start
_SIZE = 4  # bytes before each batch that say how long it is
_BUFFER = 1 << 18
_encode = msgspec.msgpack.Encoder().encode
_batch = msgspec.msgpack.Decoder(list[Claimed]).decode
_answer = msgspec.msgpack.Decoder(list[Made] | str).decode  # a batch's mails, or why they can't be made just now

# Starts a process that calls `serve` with this end of a socket as its standard input.
Start = Callable[[socket.socket], "subprocess.Popen[bytes]"]


def serve(asker: socket.socket, make: Callable[[Claimed], Made]) -> None:
    """What a maker does: make what it is asked for, batch by batch, until the other side is gone.

    Where `make` raises Later, so does `Makers.make` of the whole batch.
    """
    try:
        with asker.makefile("rb", _BUFFER) as questions:
            asker.sendall(_framed(b""))  # it is ready
            while size := questions.read(_SIZE):
                batch = _batch(questions.read(int.from_bytes(size, "big")))
                asker.sendall(_framed(_encode(_made(batch, make))))
    except ConnectionError:
        return


def _made(batch: list[Claimed], make: Callable[[Claimed], Made]) -> list[Made] | str:
    try:
        return [make(message) for message in batch]
    except Later as error:
        return str(error)


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(_SIZE, "big") + body


class Makers:
    """At most so many makers, started as they are needed. Used in one event loop.

    One that has something in hand and is silent for `seconds` is killed.
    """

    def __init__(self, start: Start, most: int, *, seconds: float = _BATCH_SECONDS) -> None:
        self._start, self._most, self._seconds = start, most, seconds
        self._makers: list[_Maker] = []
        self._starting: asyncio.Task[_Maker] | None = None
        self._retry_at = 0.0  # of the loop's clock: no further one is tried before

    async def make(self, messages: Sequence[Claimed]) -> list[Made]:
        """The mail of each message, or why there can be none, in their order.

        A message at which maker after maker dies is rejected. Raises Later where they can't be made just now, and
        SkywriteError where no maker can be started.
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
            loop = asyncio.get_running_loop()
            if best is not None and loop.time() < self._retry_at:
                return best
            self._starting = loop.create_task(self._another())
            self._starting.add_done_callback(self._started)
        if best is not None:
            return best
        maker = await asyncio.shield(self._starting)
        if not maker.is_alive:  # it died of nothing that it was asked for
            raise _not_started()
        return maker

    def _started(self, starting: "asyncio.Task[_Maker]") -> None:
        if not starting.cancelled() and (error := starting.exception()) is not None:
            log.warning("no further maker could be started, those that there are go on", reason=str(error))
            self._retry_at = asyncio.get_running_loop().time() + _RETRY_SECONDS

    async def _another(self) -> "_Maker":
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                maker = _Maker(self._start(theirs), self._seconds)
            except OSError as error:
                ours.close()
                raise SkywriteError(f"No process that makes mails can be started: {error}.") from error
        await asyncio.get_running_loop().create_connection(lambda: maker, sock=ours)
        self._makers.append(maker)
        await maker.ready
        return maker


class _Died(Exception):
    """The process is gone, and what it was asked for is not made."""


def _not_started() -> SkywriteError:
    return SkywriteError("The process that makes mails did not start; its log says why.")


class _Maker(asyncio.Protocol):
    """One process, and what it was asked for and has not answered."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self.is_alive = True
        self.ready: asyncio.Future[bytes] = loop.create_future()
        self._process, self._seconds = process, seconds
        self._silence: asyncio.TimerHandle | None = None
        self._answers: deque[asyncio.Future[bytes]] = deque([self.ready])
        self._heard = bytearray()

    @property
    def in_hand(self) -> int:
        """Batches that it has not answered."""
        return len(self._answers)

    async def make(self, messages: Sequence[Claimed]) -> list[Made]:
        """Its answer. Raises _Died, and Later."""
        if not self.is_alive:
            raise _Died
        answer = asyncio.get_running_loop().create_future()
        self._answers.append(answer)
        if self._silence is None:
            self._listen(self._seconds)
        self._transport.write(_framed(_encode(messages)))
        made = _answer(await answer)
        if isinstance(made, str):
            raise Later(made)
        return made

    def end(self) -> None:
        """It changes nothing anywhere, so it can be killed at any moment."""
        self.is_alive = False
        self._process.kill()
        self._process.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """From asyncio."""
        self._transport = cast(asyncio.Transport, transport)
        self._listen(_START_SECONDS)

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
            self._listen(self._seconds)

    def connection_lost(self, _: Exception | None) -> None:
        """From asyncio: the process is gone."""
        self.end()
        if self._silence is not None:
            self._silence.cancel()
        error = _Died() if self.ready.done() else _not_started()
        for answer in self._answers:
            if not answer.done():
                answer.set_exception(error)

    def _listen(self, seconds: float) -> None:
        """Wait anew for the next answer, if any is still to come."""
        if self._silence is not None:
            self._silence.cancel()
        loop = asyncio.get_running_loop()
        self._silence = loop.call_later(seconds, self._hangs) if self._answers else None

    def _hangs(self) -> None:
        log.error("a maker did not answer and is killed", batches=len(self._answers))
        self._process.kill()  # which ends the connection
