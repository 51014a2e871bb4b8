"""The token that every mail carries in each place that may come back: the message's number, what the place is for,
and a seal (reference: email events, section 2).

A token is 36 characters of hex, so that nothing minds when its case is changed: 8 bytes of the number, 4 bits of
purpose, 4 bits of key, 9 bytes of BLAKE2b keyed with a secret of this server. One for another purpose does not open.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Callable
from enum import IntEnum
from hashlib import blake2b

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select, update

from skywrite.kit.errors import Refused
from skywrite.kit.time import now_micros
from skywrite.store.engine import Store, changes_version, insert
from skywrite.store.tables import meta

_META = "mail_keys"
_BODY_BYTES, _SEAL_BYTES = 9, 9
_LENGTH = 2 * (_BODY_BYTES + _SEAL_BYTES)
_URL_SAFE, _FROM_URL_SAFE = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
_KEYS = 15  # numbered from 1, in 4 bits
_LEAD_MICROS = 60_000_000  # from a new key to its first token: by then each process has looked for it many times
TOPIC = "token_keys"  # what is announced when a key is added
_Making = tuple[int, bytes, "blake2b"]  # a key's number, the key, and a hash that begins with it


class Purpose(IntEnum):
    """What a place is for; its letter stands before the token in an address."""

    BOUNCE = 1  # the envelope's sender
    REPLY = 2
    UNSUBSCRIBE = 3
    OPEN = 4
    CLICK = 5
    MESSAGE = 6  # the Message-ID, and our own header: whoever relays or archives the mail reads it
    VIEW = 7  # the mail in a browser: stands in the mail itself alone

    @property
    def letter(self) -> str:
        """Before the token in an address: b, r, u."""
        return self.name[0].lower()


class Tokens:
    """Makes and opens tokens with a server's keys: one makes, all open. `newest` is the one that makes."""

    def __init__(self, keys: dict[int, bytes], newest: int | None = None) -> None:
        self._take(keys, max(keys) if newest is None else newest)

    def _take(self, keys: dict[int, bytes], newest: int) -> None:
        key = keys[newest]
        self._keys = keys
        # One value, since another thread may exchange it while a mail is made. A hash is copied: quicker than made.
        self._making = newest, key, blake2b(digest_size=_SEAL_BYTES, key=key)

    def token(self, purpose: Purpose, message_id: int) -> str:
        """The token of a message for one kind of place."""
        return _token(purpose, message_id, self._making)

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

    def links(self, message_id: int) -> "LinkSealer":
        """What seals the links of one message, each at the cost of one hash."""
        making = self._making
        return LinkSealer(making[1], _token(Purpose.CLICK, message_id, making))

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


def _token(purpose: Purpose, message_id: int, making: _Making) -> str:
    number, _, begun = making
    body = (message_id << 8 | purpose << 4 | number).to_bytes(_BODY_BYTES, "big")
    seal = begun.copy()
    seal.update(body)
    return body.hex() + seal.hexdigest()


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

    def path(self, link_id: str, target: str) -> str:
        """The path of a rewritten link, which holds its target under a seal: following it asks no database."""
        raw = target.encode()
        written = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        return f"/c/{self.token}/{link_id}/{self.seal(link_id, raw)}{written}"


class _Keys(Struct):
    """The keys as they are stored, number to hex. `newest` makes tokens from `at` on, until then `before` does."""

    keys: dict[int, str]
    newest: int = 0  # 0: the largest
    before: int = 0
    at: int = 0

    def making(self, now: int) -> int:
        """The number of the key that makes tokens now."""
        newest = self.newest or max(self.keys)
        return self.before if self.before and now < self.at else newest


class StoredTokens(Tokens):
    """The tokens of this server; its first key is made when there is none.

    Call `refresh` each second or so: keys are added while it runs.

    Raises Later when the store is away.
    """

    def __init__(self, store: Store, *, clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._now = clock
        self._news = store.news()
        kept, self._version = _read(store)
        if kept is None:
            _add_first(store)
            kept, self._version = _read(store)
        assert kept is not None
        self._adopt(kept)

    def refresh(self) -> bool:
        """Take the keys as they are now; whether they were read again. Raises Later when the store is away."""
        is_due = bool(self._due and self._now() >= self._due)
        if not self._news.any() and not is_due:
            return False
        kept, version = _read(self._store)
        self._news.seen()
        if version == self._version and not is_due:
            return False
        self._version = version
        if kept is not None:
            self._adopt(kept)
        return True

    def _adopt(self, kept: _Keys) -> None:
        now = self._now()
        self._due = kept.at if now < kept.at else 0  # when the newest key begins
        self._take({number: bytes.fromhex(key) for number, key in kept.keys.items()}, kept.making(now))


def rotate_keys(store: Store, now: int) -> int:
    """Add a key; when it begins to make tokens, in µs: every process knows it by then.

    The last fourteen before it go on opening.

    Raises Refused while the key before has not begun.
    """
    with store.write() as connection:
        store.announce(connection, TOPIC)
        kept = _kept(connection)
        if kept is None:
            raise Refused("There are no keys yet: the server makes the first when it starts.", status=404)
        if now < kept.at:
            raise Refused("The last new key has not begun yet; wait a minute.", status=409)
        before = kept.making(now)
        newest = before % _KEYS + 1
        begins = now + _LEAD_MICROS
        keys = _Keys(kept.keys | {newest: secrets.token_hex(32)}, newest, before, begins)
        connection.execute(update(meta).where(meta.c.name == _META).values(value=_written(keys)))
    return begins


def _add_first(store: Store) -> None:
    """Make the first key, unless another process has."""
    with store.write() as connection:
        row = insert(connection, meta).values(name=_META, value=_written(_Keys({1: secrets.token_hex(32)})))
        connection.execute(row.on_conflict_do_nothing(index_elements=["name"]))


def _written(keys: _Keys) -> str:
    return msgspec.json.encode(keys).decode()


def _read(store: Store) -> tuple[_Keys | None, int]:
    """The keys, and the version of what was announced of them."""
    with store.read() as connection:
        return _kept(connection), changes_version(connection, TOPIC)


def _kept(connection: Connection) -> _Keys | None:
    value = connection.execute(select(meta.c.value).where(meta.c.name == _META)).scalar()
    return msgspec.json.decode(value, type=_Keys) if value else None
