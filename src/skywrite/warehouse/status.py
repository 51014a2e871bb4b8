"""How the warehouse does, in a small file that every process can read without opening the warehouse."""

import time
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from skywrite.kit.errors import Later
from skywrite.kit.files import replace_bytes
from skywrite.warehouse.history import Sync

State = Literal["idle", "loading", "waiting", "failing"]
_STATUS, _REQUEST = "warehouse.json", "warehouse.sync"
_LOOK_SECONDS = 0.05


class Status(Struct, frozen=True):
    """What the loader last said of itself."""

    state: State = "idle"
    reason: str = ""
    position: int = 0
    bytes: int = 0
    tables: int = 0
    rows: int = 0
    discards: int = 0
    set_aside: int = 0  # events that could not be loaded
    last_sync: Sync | None = None
    updated_at: int = 0  # µs since 1970


def read_status(run: Path) -> Status:
    """The loader's last word in the folder `run`, or an idle status where it has not spoken yet."""
    try:
        return msgspec.json.decode((run / _STATUS).read_bytes(), type=Status)
    except (OSError, msgspec.DecodeError):
        return Status()


def write_status(run: Path, status: Status) -> bool:
    """Replace the status; False where the disk does not take it, which must not stop a load."""
    try:
        replace_bytes(run / _STATUS, msgspec.json.encode(status))
    except OSError:
        return False
    return True


def request_sync(run: Path) -> None:
    """Ask the loader to load now. Ring the bell after it, and it looks at once."""
    run.mkdir(parents=True, exist_ok=True)
    (run / _REQUEST).touch()


def is_sync_requested(run: Path) -> bool:
    """Whether somebody asked for a load now."""
    return (run / _REQUEST).exists()


def clear_request(run: Path) -> None:
    """The load that was asked for begins: what is asked from now on is a new request."""
    (run / _REQUEST).unlink(missing_ok=True)


def wait_until_loaded(run: Path, position: int, timeout: float) -> Status:
    """Block until everything up to log position `position` is in the warehouse; the status then.

    Raises Later, with the loader's own reason, when that takes longer than `timeout` seconds.
    """
    end = time.monotonic() + timeout
    while (status := read_status(run)).position < position:
        if time.monotonic() > end:
            why = status.reason or f"It has loaded up to position {status.position} of {position}."
            raise Later(f"The warehouse was not up to date within {timeout:g} s. {why}")
        time.sleep(_LOOK_SECONDS)
    return status
