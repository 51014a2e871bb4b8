import msgspec
import pytest
from sqlalchemy import insert, update

from skywrite.contacts.lists import Lists
from skywrite.contacts.mapping import Column
from skywrite.contacts.service import People
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import activities, contact_traits, contacts, identities, import_refusals
from skywrite.store.contact_tables import imports as imports_table
from skywrite.store.mail_tables import suppressions
from tests.support.handled import a_contact, count_rows, emails, imported, rows_of, uploaded

FILE = """Email,User Id,First Name,Plan,Seats,Lists,Unsubscribed
ada@example.com,u1,Ada,pro,3,VIP; News,no
bob@example.com,,Bob,free,,,yes
bad address,u3,,,,,
,,Nobody,,,,
ADA@example.com,,Twice,,,,
carl@example.com,u2,Carl,pro,many,,
"""


def result(done) -> tuple[str, int, int, int]:
    return done.state, done.created, done.updated, done.refused


@pytest.fixture
def run(store_settings, store):
    return lambda content, columns=None, list_id=None: imported(store_settings, store, content, columns, list_id)


def test_a_file_becomes_contacts_and_says_what_it_refused(run, store) -> None:
    done = run(FILE.replace("many", "7"))
    assert result(done) == ("done", 3, 0, 3)
    ada = People(store).get("ada@example.com")
    assert (ada.user_id, ada.traits) == ("u1", {"firstName": "Ada", "Plan": "pro", "Seats": 3})
    assert [each.name for each in ada.lists] == ["News", "VIP"]
    assert People(store).get("bob@example.com").subscription == "unsubscribed"
    assert [each.name for each in People(store).timeline("u1")][-1] == "Created"
    reasons = {row.line: row.reason for row in rows_of(store, import_refusals)}
    assert sorted(reasons) == [4, 5, 6]
    assert "no email address" in reasons[4]
    assert "neither" in reasons[5]
    assert "line 2" in reasons[6]


def test_trying_it_counts_the_same_and_changes_nothing(store_settings, store) -> None:
    a_contact(store, "ada@example.com")
    before = {table: count_rows(store, table) for table in (contacts, identities, contact_traits, activities)}
    imports, begun = uploaded(store_settings, store, FILE)
    imports.check(begun.id, begun.mapping.columns, None)
    imports.work(begun.id)
    tried = imports.get(begun.id)
    assert {table: count_rows(store, table) for table in before} == before
    imports.start(begun.id, begun.mapping.columns, None)
    imports.work(begun.id)
    done = imports.get(begun.id)
    assert (tried.state, *result(tried)[1:]) == ("checked", *result(done)[1:])
    assert result(done)[1:3] == (2, 1)


def test_a_known_contact_keeps_what_the_file_does_not_say(run, store) -> None:
    People(store).add("ada@example.com", traits={"plan": "pro", "age": 36})
    assert result(run("email,age,city\nada@example.com,37,\n")) == ("done", 0, 1, 0)
    assert People(store).get("person_1").traits == {"plan": "pro", "age": 37}
    assert [each.name for each in People(store).timeline("person_1")] == ["Imported", "Created"]


def test_ids_of_two_contacts_go_by_the_rules_and_a_new_id_is_added(run, store) -> None:
    People(store).add("ada@example.com", "u1")
    People(store).add("bob@example.com", "u2")
    assert result(run("email,userId,plan\nada@example.com,u2,pro\n")) == ("done", 0, 1, 0)
    assert People(store).get("u2").traits == {"plan": "pro"}
    assert People(store).get("ada@example.com").user_id == "u1"
    told = {each.name for one in ("u1", "u2") for each in People(store).timeline(one)}
    assert told == {"Created", "Imported", "Identity Conflict"}
    assert result(run("email,userId\nnew@example.com,u2\n")) == ("done", 0, 1, 0)
    assert People(store).get("bob@example.com").email == "new@example.com"


def test_a_browser_alone_is_nobody_unless_it_is_known(run, store) -> None:
    assert result(run("anonymousId,plan\nb1,pro\n")) == ("done", 0, 0, 1)
    assert "nobody yet" in rows_of(store, import_refusals)[0].reason
    assert result(run("userId,anonymousId\nu1,b1\n")) == ("done", 1, 0, 0)
    assert result(run("anonymousId,plan\nb1,pro\n")) == ("done", 0, 1, 0)
    assert People(store).get("u1").traits == {"plan": "pro"}


