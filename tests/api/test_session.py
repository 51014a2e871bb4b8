import pytest

from tests.support.problems import problem

PASSWORD = "correct horse battery"


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
