"""DKIM: another's verifier takes our signatures, whatever the mail, and not those of changed mails."""

import base64
import hashlib

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from dkim.canonicalization import Relaxed
from hypothesis import given, settings
from hypothesis import strategies as st

from skywrite.channels.email.domains.dkim import load_key, new_key, public_record, relaxed_body
from skywrite.kit.errors import SkywriteError

PEM = new_key()
KEY = load_key("example.com", "s1", PEM)
ED25519 = (
    ed25519.Ed25519PrivateKey.generate()
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode()
)
HEAD = (
    b"From: Ada <ada@example.com>\r\nTo: bob@example.net\r\nSubject: =?utf-8?q?News?=\r\n   folded  twice\r\n"
    b"Date: Mon, 30 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n"
    b"List-Unsubscribe: <https://example.com/u/x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
)
LINES = st.lists(st.sampled_from([b"Hello", b" ", b"\t", b"  ", b"\r\n", b"\r\n\r\n", b".", b"caf\xc3\xa9", b"="]))


def verifies(mail, pem=PEM):
    record = public_record(pem).encode()
    return dkim.verify(mail, dnsfunc=lambda name, timeout=5: record if name == b"s1._domainkey.example.com." else b"")


@given(body=LINES.map(b"".join))
@settings(max_examples=25, deadline=None)
def test_any_body_verifies(body) -> None:
    mail = HEAD + body + b"\r\n"
    assert verifies(KEY.header(mail) + mail)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hello", b"Hullo"),
        (b"Subject:", b"Subject: x\r\nSubject:"),  # oversigned
        (b"From: Ada", b"From: Eve"),
        (b"\r\nFrom:", b"\r\nFrom: eve@example.org\r\nFrom:"),
        (b"One-Click", b"Two-Click"),
    ],
)
def test_a_changed_mail_does_not(old, new) -> None:
    mail = HEAD + b"Hello\r\n"
    assert not verifies((KEY.header(mail) + mail).replace(old, new, 1))


def test_what_says_the_same_in_other_blanks_does() -> None:
    mail = HEAD + b"Hello  there\r\n"
    changed = mail.replace(b"  there", b" there \t").replace(b"   folded  twice", b"\tfolded twice")
    assert verifies(KEY.header(mail) + changed)


def test_an_ed25519_key_signs_too(monkeypatch) -> None:
    key, signed = load_key("example.com", "s1", ED25519), []
    sign = key._sign
    monkeypatch.setattr(key, "_sign", lambda data: signed.append(data) or sign(data))
    header = key.header(HEAD + b"Hello\r\n")
    assert b"a=ed25519-sha256" in header
    signature = base64.b64decode(b"".join(header.rpartition(b" b=")[2].split()))
    public = serialization.load_pem_private_key(ED25519.encode(), password=None).public_key()
    public.verify(signature, hashlib.sha256(signed[0]).digest())  # RFC 8463, section 3; raises where it is none


def test_lines_of_the_signature_are_short() -> None:
    assert all(len(line) <= 78 for line in KEY.header(HEAD + b"x\r\n").split(b"\r\n"))


@pytest.mark.parametrize(
    ("body", "relaxed"),
    [
        (b"", b""),
        (b"\r\n\r\n", b""),
        (b" \r\n", b""),
        (b"a", b"a\r\n"),
        (b"a \t b \r\n\r\n", b"a b\r\n"),
        (b" a\r\n\r\nb\r\n", b" a\r\n\r\nb\r\n"),
    ],
)
def test_a_body_in_relaxed_form(body, relaxed) -> None:
    assert relaxed_body(body) == relaxed


@given(body=LINES.map(b"".join))
@settings(deadline=None)
def test_a_relaxed_body_is_as_another_has_it(body) -> None:
    assert relaxed_body(body + b"\r\n") == Relaxed.canonicalize_body(body + b"\r\n")


def test_a_key_that_is_none_is_refused_and_not_shown() -> None:
    with pytest.raises(SkywriteError) as refused:
        load_key("example.com", "s1", "hunter2")
    assert "hunter2" not in str(refused.value)
