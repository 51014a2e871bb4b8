"""What a machine may lack: at home such a test is skipped with its reason, on CI it fails."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """Skip the test that asks; fail it where CI is set, so that nothing is left out there unseen."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def need_program(*names: str, reason: str) -> str:
    """The path of the first of these programs that is installed."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    lacking(reason)


def need_folder(path: Path, reason: str) -> Path:
    """The path, where there is such a folder."""
    if not path.is_dir():
        lacking(reason)
    return path
