import pytest

from skywrite.access.service import csrf_of
from tests.support.problems import problem

PASSWORD = "correct horse battery"


class TestUsers:
    def test_an_invited_user_sets_a_password_and_is_in(self, ada) -> None:
        invited = ada.post("/api/v1/users", json={"email": "bob@example.com"})
        assert invited.status_code == 201
        link = invited.json()["link"]
        assert link.startswith("http://127.0.0.1:8080/welcome?token=")
        assert [user["active"] for user in ada.get("/api/v1/users").json()] == [True, False]
        body = {"token": link.partition("token=")[2], "password": PASSWORD}
        assert ada.post("/api/v1/accept-invitation", json=body).json()["email"] == "bob@example.com"

    @pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.com"])
    def test_nobody_gets_a_link_to_the_account_of_another(self, world, ada, email) -> None:
        _, token = world.parts.access.invite("eve@example.com")
        _, session = world.parts.access.accept(token, PASSWORD)
        del ada.cookies["skywrite_session"]
        eve = {"Cookie": f"skywrite_session={session}", "X-CSRF-Token": csrf_of(session)}
        answer = ada.post("/api/v1/users", json={"email": email}, headers=eve)
        assert "skywrite user add ada@example.com" in problem(answer, 409, "email")
        assert world.parts.access.sign_in("ada@example.com", PASSWORD) is not None

    def test_who_has_set_no_password_yet_gets_another_link(self, ada) -> None:
        links = [ada.post("/api/v1/users", json={"email": "bob@example.com"}).json()["link"] for _ in range(2)]
        assert links[0] != links[1]

    def test_a_removed_user_is_out_at_once(self, world, ada) -> None:
        bob, token = world.parts.access.invite("bob@example.com")
        _, session = world.parts.access.accept(token, PASSWORD)
        assert ada.delete(f"/api/v1/users/{bob.id}").status_code == 204
        problem(ada.get("/api/v1/me", headers={"Cookie": f"skywrite_session={session}"}), 401)

    def test_the_last_user_stays(self, ada) -> None:
        me = ada.get("/api/v1/users").json()[0]
        assert "last user" in problem(ada.delete(f"/api/v1/users/{me['id']}"), 409)

    @pytest.mark.parametrize("email", ["", "nobody", "a b@c.d", "a@b@c", "x" * 400 + "@x.y", "a@\x00", 5, None])
    def test_what_is_no_address_is_refused(self, ada, email) -> None:
        problem(ada.post("/api/v1/users", json={"email": email}), 400, "email")

    @pytest.mark.parametrize("user", ["nobody", "%00", "usr_" + "x" * 3000])
    def test_an_unknown_user_is_told(self, ada, user) -> None:
        problem(ada.delete(f"/api/v1/users/{user}"), 404, "user")


class TestTokens:
    def test_a_token_works_until_it_is_revoked_and_its_secret_is_shown_once(self, ada) -> None:
        made = ada.post("/api/v1/tokens", json={"name": "ci"})
        assert made.status_code == 201
        secret, token = made.json()["secret"], made.json()["token"]
        header = {"Authorization": f"Bearer {secret}"}
        assert ada.get("/api/v1/sources", headers=header).status_code == 200
        listed = ada.get("/api/v1/tokens")
        assert secret not in listed.text
        assert listed.json()[0]["last_used_at"] is not None
        assert ada.delete(f"/api/v1/tokens/{token['id']}").status_code == 204
        problem(ada.get("/api/v1/sources", headers=header), 401)
        problem(ada.delete(f"/api/v1/tokens/{token['id']}"), 404, "token")

    @pytest.mark.parametrize("name", ["", "  ", "a\x00", "x" * 201, None, []])
    def test_a_wrong_name_is_told(self, ada, name) -> None:
        problem(ada.post("/api/v1/tokens", json={"name": name}), 400, "name")


class TestSettings:
    def test_all_are_shown_without_the_databases_password(self, program, world) -> None:
        shown = {row["name"]: row for row in program.get("/api/v1/settings").json()}
        assert shown["SKYWRITE_PORT"]["value"] == "8080"
        assert shown["SKYWRITE_PORT"]["description"]

    def test_a_password_in_the_databases_address_is_hidden(self) -> None:
        from skywrite.settings import Settings, shown_settings

        text = str(shown_settings(Settings(database="postgresql://u:hunter2@db/x")))
        assert "hunter2" not in text
        assert "u:***@db" in text
