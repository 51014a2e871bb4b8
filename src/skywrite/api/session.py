"""Signing in and out, and who one is."""

import time
from typing import Any

from litestar import Request, Response, Router
from litestar.params import JSONBody

from skywrite.access.service import KnownUser, csrf_of
from skywrite.api.access_schemas import AcceptInvitation, Me, Setup, SignIn
from skywrite.api.parts import Parts
from skywrite.api.problems import Busy
from skywrite.api.routes import Given, act, read
from skywrite.api.signing import COOKIE, FORGET_SESSION, begin_session, client_of, same_site, signed_in
from skywrite.kit.errors import Later, Refused

AnyRequest = Request[Any, Any, Any]


@read("/setup", summary="Whether this server still needs its first user")
def setup(parts: Given) -> Setup:
    """Open to all: the UI shows its welcome page by it."""
    return Setup(needs_first_user=parts.access.needs_first_user())


@act("/sign-in", summary="Sign in with address and password")
def sign_in(parts: Given, request: AnyRequest, data: JSONBody[SignIn]) -> Response[Me]:
    """Sets the session's cookie; the answer holds the CSRF token that writes must carry."""
    now, host, address = time.monotonic(), client_of(request), data.email.strip().lower()
    _begin(parts, host, address, now)
    entered = parts.access.sign_in(data.email, data.password)
    if entered is None:
        raise Refused("The email address or the password is wrong.", where="password", status=401)
    parts.by_address.succeeded(address)
    parts.by_host.take_back(host, now)
    return _entered(request, entered)


def _begin(parts: Parts, host: str, address: str, now: float) -> None:
    """Count an attempt, before its costly hash: a burst must not get past the limits. Raises Busy beyond them."""
    try:
        parts.by_host.begin(host, now)
        try:
            parts.by_address.begin(address, now)
        except Later:
            parts.by_host.take_back(host, now)
            raise
    except Later as error:
        raise Busy(str(error), after=error.after) from error


@act("/accept-invitation", summary="Set a password by an invitation's link, and sign in")
def accept_invitation(parts: Given, request: AnyRequest, data: JSONBody[AcceptInvitation]) -> Response[Me]:
    """By the first-run link the first user names their address too."""
    return _entered(request, parts.access.accept(data.token, data.password, data.email))


@read("/me", summary="Who is signed in")
def me(request: AnyRequest) -> Me:
    """With the CSRF token of the session; a program with an API token needs none."""
    session = request.cookies.get(COOKIE, "")
    return Me(email=request.state.email, csrf=csrf_of(session) if session else "")


@act("/sign-out", summary="End the session", status_code=204, response_cookies=[FORGET_SESSION])
def sign_out(parts: Given, request: AnyRequest) -> None:
    """Ends it here and takes the cookie back."""
    parts.access.sign_out(request.cookies.get(COOKIE, ""))


def _entered(request: AnyRequest, entered: tuple[KnownUser, str]) -> Response[Me]:
    user, session = entered
    response = Response(Me(email=user.email, csrf=csrf_of(session)), status_code=200)
    begin_session(response, request, session)
    return response


open_routes = Router(
    "/api/v1", route_handlers=[setup, sign_in, accept_invitation], guards=[same_site], security=[{}], tags=["access"]
)
routes = Router("/api/v1", route_handlers=[me, sign_out], guards=[signed_in], tags=["access"])
