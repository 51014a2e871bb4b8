"""The certificate by which the mail server speaks TLS: one that is given, or one of its own.

Mail servers encrypt to whoever offers it and ask for no name (RFC 7435), so one that nobody vouches for is as good to
them as any; who sends by MTA-STS or DANE needs a given one.
"""

import datetime as dt
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from skywrite.kit.errors import SkywriteError

_VALID = dt.timedelta(days=3_650)
_RENEWED = dt.timedelta(days=30)  # before its end
_LONGEST_NAME = 64  # of a common name, X.520


def server_context(certificate: str, key: str, own: Path, name: str) -> ssl.SSLContext:
    """What a server speaks TLS by: files that are given, or else the file `own`, made where it is missing or old.

    `certificate` holds its chain too; `key` may be "" where that file holds the key as well. Raises SkywriteError,
    naming the setting, for what cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        if certificate:
            context.load_cert_chain(certificate, key or None, password=_no_password)
        else:
            if not _is_good(own):
                _make(own, name)
            context.load_cert_chain(own)
    except (OSError, ValueError) as error:  # ssl's errors are OSErrors
        what = "SKYWRITE_MAIL_CERTIFICATE with SKYWRITE_MAIL_KEY" if certificate else f"The certificate {own}"
        raise SkywriteError(f"{what} can't be used: {getattr(error, 'strerror', None) or error}.") from error
    return context


def stamp(certificate: str, key: str) -> tuple[int, ...]:
    """When the given files last changed: another answer means that they were renewed."""
    return tuple(_changed(Path(path)) for path in (certificate, key) if path)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _no_password() -> str:
    raise ValueError("its key has a password")


def _is_good(path: Path) -> bool:
    try:
        made = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return False
    return made.not_valid_after_utc > dt.datetime.now(dt.UTC) + _RENEWED


def _make(path: Path, name: str) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:_LONGEST_NAME] or "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + _VALID)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    draft.replace(path)
