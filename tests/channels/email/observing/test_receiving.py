"""Mail by HTTP from another mail server: the token first, then whoever it is to, 200 once it is kept."""

import socket

import pytest

from skywrite.channels.email.observing.hits import KEPT_BYTES, mail_of
from skywrite.channels.email.tokens import Purpose
from tests.support.mail_doors import MailDoors

GOOD = "Bearer good"


@pytest.fixture(scope="module")
def served(shared_store, tmp_path_factory):
    with MailDoors(shared_store, tmp_path_factory.mktemp("receiving")) as doors:
        yield doors


@pytest.fixture
def doors(served):
    return served.forget()


def path(doors, to=None):
    return f"/mail/receive?from=&to={to or 'r' + doors.tokens.token(Purpose.REPLY, 7)}@in.example.com"


def test_a_mail_is_kept_with_the_envelope_of_the_query(doors):
    assert doors.request("POST", path(doors), b"Subject: Hi\r\n\r\nx", authorization=GOOD)[0] == 200
    ((head, raw),) = [mail_of(record) for record in doors.records()]
    assert (head.mail_from, head.way, raw) == ("", "http", b"Subject: Hi\r\n\r\nx")
    assert head.rcpt_to[0].startswith("r0")


@pytest.mark.parametrize("to", ["news", "r" + "0" * 36])
def test_a_mail_to_whomever_is_kept_as_the_server_has_taken_it(doors, to):
    assert doors.request("POST", path(doors, to), b"x", authorization=GOOD)[0] == 200
    assert [mail_of(record)[0].rcpt_to for record in doors.records()] == [(f"{to}@in.example.com",)]


def test_an_empty_recipient_is_none(doors):
    assert doors.request("POST", "/mail/receive?to=", b"x", authorization=GOOD)[0] == 200
    assert [mail_of(record)[0].rcpt_to for record in doors.records()] == [()]


REFUSED = {
    "no token": ("POST", None, b"x", "", 401),
    "a wrong token": ("POST", None, b"x", "Bearer bad", 401),
    "basic authentication": ("POST", None, b"x", "Basic good", 401),
    "no mail": ("POST", None, b" \r\n", GOOD, 400),
    "a GET": ("GET", None, None, GOOD, 405),
}


@pytest.mark.parametrize(("method", "to", "body", "token", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_not_kept(doors, method, to, body, token, status):
    assert doors.request(method, path(doors, to), body, authorization=token)[0] == status
    assert doors.kinds() == []


def test_a_mail_that_breaks_off_is_not_kept(doors):
    head = f"POST {path(doors)} HTTP/1.1\r\nHost: x\r\nAuthorization: {GOOD}\r\nContent-Length: 100000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", doors.port), timeout=60) as connection:
        connection.sendall(head.encode() + b"Subject: half\r\n\r\nof it")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert doors.request("POST", path(doors), b"Subject: whole\r\n\r\nx", authorization=GOOD)[0] == 200
    assert [mail_of(record)[1][:14] for record in doors.records()] == [b"Subject: whole"]


def test_of_a_large_mail_the_beginning_is_kept(doors):
    assert doors.request("POST", path(doors), b"x" * (3 << 20), authorization=GOOD)[0] == 200
    ((head, raw),) = [mail_of(record) for record in doors.records()]
    assert (head.size, len(raw)) == (3 << 20, KEPT_BYTES)


def test_what_cannot_be_kept_whole_is_refused_and_said(doors):
    too_large = doors.request("POST", path(doors), b"x" * ((50 << 20) + 1), authorization=GOOD)
    too_many = doors.request("POST", path(doors) + "&to=postmaster" * 20, b"x", authorization=GOOD)
    assert (too_large[0], too_many[0], doors.kinds()) == (413, 400, [])


def test_while_nothing_can_be_kept_the_server_is_asked_to_try_again(shared_store, tmp_path):
    with MailDoors(shared_store, tmp_path, max_bytes=1) as doors:
        status, headers, _ = doors.request("POST", path(doors), b"x", authorization=GOOD)
    assert (status, headers["retry-after"]) == (503, "30")
