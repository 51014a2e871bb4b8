"""Who fetches: a person, or a machine that looks at mail for one. The rules are data with a version, so that what was
judged can be judged anew (reference: email events, sections 7 and 8). Pure.
"""

import importlib.resources
import ipaddress
import re
from functools import lru_cache

import msgspec
from msgspec import Struct

VERSION = "2026-11-29"


class Agent(Struct, frozen=True):
    """What a user agent says. `by_act` is a proxy that fetches because a person does something."""

    pattern: str
    proxy: str | None
    by_act: bool = False


# The first that fits counts.
AGENTS: tuple[Agent, ...] = (
    Agent(r"^Mozilla/5\.0$", "apple"),  # Mail Privacy Protection: fetched ahead, read or not
    Agent(r"GoogleImageProxy", "gmail", by_act=True),
    Agent(r"YahooMailProxy", "yahoo", by_act=True),
    Agent(r"DuckDuckGo.*(Email|Proxy)", "duckduckgo"),
    Agent(r"ProtonMail|Proton-?Image-?Proxy", "proton"),
    Agent(
        r"Outlook-?(iOS|Android)?-?Image-?Proxy|Microsoft Office.*Existence Discovery|ms-office; MSOffice 1[0-9]; Scan",
        "microsoft",
    ),
    Agent(
        r"Barracuda|Proofpoint|Mimecast|IronPort|TrendMicro|Sophos|FortiGuard|Symantec|ZScaler|urldefense", "gateway"
    ),
    Agent(
        r"Slackbot|WhatsApp|facebookexternalhit|TelegramBot|Discordbot|Twitterbot|LinkedInBot|SkypeUriPreview",
        "preview",
    ),
    Agent(r"^$", "tool"),
    Agent(
        r"python-requests|python-urllib|aiohttp|Go-http-client|^curl/|^Wget/|libwww-perl|^Java/|okhttp|axios|node-fetch"
        r"|HeadlessChrome|PhantomJS|Apache-HttpClient|^Ruby|HTTPie|PostmanRuntime",
        "tool",
    ),
)
_AGENTS = tuple((re.compile(agent.pattern, re.IGNORECASE), agent) for agent in AGENTS)
_PATTERNS = [
    row["pattern"]
    for row in msgspec.json.decode(
        (importlib.resources.files("crawleruseragents") / "crawler-user-agents.json").read_bytes()
    )
]
_CRAWLERS = tuple(re.compile("|".join(_PATTERNS[start : start + 50])) for start in range(0, len(_PATTERNS), 50))
_LONGEST_AGENT = 300  # what a client chose meets no pattern at a greater length


class Verdict(Struct, frozen=True):
    """Whether a machine fetched, through whose proxy, and by which sign ("" for a person)."""

    is_machine: bool
    proxy: str | None = None
    reason: str = ""


class Circumstances(Struct, frozen=True):
    """What is known of one fetch by itself. Times are µs; `sent_at` is None where the mail has no time yet."""

    at: int
    agent: str
    prefetch: str = ""
    sent_at: int | None = None  # when the receiving server, or at least the sender, took it
    is_burst: bool = False  # its source fetches for many recipients now


def judged(seen: Circumstances, machine_seconds: float = 10.0, *, gmail_is_person: bool = True) -> Verdict:
    """The verdict on one fetch by its own signs."""
    proxy, sign = _agent(seen.agent)
    acts = proxy is not None and sign == ""
    if sign:
        return Verdict(True, proxy, sign)
    if "prefetch" in seen.prefetch.lower() or "preview" in seen.prefetch.lower():
        return Verdict(True, proxy, "prefetch")
    if seen.sent_at is not None and seen.at - seen.sent_at < machine_seconds * 1_000_000:
        return Verdict(True, proxy, "too soon")
    if seen.is_burst and not acts:
        return Verdict(True, proxy, "burst")
    if acts and not gmail_is_person:
        return Verdict(True, proxy, "proxy")
    return Verdict(False, proxy)


@lru_cache(maxsize=10_000)
def _agent(text: str) -> tuple[str | None, str]:
    """A user agent's proxy, and the sign that it is a machine's, "" where it is none."""
    text = text.strip()[:_LONGEST_AGENT]
    for pattern, agent in _AGENTS:
        if pattern.search(text):
            return agent.proxy, "" if agent.by_act else f"agent: {agent.proxy}"
    if any(pattern.search(text) for pattern in _CRAWLERS):
        return "crawler", "agent: crawler"
    return None, ""


@lru_cache(maxsize=50_000)
def network(ip: str) -> str:
    """The block that an address is in: /24 of IPv4, /48 of IPv6; "" where it is no address."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))


def source(ip: str, agent: str) -> str:
    """Who fetches, as far as two fetches can be told to be of one: the network and the user agent."""
    return f"{network(ip)} {agent}"


# ---- clicks beside each other ----

_SWEEP_MICROS = 5_000_000
_SWEEP_LINKS = 4  # so many different links in so short a time: no person does that
_HONEYPOT_MICROS = 60_000_000
HONEYPOT = "honeypot"  # the id of a link that no person sees


class Click(Struct, frozen=True):
    """One click among those on a message."""

    at: int
    link_id: str
    source: str


def among_others(click: Click, others: list[Click], links: int) -> str:
    """The sign of a scanner that a click shows among the others on its message, before and after it; "" for none.

    `links` is how many the mail has, 0 where that is not known.
    """
    if any(
        other.link_id == HONEYPOT and other.source == click.source and abs(other.at - click.at) <= _HONEYPOT_MICROS
        for other in others
    ):
        return "honeypot"
    most = min(links, _SWEEP_LINKS) if links else _SWEEP_LINKS
    for start in sorted(
        {other.at for other in others if click.at - _SWEEP_MICROS <= other.at <= click.at} | {click.at}
    ):
        swept = {other.link_id for other in others if start <= other.at <= start + _SWEEP_MICROS} | {click.link_id}
        if len(swept) >= max(2, most):
            return "every link"
    return ""


class Bursts:
    """Sources that fetch for many recipients within some seconds, as far as was seen since the start."""

    def __init__(self, recipients: int = 12, seconds: float = 10.0) -> None:
        self._recipients = recipients
        self._window = int(seconds * 1_000_000)
        self._seen: dict[str, tuple[int, set[int]]] = {}  # source -> since when, which messages
        self._burst_at: dict[str, int] = {}
        self._swept_at = 0

    def note(self, where: str, message_id: int, at: int) -> bool:
        """Whether this fetch, of a message by a source, is one of a burst."""
        self._forget(at)
        since, seen = self._seen.get(where, (at, set()))
        if at - since > self._window:
            since, seen = at, set()
        self._seen[where] = since, seen
        if len(seen) < self._recipients:  # what is counted needs no counting on
            seen.add(message_id)
        if len(seen) >= self._recipients:
            self._burst_at[where] = at
        return self.is_burst(where, at)

    def is_burst(self, where: str, at: int) -> bool:
        """Whether a source fetched in a burst around a time."""
        return abs(at - self._burst_at.get(where, -(1 << 60))) <= self._window

    def _forget(self, at: int) -> None:
        if at - self._swept_at < 6 * self._window:
            return
        self._swept_at = at
        self._seen = {where: kept for where, kept in self._seen.items() if kept[0] > at - self._window}
        self._burst_at = {where: when for where, when in self._burst_at.items() if when > at - 30 * self._window}
