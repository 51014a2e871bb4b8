"""Destinations: the list, one destination, its secrets, a test event."""

import asyncio
from typing import Any

from litestar import Router, post
from litestar.params import FromPath, JSONBody

from skywrite.api.destination_schemas import (
    Destination,
    DestinationChange,
    NewDestination,
    Secret,
    TestEvent,
    TestResult,
)
from skywrite.api.destination_views import shown
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Given, change, create, read, remove
from skywrite.api.signing import signed_in
from skywrite.api.trying import try_event, try_here


@read("/destinations", summary="Every destination")
def list_destinations(parts: Given) -> list[Destination]:
    """Oldest first, each with how it does."""
    return shown(parts, parts.destinations.all())


@create("/destinations", summary="Add a destination")
def add_destination(parts: Given, data: JSONBody[NewDestination]) -> Destination:
    """It gets what its sources accept from now on."""
    made = parts.destinations.add(data.kind, data.name, data.sources, data.settings, enabled=data.enabled)
    return shown(parts, [made])[0]


@read("/destinations/{destination:str}", summary="One destination")
def show_destination(parts: Given, destination: FromPath[str]) -> Destination:
    """By its id or its name."""
    return shown(parts, [parts.destinations.get(destination)])[0]


@change("/destinations/{destination:str}", summary="Rename, connect, set, switch on or off")
def change_destination(parts: Given, destination: FromPath[str], data: JSONBody[DestinationChange]) -> Destination:
    """Only what is given changes; of the settings only the named ones, and null forgets one."""
    changed = parts.destinations.change(
        destination, name=data.name, enabled=data.enabled, sources=data.sources, settings=data.settings
    )
    return shown(parts, [changed])[0]


@remove("/destinations/{destination:str}", summary="Remove a destination")
def remove_destination(parts: Given, destination: FromPath[str]) -> None:
    """With what waits for it, and its dead letters."""
    parts.destinations.remove(destination)


@read("/destinations/{destination:str}/settings/{name:str}/reveal", summary="Show a secret")
def reveal_secret(parts: Given, destination: FromPath[str], name: FromPath[str]) -> Secret:
    """Lists never hold it."""
    return Secret(parts.destinations.reveal(destination, name))


@post(
    "/destinations/{destination:str}/test",
    summary="Send an event to a destination, past the pipeline",
    status_code=200,
    responses=RESPONSES,
)
async def try_destination(
    parts: Given, destination: FromPath[str], data: JSONBody[TestEvent | None] = None
) -> TestResult:
    """It is really sent, once; the answer shows the request and what came back."""
    target: Any = await asyncio.to_thread(parts.destinations.open, destination)
    given = data.event if data is not None else None
    if target.is_local:
        return await asyncio.to_thread(try_here, parts.store, target, given)
    return await try_event(target, given, allow_private=parts.settings.private_destinations)


routes = Router(
    "/api/v1",
    route_handlers=[
        list_destinations, add_destination, show_destination, change_destination, remove_destination, reveal_secret,
        try_destination,
    ],
    guards=[signed_in],
    tags=["destinations"],
)  # fmt: skip
