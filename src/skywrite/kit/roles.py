"""What each running process says of itself: a small file for each role that it has, written when it changes.

Several processes may have one role, so none writes or removes another's file.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from skywrite.kit.files import replace_bytes

_FRESH_SECONDS = 15.0
_BEST_FIRST = {"ok": 0, "starting": 1, "failing": 2}


class Role(Struct, frozen=True):
    """One role of one process. `state` is "starting", "ok" or "failing"; `reason` a sentence where something fails."""

    name: str
    pid: int
    at: float  # seconds since 1970, when it last said so
    state: str
    reason: str = ""

    @property
    def is_live(self) -> bool:
        """Whether its process still runs, as far as can be seen from this machine."""
        return is_running(self.pid) and time.time() - self.at < _FRESH_SECONDS


class Voice:
    """Says how one role is. Repeating the same within five seconds costs nothing."""

    def __init__(self, run: Path, name: str) -> None:
        self._path = run / "roles" / f"{name}.{os.getpid()}.json"
        self._name = name
        self._said: Role | None = None
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._clear_up()

    def say(self, state: str, reason: str = "") -> None:
        """Write the state down, so that other processes see it."""
        said = self._said
        now = time.time()
        if said and (said.state, said.reason) == (state, reason) and now - said.at < _FRESH_SECONDS / 3:
            return
        self._said = Role(self._name, os.getpid(), now, state, reason)
        with contextlib.suppress(OSError):
            replace_bytes(self._path, msgspec.json.encode(self._said))

    def leave(self) -> None:
        """Take the file away: the role has ended in good order."""
        with contextlib.suppress(OSError):
            self._path.unlink()

    def _clear_up(self) -> None:
        """Remove what processes left behind that had this role and were killed."""
        for path, role in _said(self._path.parent):
            if role.name == self._name and not is_running(role.pid):
                with contextlib.suppress(OSError):
                    path.unlink()


def read_roles(run: Path) -> dict[str, Role]:
    """What each role's live processes say, by name: the best of them, its reason naming those that fail."""
    live: dict[str, list[Role]] = {}
    for _, role in _said(run / "roles"):
        if role.is_live:
            live.setdefault(role.name, []).append(role)
    return {name: _together(roles) for name, roles in live.items()}


def _together(roles: list[Role]) -> Role:
    """One of several processes that fails takes no work from the others: so the role is as well as the best."""
    best = min(roles, key=lambda role: _BEST_FIRST.get(role.state, len(_BEST_FIRST)))
    failing = [role for role in roles if role.state == "failing"]
    if best.state == "failing" or not failing:
        return best
    reason = f"{len(failing)} of {len(roles)} processes fail: {failing[0].reason}"
    return msgspec.structs.replace(best, reason=reason)


def _said(folder: Path) -> Iterator[tuple[Path, Role]]:
    for path in sorted(folder.glob("*.json")):
        with contextlib.suppress(OSError, msgspec.DecodeError, msgspec.ValidationError):
            yield path, msgspec.json.decode(path.read_bytes(), type=Role)


def is_running(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
