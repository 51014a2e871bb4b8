"""Disks that fail as real ones do: full, and read-only."""

import contextlib
import os
import resource
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.support.needs import lacking

_BLOCK = 1 << 12


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own at `folder`; skips where this user may not mount one."""
    folder.mkdir(parents=True)
    mounted = shutil.which("mount") and _quietly("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder)
    if not mounted:
        lacking("this user may not mount a small disk (root may)")
    try:
        yield folder
    finally:
        _quietly("umount", folder) or _quietly("umount", "-l", folder)


def remount(folder: Path, mode: str) -> None:
    """Turn a disk read-only ("ro") or writable again ("rw"). Nothing may have a file of it open for writing."""
    subprocess.run(["mount", "-o", f"remount,{mode}", folder], check=True)


@contextlib.contextmanager
def filled(folder: Path, *, but: int = 0) -> Iterator[None]:
    """The disk of `folder` full to its last `but` bytes, while the block lasts."""
    ballast = folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * _BLOCK)
        if but:
            os.truncate(ballast, max(0, ballast.stat().st_size - but))
        yield
    finally:
        ballast.unlink(missing_ok=True)


@contextlib.contextmanager
def no_longer_growing(pids: Iterable[int], size: int) -> Iterator[None]:
    """Processes that can make no file longer than `size`: what a full disk or quota is to them, without root."""
    pids = list(pids)
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    try:
        for pid, (_, hard) in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
        yield
    finally:
        for pid, limit in before.items():
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


@contextlib.contextmanager
def read_only(folder: Path, *, below: bool = True) -> Iterator[None]:
    """No file can be made, renamed or removed in `folder` (and `below`) while the block lasts, not even by root."""
    folders = [folder, *(path for path in folder.rglob("*") if below and path.is_dir())]
    if os.geteuid() == 0 and not _quietly("chattr", "+i", *folders):
        _quietly("chattr", "-i", *folders)
        lacking("this disk knows no immutable folders, and root may write into any other")
    try:
        if os.geteuid() != 0:
            for each in folders:
                each.chmod(0o555)
        yield
    finally:
        if os.geteuid() == 0:
            subprocess.run(["chattr", "-i", *folders], check=True)
        else:
            for each in folders:
                each.chmod(0o755)


def _quietly(*command: str | Path) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
