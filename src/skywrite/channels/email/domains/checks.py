"""What DNS must say so that mail of a domain is believed: for each record what is wanted and what was found."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from skywrite.channels.email.dns import Dns, NoSuchDomain
from skywrite.kit.errors import Later

State = Literal["ok", "warn", "missing", "unknown"]


class Check(Struct, frozen=True):
    """One record: how it is, what was found, and what should stand there, to be copied."""

    slug: str
    title: str
    state: State
    says: str  # a sentence
    kind: str  # TXT, MX, A, PTR
    name: str  # of the record
    wanted: str
    found: list[str]


class Asked(Struct, frozen=True, kw_only=True):
    """What is to be checked."""

    domain: str
    selector: str
    dkim_record: str
    helo: str
    inbound_domain: str
    tracking_url: str
    is_direct: bool  # mail goes out from this machine itself


async def check_all(asked: Asked, dns: Dns) -> list[Check]:
    """Every check of a domain, in the order in which a person would mend them."""
    checks: list[Callable[[Asked, Dns], Awaitable[Check]]] = [_dkim, _spf, _dmarc, _mx, _ptr, _tracking]
    return await asyncio.gather(*(_one(check, asked, dns) for check in checks))


async def _one(check: Callable[[Asked, Dns], Awaitable[Check]], asked: Asked, dns: Dns) -> Check:
    try:
        return await check(asked, dns)
    except Later as error:
        slug = check.__name__.removeprefix("_")
        kind, name, wanted = record_of(slug, asked)
        return Check(slug, TITLES[slug], "unknown", str(error)[:300], kind, name, wanted, [])


TITLES = {
    "dkim": "DKIM",
    "spf": "SPF",
    "dmarc": "DMARC",
    "mx": "Inbound mail",
    "ptr": "This server's name",
    "tracking": "Tracking address",
}


def record_of(slug: str, asked: Asked) -> tuple[str, str, str]:
    """The kind, name and wanted value of a check's record."""
    inbound = asked.inbound_domain or asked.domain
    records = {
        "dkim": ("TXT", f"{asked.selector}._domainkey.{asked.domain}", asked.dkim_record),
        "spf": (
            "TXT",
            asked.domain,
            f"v=spf1 a:{asked.helo} ~all" if asked.is_direct else "v=spf1 include:<your relay's> ~all",
        ),
        "dmarc": ("TXT", f"_dmarc.{asked.domain}", f"v=DMARC1; p=none; rua=mailto:postmaster@{asked.domain}"),
        "mx": ("MX", inbound, f"10 {asked.helo}."),
        "ptr": ("PTR", asked.helo, asked.helo),
        "tracking": ("A", urlsplit(asked.tracking_url).hostname or "", "this server's address"),
    }
    return records[slug]


def _made(slug: str, asked: Asked, state: State, says: str, found: list[str]) -> Check:
    kind, name, wanted = record_of(slug, asked)
    return Check(slug, TITLES[slug], state, says, kind, name, wanted, found)


async def _dkim(asked: Asked, dns: Dns) -> Check:
    found = [text for text in await dns.texts(record_of("dkim", asked)[1]) if "p=" in text]
    if is_published(asked.dkim_record, found):
        return _made("dkim", asked, "ok", "The key is published.", found)
    if found:
        return _made("dkim", asked, "warn", "Another key is published: what is signed here fails.", found)
    return _made("dkim", asked, "missing", "The key is not published: signatures can't be verified.", [])


def is_published(record: str, found: list[str]) -> bool:
    """Whether DNS has the key of a record, however its other tags are written."""
    return _tags(record).get("p") in [_tags(text).get("p") for text in found]


def _tags(record: str) -> dict[str, str]:
    parts = (part.partition("=") for part in record.split(";"))
    return {name.strip(): "".join(value.split()) for name, _, value in parts}


