"""DKIM signatures (RFC 6376, 8463): relaxed/relaxed, over the very bytes that are sent, and keys for them."""

import base64
import hashlib
import time
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from skywrite.kit.errors import SkywriteError

KEY_BITS = 2048
PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

# Signed where they are there; From once more than it is there, so that none can be put before it (oversigned).
_SIGNED = (
    b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"reply-to", b"in-reply-to", b"references",
    b"mime-version", b"content-type", b"content-transfer-encoding", b"list-id", b"list-unsubscribe",
    b"list-unsubscribe-post", b"feedback-id", b"cfbl-address", b"cfbl-feedback-id", b"auto-submitted", b"precedence",
)  # fmt: skip
_OVERSIGNED = (b"from", b"to", b"subject", b"date", b"reply-to", b"message-id")
_TO_SIGN = frozenset(_SIGNED)
_FOLDED_AT = 72


class DkimKey:
    """Signs for one domain with one key."""

    def __init__(self, domain: str, selector: str, key: PrivateKey) -> None:
        self.domain, self.selector, self._key = domain, selector, key
        algorithm = "rsa-sha256" if isinstance(key, rsa.RSAPrivateKey) else "ed25519-sha256"
        self._start = f"v=1; a={algorithm}; c=relaxed/relaxed;\r\n d={domain}; s={selector};".encode()

    def header(self, content: bytes, at: int | None = None) -> bytes:
        """The DKIM-Signature header of a mail, its line end included; `at` is in seconds, by default now."""
        head, _, body = content.partition(b"\r\n\r\n")
        body_hash = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest())
        fields = _fields(head)
        names = [name for name in _SIGNED for _ in fields.get(name, ())]
        lines = [line for name in _SIGNED for line in fields.get(name, ())]  # of one more than there are, nothing
        when = int(time.time()) if at is None else at
        value = self._start + b" t=%d;\r\n h=%s;\r\n bh=%s;\r\n b=" % (when, _folded((*names, *_OVERSIGNED)), body_hash)
        signed = b"".join(lines) + b"dkim-signature:" + _relaxed(value)
        signature = base64.b64encode(self._sign(signed))
        parts = [signature[at : at + _FOLDED_AT] for at in range(0, len(signature), _FOLDED_AT)]
        return b"DKIM-Signature: " + value + b"\r\n ".join(parts) + b"\r\n"

    def _sign(self, signed: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(hashlib.sha256(signed).digest())


def relaxed_body(body: bytes) -> bytes:
    """A body as its hash has it: no blanks at lines' ends, one for many within, no empty lines at the end."""
    body = _single_blanks(body).replace(b" \r\n", b"\r\n").removesuffix(b" ").rstrip(b"\r\n")
    return body + b"\r\n" if body else b""


def _single_blanks(text: bytes) -> bytes:
    """One space for each run of blanks; a regular expression takes ten times as long."""
    text = text.replace(b"\t", b" ")
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    return text


def _fields(head: bytes) -> dict[bytes, list[bytes]]:
    """The header fields that are signed, in relaxed form by name, the last of each first, as they are signed."""
    found: dict[bytes, list[bytes]] = {}
    for line in reversed(_relaxed(head).split(b"\r\n")):
        name, sign, value = line.partition(b":")
        name = name.strip(b" ").lower()
        if sign and name in _TO_SIGN:
            found.setdefault(name, []).append(b"%b:%b\r\n" % (name, value.strip(b" ")))
    return found


def _relaxed(head: bytes) -> bytes:
    """Unfolded header fields, with one space for each run of blanks."""
    return _single_blanks(head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" "))


@lru_cache(maxsize=256)
def _folded(names: tuple[bytes, ...]) -> bytes:
    lines, line = [], b""
    for name in names:
        if len(line) + len(name) > _FOLDED_AT:
            lines.append(line)
            line = b""
        line += name + b":"
    return b"\r\n ".join([*lines, line]).removesuffix(b":")


# ---- keys ----


def new_key() -> str:
    """A new RSA key as PEM."""
    return _pem(rsa.generate_private_key(public_exponent=65_537, key_size=KEY_BITS))


def load_key(domain: str, selector: str, pem: str) -> DkimKey:
    """A key from its PEM. Raises SkywriteError, which does not show it, for what is none."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise SkywriteError(f"The DKIM key of {domain} can't be read; rotate it to have a new one.")
    return DkimKey(domain, selector, key)


def public_record(pem: str) -> str:
    """What the DNS record of a key says (RFC 6376, section 3.6.1)."""
    key = serialization.load_pem_private_key(pem.encode(), password=None).public_key()
    if isinstance(key, ed25519.Ed25519PublicKey):
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return f"v=DKIM1; k=rsa; p={base64.b64encode(key.public_bytes(serialization.Encoding.DER, form)).decode()}"


def _pem(key: PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
