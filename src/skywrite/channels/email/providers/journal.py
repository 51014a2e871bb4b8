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
        """Raises SkywriteError where it can't be read, which is not to say that it is empty, or not be written."""
        self._path = path
        self._tidy_bytes = tidy_bytes
        path.parent.mkdir(parents=True, exist_ok=True)
        self._found = _read(path)
        self._open: dict[int, bytes] = {}  # the mails that are not recorded yet, each with its last line
        for message_id, outcome in self._found.items():
            self._open[message_id] = _ended(message_id, outcome) if outcome else b"c %d\n" % message_id
        self._draft = path.with_suffix(".new")
        try:
            self._file = _drafted(self._draft, list(self._open.values()))
            self._draft.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            raise SkywriteError(f"The journal {path} can't be written: {error.strerror}.") from error
        self._is_folder_synced = True
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
        if os.lseek(self._file, 0, os.SEEK_CUR) <= self._tidy_bytes:
            self._write_asked()
            return
        known = dict(self._open)
        loop = asyncio.get_running_loop()
        drafted = loop.run_in_executor(self._threads, _drafted, self._draft, list(known.values()))
        drafted.add_done_callback(lambda done: self._tidied(done, known))

    def _tidied(self, done: "asyncio.Future[int]", known: dict[int, bytes]) -> None:
        """Take the new file, with what was noted while it was written, in the place of the old one."""
        if not done.exception():  # else there is no room for a second file: this one grows on
            fresh = done.result()
            try:
                _append(fresh, [line for number, line in self._open.items() if known.get(number) != line])
                self._draft.replace(self._path)
            except OSError:
                os.close(fresh)
            else:
                os.close(self._file)
                self._file, self._is_folder_synced = fresh, False
        self._write_asked()

    def _write_asked(self) -> None:
        asked, self._asked = self._asked, []
        ids = [message_id for some, _ in asked for message_id in some]
        for message_id in ids:
            self._open[message_id] = b"b %d\n" % message_id
        lines = [self._open[message_id] for message_id in ids]
        folder = None if self._is_folder_synced else self._path.parent
        synced = asyncio.get_running_loop().run_in_executor(self._threads, _write, self._file, lines, folder)
        synced.add_done_callback(lambda done: self._synced(done, asked))

    def _synced(self, done: "asyncio.Future[None]", asked: list[tuple[Iterable[int], Callable[[], None]]]) -> None:
        if error := done.exception():
            # Nothing may go out that a crash would not know of; the disk is asked again.
            log.error("the journal of mails can't be written, trying again", path=str(self._path), reason=str(error))
            self._asked = asked + self._asked
            asyncio.get_running_loop().call_later(1.0, self._sync)
            return
        self._is_folder_synced = True
        for _, ready in asked:
            ready()
        if self._asked:
            self._sync()
        else:
            self._is_syncing = False


def _drafted(path: Path, lines: list[bytes]) -> int:
    """A new file with these lines, open, and on the disk but for its name."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    try:
        os.write(file, _boot_id())
        _write(file, lines)
    except OSError:
        os.close(file)
        raise
    return file


def _sync_folder(path: Path) -> None:
    """Have the names of a folder's files on the disk."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(file: int, lines: list[bytes], folder: Path | None = None) -> None:
    _append(file, lines)
    os.fdatasync(file)
    if folder is not None:
        _sync_folder(folder)


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
        boot, *lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SkywriteError(f"The journal {path} can't be read: {error.strerror}.") from error
    found: dict[int, Outcome | None] = {}
    is_same_boot = boot == _boot_id() != b"unknown"
    for line in lines[:-1]:
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
