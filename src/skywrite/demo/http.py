"""The demo's way to Skywrite: its management API and its tracking API over HTTP, as any program would ask them."""

import asyncio
import base64
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from skywrite.kit import json
from skywrite.kit.errors import SkywriteError

_PAUSE_SECONDS = 0.5
_TRIES = 60  # a web process that died is there again within seconds


class Api:
    """Calls a Skywrite server with an API token. What may be asked twice is asked again where the server is away."""

    def __init__(self, web: aiohttp.ClientSession, base_url: str, token: str) -> None:
        self._web, self._base = web, base_url
        self._headers = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str) -> Any:
        """What a GET of the management API gives. Raises SkywriteError with the server's own sentence."""
        return await self._ask("GET", path, tries=_TRIES)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The same of a POST."""
        return await self._ask("POST", path, body)

    async def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """The same of a PATCH."""
        return await self._ask("PATCH", path, body)

    async def track(self, write_key: str, batch: Sequence[Mapping[str, Any]]) -> None:
        """Send a batch to the tracking API, once, as SDKs do: by the messageId of each."""
        key = base64.b64encode(f"{write_key}:".encode()).decode()
        body = {"batch": [{"messageId": str(uuid.uuid4()), **call} for call in batch]}
        await self._send("POST", "/v1/batch", body, {"Authorization": f"Basic {key}"}, tries=_TRIES)

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, tries: int = 1) -> Any:
        said = await self._send(method, f"/api/v1{path}", body, self._headers, tries=tries)
        return json.decode(said) if said else None

    async def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str], *, tries: int
    ) -> bytes:
        for left in reversed(range(tries)):
            try:
                async with self._web.request(method, self._base + path, json=body, headers=headers) as answer:
                    said = await answer.read()
                break
            except (aiohttp.ClientError, TimeoutError) as error:
                if not left:
                    raise SkywriteError(f"The server at {self._base} can't be reached: {error!r}.") from error
            await asyncio.sleep(_PAUSE_SECONDS)
        if answer.status >= 400:
            raise SkywriteError(f"{method} {path} was answered {answer.status}: {said.decode(errors='replace')[:500]}")
        return said
