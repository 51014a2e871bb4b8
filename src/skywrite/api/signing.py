"""Who asks: a browser's session by its cookie, or a program by its API token."""

import asyncio
import hmac
from typing import Any

from litestar import Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler

from skywrite.access.service import SESSION_SECONDS, csrf_of
from skywrite.api.parts import Parts
from skywrite.kit.errors import Refused, SkywriteError

COOKIE = "skywrite_session"
CSRF_HEADER = "X-CSRF-Token"
FORGET_SESSION = Cookie(COOKIE, value="", path="/", max_age=0, httponly=True, samesite="lax")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Connection = ASGIConnection[Any, Any, Any, Any]


async def signed_in(connection: Connection, _handler: BaseRouteHandler) -> None:
    """The guard of every route but the open ones. Raises Refused (401, 403)."""
    parts: Parts = connection.app.state.parts
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        token = await asyncio.to_thread(parts.access.bearer, secret.strip())
        if token is None:
            raise Refused("This API token does not work: it was revoked, or never made.", status=401)
        connection.state.email = f"token {token.name}"
        return
    session = connection.cookies.get(COOKIE, "")
    user = await asyncio.to_thread(parts.access.session, session) if session else None
    if user is None:
        raise Refused("Sign in first, or send an API token as `Authorization: Bearer`.", status=401)
    if connection.scope.get("method") not in _SAFE_METHODS:
        _check_csrf(connection, session)
    connection.state.email = user.email


async def perhaps_signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """The guard of a route that is open to all and says more to who is signed in: `email` is "" for anybody else."""
    try:
        await signed_in(connection, handler)
    except SkywriteError:  # nobody, or the store can't tell who it is
        connection.state.email = ""


async def same_site(connection: Connection, _: BaseRouteHandler) -> None:
    """The guard of the routes that anybody may post to: not from another site's page, where a browser tells."""
    if connection.headers.get("sec-fetch-site") == "cross-site":
        raise Refused("This can't be asked from another site's page.", status=403)


def client_of(connection: Connection) -> str:
    """The address of who asks, behind the proxies that the settings trust."""
    parts: Parts = connection.app.state.parts
    # Several headers of a name are one list, as RFC 9110 has it.
    forwarded = b",".join(value for name, value in connection.scope["headers"] if name == b"x-forwarded-for")
    return parts.proxies.client(_peer(connection), forwarded)


def begin_session(response: Response[Any], connection: Connection, session: str) -> None:
    """Hand the browser its session."""
    parts: Parts = connection.app.state.parts
    secure = parts.settings.base_url.startswith("https:") or _scheme(connection) == "https"
    response.set_cookie(
        Cookie(COOKIE, value=session, path="/", max_age=SESSION_SECONDS, httponly=True, samesite="lax", secure=secure)
    )


def _scheme(connection: Connection) -> str:
    """The scheme that the browser used; a trusted proxy may name it."""
    parts: Parts = connection.app.state.parts
    said = connection.headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
    return said if said and parts.proxies.trusts(_peer(connection)) else connection.url.scheme


def _peer(connection: Connection) -> str:
    return connection.client.host if connection.client else ""


def _check_csrf(connection: Connection, session: str) -> None:
    given = connection.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), csrf_of(session).encode()):
        raise Refused(f"The header {CSRF_HEADER} is missing or wrong; GET /api/v1/me tells it.", status=403)
