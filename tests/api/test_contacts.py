import pytest

from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.contacts.imports import Imports
from tests.support.problems import problem

ADA = {"email": "ada@example.com", "user_id": "u1", "traits": {"plan": "pro", "seats": 3}}


@pytest.fixture
def ada_is_known(program):
    return program.post("/api/v1/contacts", json=ADA).json()["id"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/contacts"),
        ("GET", "/contacts/export"),
        ("GET", "/contacts/person_1/timeline"),
        ("POST", "/contacts/imports"),
        ("GET", "/contacts/imports/1/report"),
        ("POST", "/lists/list_1/contacts"),
    ],
)
def test_a_stranger_sees_nobody(stranger, method, path) -> None:
    problem(stranger.request(method, f"/api/v1{path}"), 401)


def test_a_contact_is_made_found_and_changed(program, ada_is_known) -> None:
    shown = program.get(f"/api/v1/contacts/{ada_is_known}").json()
    assert (shown["email"], shown["subscription"], shown["traits"]) == ("ada@example.com", "subscribed", ADA["traits"])
    changed = program.patch("/api/v1/contacts/ada@example.com", json={"traits": {"plan": None, "vip": True}}).json()
    assert changed["traits"] == {"seats": 3, "vip": True}
    found = program.get("/api/v1/contacts", params={"q": "ada", "trait": '["seats", "greater", "2"]'}).json()
    assert [each["id"] for each in found["contacts"]] == [ada_is_known]
    assert program.get("/api/v1/contacts/count").json() == {"number": 1, "exactness": "exact"}
    assert program.get("/api/v1/contacts/traits").json() == ["seats", "vip"]


def test_identities_come_and_go(program, ada_is_known) -> None:
    path = f"/api/v1/contacts/{ada_is_known}/identities"
    program.post(path, json={"kind": "anonymousId", "value": "a1"})
    assert program.get("/api/v1/contacts/a1").json()["id"] == ada_is_known
    left = program.delete(path, params={"kind": "userId", "value": "u1"}).json()
    assert (left["user_id"], [each["kind"] for each in left["identities"]]) == (None, ["anonymousId", "email"])


def test_who_unsubscribed_comes_back_with_consent(program, ada_is_known) -> None:
    assert program.post("/api/v1/contacts/unsubscribe", json={"search": {"q": "ada"}}).json() == {"contacts": 1}
    assert program.get("/api/v1/contacts?subscription=unsubscribed").json()["contacts"][0]["id"] == ada_is_known
    path = f"/api/v1/contacts/{ada_is_known}/resubscribe"
    problem(program.post(path, json={"consent": ""}), 400, "consent")
    assert program.post(path, json={"consent": "asked"}).json()["subscription"] == "subscribed"


def test_the_timeline_is_paged_and_says_what_machines_did(world, program, ada_is_known) -> None:
    happened = [
        Activity(1, 5, Kind.EMAIL, "Email Opened", {"machine": True, "proxy": "Apple"}),
        Activity(1, 6, Kind.EMAIL, "Email Replied", {"reply_text": "Hello"}),
        Activity(1, 7, Kind.EMAIL, "Email Skipped", {"reason": "unsubscribed"}),
    ]
    with world.store.write() as connection:
        add_activities(connection, happened)
    path = f"/api/v1/contacts/{ada_is_known}/timeline?kind=email&limit=2"
    first = program.get(path).json()
    second = program.get(f"{path}&before={first['before']}").json()
    entries = [*first["entries"], *second["entries"]]
    assert [each["note"] for each in entries] == [
        "They have unsubscribed.", "Hello", "By a machine (Apple), not a person.",
    ]  # fmt: skip
    assert [each["is_machine"] for each in entries] == [False, False, True]
    assert second["before"] is None


