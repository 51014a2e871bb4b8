"""`skywrite user ...` and `skywrite token ...`: who may sign in, and API tokens."""

from cyclopts import App

from skywrite.access.links import welcome_link
from skywrite.access.service import Access, KnownToken, KnownUser
from skywrite.cli.common import COMMON, Common
from skywrite.kit.time import iso_millis

user = App(name="user")
token = App(name="token")


@user.command(name="add")
def add_user(email: str, /, *, common: Common = COMMON) -> None:
    """Invite somebody, or let them set a new password: prints a link that works once, for a week."""
    with common.store() as store:
        invited, secret = Access(store).invite(email, even_active=True)
    link = welcome_link(common.base_url, secret)
    common.done(_user(invited) | {"link": link}, f"{invited.email} can set a password at\n\n  {link}\n")


@user.command(name="list")
def list_users(*, common: Common = COMMON) -> None:
    """Show everybody."""
    with common.store() as store:
        found = Access(store).users()
    rows = [(one.email, "yes" if one.active else "invited", iso_millis(one.created_at), one.id) for one in found]
    common.show([_user(one) for one in found], "users", ("email", "active", "since", "id"), rows)


@user.command(name="remove")
def remove_user(email: str, /, *, common: Common = COMMON) -> None:
    """Remove somebody, by address or id; their sessions end at once."""
    with common.store() as store:
        removed = Access(store).remove_user(email)
    common.done({"removed": removed.id}, f"{removed.email} is removed.")


@token.command(name="add")
def add_token(name: str, /, *, common: Common = COMMON) -> None:
    """Make an API token: its secret is printed now and never again."""
    with common.store() as store:
        made, secret = Access(store).add_token(name)
    sentence = f"The token {made.name!r} is\n\n  {secret}\n\nSend it as `Authorization: Bearer`; it is not shown again."
    common.done(_token(made) | {"secret": secret}, sentence)


@token.command(name="list")
def list_tokens(*, common: Common = COMMON) -> None:
    """Show the tokens that work."""
    with common.store() as store:
        found = Access(store).tokens()
    rows = [
        (one.name, iso_millis(one.created_at), iso_millis(one.last_used_at) if one.last_used_at else None, one.id)
        for one in found
    ]
    common.show([_token(one) for one in found], "tokens", ("name", "since", "last used", "id"), rows)


@token.command(name="revoke")
def revoke_token(token_id: str, /, *, common: Common = COMMON) -> None:
    """End a token at once, by its id."""
    with common.store() as store:
        Access(store).revoke_token(token_id)
    common.done({"revoked": token_id}, f"The token {token_id} is revoked.")


def _user(one: KnownUser) -> dict[str, object]:
    return {"id": one.id, "email": one.email, "active": one.active, "created_at": iso_millis(one.created_at)}


def _token(one: KnownToken) -> dict[str, object]:
    used = iso_millis(one.last_used_at) if one.last_used_at else None
    return {"id": one.id, "name": one.name, "created_at": iso_millis(one.created_at), "last_used_at": used}
