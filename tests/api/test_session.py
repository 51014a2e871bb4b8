import dataclasses
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from litestar.testing import TestClient

from skywrite.access.passwords import hashing
from skywrite.api.app import create_app
from skywrite.intake.addresses import TrustedProxies
from tests.support.problems import problem

PASSWORD = "correct horse battery"


def _client(world, *, trusted_proxies: str, peer: str) -> TestClient:
    """Somebody whose connection comes from the address `peer`."""
    app = create_app(dataclasses.replace(world.parts, proxies=TrustedProxies(trusted_proxies)))

    async def from_peer(scope, receive, send) -> None:
        await app({**scope, "client": (peer, 4321)} if scope["type"] == "http" else scope, receive, send)

    return TestClient(from_peer, raise_server_exceptions=False)


class TestFirstRun:
    def test_a_new_server_needs_its_first_user(self, stranger) -> None:
        assert stranger.get("/api/v1/setup").json() == {"needs_first_user": True}

    def test_the_first_run_link_makes_the_first_user_once(self, world, stranger) -> None:
        token = world.parts.access.first_run_token()
        body = {"token": token, "password": PASSWORD, "email": "Ada@Example.com"}
        me = stranger.post("/api/v1/accept-invitation", json=body)
        assert me.status_code == 200
        assert me.json()["email"] == "ada@example.com"
        assert stranger.get("/api/v1/setup").json() == {"needs_first_user": False}
        assert world.parts.access.first_run_token() is None
        problem(stranger.post("/api/v1/accept-invitation", json=body), 400, "token")

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"token": "nonsense"}, "token"),
            ({"password": "short"}, "password"),
            ({"email": None}, "email"),
            ({"email": "nobody"}, "email"),
            ({"email": "a@b\x00.c"}, "email"),
            ({"password": None}, "password"),
        ],
    )
    def test_what_is_wrong_is_named(self, world, stranger, change, where) -> None:
        body = {"token": world.parts.access.first_run_token(), "password": PASSWORD, "email": "ada@example.com"}
        problem(stranger.post("/api/v1/accept-invitation", json=body | change), 400, where)


class TestSignIn:
    def test_it_opens_a_session_by_a_cookie_no_script_can_read(self, ada) -> None:
        ada.cookies.clear()
        entered = ada.post("/api/v1/sign-in", json={"email": " ADA@example.com", "password": PASSWORD})
        assert entered.status_code == 200
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        assert "secure" not in cookie.lower()
        assert ada.get("/api/v1/me").json() == entered.json()

    def test_over_https_the_cookie_is_secure(self, ada) -> None:
        body = {"email": "ada@example.com", "password": PASSWORD}
        entered = ada.post("https://testserver.local/api/v1/sign-in", json=body)
        assert "secure" in entered.headers["set-cookie"].lower()

    @pytest.mark.parametrize("email", ["ada@example.com", "bob@example.com", "nonsense", "x\x00y"])
    def test_a_wrong_password_and_an_unknown_address_sound_the_same(self, ada, email) -> None:
        answer = ada.post("/api/v1/sign-in", json={"email": email, "password": "wrong password"})
        assert problem(answer, 401, "password") == "The email address or the password is wrong."

    def test_who_guesses_must_wait(self, ada) -> None:
        body = {"email": "ada@example.com", "password": "wrong password"}
        for _ in range(10):
            problem(ada.post("/api/v1/sign-in", json=body), 401)
        assert "minutes" in problem(ada.post("/api/v1/sign-in", json=body | {"password": PASSWORD}), 429)

    def test_a_burst_gets_no_more_attempts_than_a_sequence(self, world, served, monkeypatch) -> None:
        monkeypatch.setattr("skywrite.access.passwords._PATIENCE_SECONDS", 120.0)  # ten hashes, one after the other

        def guess(_: int) -> int:
            body = {"email": "ada@example.com", "password": "wrong password"}
            return httpx.post(served.base_url.join("/api/v1/sign-in"), json=body, timeout=120).status_code

        with hashing(), ThreadPoolExecutor(16) as threads:  # one place is left: the burst is there before it is done
            statuses = Counter(threads.map(guess, range(16)))
        assert statuses == {401: 10, 429: 6}

    def test_each_client_behind_a_trusted_proxy_has_attempts_of_its_own(self, world) -> None:
        with _client(world, trusted_proxies="10.0.0.0/8", peer="10.0.0.1") as proxy:
            for number in range(100):
                world.parts.by_host.begin("203.0.113.7", time.monotonic() - number / 100)
            body = {"email": "ada@example.com", "password": "wrong password"}
            address = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
            problem(proxy.post("/api/v1/sign-in", json=body, headers=address), 429)
            problem(proxy.post("/api/v1/sign-in", json=body, headers={"X-Forwarded-For": "203.0.113.8"}), 401)

    def test_nobody_else_is_believed_about_their_address(self, world) -> None:
        with _client(world, trusted_proxies="10.0.0.0/8", peer="203.0.113.7") as guesser:
            for number in range(100):
                world.parts.by_host.begin("203.0.113.7", time.monotonic() - number / 100)
            body = {"email": "ada@example.com", "password": "wrong password"}
            answer = guesser.post("/api/v1/sign-in", json=body, headers={"X-Forwarded-For": "198.51.100.1"})
            problem(answer, 429)
            assert int(answer.headers["retry-after"]) >= 1

    @pytest.mark.parametrize(("peer", "is_secure"), [("10.0.0.1", True), ("203.0.113.7", False)])
    def test_a_trusted_proxy_may_say_that_it_is_https(self, world, peer: str, is_secure: bool) -> None:
        with _client(world, trusted_proxies="10.0.0.0/8", peer=peer) as client:
            body = {"token": world.parts.access.first_run_token(), "password": PASSWORD, "email": "ada@example.com"}
            headers = {"X-Forwarded-Proto": "https"}
            entered = client.post("/api/v1/accept-invitation", json=body, headers=headers)
            assert ("secure" in entered.headers["set-cookie"].lower()) is is_secure

    def test_another_sites_page_can_sign_nobody_in(self, ada) -> None:
        body = {"email": "ada@example.com", "password": PASSWORD}
        answer = ada.post("/api/v1/sign-in", json=body, headers={"Sec-Fetch-Site": "cross-site"})
        problem(answer, 403)


class TestSignOut:
    def test_it_ends_the_session_here_too(self, ada) -> None:
        session = ada.cookies["skywrite_session"]
        assert ada.post("/api/v1/sign-out").status_code == 204
        problem(ada.get("/api/v1/me", headers={"Cookie": f"skywrite_session={session}"}), 401)


def test_a_program_is_somebody_too(program) -> None:
    assert program.get("/api/v1/me").json() == {"email": "token test", "csrf": ""}


def test_a_body_that_nests_without_end_is_the_sender_s_mistake(stranger) -> None:
    answer = stranger.post("/api/v1/sign-in", content=b"[" * 100_000, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "nests" in answer.json()["error"]
