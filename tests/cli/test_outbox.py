"""`skywrite message`, `broadcast`, `suppression` and `list`: things are named as everywhere, by id or name."""

import pytest

from skywrite.store.engine import open_store
from tests.support.sending import add_people, add_template


@pytest.fixture
def template(settings):
    """The id of a published template, beside a person."""
    store = open_store(settings)
    add_people(store, 1)
    number = add_template(store)
    store.close()
    return f"template_{number}"


def test_a_message_is_sent_by_the_templates_id_or_with_a_body_of_its_own(skywrite, template):
    by_id = skywrite("message", "send", "person_1", "--template", template, "--key", "k1", "--json").value
    by_number = skywrite("message", "send", "person_1", "--template", template[-1], "--key", "k1", "--json").value
    assert (by_id["id"], by_id["is_new"], by_number["is_new"]) == (by_number["id"], True, False)
    made = skywrite("message", "send", "new@example.com", "--subject", "Hi", "--text", "Hello", "--create")
    assert made.code == 0
    assert "new@example.com" in skywrite("contact", "list").out
    shown = skywrite("message", "show", str(by_id["id"])).out
    assert "p1@example.com" in shown
    assert "queued" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["person_1", "--template", "list_1"], "no template 'list_1'"),
        (["person_1", "--template", "template_9"], "no template 9"),
        (["nobody", "--subject", "Hi", "--text", "x"], "not an email address"),
        (["person_1", "--create", "--subject", "Hi", "--text", "x"], "not of a contact_id"),
        (["person_1"], "template_id"),
    ],
)
def test_what_cannot_be_sent_is_a_sentence(skywrite, template, words, said):
    done = skywrite("message", "send", *words)
    assert done.code == 2
    assert said in done.err


def test_a_broadcast_goes_to_a_list_by_its_name_or_id(skywrite, template):
    skywrite("list", "add", "News readers")
    assert [one["name"] for one in skywrite("list", "list", "--json").value] == ["News readers"]
    for which in ("News readers", "list_1"):
        made = skywrite("broadcast", "add", "News", "--template", template, "--list", which, "--json").value
        assert made["audience"] | {"kind": "list", "id": 1} == made["audience"]
    assert "no list 'Others'" in skywrite("broadcast", "add", "News", "--template", template, "--list", "Others").err
    both = skywrite("broadcast", "add", "N", "--template", template, "--list", "list_1", "--segment", "segment_1")
    assert "not to both" in both.err


def test_a_draft_says_to_whom_it_goes(skywrite, template):
    skywrite("list", "add", "News readers")
    for words, to in (((), "everybody"), (("--list", "News readers"), "the list News readers")):
        assert f"to {to}, is a draft" in skywrite("broadcast", "add", "News", "--template", template, *words).out


def test_a_message_that_is_not_sent_says_why(skywrite, template):
    skywrite("contact", "unsubscribe", "person_1")
    said = skywrite("message", "send", "person_1", "--template", template).out
    assert said.endswith("is rejected: The recipient has unsubscribed.\n")


def test_an_address_is_taken_off_the_list_and_json_is_all_that_is_said(skywrite, template):
    skywrite("suppression", "add", "p1@example.com")
    done = skywrite("suppression", "remove", "p1@example.com", "--reason", "manual", "--json")
    assert (done.value, done.err) == ({"removed": "p1@example.com"}, "")
    assert skywrite("suppression", "list", "--json").value == []


def test_who_is_unsubscribed_by_hand_still_gets_transactional_mail(settings, skywrite, template):
    store = open_store(settings)
    receipt = f"template_{add_template(store, is_transactional=True)}"
    store.close()
    assert skywrite("contact", "unsubscribe", "person_1").code == 0
    assert skywrite("message", "send", "person_1", "--template", template, "--json").value["reason"] == "unsubscribed"
    assert skywrite("message", "send", "person_1", "--template", receipt, "--json").value["state"] == "queued"
    assert skywrite("suppression", "add", "p1@example.com").out == "1 address is suppressed.\n"
    assert skywrite("message", "send", "person_1", "--template", receipt, "--json").value["reason"] == "manual"


HUGE = "9" * 20


@pytest.mark.parametrize(
    "words",
    [
        ["message", "show", HUGE],
        ["message", "show", "0"],
        ["message", "list", "-n", HUGE],
        ["broadcast", "show", HUGE],
        ["broadcast", "start", HUGE],
        ["contact", "list", "-n", HUGE],
        ["message", "send", "a@x.example", "--subject", "\udcff", "--text", "t"],
        ["message", "send", "a@x.example", "--subject", "Hi", "--text", "t", "--set", "name=\udcff"],
        ["channel", "set", "from_name=\udcff"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_can_t_be_stored_is_one_sentence(skywrite, words):
    said = skywrite(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("skywrite: ")
    assert "Traceback" not in said.err


def test_a_table_has_nothing_that_a_terminal_obeys(skywrite):
    skywrite("contact", "add", "--email", "eve@example.com", "--trait", 'name="\\u001b[31m\\u009bRed"')
    for words in (["contact", "list"], ["contact", "show", "eve@example.com"]):
        assert "Red" in skywrite(*words).out
        assert not {"\x1b", "\x9b"} & set(skywrite(*words).out + skywrite(*words, "--json").out)
    assert skywrite("contact", "show", "eve@example.com", "--json").value["traits"]["name"] == "\x1b[31m\x9bRed"
