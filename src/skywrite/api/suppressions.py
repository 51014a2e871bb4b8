"""The suppression list: whom not to write to."""

from typing import Annotated, Any

import structlog
from litestar import Request, Router
from litestar.params import FromQuery, JSONBody, QueryParameter

from skywrite.api.message_schemas import NewSuppressions, SuppressionsAdded, SuppressionView
from skywrite.api.routes import Given, Limit, act, read, remove
from skywrite.api.signing import signed_in
from skywrite.channels.email.outbox.suppressions import Suppression, Suppressions
from skywrite.kit.errors import Refused
from skywrite.kit.time import now_micros, to_datetime

log = structlog.get_logger()

_Request = Request[Any, Any, Any]


@read("/suppressions", summary="The suppression list")
def list_suppressions(
    parts: Given,
    search: FromQuery[str] = "",
    reason: FromQuery[str] = "",
    after: Annotated[str, QueryParameter(max_length=500, description="The `cursor` of the last row seen.")] = "",
    limit: Limit = 50,
) -> list[SuppressionView]:
    """The newest first; the next page is behind the last row's `cursor`."""
    last = _seen(after) if after else None
    found = Suppressions(parts.store).listed(search, reason=reason, after=last, limit=limit)
    return [
        SuppressionView(one.address, one.scope, one.reason, to_datetime(one.since), one.evidence, _cursor(one))  # type: ignore[arg-type]
        for one in found
    ]


@act("/suppressions", summary="Suppress addresses")
def add_suppressions(parts: Given, request: _Request, data: JSONBody[NewSuppressions]) -> SuppressionsAdded:
    """By hand, or an imported list; one that is no address refuses them all."""
    count = Suppressions(parts.store).add(data.addresses, by=request.state.email, now=now_micros(), reason=data.reason)
    return SuppressionsAdded(count)


@remove("/suppressions", summary="Take an address off the list")
def remove_suppression(
    parts: Given,
    request: _Request,
    address: FromQuery[str],
    reason: FromQuery[str],
    from_scope: Annotated[str, QueryParameter(name="scope")] = "all",
) -> None:
    """For one reason; who was erased stays. It is told on the contact's timeline."""
    by = request.state.email
    Suppressions(parts.store).remove(address, from_scope, reason, by=by, now=now_micros())
    log.info("suppression removed", address=address, scope=from_scope, reason=reason, by=by)


def _cursor(one: Suppression) -> str:
    return f"{one.since} {one.scope} {one.reason} {one.address}"


def _seen(cursor: str) -> Suppression:
    since, _, rest = cursor.partition(" ")
    parts = rest.split(" ", 2)
    if len(parts) != 3 or not (since.isascii() and since.isdigit()) or len(since) > 18:
        raise Refused("That is the cursor of no row.", where="after")
    scope, reason, address = parts
    return Suppression(address, scope, reason, int(since), "")


routes = Router(
    "/api/v1",
    route_handlers=[list_suppressions, add_suppressions, remove_suppression],
    guards=[signed_in],
    tags=["suppressions"],
)
