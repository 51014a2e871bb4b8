"""A plain provider for the outbox's tests: real SMTP over some connections, with a journal, that can die on cue."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import Callable
from pathlib import Path

from skywrite.channels.email.carrying import Done, Outcome, Outgoing, Stage
from skywrite.channels.email.outbox.model import Claimed, Made, Rejected, Rendered
from skywrite.kit import json


class FileJournal:
    """Lines of "c ID" (content goes out) and "e ID" (a server took it), kept by the kernel when the process dies."""

    def __init__(self, path: Path) -> None:
        self._left: dict[int, Outcome | None] = {}
        for line in path.read_text().splitlines() if path.exists() else ():
            kind, number = line.split()
            self._left[int(number)] = None if kind == "c" else Outcome("taken", Stage.DOT, "by the journal", 250)
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC)

    def left(self) -> dict[int, Outcome | None]:
        return self._left

    def note(self, kind: str, number: int) -> None:
        os.write(self._file, f"{kind} {number}\n".encode())

    def clear(self, ids: list[int]) -> None:
        """Lines of recorded mails do no harm: their rows are not being sent any more."""

    def close(self) -> None:
        os.close(self._file)


class Carrier:
    """Sends to one port over `connections` connections, one mail after the other in each."""

    def __init__(self, port: int, journal: FileJournal, *, connections: int = 4, die_at: str = "") -> None:
        self._port, self._journal, self._die_at = port, journal, die_at
        self._queue: deque[tuple[Outgoing, Done]] = deque()
        self._most, self._working = connections, 0
        self.on_room: Callable[[], None] = lambda: None
        self._tasks: set[asyncio.Task[None]] = set()
        self.sent: list[int] = []
        self.closing = asyncio.Event()

    @property
    def most(self) -> int:
        return self._most * 2

    @property
    def room(self) -> int:
        return max(0, self._most * 2 - self._working - len(self._queue))

    def submit(self, mail: Outgoing, done: Done) -> None:
        self._queue.append((mail, done))
        if self._working < self._most:
            self._working += 1
            task = asyncio.get_running_loop().create_task(self._work())
            self._tasks.add(task)  # the loop itself keeps none
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        self.closing.set()
        while self._queue:
            _, done = self._queue.popleft()
            done(Outcome("later", Stage.CONNECT, "closing"))

    async def _work(self) -> None:
        reader = writer = None
        while self._queue:
            mail, done = self._queue.popleft()
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                    await _answer(reader)
                    await _ask(reader, writer, "EHLO test")
                outcome = await self._carry(reader, writer, mail)
            except OSError as error:
                outcome, writer = Outcome("later", Stage.CONNECT, str(error), 421), None
            done(outcome)
            self.on_room()
        self._working -= 1
        if writer is not None:
            writer.close()

    async def _carry(self, reader, writer, mail: Outgoing) -> Outcome:
        stage = Stage.MAIL
        for stage, line in ((Stage.MAIL, f"MAIL FROM:<{mail.sender}>"), (Stage.RCPT, f"RCPT TO:<{mail.recipient}>")):
            answer = await _ask(reader, writer, line)
            if not answer.startswith("2"):
                await _ask(reader, writer, "RSET")
                return _no(stage, answer)
        await _ask(reader, writer, "DATA")
        self.die("data")
        self._journal.note("c", mail.id)
        writer.write(mail.content + b"\r\n.\r\n")
        await writer.drain()
        self.die("content")
        answer = await _answer(reader)
        if not answer:
            return Outcome("lost", Stage.DOT, "The connection was lost.")
        if not answer.startswith("2"):
            return _no(Stage.DOT, answer)
        self._journal.note("e", mail.id)
        self.die("answered")
        self.sent.append(mail.id)
        return Outcome("taken", Stage.DOT, answer, 250)

    def die(self, where: str) -> None:
        """Be killed, if this is where."""
        if self._die_at == where:
            os.kill(os.getpid(), signal.SIGKILL)


def plain_mail(message: Claimed) -> Made:
    """A mail of three lines; a contact whose trait `bad` is set cannot be rendered."""
    if json.decode(message.traits).get("bad"):
        return Rejected("There is no first name.")
    content = f"Subject: Hello\r\nTo: {message.email}\r\n\r\nHello {message.user_id}.".encode()
    return Rendered("Hello", Outgoing(message.id, "b@bounce.test", message.email, content))


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: str) -> str:
    writer.write(f"{line}\r\n".encode())
    return await _answer(reader)


async def _answer(reader: asyncio.StreamReader) -> str:
    while True:
        line = (await reader.readline()).decode()
        if line[3:4] != "-":
            return line.strip()


def _no(stage: Stage, answer: str) -> Outcome:
    code, _, text = answer.partition(" ")
    enhanced = text.split(" ")[0] if text[1:2] == "." else ""
    return Outcome("later" if code.startswith("4") else "refused", stage, text, int(code or 0), enhanced)
