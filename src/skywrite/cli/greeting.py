"""What `skywrite up` says once all roles are ready: where it is, and what to do next. A process of its own, so that
the supervisor stays small and hears every signal.
"""

import http.client
import os
import subprocess
import sys
import time
from urllib.parse import urlsplit

from skywrite.settings import Settings, load_settings

_PARENT = "_SKYWRITE_GREETS"
_LONGEST_SECONDS = 120.0
_LOOK_SECONDS = 0.1


def begin_greeting(settings: Settings) -> subprocess.Popen[bytes] | None:
    """Start the process that waits for the server and greets. Where none can be had, the server runs without it."""
    environment = os.environ | {
        "SKYWRITE_DATA": str(settings.data),
        "SKYWRITE_HOST": settings.host,
        "SKYWRITE_PORT": str(settings.port),
        _PARENT: str(os.getpid()),
    }
    try:
        return subprocess.Popen([sys.executable, "-m", "skywrite.cli.greeting"], env=environment)
    except (OSError, MemoryError, subprocess.SubprocessError):
        return None


def _greet(settings: Settings, parent: int) -> None:
    end = time.monotonic() + _LONGEST_SECONDS
    while not _is_ready(settings):
        if time.monotonic() > end or os.getppid() != parent:
            return
        time.sleep(_LOOK_SECONDS)
    lines = _lines(settings)
    if os.getppid() != parent:  # it ended meanwhile, and what was ready was another
        return
    for line in lines:
        print(line, flush=True)


def _lines(settings: Settings) -> list[str]:
    # Imported when the server is ready: until then its processes need the processor more.
    from skywrite.access.links import welcome_link  # noqa: PLC0415
    from skywrite.access.service import Access  # noqa: PLC0415
    from skywrite.sources.service import Sources  # noqa: PLC0415
    from skywrite.store.engine import open_store  # noqa: PLC0415

    store = open_store(settings)
    token = Access(store).first_run_token()
    sources = Sources(store).all()
    store.close()
    lines = [f"Skywrite is ready at {settings.base_url} (its data is in {settings.data})"]
    if token:
        lines.append(f"Next: choose your password at {welcome_link(settings.base_url, token)}")
    elif not sources:
        lines.append(f"Next: add a source, at {settings.base_url}/sources/catalog")
    return lines


def _is_ready(settings: Settings) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - a name, not a bind
    connection = http.client.HTTPConnection(urlsplit(f"//{host}").hostname or host, settings.port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    _greet(load_settings(), int(os.environ.pop(_PARENT, "0")))
