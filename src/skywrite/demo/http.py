"""The demo's way to Skywrite: its management API and its tracking API over HTTP, as any program would ask them."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from skywrite.kit import json
from skywrite.kit.errors import SkywriteError


class Api:
    """Calls a Skywrite server with an API token."""

    def __init__(self, web: aiohttp.ClientSession, base_url: str, token: str) -> None:
        self._web, self._base, self._token = web, base_url, token

    async def get(self, path: str, **query: str) -> Any:
        """What a GET of the management API gives. Raises SkywriteError with the server's own sentence."""
        return await self._ask("GET", path, None, query)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The same of a POST."""
        return await self._ask("POST", path, body, {})

    async def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """The same of a PATCH."""
        return await self._ask("PATCH", path, body, {})

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None, query: Mapping[str, str]) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"}
        url = f"{self._base}/api/v1{path}"
        try:
            async with self._web.request(method, url, json=body, params=query, headers=headers) as answer:
                said = await answer.read()
        except aiohttp.ClientError as error:
            raise SkywriteError(f"The server at {self._base} can't be reached: {error}.") from error
        if answer.status >= 400:
            raise SkywriteError(f"{method} {path} was answered {answer.status}: {said.decode(errors='replace')[:500]}")
        return json.decode(said) if said else None

    async def track(self, write_key: str, batch: Sequence[Mapping[str, Any]]) -> None:
        """Send a batch to the tracking API."""
        key = base64.b64encode(f"{write_key}:".encode()).decode()
        url, headers = f"{self._base}/v1/batch", {"Authorization": f"Basic {key}"}
        async with self._web.post(url, json={"batch": list(batch)}, headers=headers) as answer:
            if answer.status != 200:
                raise SkywriteError(f"The tracking API answered {answer.status}: {await answer.text()}")
