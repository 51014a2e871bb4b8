"""The journal of a sender: which mails' content may be on its way, so that a crash leaves as few in doubt as can be.

A line a fact: `b` a mail is about to be sent (on the disk before its content goes out), `c` its content goes out, `e`
what became of it. Where only the process died, what it wrote is all there, so `c` tells; where the machine
went down, only what was synced is certain, so `b` counts: the machine's boot id, in the first line, tells which.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import structlog

from skywrite.channels.email.carrying import Outcome
from skywrite.kit.errors import SkywriteError

log = structlog.get_logger()
_TIDY_BYTES = 8 << 20
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Outcome).decode


class Journal:
    """One sender's journal. All but the constructor is called in one event loop."""

    def __init__(self, path: Path, *, tidy_bytes: int = _TIDY_BYTES) -> None:
        self._path = path
        self._tidy_bytes = tidy_bytes
        path.parent.mkdir(parents=True, exist_ok=True)
        self._found = _read(path)
        self._open: dict[int, bytes] = {}  # the mails that are not recorded yet, each with its last line
        for message_id, outcome in self._found.items():
            self._open[message_id] = _ended(message_id, outcome) if outcome else b"c %d\n" % message_id
        self._file = self._fresh()
        self._threads = ThreadPoolExecutor(1, "journal")
        self._asked: list[tuple[Iterable[int], Callable[[], None]]] = []
        self._is_syncing = False
        self._lines: list[bytes] = []  # to be written with the next that can't wait
        self._is_writing_soon = False

    def left(self) -> dict[int, Outcome | None]:
        """What the last process knew of its mails: what became of each, None where nobody can tell.

        Mails that were recorded may be among them; one that is not there was not sent.
        """
        return dict(self._found)

    def begin(self, ids: Iterable[int], ready: Callable[[], None]) -> None:
        """Note that these mails are about to be sent; `ready` is called once that is on the disk.

        Calls made while the disk is busy share the next write.
        """
        self._asked.append((ids, ready))
        if not self._is_syncing:
            self._is_syncing = True
            asyncio.get_running_loop().call_soon(self._sync)

    def content(self, message_id: int) -> None:
        """Note, before the first byte of a mail's content, that it goes out. Raises OSError where that can't be."""
        line = b"c %d\n" % message_id
        self._open[message_id] = line
        self._lines.append(line)
        self._write_lines()

    def ended(self, message_id: int, outcome: Outcome) -> None:
        """Note what became of a mail, which a crash before its record would lose else."""
        line = _ended(message_id, outcome)
        self._open[message_id] = line
        self._lines.append(line)
        if not self._is_writing_soon:
            self._is_writing_soon = True
            asyncio.get_running_loop().call_soon(self._write_what_ended)

    def clear(self, ids: Iterable[int]) -> None:
        """Forget mails whose outcome is recorded in the store."""
        for message_id in ids:
            self._open.pop(message_id, None)

    def close(self) -> None:
        """Close the file; what is not cleared stays in it."""
        self._threads.shutdown()
        self._write_what_ended()
        os.close(self._file)

    # ---- the disk ----

    def _write_lines(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            _append(self._file, lines)

    def _write_what_ended(self) -> None:
        self._is_writing_soon = False
        with contextlib.suppress(OSError):  # a full disk: those mails are in doubt after a crash, as they were before
            self._write_lines()

    def _sync(self) -> None:
        asked, self._asked = self._asked, []
        ids = [message_id for some, _ in asked for message_id in some]
        for message_id in ids:
            self._open[message_id] = b"b %d\n" % message_id
        lines = [self._open[message_id] for message_id in ids]
        if os.lseek(self._file, 0, os.SEEK_CUR) > self._tidy_bytes:
            self._tidy()
        loop = asyncio.get_running_loop()
        synced = loop.run_in_executor(self._threads, _write, self._file, lines)
        synced.add_done_callback(lambda done: self._synced(done, asked))

    def _synced(self, done: "asyncio.Future[None]", asked: list[tuple[Iterable[int], Callable[[], None]]]) -> None:
        if error := done.exception():
            # Nothing may go out that a crash would not know of; the disk is asked again.
            log.error("the journal of mails can't be written, trying again", path=str(self._path), reason=str(error))
            self._asked = asked + self._asked
            asyncio.get_running_loop().call_later(1.0, self._sync)
            return
        for _, ready in asked:
            ready()
        if self._asked:
            self._sync()
        else:
            self._is_syncing = False

    def _tidy(self) -> None:
        try:
            fresh = self._fresh()
        except SkywriteError:  # no room for a second file: this one grows on
            return
        os.close(self._file)
        self._file = fresh

    def _fresh(self) -> int:
        """A new file with what is open, in the place of the old one."""
        draft = self._path.with_suffix(".new")
        try:
            file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
            os.write(file, _boot_id())
            _write(file, list(self._open.values()))
            draft.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
            os.fsync(folder)
            os.close(folder)
        except OSError as error:
            raise SkywriteError(f"The journal {self._path} can't be written: {error.strerror}.") from error
        return file


def _write(file: int, lines: list[bytes]) -> None:
    _append(file, lines)
    os.fdatasync(file)


def _append(file: int, lines: list[bytes]) -> None:
    """Write lines behind a line end of their own: what was there may be half a line, cut off by a full disk."""
    left = b"\n" + b"".join(lines)
    while left:
        left = left[os.write(file, left) :]


def _ended(message_id: int, outcome: Outcome) -> bytes:
    return b"e %d %s\n" % (message_id, _encode(outcome))


def _boot_id() -> bytes:
    try:
        return _BOOT_ID.read_bytes().strip()
    except OSError:
        return b"unknown"


def _read(path: Path) -> dict[int, Outcome | None]:
    """The mails that a journal leaves in doubt or knows the end of; a last line that was cut off is passed over."""
    try:
        boot, *lines = path.read_bytes().split(b"\n")[:-1]
    except (OSError, ValueError):
        return {}
    found: dict[int, Outcome | None] = {}
    is_same_boot = boot == _boot_id() != b"unknown"
    for line in lines:
        kind, _, rest = line.partition(b" ")
        number, _, outcome = rest.partition(b" ")
        if not number.isdigit():
            continue
        if kind == b"c" or (kind == b"b" and not is_same_boot):
            found[int(number)] = None
        elif kind == b"b":
            found.pop(int(number), None)  # a further attempt, of which nothing went out
        elif kind == b"e":
            with contextlib.suppress(msgspec.DecodeError):  # half a line: in doubt, as the line before it says
                found[int(number)] = _decode(outcome)
    return found