@pytest.mark.parametrize("cell", ["no", "false", ""])
def test_the_trait_unsubscribed_is_not_taken_back_by_a_file(run, store, cell) -> None:
    columns = [Column("email", "email"), Column("off", "trait", "unsubscribed", "any")]
    run("email,off\nada@example.com,true\n", columns)
    assert People(store).get("ada@example.com").subscription == "unsubscribed"
    run(f"email,off\nada@example.com,{cell}\n", columns)
    ada = People(store).get("ada@example.com")
    assert (ada.subscription, ada.traits) == ("unsubscribed", {"unsubscribed": True})


def test_who_is_unsubscribed_without_an_address_stays_so_at_their_first(run, store) -> None:
    run("userId,unsubscribed\nu1,yes\n")
    run("userId,email\nu1,ada@example.com\n")
    assert People(store).get("u1").subscription == "unsubscribed"


def test_an_old_address_that_unsubscribes_takes_the_contacts_own_along(run, store) -> None:
    run("userId,email\nu1,old@example.com\n")
    run("userId,email\nu1,new@example.com\n")
    run("email,unsubscribed\nold@example.com,yes\n")
    assert {row.address for row in rows_of(store, suppressions)} == {"old@example.com", "new@example.com"}
    assert People(store).get("u1").email == "new@example.com"


def test_nobody_is_subscribed_again(run, store) -> None:
    a_contact(store)
    People(store).unsubscribe(["person_1"], "ada")
    run("email,unsubscribed\nada@example.com,no\n")
    assert People(store).get("person_1").subscription == "unsubscribed"


def test_a_complaint_stays_what_it_was(run, store) -> None:
    row = {"address": "ada@example.com", "scope": "all", "reason": "complaint", "since": 1, "evidence": "arf"}
    with store.write() as connection:
        connection.execute(insert(suppressions), [row])
    run("email,unsubscribed\nada@example.com,yes\n")
    assert {(row.reason, row.evidence[:3]) for row in rows_of(store, suppressions)} == {
        ("complaint", "arf"), ("imported", "imp"),
    }  # fmt: skip


def test_everybody_is_put_on_a_list(run, store) -> None:
    Lists(store).add("All")
    run("email\na@x.com\nb@x.com\n", list_id=1)
    assert emails(store, list_id=1) == ["b@x.com", "a@x.com"]


def test_two_rows_of_one_contact_are_both_taken_in_order(run, store) -> None:
    People(store).add("ada@example.com", "u1")
    assert result(run("email,userId,plan\nada@example.com,,free\n,u1,pro\n")) == ("done", 0, 2, 0)
    assert People(store).get("u1").traits == {"plan": "pro"}


def test_it_goes_on_where_it_stopped_and_takes_nothing_twice(store_settings, store, monkeypatch) -> None:
    monkeypatch.setattr("skywrite.contacts.imports._BATCH", 3)
    content = "email\n" + "".join(f"p{number}@x.com\n" for number in range(10)) + "p1@x.com\n"
    imports, begun = uploaded(store_settings, store, content)
    imports.start(begun.id, begun.mapping.columns, None)
    turns = iter([False, False, True])
    imports.work(begun.id, lambda: next(turns))
    assert imports.get(begun.id).done == 6
    imports.work(begun.id)
    assert result(imports.get(begun.id)) == ("done", 10, 0, 1)
    assert count_rows(store, activities) == 10


def test_a_batch_that_another_took_is_passed_over(store_settings, store, monkeypatch) -> None:
    monkeypatch.setattr("skywrite.contacts.imports._BATCH", 2)
    imports, begun = uploaded(store_settings, store, "email\na@x.com\nb@x.com\nc@x.com\n")
    imports.start(begun.id, begun.mapping.columns, None)
    others = iter([lambda: imports.work(begun.id), lambda: None])
    imports.work(begun.id, lambda: next(others)() is not None)
    assert result(imports.get(begun.id)) == ("done", 3, 0, 0)


