from tests.support.mail_server import a_running_server
from tests.support.problems import problem

URL = "/api/v1/channels/email"
SECRET = "hunter2hunter2"

WRONG = [
    ({"settings": {"from_address": "nobody"}}, "from_address"),
    ({"settings": {"from_name": "a\r\nBcc: b@c.d"}}, "from_name"),
    ({"settings": {"inbound_domain": "not a domain"}}, "inbound_domain"),
    ({"settings": {"tracking_url": "ftp://x"}}, "tracking_url"),
    ({"settings": {"once_days": -1}}, "once_days"),
    ({"settings": {"nope": 1}}, "nope"),
    ({"provider": "pigeon", "provider_settings": {}}, "provider"),
    ({"provider": "pigeon"}, "provider"),
    ({"settings": {"from_address": "a@b.example,c@d.example"}}, "from_address"),
    ({"settings": {"mailbox": "a@b.example>,<c@d.example"}}, "mailbox"),
    ({"provider_settings": {"host": ""}}, "host"),
    ({"provider_settings": {"host": "a", "user": "x"}}, "password"),
    ({"provider_settings": {"host": "a.b", "user": "x", "password": SECRET, "tls": "none"}}, "tls"),
    ({"provider_settings": {"mode": "direct", "routes": ["x"]}}, "routes"),
    ({"provider_settings": {"mode": "pigeon"}}, "mode"),
]


def set_up(program, port=2525, **own):
    """A relay on this machine."""
    body = {"settings": {"from_address": "ada@example.com", "from_name": "Ada"}}
    body["provider_settings"] = {"host": "127.0.0.1", "port": port, "tls": "none"} | own
    return program.patch(URL, json=body)


def test_a_stranger_sees_nothing(stranger) -> None:
    for path in ("", "/domains", "/domains/example.com", "/settings/password/reveal"):
        assert stranger.get(URL + path).status_code == 401


class TestSettings:
    def test_at_first_there_are_the_defaults_and_a_form(self, program) -> None:
        found = program.get(URL).json()
        assert found["is_set_up"] is False
        assert found["settings"]["once_days"] == 90
        assert {field["name"] for field in found["fields"]} == set(found["settings"])
        assert [provider["slug"] for provider in found["providers"]] == ["smtp"]

    def test_only_what_is_named_changes_and_null_puts_it_back(self, program) -> None:
        assert set_up(program).json()["is_set_up"] is True
        changed = program.patch(URL, json={"settings": {"once_days": 7}, "provider_settings": {"port": 26}}).json()
        assert changed["settings"]["once_days"] == 7
        assert changed["settings"]["from_address"] == "ada@example.com"
        assert changed["provider_settings"] == {"host": "127.0.0.1", "port": 26, "tls": "none"}
        assert program.patch(URL, json={"settings": {"once_days": None}}).json()["settings"]["once_days"] == 90

    def test_a_secret_is_shown_only_on_demand(self, program) -> None:
        shown = set_up(program, user="ada", password=SECRET)
        assert shown.json()["secrets_set"] == ["password"]
        assert SECRET not in shown.text + program.get(URL).text
        assert program.get(f"{URL}/settings/password/reveal").json()["value"] == SECRET
        problem(program.get(f"{URL}/settings/host/reveal"), 404)

    def test_what_is_wrong_is_named_and_changes_nothing(self, program) -> None:
        set_up(program)
        before = program.get(URL).json()
        for body, where in WRONG:
            answer = program.patch(URL, json=body)
            problem(answer, 400, where)
            assert SECRET not in answer.text
        assert program.get(URL).json() == before


class TestTry:
    def test_a_mail_is_really_sent_and_the_talk_is_shown(self, program) -> None:
        with a_running_server(logins=("PLAIN",)) as server:
            set_up(program, server.port, user="ada", password=SECRET)
            program.post(f"{URL}/domains", json={"domain": "example.com"})
            found = program.post(f"{URL}/test", json={"to": "bob@example.net"}).json()
        assert (found["result"], found["signed"]) == ("taken", True)
        assert b"DKIM-Signature: " in server.mails[0].content
        assert "C: RCPT TO:<bob@example.net> NOTIFY=FAILURE,DELAY ORCPT=rfc822;bob@example.net" in found["transcript"]
        assert SECRET not in str(found)
        assert "C: AUTH PLAIN …" in found["transcript"]

    def test_a_refusal_is_told_as_it_was_said(self, program) -> None:
        with a_running_server(rcpt="550 5.1.1 nobody here") as server:
            set_up(program, server.port)
            found = program.post(f"{URL}/test", json={"to": "bob@example.net"}).json()
        assert (found["result"], found["stage"], found["enhanced"]) == ("refused", "rcpt", "5.1.1")
        assert "nobody here" in found["reason"]

    def test_without_a_set_up_it_is_refused(self, program) -> None:
        problem(program.post(f"{URL}/test", json={"to": "bob@example.net"}), 400, "from_address")


class TestDomains:
    def test_one_is_added_rotated_and_removed(self, program) -> None:
        added = program.post(f"{URL}/domains", json={"domain": "Example.COM."}).json()
        assert added["record_name"] == f"{added['selector']}._domainkey.example.com"
        assert added["record"].startswith("v=DKIM1; k=rsa; p=")
        assert "PRIVATE" not in str(added)
        rotated = program.post(f"{URL}/domains/example.com/rotate").json()
        assert rotated["record"] == added["record"]
        assert rotated["next_record"] != added["record"]
        assert program.get(f"{URL}/domains").json() == [rotated]
        assert program.delete(f"{URL}/domains/example.com").status_code == 204
        problem(program.get(f"{URL}/domains/example.com"), 404)

    def test_what_is_no_domain_is_refused(self, program) -> None:
        for domain in ("x", "not a domain", "a@b.c", "-a.b", "\x00.de"):
            problem(program.post(f"{URL}/domains", json={"domain": domain}), 400, "domain")

    def test_one_twice_is_refused(self, program) -> None:
        program.post(f"{URL}/domains", json={"domain": "example.com"})
        problem(program.post(f"{URL}/domains", json={"domain": "example.com"}), 409, "domain")
