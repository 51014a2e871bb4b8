"""Users, API tokens, and the settings in force."""

from litestar import Router
from litestar.params import FromPath, JSONBody

from skywrite.access.links import welcome_link
from skywrite.access.service import KnownToken, KnownUser
from skywrite.api.access_schemas import (
    NewToken,
    NewUser,
    NewUserLink,
    ServerSettings,
    Token,
    TokenSecret,
    User,
)
from skywrite.api.routes import Given, create, read, remove
from skywrite.api.signing import signed_in
from skywrite.kit.time import to_datetime
from skywrite.settings import shown_settings


@read("/users", summary="Everybody who may sign in")
def list_users(parts: Given) -> list[User]:
    """Oldest first; who was invited and has set no password yet is not active."""
    return [_user(user) for user in parts.access.users()]


@create("/users", summary="Invite somebody")
def add_user(parts: Given, data: JSONBody[NewUser]) -> NewUserLink:
    """The link sets their password; it works once, for a week, and is shown only here. Not for who has one already."""
    user, token = parts.access.invite(data.email)
    return NewUserLink(_user(user), welcome_link(parts.settings.base_url, token))


@remove("/users/{user_id:str}", summary="Remove a user")
def remove_user(parts: Given, user_id: FromPath[str]) -> None:
    """Their sessions end at once. The last user stays."""
    parts.access.remove_user(user_id)


@read("/tokens", summary="The API tokens that work")
def list_tokens(parts: Given) -> list[Token]:
    """Oldest first, without their secrets."""
    return [_token(token) for token in parts.access.tokens()]


@create("/tokens", summary="Make an API token")
def add_token(parts: Given, data: JSONBody[NewToken]) -> TokenSecret:
    """Its secret is shown only here; send it as `Authorization: Bearer <secret>`."""
    token, secret = parts.access.add_token(data.name)
    return TokenSecret(_token(token), secret)


@remove("/tokens/{token_id:str}", summary="Revoke an API token")
def revoke_token(parts: Given, token_id: FromPath[str]) -> None:
    """It stops working at once."""
    parts.access.revoke_token(token_id)


@read("/settings", summary="The settings in force")
def list_settings(parts: Given) -> list[ServerSettings]:
    """Each comes from an environment variable or a flag at the server's start."""
    return [ServerSettings(*row) for row in shown_settings(parts.settings)]


def _user(user: KnownUser) -> User:
    return User(user.id, user.email, to_datetime(user.created_at), user.active)


def _token(token: KnownToken) -> Token:
    used = token.last_used_at
    return Token(token.id, token.name, to_datetime(token.created_at), None if used is None else to_datetime(used))


routes = Router(
    "/api/v1",
    route_handlers=[list_users, add_user, remove_user, list_tokens, add_token, revoke_token, list_settings],
    guards=[signed_in],
    tags=["access"],
)
