"""`skywrite mail receive` as a mail server's pipe calls it."""

import contextlib
import io
import sys

import pytest

from skywrite.channels.email.observing.hits import mail_of
from skywrite.channels.email.tokens import Purpose, StoredTokens
from skywrite.cli.main import main
from skywrite.store.engine import open_store
from skywrite.wiring import open_inbox

MAIL = b"From: ada@example.com\nSubject: Re: Hi\n\nYes.\n"


@pytest.fixture(autouse=True)
def inbox_of_a_server(settings):
    open_inbox(settings).close()


@pytest.fixture
def piped(monkeypatch):
    def put(raw):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))

    return put


@pytest.fixture
def address(settings):
    with contextlib.closing(open_store(settings)) as store:
        return f"r{StoredTokens(store).token(Purpose.REPLY, 7)}@in.example.com"


def received(settings):
    with contextlib.closing(open_inbox(settings)) as inbox:
        return [mail_of(record) for record in inbox.read(0, 1 << 30)]


def test_a_mail_is_kept_with_its_envelope(skywrite, settings, piped, address):
    piped(MAIL)
    assert skywrite("mail", "receive", "--from", "ada@example.com", "--to", address).code == 0
    ((head, raw),) = received(settings)
    assert (head.mail_from, head.rcpt_to, head.way, raw) == ("ada@example.com", (address,), "pipe", MAIL)


def test_without_an_envelope_it_is_kept_all_the_same(skywrite, settings, piped):
    piped(MAIL)
    assert skywrite("mail", "receive").code == 0
    assert received(settings)[0][0].rcpt_to == ()


def test_a_mail_to_whomever_is_kept_as_the_server_has_taken_it(skywrite, settings, piped):
    for to in ("news@send.example", ""):
        piped(MAIL)
        assert skywrite("mail", "receive", "--to", to).code == 0
    assert [head.rcpt_to for head, _ in received(settings)] == [("news@send.example",), ()]


def test_no_mail_ends_with_65(skywrite, settings, piped, address):
    piped(b"")
    assert skywrite("mail", "receive", "--to", address).code == 65
    assert received(settings) == []


def test_when_it_cannot_be_kept_the_server_is_asked_to_try_again(skywrite, piped, address, monkeypatch):
    monkeypatch.setenv("SKYWRITE_LOG_MAX_BYTES", str(1 << 20))
    for _ in range(3):
        piped(MAIL + b"x" * (1 << 20))
        code = skywrite("mail", "receive", "--to", address).code
    assert code == 75


def test_a_folder_that_is_no_servers_takes_no_mail(piped, tmp_path, capsys):
    elsewhere = tmp_path / "mistyped"
    piped(MAIL)
    with pytest.raises(SystemExit) as ended:
        main(["mail", "receive", "--data", str(elsewhere)])
    assert (ended.value.code, elsewhere.exists()) == (75, False)
    assert str(elsewhere) in capsys.readouterr().err