def test_a_cancelled_one_stops_and_its_file_goes(store_settings, store) -> None:
    imports, begun = uploaded(store_settings, store, "email\na@x.com\n")
    imports.start(begun.id, begun.mapping.columns, None)
    imports.cancel(begun.id)
    assert imports.waiting() == []
    assert not imports.file(begun.id).exists()
    with pytest.raises(Refused):
        imports.start(begun.id, begun.mapping.columns, None)


def test_the_report_holds_each_refused_row(store_settings, store) -> None:
    imported(store_settings, store, 'email,note\nbad,"a, b"\nok@x.com,\n')
    imports, _ = uploaded(store_settings, store, "email\nx@x.com\n")
    lines = b"".join(imports.report(1)).decode().splitlines()
    assert lines == ["line,reason,email,note", "2,'bad' is no email address.,bad,\"a, b\""]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ([Column("email", "trait", "email")], "must be"),
        ([Column("email", "email"), Column("x", "ignore")], "1 columns"),
        ([Column("email", "trait", "")], "must be"),
        ([Column("email", "trait", "_NewEmail")], "must be"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(settings, sqlite_store, columns, said) -> None:
    imports, begun = uploaded(settings, sqlite_store, "email\na@x.com\n")
    with pytest.raises(Refused, match=said):
        imports.check(begun.id, columns, None)


@pytest.mark.parametrize(
    ("traits", "said"),
    [
        (["email.status", "x"], r"email\.status can't be inside email: as one name it is written email\\\.status"),
        (["plan.name", "plan"], "plan.name can't be inside plan"),
        (["a.b.c", "a.b"], "a.b.c can't be inside a.b"),
        (["plan", "pl\\an"], "Two columns are the trait plan"),
        (["\\email", "x"], "email is no trait"),
    ],
)
def test_a_column_that_would_take_another_s_place_is_refused(settings, sqlite_store, traits, said) -> None:
    imports, begun = uploaded(settings, sqlite_store, "email,a,b\na@x.com,1,2\n")
    with pytest.raises(Refused, match=said):
        imports.start(begun.id, [Column("email", "email"), *(Column(each, "trait", each) for each in traits)], None)


def test_every_column_of_a_file_with_dotted_headings_is_kept(run, store) -> None:
    run("email,email.status,plan,plan.name,address.city,mobile\na@x.com,ok,pro,Professional,Berne,+41791234567\n")
    [ada] = rows_of(store, contacts)
    assert ada.traits == {
        "email.status": "ok", "plan": "pro", "plan.name": "Professional", "address": {"city": "Berne"},
        "mobilePhone": "+41791234567",
    }  # fmt: skip


def test_what_nobody_goes_on_with_is_given_up(settings, sqlite_store) -> None:
    imports, begun = uploaded(settings, sqlite_store, "email\na@x.com\n")
    imports.forget()
    assert imports.get(begun.id).state == "uploaded"
    imports._now = lambda: begun.created_at + 8 * 24 * 3600 * 1_000_000
    imports.forget()
    assert imports.get(begun.id).state == "cancelled"


def test_a_kept_heading_with_half_a_character_makes_no_list_unreadable(store_settings, store) -> None:
    imports, begun = uploaded(store_settings, store, FILE)
    kept = msgspec.to_builtins(begun.mapping)
    kept["columns"][0]["name"] = "na\udc81me"
    with store.write() as connection:
        connection.execute(update(imports_table).where(imports_table.c.id == begun.id).values(mapping=kept))
    (found,) = imports.all()
    assert found.mapping.columns[0].name == "na\ufffdme"
    assert "na\ufffdme" in b"".join(imports.report(begun.id)).decode()


def test_rows_that_are_not_in_the_encoding_are_refused_and_those_that_are_taken(run, store) -> None:
    done = run(b"email,pl\x81an\na@x.com,Ada\nb@x.com,B\x81b\n")
    assert result(done) == ("done", 1, 0, 1)
    assert "not in the file's encoding" in rows_of(store, import_refusals)[0].reason
    assert People(store).get("a@x.com").traits == {"pl\ufffdan": "Ada"}
