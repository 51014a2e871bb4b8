"""Users, sessions, invitations and API tokens: each call is one transaction. Of every secret only a hash is kept."""

import contextlib
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row

from skywrite.access import queries
from skywrite.access.passwords import hash_password, is_password
from skywrite.kit.errors import Later, Refused
from skywrite.kit.ids import new_id
from skywrite.kit.names import clean_name
from skywrite.kit.time import now_micros
from skywrite.store.engine import Store

_DAY = 24 * 3600 * 1_000_000
_INVITATION_DAYS = 7
_SESSION_DAYS = 30
_USED_PAUSE = 60 * 1_000_000  # a token's last use is written at most once a minute
_LONGEST_EMAIL = 320
SHORTEST_PASSWORD = 10
SESSION_SECONDS = _SESSION_DAYS * 24 * 3600


class KnownUser(Struct, frozen=True):
    """Somebody who may sign in, or was invited to."""

    id: str
    email: str
    created_at: int
    active: bool


class KnownToken(Struct, frozen=True):
    """An API token, without its secret."""

    id: str
    name: str
    created_at: int
    last_used_at: int | None


class Access:
    """Who may use this Skywrite."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._now = clock

    # ---- the first user, and invitations ----

    def needs_first_user(self) -> bool:
        """Whether nobody can sign in yet."""
        with self._store.read() as connection:
            return not connection.execute(queries.active_users()).scalar_one()

    def first_run_token(self) -> str | None:
        """A new token for the link by which the first user signs up; None when there is a user."""
        with self._store.write() as connection:
            if connection.execute(queries.active_users()).scalar_one():
                return None
            return self._invite(connection, None)

    def invite(self, email: str, *, even_active: bool = False) -> tuple[KnownUser, str]:
        """A user of this address and a token for the link by which a password is set.

        Whoever has the link can sign in as that user. `even_active` is for who keeps the server: without it an address
        whose user has a password is Refused (409), or any user could take over any other.
        """
        email = _clean_email(email)
        with self._store.write() as connection:
            user = _user(self._user_of(connection, email))
            if user.active and not even_active:
                raise Refused(
                    f"{email} can sign in already. A link for a new password is made on the server: "
                    f"`skywrite user add {email}`.", where="email", status=409,
                )  # fmt: skip
            return user, self._invite(connection, email)

    def accept(self, token: str, password: str, email: str | None = None) -> tuple[KnownUser, str]:
        """Set the password that an invitation is for, and sign in: the user and a session's secret.

        `email` is for the first-run link alone. Raises Refused naming the field that is wrong.
        """
        _check_password(password)
        with self._store.read() as connection:  # first: a hash costs much, and anybody may ask
            _invited_email(self._invitation(connection, token), email)
        kept = hash_password(password)
        with self._store.write() as connection:
            found = self._invitation(connection, token)
            user = self._user_of(connection, _invited_email(found, email))
            connection.execute(queries.set_password(user.id, kept))
            connection.execute(queries.drop_invitations(found.email))
            connection.execute(queries.drop_invitations(None))  # there is a first user now, by whichever link
            connection.execute(queries.drop_sessions_of(user.id))
            row = connection.execute(queries.user_by_ref(user.id)).one()
            return _user(row), self._begin_session(connection, user.id)

    def _invitation(self, connection: Connection, token: str) -> Row[Any]:
        found = connection.execute(queries.invitation(_hash(token), self._now())).first()
        is_first_run = found is not None and found.email is None
        if found is None or (is_first_run and connection.execute(queries.active_users()).scalar_one()):
            raise Refused(
                "This link was used already, or is too old; ask for another, or run `skywrite user add`.", where="token"
            )
        return found

    def _user_of(self, connection: Connection, email: str) -> Row[Any]:
        row = connection.execute(queries.user_by_email(email)).first()
        if row is None:
            connection.execute(queries.add_user(id=new_id("usr"), email=email, created_at=self._now()))
            row = connection.execute(queries.user_by_email(email)).one()
        return row

    def _invite(self, connection: Connection, email: str | None) -> str:
        token = secrets.token_urlsafe(32)
        connection.execute(queries.drop_invitations(email))
        expires_at = self._now() + _INVITATION_DAYS * _DAY
        connection.execute(queries.add_invitation(_hash(token), email, expires_at))
        return token

    # ---- users and their sessions ----

    def users(self) -> list[KnownUser]:
        """Everybody, oldest first."""
        with self._store.read() as connection:
            return [_user(row) for row in connection.execute(queries.all_users())]

    def remove_user(self, ref: str) -> KnownUser:
        """Take a user away, by id or address; open sessions end at once. The last who can sign in stays."""
        with self._store.write() as connection:
            row = connection.execute(queries.user_by_ref(ref)).first()
            if row is None:
                raise Refused(f"There is no user {ref[:80]!r}.", where="user", status=404)
            user = _user(row)
            if user.active and connection.execute(queries.active_users()).scalar_one() == 1:
                raise Refused("The last user can't be removed: add another first.", where="user", status=409)
            connection.execute(queries.drop_sessions_of(user.id))
            connection.execute(queries.drop_invitations(user.email))
            connection.execute(queries.drop_user(user.id))
            return user

    def sign_in(self, email: str, password: str) -> tuple[KnownUser, str] | None:
        """The user and a session's secret, or None where address and password do not belong together."""
        with self._store.read() as connection:
            row = connection.execute(queries.user_by_email(email.strip().lower())).first()
        if not is_password(row.password_hash if row else None, password) or row is None:
            return None
        with self._store.write() as connection:
            connection.execute(queries.drop_old_sessions(self._now()))
            return _user(row), self._begin_session(connection, row.id)

    def session(self, secret: str) -> KnownUser | None:
        """Whose session it is; None where it has ended."""
        with self._store.read() as connection:
            row = connection.execute(queries.session_user(_hash(secret), self._now())).first()
        return _user(row) if row else None

    def sign_out(self, secret: str) -> None:
        """End a session."""
        with self._store.write() as connection:
            connection.execute(queries.drop_session(_hash(secret)))

    def _begin_session(self, connection: Connection, user_id: str) -> str:
        secret = secrets.token_urlsafe(32)
        now = self._now()
        connection.execute(
            queries.add_session(
                token_hash=_hash(secret), user_id=user_id, created_at=now, expires_at=now + _SESSION_DAYS * _DAY
            )
        )
        return secret

    # ---- API tokens ----

    def tokens(self) -> list[KnownToken]:
        """Every API token that works, oldest first."""
        with self._store.read() as connection:
            return [_token(row) for row in connection.execute(queries.live_tokens())]

    def add_token(self, name: str) -> tuple[KnownToken, str]:
        """A new API token and its secret, which is never shown again."""
        name = clean_name(name)
        secret = f"sky_{secrets.token_urlsafe(32)}"
        token = KnownToken(new_id("tok"), name, self._now(), None)
        with self._store.write() as connection:
            connection.execute(
                queries.add_token(id=token.id, name=name, token_hash=_hash(secret), created_at=token.created_at)
            )
        return token, secret

    def revoke_token(self, token_id: str) -> None:
        """End a token at once. Raises Refused (404) where there is none."""
        with self._store.write() as connection:
            if not connection.execute(queries.revoke_token(token_id, self._now())).rowcount:
                raise Refused(f"There is no token {token_id[:80]!r}.", where="token", status=404)

    def bearer(self, secret: str) -> KnownToken | None:
        """The API token of this secret; None where there is none. Its use is remembered."""
        with self._store.read() as connection:
            row = connection.execute(queries.token_by_hash(_hash(secret))).first()
        if row is None:
            return None
        if row.last_used_at is None or self._now() - row.last_used_at > _USED_PAUSE:
            # A store that takes no writes just now, as on a full disk, still knows whose token it is.
            with contextlib.suppress(Later), self._store.write() as connection:
                connection.execute(queries.token_used(row.id, self._now()))
        return _token(row)


def csrf_of(session: str) -> str:
    """The word that a browser must send with each write of a session: known to whoever may read its answers."""
    return _hash(f"csrf:{session}")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _invited_email(invitation: Row[Any], given: str | None) -> str:
    if invitation.email is None and not given:
        raise Refused("Give your email address: you will sign in with it.", where="email")
    return invitation.email or _clean_email(given or "")


def _clean_email(email: str) -> str:
    email = email.strip().lower()
    name, _, host = email.partition("@")
    if not name or not host or "@" in host or not email.isprintable() or " " in email or len(email) > _LONGEST_EMAIL:
        raise Refused("That is no email address.", where="email")
    return email


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"A password has at least {SHORTEST_PASSWORD} characters.", where="password")


def _user(row: Row[Any]) -> KnownUser:
    return KnownUser(row.id, row.email, row.created_at, row.password_hash is not None)


def _token(row: Row[Any]) -> KnownToken:
    return KnownToken(row.id, row.name, row.created_at, row.last_used_at)