def test_what_is_wrong_is_named(program, ada_is_known) -> None:
    api = "/api/v1"
    problem(program.post(f"{api}/contacts", json={"email": "no"}), 400, "email")
    problem(program.post(f"{api}/contacts", json=ADA), 409)
    problem(program.get(f"{api}/contacts/nobody"), 404, "contact")
    problem(program.get(f"{api}/contacts?trait=plan"), 400, "trait")
    problem(program.get(f"{api}/contacts?list=7"), 404, "list")
    problem(program.get(f"{api}/contacts?after=x"), 400, "after")
    problem(program.get(f"{api}/contacts/{ada_is_known}/timeline?before=x"), 400, "before")
    problem(program.get(f"{api}/contacts/imports/9"), 404, "import")
    problem(program.post(f"{api}/contacts/imports", content=b""), 400, "file")


def test_lists_are_kept(program, ada_is_known) -> None:
    made = program.post("/api/v1/lists", json={"name": "VIP"}).json()
    path = f"/api/v1/lists/{made['id']}"
    assert program.post(f"{path}/contacts", json={"ids": ["ada@example.com"]}).json() == {"contacts": 1}
    assert program.get("/api/v1/lists").json()[0]["contacts"] == 1
    assert program.get(f"/api/v1/contacts?list={made['id']}").json()["contacts"][0]["id"] == ada_is_known
    assert program.post(f"{path}/contacts/remove", json={"search": {"list": made["id"]}}).json() == {"contacts": 1}
    assert program.patch(path, json={"name": "Very"}).json()["name"] == "Very"
    assert program.delete(path).status_code == 204
    problem(program.get(path), 404, "list")


def test_a_file_is_imported_and_exported(world, program) -> None:
    made = program.post("/api/v1/contacts/imports?name=a.csv", content=b"email;plan\na@x.com;pro\nbad;x\n").json()
    assert (made["state"], made["rows"], made["form"]["delimiter"]) == ("uploaded", 2, ";")
    path = f"/api/v1/contacts/imports/{made['id']}"
    assert program.get(f"{path}/samples").json()["rows"][0] == ["a@x.com", "pro"]
    mapping = {"columns": made["columns"]}
    assert program.post(f"{path}/start", json=mapping).json()["state"] == "importing"
    problem(program.post(f"{path}/start", json=mapping), 409, "import")
    Imports(world.store, world.settings.data / "imports").work(made["id"])
    done = program.get(path).json()
    assert (done["state"], done["created"], done["refused"]) == ("done", 1, 1)
    assert program.get(f"{path}/refused").json()[0]["line"] == 3
    assert "bad,x" in program.get(f"{path}/report").text
    assert "a@x.com,,,pro" in program.get("/api/v1/contacts/export").text


def test_a_file_is_read_in_another_way(program) -> None:
    made = program.post("/api/v1/contacts/imports", content=b"email,plan\na@x.com,pro\n").json()
    form = {"delimiter": ";", "encoding": "utf-8", "has_header": False}
    reread = program.patch(f"/api/v1/contacts/imports/{made['id']}", json=form).json()
    assert (reread["rows"], [each["name"] for each in reread["columns"]]) == (2, ["Column 1"])


IN_OTHER_LETTERS = {
    "a byte that Windows-1252 lacks": b"email,na\x81me\na@cp.example,1\n",
    "Shift-JIS": "email,備考\na@cp.example,東京\n".encode("cp932"),
}


@pytest.mark.parametrize("content", IN_OTHER_LETTERS.values(), ids=IN_OTHER_LETTERS)
def test_a_heading_that_is_not_in_the_encoding_is_shown_and_another_can_be_chosen(program, content) -> None:
    imports = "/api/v1/contacts/imports"
    made = program.post(imports, content=content).json()
    path = f"{imports}/{made['id']}"
    assert "\ufffd" in made["columns"][1]["name"]
    assert program.get(imports).json() == [program.get(path).json()] == [made]
    seen = program.get(f"{path}/samples").json()
    assert (seen["fits"], seen["columns"]) == (False, [each["name"] for each in made["columns"]])
    reread = program.patch(path, json=made["form"] | {"encoding": "cp932"}).json()
    assert program.get(f"{path}/samples").json()["columns"] == [each["name"] for each in reread["columns"]]
    assert program.post(f"{path}/cancel").json()["state"] == "cancelled"


