"""The mail server's certificate: its own is made once, a given one is used, and what is wrong with one is said."""

import stat

import pytest

from skywrite.channels.email.observing.certificate import server_context, stamp
from skywrite.kit.errors import SkywriteError
from tests.support.certificates import an_authority


def test_its_own_is_made_once_and_nobody_else_reads_it(tmp_path):
    own = tmp_path / "mail" / "certificate.pem"
    server_context("", "", own, "in.example.com")
    made = own.read_bytes()
    server_context("", "", own, "in.example.com")
    assert own.read_bytes() == made
    assert stat.S_IMODE(own.stat().st_mode) == 0o600


@pytest.mark.parametrize("left", [b"", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"])
def test_what_is_left_of_one_is_made_anew(tmp_path, left):
    own = tmp_path / "certificate.pem"
    own.write_bytes(left)
    server_context("", "", own, "x" * 300)
    assert b"PRIVATE KEY" in own.read_bytes()


def test_one_near_its_end_is_made_anew(tmp_path):
    an_authority(tmp_path)  # valid for a day
    before = (tmp_path / "server.pem").read_bytes()
    server_context("", "", tmp_path / "server.pem", "in.example.com")
    assert (tmp_path / "server.pem").read_bytes() != before


def test_a_given_one_is_used_and_seen_to_change(tmp_path):
    an_authority(tmp_path)
    given = str(tmp_path / "server.pem")
    server_context(given, "", tmp_path / "own.pem", "in.example.com")
    assert not (tmp_path / "own.pem").exists()
    before = stamp(given, "")
    (tmp_path / "server.pem").unlink()
    assert stamp(given, "") != before


@pytest.mark.parametrize(("certificate", "key"), [("gone.pem", ""), ("ca.pem", ""), ("ca.pem", "server.pem")])
def test_what_cannot_be_used_is_said_with_the_settings_names(tmp_path, certificate, key):
    an_authority(tmp_path)
    files = [str(tmp_path / name) if name else "" for name in (certificate, key)]
    with pytest.raises(SkywriteError, match="SKYWRITE_MAIL_CERTIFICATE"):
        server_context(*files, tmp_path / "own.pem", "in.example.com")
