"""The SQL of users, invitations, sessions and API tokens."""

from typing import Any

from sqlalchemy import Delete, Insert, Select, Update, delete, func, insert, or_, select, update

from skywrite.store.tables import invitations, sessions, tokens, users
from skywrite.store.types import storable


def active_users() -> Select[Any]:
    """How many users have set a password."""
    return select(func.count()).select_from(users).where(users.c.password_hash.is_not(None))


def all_users() -> Select[Any]:
    """Every user, oldest first."""
    return select(users).order_by(users.c.created_at, users.c.id)


def user_by_email(email: str) -> Select[Any]:
    """The user of an address (written in lower case)."""
    return select(users).where(users.c.email == storable(email))


def user_by_ref(ref: str) -> Select[Any]:
    """The user of an id or an address."""
    return select(users).where(or_(users.c.id == storable(ref), users.c.email == storable(ref.lower())))


def add_user(**values: Any) -> Insert:
    """A new user."""
    return insert(users).values(**values)


def set_password(user_id: str, password_hash: str) -> Update:
    """A user's password."""
    return update(users).where(users.c.id == user_id).values(password_hash=password_hash)


def drop_user(user_id: str) -> Delete:
    """Forget a user."""
    return delete(users).where(users.c.id == user_id)


def add_invitation(token_hash: str, email: str | None, expires_at: int) -> Insert:
    """A link by which somebody sets a password; without an address it is the first run's."""
    return insert(invitations).values(token_hash=token_hash, email=email, expires_at=expires_at)


def invitation(token_hash: str, now: int) -> Select[Any]:
    """An invitation that is still good."""
    return select(invitations).where(invitations.c.token_hash == token_hash, invitations.c.expires_at > now)


def drop_invitations(email: str | None) -> Delete:
    """End every link of an address, or of the first run."""
    return delete(invitations).where(invitations.c.email.is_(None) if email is None else invitations.c.email == email)


def add_session(**values: Any) -> Insert:
    """A new session."""
    return insert(sessions).values(**values)


def session_user(token_hash: str, now: int) -> Select[Any]:
    """The user of a session that has not ended."""
    return select(users).join(sessions).where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)


def drop_session(token_hash: str) -> Delete:
    """End a session."""
    return delete(sessions).where(sessions.c.token_hash == token_hash)


def drop_sessions_of(user_id: str) -> Delete:
    """End every session of a user."""
    return delete(sessions).where(sessions.c.user_id == user_id)


def drop_old_sessions(now: int) -> Delete:
    """Forget sessions that have ended."""
    return delete(sessions).where(sessions.c.expires_at <= now)


def live_tokens() -> Select[Any]:
    """Every API token that was not revoked, oldest first."""
    return select(tokens).where(tokens.c.revoked_at.is_(None)).order_by(tokens.c.created_at, tokens.c.id)


def add_token(**values: Any) -> Insert:
    """A new API token."""
    return insert(tokens).values(**values)


def token_by_hash(token_hash: str) -> Select[Any]:
    """A token that may be used."""
    return live_tokens().where(tokens.c.token_hash == token_hash)


def token_used(token_id: str, now: int) -> Update:
    """Remember when a token was last used."""
    return update(tokens).where(tokens.c.id == token_id).values(last_used_at=now)


def revoke_token(token_id: str, now: int) -> Update:
    """End a token."""
    return update(tokens).where(tokens.c.id == storable(token_id), tokens.c.revoked_at.is_(None)).values(revoked_at=now)
