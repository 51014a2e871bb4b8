"""A real SMTP server on 127.0.0.1 that keeps what it takes, and answers as it is told."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Counts mails by recipient. `on_rcpt` and `on_data` take the recipient and give an answer other than 250, or ""."""

    def __init__(self) -> None:
        self.got: Counter[str] = Counter()
        self.contents: dict[str, bytes] = {}
        self.on_rcpt: Callable[[str], str] = lambda _: ""
        self.on_data: Callable[[str], str] = lambda _: ""
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        making = self._loop.create_server(lambda: SMTP(self, enable_SMTPUTF8=True, loop=self._loop), "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(making, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.on_rcpt(address)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        answer = self.on_data(recipient)
        if answer:
            return answer
        with self._lock:
            self.got[recipient] += 1
            self.contents[recipient] = bytes(envelope.content or b"")
        return "250 2.0.0 OK queued"
