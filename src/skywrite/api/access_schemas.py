"""What the management API takes and gives of who may sign in, tokens and the settings in force."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from skywrite.api.schemas import Email, Name, Password, RequestBody


class Me(Struct):
    """Who is signed in, and the token that writes must carry."""

    email: str
    csrf: str


class Setup(Struct):
    """Whether this server still needs its first user."""

    needs_first_user: bool


class SignIn(RequestBody):
    """An address and its password."""

    email: Annotated[str, Meta(max_length=320)]
    password: Annotated[str, Meta(max_length=1000)]


class AcceptInvitation(RequestBody):
    """An invitation's token and the new password; `email` is for the first-run link only."""

    token: str
    password: Password
    email: Email | None = None  # for the first-run link only


class User(Struct):
    """Somebody who may sign in, or was invited to."""

    id: str
    email: str
    created_at: datetime
    active: bool


class NewUser(RequestBody):
    """Whom to invite."""

    email: Email


class NewUserLink(Struct):
    """Who was invited, and the link that sets their password: shown once."""

    user: User
    link: str  # shown once


class Token(Struct):
    """An API token, without its secret."""

    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


class NewToken(RequestBody):
    """A name for a token."""

    name: Name


class TokenSecret(Struct):
    """A token and its secret: shown once."""

    token: Token
    secret: str  # shown once


class ServerSettings(Struct):
    """The settings in force, for the page: name, value as text, description."""

    name: str
    value: str
    description: str
