"""`skywrite mail explain`: one JSON line a file, without a data folder, whatever the files hold."""

import contextlib
import io
import os

import msgspec
import pytest

from skywrite.channels.email.tokens import StoredTokens
from skywrite.cli.main import main
from skywrite.store.engine import open_store
from tests.channels.email.reading.samples import AYLA, NOTICES
from tests.channels.email.reading.test_reader import REPLY


def explain(capsys, *words):
    code = 0
    try:
        main(["mail", "explain", *map(str, words)])
    except SystemExit as end:
        code = int(end.code or 0)
    return code, *capsys.readouterr()


@pytest.fixture
def bounce(tmp_path):
    path = tmp_path / "bounce.eml"
    path.write_bytes(NOTICES[0][1])
    return path


@pytest.fixture
def reply(tmp_path):
    path = tmp_path / "reply.eml"
    path.write_bytes(REPLY)
    return path


def test_each_file_has_a_line_of_json(capsys, bounce, reply):
    code, out, _ = explain(capsys, bounce, reply, "--json")
    lines = [msgspec.json.decode(line) for line in out.splitlines()]
    assert code == 0
    assert lines[0] == {
        "file": str(bounce),
        "kind": "bounce",
        "recipients": [
            {"address": AYLA, "status": "5.1.1", "smtp_reply": "550", "bounce_class": "hard"},
            {"address": "boris@example.org", "status": "5.2.2", "smtp_reply": None, "bounce_class": "soft"},
        ],
        "reply_text": None,
    }
    assert lines[1] == {"file": str(reply), "kind": "human_reply", "recipients": [], "reply_text": "Yes, please."}


def test_people_read_a_summary(capsys, bounce, reply):
    code, out, _ = explain(capsys, bounce, reply)
    assert code == 0
    assert f"{AYLA}: hard, user unknown, 550 5.1.1" in out
    assert "human reply" in out
    assert "| Yes, please." in out


def test_a_letter_cannot_work_the_reader_s_terminal(capsys, reply):
    evil = "\x1b]52;c;aGk=\x07\x1b[31mred\x9b1m \u202eback"
    reply.write_bytes(REPLY.replace(b"Yes, please.", evil.encode()))
    _, out, _ = explain(capsys, reply)
    assert "| ]52;c;aGk=[31mred1m back" in out
    _, out, _ = explain(capsys, reply, "--json")
    assert "\x1b" not in out


def test_a_file_that_cannot_be_read_costs_no_other_its_answer(capsys, tmp_path, bounce):
    code, out, err = explain(capsys, tmp_path / "none.eml", tmp_path, bounce, "--json")
    assert code == 1
    none, folder, read = map(msgspec.json.decode, out.splitlines())
    assert none == {"file": str(tmp_path / "none.eml"), "error": "No such file or directory"}
    assert folder == {"file": str(tmp_path), "error": "Is a directory"}
    assert read["kind"] == "bounce"
    assert "none.eml cannot be read: No such file or directory." in err
    assert "2 of 3 files" in err


def test_a_file_whose_name_is_no_text_costs_no_other_its_answer(capsys, tmp_path, bounce):
    odd = tmp_path / os.fsdecode(b"b\xffd.eml")
    odd.write_bytes(REPLY)
    code, out, _ = explain(capsys, odd, bounce, "--json")
    assert code == 0
    assert [msgspec.json.decode(line)["file"] for line in out.splitlines()] == [f"{tmp_path}/b\ufffdd.eml", str(bounce)]


@pytest.mark.parametrize("words", [("-",), ("-", "--json"), ("--json", "-")])
def test_a_hyphen_is_the_standard_input(capsys, monkeypatch, words):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(REPLY)))
    code, out, _ = explain(capsys, *words)
    assert code == 0
    assert "human_reply" in out if "--json" in words else "human reply" in out


def test_what_is_no_option_is_no_file_either(capsys, bounce):
    code, out, err = explain(capsys, bounce, "--jsn")
    assert (code, out) == (2, "")
    assert "--jsn" in err


def test_without_a_file_it_says_what_is_missing(capsys):
    code, _, err = explain(capsys)
    assert code == 2
    assert "Name a file" in err


def test_it_writes_nothing(capsys, bounce, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    explain(capsys, bounce, "--json", "--data", tmp_path / "data")
    assert [path.name for path in tmp_path.iterdir()] == ["bounce.eml"]


def test_a_key_is_added_and_not_another_before_it_begins(skywrite, settings):
    assert "no keys yet" in skywrite("mail", "rotate-key").err
    with contextlib.closing(open_store(settings)) as store:
        StoredTokens(store)
    assert "begins_at" in skywrite("mail", "rotate-key", "--json").value
    again = skywrite("mail", "rotate-key")
    assert (again.code != 0, "not begun" in again.err) == (True, True)


def test_a_terminal_obeys_nothing_that_a_mail_says(capsys, tmp_path):
    path = tmp_path / "reply.eml"
    path.write_bytes(REPLY.replace(b"\n\n", b"\n\n\x1b]52;c;ZXZpbA==\x07\x1b[31mred\n", 1))
    code, out, _ = explain(capsys, path)
    assert (code, "red" in out) == (0, True)
    assert not any(char < " " and char not in "\n\t" for char in out)
    words = msgspec.json.decode(explain(capsys, path, "--json")[1])["reply_text"]
    assert "red" in words


def test_what_is_binary_is_no_mail(capsys, tmp_path):
    path = tmp_path / "random"
    path.write_bytes(bytes(range(256)) * 1_000)
    code, out, _ = explain(capsys, path, "--json")
    assert (code, msgspec.json.decode(out)["kind"]) == (0, "none")
