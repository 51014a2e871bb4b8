"""The token that every mail carries in each place that may come back: the message's number, what the place is for,
and a seal (reference: email events, section 2).

A token is 36 characters of hex, so that nothing minds when its case is changed: 8 bytes of the number, 4 bits of
purpose, 4 bits of key, 9 bytes of BLAKE2b keyed with a secret of this server. One for another purpose does not open.
"""

import base64
import binascii
import hmac
import secrets
from enum import IntEnum
from hashlib import blake2b

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from skywrite.store.engine import Store, insert
from skywrite.store.tables import meta

_META = "mail_keys"
_BODY_BYTES, _SEAL_BYTES = 9, 9
_LENGTH = 2 * (_BODY_BYTES + _SEAL_BYTES)
_URL_SAFE, _FROM_URL_SAFE = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
_KEYS = 16  # as many as 4 bits tell apart


class Purpose(IntEnum):
    """What a place is for; its letter stands before the token in an address."""

    BOUNCE = 1  # the envelope's sender
    REPLY = 2
    UNSUBSCRIBE = 3
    OPEN = 4
    CLICK = 5
    MESSAGE = 6  # the Message-ID, and our own header

    @property
    def letter(self) -> str:
        """Before the token in an address: b, r, u."""
        return self.name[0].lower()


class Tokens:
    """Makes and opens tokens with this server's keys: the newest makes, all open."""

    def __init__(self, keys: dict[int, bytes]) -> None:
        self._keys = keys
        self._newest = max(keys)
        self._key = keys[self._newest]
        self._hash = blake2b(digest_size=_SEAL_BYTES, key=self._key)  # to be copied: quicker than to be made

    def token(self, purpose: Purpose, message_id: int) -> str:
        """The token of a message for one kind of place."""
        body = (message_id << 8 | purpose << 4 | self._newest).to_bytes(_BODY_BYTES, "big")
        seal = self._hash.copy()
        seal.update(body)
        return body.hex() + seal.hexdigest()

    def opened(self, purpose: Purpose, token: str) -> int | None:
        """The message's number, None where the token is not one of ours for this purpose. Case does not matter."""
        raw, key = self._taken_apart(purpose, token)
        body = raw[:_BODY_BYTES]
        made = blake2b(body, digest_size=_SEAL_BYTES, key=key).digest() if key else b""
        return int.from_bytes(body[:-1], "big") if key and hmac.compare_digest(made, raw[_BODY_BYTES:]) else None

    def _taken_apart(self, purpose: Purpose, token: str) -> tuple[bytes, bytes]:
        """A token's bytes, whose seal is yet to be checked, and the key for that; b"" where it is none."""
        if len(token) != _LENGTH:
            return b"", b""
        try:
            raw = bytes.fromhex(token)
        except ValueError:
            return b"", b""
        if len(raw) != _BODY_BYTES + _SEAL_BYTES or raw[_BODY_BYTES - 1] >> 4 != purpose:
            return b"", b""
        return raw, self._keys.get(raw[_BODY_BYTES - 1] & 0x0F, b"")

    def link_path(self, message_id: int, link_id: str, target: str) -> str:
        """The path of a rewritten link, which holds its target under a seal: following it asks no database."""
        links = self.links(message_id)
        return f"/c/{links.token}/{link_id}/{links.sealed(link_id, target.encode())}"

    def links(self, message_id: int) -> "LinkSealer":
        """What seals the links of one message, each at the cost of one hash."""
        return LinkSealer(self._key, self.token(Purpose.CLICK, message_id))

    def followed(self, token: str, link_id: str, sealed: str) -> tuple[int, str] | None:
        """The message's number and the target of a link's path; None where any of it is not as we made it."""
        body, key = self._taken_apart(Purpose.CLICK, token)
        try:
            padded = (sealed + "=" * (-len(sealed) % 4)).encode("ascii").translate(_FROM_URL_SAFE)
            raw = binascii.a2b_base64(padded, strict_mode=True)
            target = raw[_SEAL_BYTES:].decode()
        except (binascii.Error, ValueError):
            return None
        # The link's seal is over the whole token, and none is ever made over one that is not ours: it stands for both.
        made = raw_seal(key, token.lower(), link_id, raw[_SEAL_BYTES:]) if key else b""
        is_ours = key and hmac.compare_digest(made, raw[:_SEAL_BYTES])
        return (int.from_bytes(body[: _BODY_BYTES - 1], "big"), target) if is_ours else None


def raw_seal(key: bytes, token: str, link_id: str, target: bytes) -> bytes:
    """The seal over the message, the link and where it leads."""
    sealed = b"%b\n%b\n%b" % (token.encode(), link_id.encode(), target)
    return blake2b(sealed, digest_size=_SEAL_BYTES, key=key, person=b"link").digest()


class LinkSealer:
    """Seals the links of one message, whose token for clicks is `token`."""

    def __init__(self, key: bytes, token: str) -> None:
        self._key = key
        self.token = token
        self._seals: dict[tuple[str, bytes], str] = {}  # a mail's parts have the same links

    def seal(self, link_id: str, target: bytes) -> str:
        """The seal as a path has it: 12 characters, since 9 bytes leave no rest in base64."""
        known = self._seals.get((link_id, target))
        if known is None:
            raw = binascii.b2a_base64(raw_seal(self._key, self.token, link_id, target), newline=False)
            known = self._seals[link_id, target] = raw.translate(_URL_SAFE).decode()
        return known

    def sealed(self, link_id: str, target: bytes) -> str:
        """The last part of a link's path: its seal, then where it leads."""
        return self.seal(link_id, target) + base64.urlsafe_b64encode(target).rstrip(b"=").decode()


class _Keys(Struct):
    keys: dict[str, str]  # number to hex; the largest number is the newest


def load_tokens(store: Store) -> Tokens:
    """The tokens of this server; its first key is made when there is none. Raises Later when the store is away."""
    with store.read() as connection:
        kept = _read(connection)
    if kept is None:
        first = msgspec.json.encode(_Keys({"1": secrets.token_hex(32)})).decode()
        with store.write() as connection:
            row = insert(connection, meta).values(name=_META, value=first)
            connection.execute(row.on_conflict_do_nothing(index_elements=["name"]))
            kept = _read(connection)
    assert kept is not None
    return Tokens({int(number): bytes.fromhex(key) for number, key in kept.keys.items()})


def rotate_keys(store: Store) -> None:
    """Tokens are made with a new key; those of the last fifteen keys go on opening.

    Processes read the keys when they start: end all of Skywrite first, so that none makes what another can't open yet.
    """
    with store.write() as connection:
        kept = _read(connection)
        keys = kept.keys if kept else {}
        newest = max((int(number) for number in keys), default=0) + 1
        keys = {str(newest): secrets.token_hex(32)} | keys
        if newest >= _KEYS:
            raise ValueError("There are no more key numbers.")
        value = msgspec.json.encode(_Keys(keys)).decode()
        row = insert(connection, meta).values(name=_META, value=value)
        connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def _read(connection: Connection) -> _Keys | None:
    value = connection.execute(select(meta.c.value).where(meta.c.name == _META)).scalar()
    return msgspec.json.decode(value, type=_Keys) if value else None
