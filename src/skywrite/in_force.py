"""The settings that the running server was started with, kept in the run folder for those who know only its data.

They may hold the database's password, so the file is for its owner alone. It counts only while some process of the
server lives: that the web process is just being started again must lead nobody to another store.
"""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from skywrite.kit.errors import SkywriteError
from skywrite.kit.roles import read_roles
from skywrite.settings import Settings

_FILE = "settings.json"
_SQLITE = "sqlite:///"


def keep_in_force(settings: Settings) -> None:
    """Said by a web process once it listens. A disk that takes no more costs this file and not the server."""
    values = msgspec.to_builtins(settings, enc_hook=str)
    del values["data"]  # whoever reads this has found the folder, perhaps by another path
    values["database"] = _from_anywhere(settings.database)
    with contextlib.suppress(OSError):
        settings.run.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=settings.run, prefix=f"{_FILE}.")  # for its owner alone
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(values))
        Path(partial).replace(settings.run / _FILE)


def in_force(run: Path) -> dict[str, Any]:
    """What the live server of this run folder was started with, by name; nothing where none lives.

    Raises SkywriteError where they are another user's: to go on with defaults might open another store.
    """
    if not read_roles(run):
        return {}
    try:
        values: dict[str, Any] = msgspec.json.decode((run / _FILE).read_bytes(), type=dict[str, Any])
    except PermissionError as error:
        raise SkywriteError(
            f"The settings of the running server can't be read: {error.strerror}. Run this as the user that it runs as."
        ) from error
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return {}
    return values


def _from_anywhere(database: str) -> str:
    """SQLite's address of a file, without depending on the folder that the server was started in."""
    path = database.removeprefix(_SQLITE)
    if path == database or not path or path.startswith(("/", ":", "file:")):
        return database
    return f"{_SQLITE}{Path(path).resolve()}"
