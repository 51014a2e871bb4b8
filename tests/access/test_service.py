import pytest
from sqlalchemy import event

from skywrite.access.passwords import hashing
from skywrite.access.service import Access, csrf_of
from skywrite.kit.errors import Refused
from skywrite.store.engine import Store

DAY = 24 * 3600 * 1_000_000
PASSWORD = "correct horse battery"


class Clock:
    now = 1_795_450_295_000_000

    def __call__(self) -> int:
        self.now += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(store: Store, clock: Clock) -> Access:
    return Access(store, clock)


@pytest.fixture
def ada(access: Access):
    """The first user."""
    return access.accept(access.first_run_token(), PASSWORD, "ada@example.com")[0]


class TestInvitations:
    def test_only_the_newest_first_run_link_works(self, access: Access) -> None:
        old, new = access.first_run_token(), access.first_run_token()
        with pytest.raises(Refused):
            access.accept(old, PASSWORD, "ada@example.com")
        assert access.accept(new, PASSWORD, "ada@example.com")[0].active

    def test_a_first_run_link_that_was_left_over_takes_nobodys_account(self, access: Access) -> None:
        left_over = access.first_run_token()
        _, invitation = access.invite("ada@example.com")
        access.accept(invitation, PASSWORD)
        with pytest.raises(Refused) as refused:
            access.accept(left_over, "another password", "ada@example.com")
        assert refused.value.where == "token"
        assert access.sign_in("ada@example.com", PASSWORD)

    def test_a_link_ends_after_a_week(self, access: Access, clock: Clock) -> None:
        token = access.first_run_token()
        clock.now += 7 * DAY + 1
        with pytest.raises(Refused, match="too old"):
            access.accept(token, PASSWORD, "ada@example.com")

    @pytest.mark.parametrize(
        ("token", "email", "where"),
        [("nonsense", "ada@example.com", "token"), ("good", None, "email"), ("good", "nobody", "email")],
    )
    def test_nothing_is_hashed_for_what_is_refused(self, access: Access, token: str, email, where: str) -> None:
        good = access.first_run_token()
        with hashing(), hashing(), pytest.raises(Refused) as refused:  # whoever wants to hash now gets a Later
            access.accept(good if token == "good" else token, PASSWORD, email)
        assert refused.value.where == where

    def test_an_invitation_names_its_own_address(self, access: Access, ada) -> None:
        _, token = access.invite("Bob@example.com")
        assert access.accept(token, PASSWORD, "eve@example.com")[0].email == "bob@example.com"

    def test_a_new_password_ends_the_sessions_of_the_old_one(self, access: Access, ada) -> None:
        _, session = access.sign_in("ada@example.com", PASSWORD)
        _, token = access.invite("ada@example.com", even_active=True)
        access.accept(token, "another password")
        assert access.session(session) is None
        assert access.sign_in("ada@example.com", PASSWORD) is None
        assert access.sign_in("ada@example.com", "another password") is not None


class TestSessions:
    def test_a_session_lasts_a_month(self, access: Access, clock: Clock, ada) -> None:
        _, session = access.sign_in("ADA@example.com ", PASSWORD)
        clock.now += 29 * DAY
        assert access.session(session) == ada
        clock.now += 2 * DAY
        assert access.session(session) is None

    @pytest.mark.parametrize("secret", ["", "nonsense", "\x00", "\ud800", "é" * 10_000])
    def test_any_other_secret_is_nobodys(self, access: Access, ada, secret: str) -> None:
        assert access.session(secret) is None
        assert access.bearer(secret) is None

    def test_who_was_only_invited_cannot_sign_in(self, access: Access, ada) -> None:
        access.invite("bob@example.com")
        assert access.sign_in("bob@example.com", "") is None


class TestTokens:
    def test_its_use_is_remembered(self, access: Access) -> None:
        token, secret = access.add_token("ci")
        assert access.tokens()[0].last_used_at is None
        assert access.bearer(secret).id == token.id
        assert access.tokens()[0].last_used_at is not None

    def test_a_store_that_takes_no_writes_still_knows_whose_it_is(self, sqlite_store: Store) -> None:
        access = Access(sqlite_store)
        token, secret = access.add_token("ci")
        event.listen(sqlite_store.engine, "connect", lambda made, _: made.execute("PRAGMA query_only = ON"))
        sqlite_store.engine.dispose()
        assert access.bearer(secret) == token

    def test_no_secret_is_in_the_store(self, access: Access, store: Store, ada) -> None:
        from sqlalchemy import select

        from skywrite.store.tables import metadata

        _, session = access.sign_in("ada@example.com", PASSWORD)
        _, token = access.add_token("ci")
        _, invitation = access.invite("bob@example.com")
        with store.read() as connection:
            rows = [tuple(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
        for secret in (PASSWORD, session, token, invitation, csrf_of(session)):
            assert secret not in str(rows)
