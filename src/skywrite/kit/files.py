"""Small files that other processes read."""

import contextlib
import os
from pathlib import Path


def replace_bytes(path: Path, content: bytes) -> None:
    """Have a small file hold this content, whole for every reader; on a full disk it is written where it lies.

    A full disk has no room for a draft, but what a file has already can be written over: so a state can still say that
    the disk is full. Raises OSError where neither can be done.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        with path.open("r+b") as file:
            file.write(content)
            file.truncate()