def test_a_file_is_never_read_as_utf_16_without_its_mark(program) -> None:
    made = program.post("/api/v1/contacts/imports", content=b"email,plan\na@x.com,pro\n").json()
    path = f"/api/v1/contacts/imports/{made['id']}"
    problem(program.patch(path, json=made["form"] | {"encoding": "utf-16"}), 400, "encoding")
    assert program.get(path).json() == made


class TestEverybody:
    """Everybody is chosen by that word alone, never by a search that says nothing or says something wrong."""

    ACTS = ("/api/v1/contacts/unsubscribe", "/api/v1/lists/list_1/contacts", "/api/v1/lists/list_1/contacts/remove")

    @pytest.mark.parametrize(
        ("chosen", "where"),
        [
            ({"search": {}}, "search"),
            ({"search": {"sort": "seen", "q": " "}}, "search"),
            ({"search": {"list_id": "list_9"}}, "search.list_id"),
            ({"search": {"traits": [{"name": "plan", "op": "is", "valeu": "pro"}]}}, "search.traits[0].valeu"),
            ({"search": "ada"}, "search"),
            ({"search": ["ada"]}, "search"),
            ({"search": True}, "search"),
            ({"everybody": True, "search": {"q": "ada"}}, "everybody"),
            ({"everybody": True, "ids": ["person_1"]}, "everybody"),
        ],
    )
    def test_what_is_unclear_changes_nobody(self, program, ada_is_known, chosen, where) -> None:
        program.post("/api/v1/lists", json={"name": "Pilots"})
        program.post(self.ACTS[1], json={"ids": [ada_is_known]})
        for act in self.ACTS:
            problem(program.post(act, json=chosen), 400, where)
        shown = program.get(f"/api/v1/contacts/{ada_is_known}").json()
        assert (shown["subscription"], len(shown["lists"])) == ("subscribed", 1)

    def test_the_word_chooses_them(self, program, ada_is_known) -> None:
        program.post("/api/v1/lists", json={"name": "Pilots"})
        unsubscribe, put_on, take_off = self.ACTS
        for act in (put_on, take_off, unsubscribe):
            assert program.post(act, json={"everybody": True}).json() == {"contacts": 1}
        assert program.get(f"/api/v1/contacts/{ada_is_known}").json()["subscription"] == "unsubscribed"


@pytest.mark.parametrize("query", ["subscription=nonsense", "q=%00", "q=" + "a" * 3_000, "trait=x", "list=7"])
@pytest.mark.parametrize("style", ["", "&exact=true"])
def test_an_export_that_can_t_be_is_refused_before_it_begins(program, query, style) -> None:
    answer = program.get(f"/api/v1/contacts/export?{query}{style}")
    assert answer.status_code == (404 if query == "list=7" else 400)
    assert answer.json()["error"]


def test_a_file_of_too_many_columns_is_refused_at_upload_or_when_it_is_read_anew(program) -> None:
    def wide(columns: int) -> str:
        rest = "".join(f",{number}" for number in range(1, columns))
        return f"email{rest}\nada@example.com{rest}"

    imports = "/api/v1/contacts/imports"
    assert "1,001 columns" in problem(program.post(imports, content=wide(1_001)), 400, "file")
    assert program.get(imports).json() == []
    begun = program.post(imports, content=wide(1_000)).json()
    mapping = {"columns": [*begun["columns"][:1], *({**each, "to": "ignore"} for each in begun["columns"][1:])]}
    assert program.post(f"{imports}/{begun['id']}/check", json=mapping).json()["state"] == "checking"

    other = program.post(imports, content="email,name" + ";" * 1_000 + "\nada@example.com,x\nbob@example.com,y").json()
    form = {"delimiter": ";", "encoding": "utf-8", "has_header": True}
    assert "1,001 columns" in problem(program.patch(f"{imports}/{other['id']}", json=form), 400, "file")
    assert program.get(f"{imports}/{other['id']}").json() == other
