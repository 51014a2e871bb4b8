"""The web UI's files; every path that is no file and no API is the app's own page."""

import asyncio
import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from skywrite.api.parts import Parts
from skywrite.api.routes import Given

_API = ("api/", "v1/", "health/", "metrics/")
_FOR_EVER = "public, max-age=31536000, immutable"
_TEXTS = {".js", ".css", ".html", ".svg", ".json", ".map", ".txt", ".webmanifest"}
_MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Skywrite</title>
<body style="font: 16px/1.5 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>Skywrite is running, without its web app</h1>
<p>The web app is not built into this installation. In a checkout, <code>make ui</code> builds it, and
<code>make up</code> does so before it starts.</p>
<p>The tracking API, the management API (<a href="/api/openapi.json">/api/openapi.json</a>) and the command line work
without it.</p></body></html>
"""


@get("/", include_in_schema=False)
async def first_page(parts: Given, request: Request[Any, Any, Any]) -> Response[bytes]:
    """The page that shows all of the app's addresses."""
    return await asyncio.to_thread(_page, parts, request, "")


@get("/{path:path}", include_in_schema=False)
async def page(parts: Given, request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """A file of the built UI, or the same page."""
    return await asyncio.to_thread(_page, parts, request, path)


def _page(parts: Parts, request: Request[Any, Any, Any], path: str) -> Response[bytes]:
    name = path.lstrip("/")
    if f"{name}/".startswith(_API):
        raise NotFoundException
    file = _file(parts.ui, name)
    if file is None and "." in name.rpartition("/")[2] and name.startswith("assets/"):
        raise NotFoundException
    index = parts.ui / "index.html"
    if file is None and not index.is_file():
        return Response(_MISSING.encode(), media_type="text/html; charset=utf-8", status_code=200)
    return _answer(file or index, request, for_ever=name.startswith("assets/"))


def _file(folder: Path, name: str) -> Path | None:
    if not name or "\x00" in name:
        return None
    found = (folder / name).resolve()
    try:
        return found if found.is_relative_to(folder.resolve()) and found.is_file() else None
    except OSError:  # a name that no file system takes
        return None


def _answer(file: Path, request: Request[Any, Any, Any], *, for_ever: bool) -> Response[bytes]:
    stat = file.stat()
    tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = {"Cache-Control": _FOR_EVER if for_ever else "no-cache", "ETag": tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    packs = file.suffix in _TEXTS and "gzip" in request.headers.get("accept-encoding", "")
    if packs:
        headers["Content-Encoding"] = "gzip"
    return Response(_body(file, stat.st_mtime_ns, packs=packs), media_type=_kind(file), headers=headers)


@lru_cache(256)
def _body(file: Path, _changed: int, *, packs: bool) -> bytes:
    body = file.read_bytes()
    return gzip.compress(body, 6) if packs else body


def _kind(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"  # the framework adds a text's charset


routes = Router("/", route_handlers=[first_page, page])