async def _spf(asked: Asked, dns: Dns) -> Check:
    found = [text for text in await dns.texts(asked.domain) if text.lower().startswith("v=spf1")]
    if not found:
        return _made("spf", asked, "missing", "Nothing says who may send for this domain.", [])
    if len(found) > 1:
        return _made("spf", asked, "warn", "There are several SPF records; receivers then believe none.", found)
    words = found[0].lower().split()
    if "+all" in words or "all" in words:
        return _made("spf", asked, "warn", "It lets anybody send for this domain.", found)
    if asked.is_direct and not await _spf_names_us(words, asked, dns):
        return _made("spf", asked, "warn", f"It does not name {asked.helo}, from which mail goes out.", found)
    return _made("spf", asked, "ok", "It says who may send for this domain.", found)


async def _spf_names_us(words: list[str], asked: Asked, dns: Dns) -> bool:
    """Whether a record names this server plainly; what it includes is believed."""
    if any(word.startswith(("include:", "redirect=", "exists:", "ip6:")) or "/" in word for word in words):
        return True
    try:
        own = await dns.addresses(asked.helo)
    except NoSuchDomain:
        own = []
    return any(word == f"a:{asked.helo}" or word in ("mx", "a") or word.removeprefix("ip4:") in own for word in words)


async def _dmarc(asked: Asked, dns: Dns) -> Check:
    found: list[str] = []
    labels = asked.domain.split(".")
    for at in range(max(1, len(labels) - 1)):  # a domain above may speak for it
        found = [text for text in await dns.texts(f"_dmarc.{'.'.join(labels[at:])}") if text.startswith("v=DMARC1")]
        if found:
            break
    if len(found) == 1:
        return _made("dmarc", asked, "ok", "Receivers know what to do with what is not signed.", found)
    if found:
        return _made("dmarc", asked, "warn", "There are several DMARC records; receivers then believe none.", found)
    return _made("dmarc", asked, "missing", "Gmail and Yahoo want one of whoever sends in bulk.", [])


async def _mx(asked: Asked, dns: Dns) -> Check:
    name = record_of("mx", asked)[1]
    try:
        found, _ = await dns.mx(name)
    except NoSuchDomain:
        found = []
    shown = [f"{preference} {host}." for preference, host in found]
    if any(host == asked.helo for _, host in found):
        return _made("mx", asked, "ok", "Bounces and replies come to this server.", shown)
    if found:
        says = f"Mail for {name} goes to another server, which must hand it to Skywrite."
        return _made("mx", asked, "warn", says, shown)
    return _made("mx", asked, "missing", "Bounces and replies have nowhere to go.", [])


async def _ptr(asked: Asked, dns: Dns) -> Check:
    try:
        addresses = await dns.addresses(asked.helo)
    except NoSuchDomain:
        addresses = []
    if not addresses:
        says = f"{asked.helo} has no address in DNS. Say this server's name under Receiving."
        return _made("ptr", asked, "missing" if asked.is_direct else "warn", says, [])
    names = [name for address in addresses for name in await dns.names_of(address)]
    if asked.helo in names:
        return _made(
            "ptr", asked, "ok", "Its address points back to its name.", [f"{' '.join(addresses)} → {asked.helo}"]
        )
    says = "Its address does not point back to its name; large receivers refuse mail from such a server."
    return _made(
        "ptr",
        asked,
        "warn" if asked.is_direct else "ok",
        says if asked.is_direct else "A relay sends in its place.",
        names,
    )


async def _tracking(asked: Asked, dns: Dns) -> Check:
    address = urlsplit(asked.tracking_url)
    try:
        found = await dns.addresses(address.hostname or "")
    except NoSuchDomain:
        found = []
    if not found:
        says = "Links in mails would lead nowhere. Say the tracking address under Receiving."
        return _made("tracking", asked, "missing", says, [])
    if address.scheme != "https":
        return _made("tracking", asked, "warn", "Links in mails should be https.", found)
    return _made("tracking", asked, "ok", "Links in mails lead to this server.", found)
