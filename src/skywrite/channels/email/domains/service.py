"""The domains that mail is sent from: their keys, the records to publish, what DNS said last.

A rotated key waits until a check finds its record in DNS; until then the old one goes on signing.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row

from skywrite.channels.email.dns import Dns
from skywrite.channels.email.domains import queries
from skywrite.channels.email.domains.checks import Asked, Check, check_all, is_published
from skywrite.channels.email.domains.dkim import DkimKey, load_key, new_key, public_record
from skywrite.channels.email.settings.queries import TOPIC
from skywrite.channels.email.settings.service import helo_of, read_settings
from skywrite.kit.errors import Refused
from skywrite.kit.time import now_micros, to_datetime
from skywrite.store.engine import Store

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9](-?[a-z0-9])*\.)+[a-z0-9](-?[a-z0-9])*")


class SendingDomain(Struct, frozen=True):
    """A domain as it is set up, without its key; times are in µs."""

    domain: str
    selector: str
    record_name: str  # of the DNS record of its key
    record: str
    next_selector: str  # of the key that takes over once its record is found; "" for none
    next_record_name: str
    next_record: str
    checks: list[Check]
    checked_at: int | None
    created_at: int


class SendingDomains:
    """Add, look at, rotate and take away sending domains. `base_url` is where this server is reached."""

    def __init__(self, store: Store, base_url: str, *, clock: Callable[[], int] = now_micros) -> None:
        self._store, self._base_url, self._now = store, base_url, clock

    def add(self, domain: str) -> SendingDomain:
        """A new domain with a new key. Raises Refused for what is none, or is there already."""
        name = _clean(domain)
        key, now = new_key(), self._now()  # made outside of the transaction: it takes its time
        with self._store.write() as connection:
            if connection.execute(queries.one(name)).first() is not None:
                raise Refused(f"{name} is a sending domain already.", where="domain", status=409)
            connection.execute(
                queries.add(domain=name, selector=_selector(now), private_key=key, checks=[], created_at=now)
            )
            self._store.announce(connection, TOPIC)
            return _shown(_row(connection, name))

    def all(self) -> list[SendingDomain]:
        """Every domain, oldest first."""
        with self._store.read() as connection:
            return [_shown(row) for row in connection.execute(queries.every())]

    def get(self, domain: str) -> SendingDomain:
        """One domain. Raises Refused (404) where there is none."""
        with self._store.read() as connection:
            return _shown(_row(connection, domain))

    def remove(self, domain: str) -> SendingDomain:
        """Take one away: its mail goes out unsigned from then on."""
        with self._store.write() as connection:
            row = _row(connection, domain)
            connection.execute(queries.remove(row.domain))
            self._store.announce(connection, TOPIC)
            return _shown(row)

    def rotate(self, domain: str) -> SendingDomain:
        """Make its next key, which signs once a check has found its record."""
        key, now = new_key(), self._now()
        with self._store.write() as connection:
            row = _row(connection, domain)
            selector = _selector(now, other_than=row.selector)
            connection.execute(queries.change(row.domain, next_selector=selector, next_private_key=key))
            return _shown(_row(connection, row.domain))

    async def check(self, domain: str, dns: Dns) -> SendingDomain:
        """Ask DNS about a domain and keep what it says; a next key whose record is found takes over."""
        row, asked = await asyncio.to_thread(self._to_ask, domain)
        is_next_found = await _is_next_published(row, dns)
        if is_next_found:
            record = public_record(row.next_private_key)
            asked = msgspec.structs.replace(asked, selector=row.next_selector, dkim_record=record)
        checks = await check_all(asked, dns)
        return await asyncio.to_thread(self._checked, row, checks, takes_over=is_next_found)

    def _checked(self, row: Row[Any], checks: list[Check], *, takes_over: bool) -> SendingDomain:
        values: dict[str, Any] = {"checks": msgspec.to_builtins(checks), "checked_at": self._now()}
        if takes_over:
            values |= {"selector": row.next_selector, "private_key": row.next_private_key}
            values |= {"next_selector": None, "next_private_key": None}
        with self._store.write() as connection:
            connection.execute(queries.change(row.domain, **values))
            if takes_over:
                self._store.announce(connection, TOPIC)
            return _shown(_row(connection, row.domain))

    def _to_ask(self, domain: str) -> tuple[Row[Any], Asked]:
        with self._store.read() as connection:
            return _row(connection, domain), self._asked(connection, domain)

    def _asked(self, connection: Connection, domain: str) -> Asked:
        row, kept = _row(connection, domain), read_settings(connection)
        return Asked(
            domain=row.domain,
            selector=row.selector,
            dkim_record=public_record(row.private_key),
            helo=helo_of(kept),
            inbound_domain=kept.email.inbound_domain,
            tracking_url=kept.email.tracking_url or self._base_url,
            is_direct=kept.provider_settings.get("mode") == "direct",
        )


def signing_keys(connection: Connection) -> dict[str, DkimKey]:
    """The keys that sign now, by domain. Raises SkywriteError for one that can't be read."""
    rows = connection.execute(queries.every()).all()
    return {row.domain: load_key(row.domain, row.selector, row.private_key) for row in rows}


async def _is_next_published(row: Row[Any], dns: Dns) -> bool:
    if not row.next_selector:
        return False
    found = await dns.texts(f"{row.next_selector}._domainkey.{row.domain}")
    return is_published(public_record(row.next_private_key), found)


def _row(connection: Connection, domain: str) -> Row[Any]:
    row = connection.execute(queries.one(domain.lower())).first() if "\x00" not in domain else None
    if row is None:
        raise Refused(f"There is no sending domain {domain[:80]!r}.", where="domain", status=404)
    return row


def _shown(row: Row[Any]) -> SendingDomain:
    following = row.next_selector or ""
    return SendingDomain(
        domain=row.domain,
        selector=row.selector,
        record_name=f"{row.selector}._domainkey.{row.domain}",
        record=public_record(row.private_key),
        next_selector=following,
        next_record_name=f"{following}._domainkey.{row.domain}" if following else "",
        next_record=public_record(row.next_private_key) if following else "",
        checks=msgspec.convert(row.checks, list[Check]),
        checked_at=row.checked_at,
        created_at=row.created_at,
    )


def _clean(domain: str) -> str:
    name = domain.strip().rstrip(".").lower()
    if not name.isascii():
        import idna  # noqa: PLC0415 - its tables are large, and few domains need them

        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError:
            name = ""
    if not _DOMAIN.fullmatch(name):
        raise Refused(f"{domain[:80]!r} is no domain.", where="domain")
    return name


def _selector(now: int, other_than: str = "") -> str:
    """A selector that says when its key was made: sw20261129, and with a letter behind where that is taken."""
    name = f"sw{to_datetime(now):%Y%m%d}"
    return name if name != other_than else f"{name}b"
