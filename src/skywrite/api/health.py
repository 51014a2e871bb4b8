"""GET /health: whether every role of this Skywrite is ready, open to all; why one is not, to who is signed in."""

from typing import Any

from litestar import Request, Response, Router, get, head
from litestar.openapi.datastructures import ResponseSpec

from skywrite import __version__
from skywrite.api.parts import Parts
from skywrite.api.routes import Given
from skywrite.api.schemas import Health
from skywrite.api.signing import perhaps_signed_in
from skywrite.kit.errors import SkywriteError
from skywrite.kit.roles import Role, read_roles
from skywrite.roster import ROLES

_ASK = "sign in, or send an API token, to see why"


def health_of(parts: Parts) -> Health:
    """What each role says of itself, and whether store and log can be used."""
    said = read_roles(parts.settings.run)
    roles = {name: _state(said.get(name)) for name in ROLES}
    roles["store"] = _store(parts)
    roles["log"] = _log(parts)
    if any(state.startswith("failing") for state in roles.values()):
        return Health("failing", __version__, roles)
    return Health("ok" if all(map(is_ready, roles.values())) else "starting", __version__, roles)


def is_ready(state: str) -> bool:
    """Whether a role works, be it that one of its processes does not."""
    return state.partition(":")[0] == "ok"


def without_reasons(found: Health) -> Health:
    """The same for anybody: reasons may name paths, addresses and what the database said."""
    states = {name: state.partition(":")[0] for name, state in found.roles.items()}
    roles = {name: f"{state}: {_ASK}" if state == "failing" else state for name, state in states.items()}
    return Health(found.status, found.version, roles)


@get(
    "/health",
    sync_to_thread=True,
    guards=[perhaps_signed_in],
    summary="Whether every role is ready",
    responses={503: ResponseSpec(Health, description="Some role is not ready.", generate_examples=False)},
)
def health(parts: Given, request: Request[Any, Any, Any]) -> Response[Health]:
    """200 when all are ready, else 503; `roles` says what is not, and why to who is signed in."""
    found = health_of(parts)
    if not request.state.email:
        found = without_reasons(found)
    answer = Response(found, status_code=200 if found.status == "ok" else 503)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@head("/health", sync_to_thread=True, include_in_schema=False)
def health_alone(parts: Given) -> Response[None]:
    """The same without its body, for load balancers that ask so."""
    found = health_of(parts)
    return Response(None, status_code=200 if found.status == "ok" else 503, headers={"Cache-Control": "no-store"})


def _state(role: Role | None) -> str:
    if role is None:
        return "starting"
    return f"{role.state}: {role.reason}" if role.reason else role.state


def _store(parts: Parts) -> str:
    try:
        with parts.store.read():
            return "ok"
    except SkywriteError as error:
        return f"failing: {error}"


def _log(parts: Parts) -> str:
    try:
        status = parts.reader.status()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, this page must say so
        return f"failing: the event log can't be read: {error}"
    if status.full:
        return "failing: the event log is full, new events are refused until its followers catch up"
    trouble = parts.log_trouble()
    return f"failing: {trouble}" if trouble else "ok"


routes = Router("/", route_handlers=[health, health_alone], security=[{}], tags=["server"])
