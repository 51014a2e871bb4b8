"""What each running process says of itself: one small file a role in the run folder, written when it changes."""

import contextlib
import os
import time
from pathlib import Path

import msgspec
from msgspec import Struct

_FRESH_SECONDS = 15.0


class Role(Struct, frozen=True):
    """One role of one process. `state` is "starting", "ok" or "failing"; `reason` a sentence when it is failing."""

    name: str
    pid: int
    at: float  # seconds since 1970, when it last said so
    state: str
    reason: str = ""

    @property
    def is_live(self) -> bool:
        """Whether its process still runs, as far as can be seen from this machine."""
        return _is_running(self.pid) and time.time() - self.at < _FRESH_SECONDS


class Voice:
    """Says how one role is. Repeating the same within five seconds costs nothing."""

    def __init__(self, run: Path, name: str) -> None:
        self._path = run / "roles" / f"{name}.json"
        self._name = name
        self._said: Role | None = None
        self._path.parent.mkdir(parents=True, exist_ok=True)

    def say(self, state: str, reason: str = "") -> None:
        """Write the state down, so that other processes see it."""
        said = self._said
        now = time.time()
        if said and (said.state, said.reason) == (state, reason) and now - said.at < _FRESH_SECONDS / 3:
            return
        self._said = Role(self._name, os.getpid(), now, state, reason)
        partial = self._path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):  # a full disk is told by the part that needs it
            self._path.parent.mkdir(parents=True, exist_ok=True)  # somebody may have cleared the run folder
            partial.write_bytes(msgspec.json.encode(self._said))
            partial.replace(self._path)

    def leave(self) -> None:
        """Take the file away: the role has ended in good order."""
        with contextlib.suppress(OSError):
            self._path.unlink()


def read_roles(run: Path) -> dict[str, Role]:
    """What every role said last, by name; those whose process is gone included (see `Role.is_live`)."""
    roles = {}
    for path in sorted((run / "roles").glob("*.json")):
        with contextlib.suppress(OSError, msgspec.DecodeError, msgspec.ValidationError):
            role = msgspec.json.decode(path.read_bytes(), type=Role)
            roles[role.name] = role
    return roles


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
