"""Signs mails on the side: many at a time in threads, where RSA leaves the interpreter to others."""

import asyncio
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from skywrite.channels.email.carrying import Outgoing
from skywrite.channels.email.domains.dkim import DkimKey

_BATCH = 16
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")

Signed = Callable[[bytes], None]  # takes the content as it is to be sent


class Signing:
    """The keys of all sending domains; a mail of a domain without one goes out unsigned."""

    def __init__(self, keys: Mapping[str, DkimKey] | None = None, *, threads: int = 2) -> None:
        self._keys = dict(keys or {})
        self._pool = ThreadPoolExecutor(threads, "dkim") if self._keys else None
        self._waiting: list[tuple[DkimKey, bytes, Signed]] = []

    def sign(self, mail: Outgoing, signed: Signed) -> None:
        """Sign a mail for the domain that it names; `signed` is called in the running loop, at once without a key."""
        content = with_line_ends(mail.content)
        key = self._key_of(mail.signs_for) if mail.signs_for else None
        if key is None:
            signed(content)
            return
        self._waiting.append((key, content, signed))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self._flush)

    def signs_for(self, domain: str) -> bool:
        """Whether there is a key for mail of a domain."""
        return self._key_of(domain) is not None

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()

    def _key_of(self, domain: str) -> DkimKey | None:
        """The key of a domain, or of the one above it that has one: DMARC takes either as aligned."""
        name = domain.lower()
        while name:
            if name in self._keys:
                return self._keys[name]
            name = name.partition(".")[2]
        return None

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        loop = asyncio.get_running_loop()
        for at in range(0, len(waiting), _BATCH):
            batch = waiting[at : at + _BATCH]
            done = loop.run_in_executor(self._pool, _sign_all, [(key, content) for key, content, _ in batch])
            done.add_done_callback(lambda done, batch=batch: _hand_on(done, batch))  # type: ignore[misc]


def _sign_all(mails: list[tuple[DkimKey, bytes]]) -> list[bytes]:
    return [key.header(content) + content for key, content in mails]


def _hand_on(done: "asyncio.Future[list[bytes]]", batch: list[tuple[DkimKey, bytes, Signed]]) -> None:
    if done.cancelled():
        return
    for content, (_, _, signed) in zip(done.result(), batch, strict=True):
        signed(content)


def with_line_ends(content: bytes) -> bytes:
    """A mail whose every line ends in CRLF, as is right already for all but a careless caller's.

    A lone CR or LF would be changed on the way and break the signature, or end a mail early ("SMTP smuggling").
    """
    ends = content.count(b"\r\n")
    if content.count(b"\n") == ends and content.count(b"\r") == ends:
        return content if content.endswith(b"\r\n") else content + b"\r\n"
    mended = _LINE_ENDS.sub(b"\r\n", content)
    return mended if mended.endswith(b"\r\n") else mended + b"\r\n"
