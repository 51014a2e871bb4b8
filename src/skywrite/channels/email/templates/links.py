"""The links of a compiled part: which are rewritten, what each is called, and what may not be sent (§8 of the
reference on email events). Works on source without its Liquid (`protect.py`), by offsets.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from typing import Literal
from urllib.parse import urljoin

from msgspec import Struct

from skywrite.channels.email.templates.addresses import broken
from skywrite.channels.email.templates.protect import Protected
from skywrite.kit.errors import Refused

OWN_URLS = ("unsubscribe_url", "preferences_url", "view_url", "open_url")

_COMMENT = re.compile(r"<!--(?!lq[0-9]+ql-->)(?P<body>.*?)-->", re.DOTALL)
_CONDITIONAL = re.compile(r"\s*\[if\b[^\]]*\]>(?!\s*$)", re.IGNORECASE)
_RAW_TEXT = re.compile(r"<(style|script|title|textarea)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(
    r"<(?P<name>a|area|v:roundrect|v:rect|v:shape)\b(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^'\"<>])*)>", re.IGNORECASE
)
_HREF = re.compile(
    r"(?<![\w-])href\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))", re.IGNORECASE
)
_NAMED = re.compile(r"(?<![\w-])data-(?P<name>track|link-id)\s*=\s*[\"']?(?P<value>[^\s\"'>]*)", re.IGNORECASE)
_BASE = re.compile(r"<base\b[^>]*\bhref\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_LINK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_OWN = re.compile(r"\{\{-?\s*(" + "|".join(OWN_URLS) + r")\b")
_BARE_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_LIQUID_HOST = re.compile(r"(?:[a-z]+://)?[^/?#]*\{[{%]", re.IGNORECASE)  # known when a mail is made
_TAGS = re.compile(r"<[^>]*>")
_DANGEROUS = ("javascript", "data", "vbscript", "file")


class Link(Struct, frozen=True):
    """A link that is counted: its stable id, its address as the template has it, what it says, how often it stands."""

    id: str
    url: str
    label: str
    count: int


class Found(Struct, frozen=True):
    """An address in a source: where it stands, as written, and what is to become of it."""

    start: int
    end: int
    written: str  # entities decoded, Liquid back in its place
    label: str
    fate: Literal["track", "keep", "refuse"]
    why: str = ""
    name: str = ""  # by data-link-id
    is_copy: bool = False  # Outlook's, in a conditional comment


def found_in(text: str, protected: Protected) -> list[Found]:
    """Every address of an `<a>`, `<area>` or VML button, in the order in which it stands."""
    base = _BASE.search(text)
    root = html.unescape(base[1]) if base else ""
    found: list[Found] = []
    hidden = [(each.start(), each.end()) for each in _RAW_TEXT.finditer(text)]
    for each in _COMMENT.finditer(text):
        body = each["body"]
        if opening := _CONDITIONAL.match(body):
            inner = _scan(body[opening.end() :], protected, root, each.start("body") + opening.end(), is_copy=True)
            found += inner
        hidden.append((each.start(), each.end()))
    plain = _blanked(text, hidden)
    found += _scan(plain, protected, root, 0, is_copy=False)
    return sorted(found, key=lambda one: one.start)


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _scan(text: str, protected: Protected, root: str, offset: int, *, is_copy: bool) -> list[Found]:
    return [
        _one(text, tag, href, protected, root, offset, is_copy=is_copy)
        for tag in _TAG.finditer(text)
        for href in [_HREF.search(tag["rest"])]
        if href
    ]


def _one(
    text: str, tag: re.Match[str], href: re.Match[str], protected: Protected, root: str, offset: int, *, is_copy: bool
) -> Found:
    group = next(name for name in ("double", "single", "bare") if href[name] is not None)
    written = protected.restored(html.unescape(href[group]))
    start = offset + tag.start("rest") + href.start(group)
    named = {each["name"].lower(): each["value"] for each in _NAMED.finditer(tag["rest"])}
    written, fate, why = judged(written, root)
    if named.get("track", "").lower() == "false" and fate == "track":
        fate = "keep"
    name = named.get("link-id", "")
    label = "" if is_copy else _label(text, tag, protected)
    return Found(
        start, start + len(href[group]), written, label, fate, why, name if _LINK_ID.fullmatch(name) else "", is_copy
    )


def _label(text: str, tag: re.Match[str], protected: Protected) -> str:
    end = text.find("</a", tag.end())
    inner = text[tag.end() : end if end >= 0 else tag.end()]
    words = " ".join(html.unescape(protected.restored(_TAGS.sub(" ", inner))).split())
    if not words and (image := re.search(r"\balt\s*=\s*\"([^\"]*)\"", inner)):
        words = html.unescape(protected.restored(image[1]))
    return words[:200]


def judged(written: str, root: str) -> tuple[str, Literal["track", "keep", "refuse"], str]:
    """An address, resolved against `root` where it is relative, and what is to become of it."""
    target = written.strip()
    if not target or target.startswith("#") or _OWN.match(target):
        return target, "keep", ""
    scheme = _SCHEME.match(target)
    if scheme and scheme[1].lower() in _DANGEROUS:
        return target, "refuse", f"A link can't lead to {scheme[1].lower()}:."
    if scheme and scheme[1].lower() not in ("http", "https"):
        return target, "keep", ""
    if scheme is None and not target.startswith(("{{", "{%")):
        if not root.lower().startswith(("http://", "https://")):
            return target, "refuse", f"The link {target[:80]!r} has no host: write its whole address."
        try:
            target = urljoin(root, target)
        except ValueError:
            return target, "refuse", f"The link {target[:80]!r} leads to no web address."
    why = "" if _LIQUID_HOST.match(target) else broken(target)
    return target, "refuse" if why else "track", why


class Names:
    """Gives links their ids: the same target the same id, the second of a target another; whatever stands around."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, str]] = Counter()
        self.links: dict[str, Link] = {}

    def name(self, one: Found, part: str) -> str:
        """The id of a link of a part ("html", "copy", "text"); parts share ids, since they show the same links."""
        self._seen[part, one.written] += 1
        digest = blake2b(f"{one.written}\n{self._seen[part, one.written]}".encode(), digest_size=4).hexdigest()
        link_id = one.name or digest
        known = self.links.get(link_id)
        if known is None:
            self.links[link_id] = Link(link_id, one.written, one.label, 1)
        elif part == "html":
            self.links[link_id] = Link(link_id, known.url, known.label or one.label, known.count + 1)
        return link_id


def rewritten(text: str, found: list[Found], protected: Protected, names: Names) -> str:
    """`text`, its Liquid back in place, with the `link` tag around each address that is counted.

    Raises Refused for an address that must not be sent.
    """
    parts, at = [], 0
    ids: dict[int, str] = {}
    for one in sorted(found, key=lambda each: each.is_copy):  # copies are named after what they are copies of
        if one.fate == "refuse":
            raise Refused(one.why, where="links")
        if one.fate == "track":
            ids[one.start] = names.name(one, "copy" if one.is_copy else "html")
    for one in found:
        parts.append(protected.restored(text[at : one.start]))
        parts.append(linked(ids[one.start], escaped(one.written)) if one.start in ids else escaped(one.written))
        at = one.end
    return "".join([*parts, protected.restored(text[at:])])


def linked(link_id: str, address: str) -> str:
    """An address in the compiler's `link` tag."""
    return f'{{% link "{link_id}" %}}{address}{{% endlink %}}'


def escaped(written: str) -> str:
    """An address for an attribute: what is Liquid in it stays as it is."""
    parts = re.split(r"(\{\{.*?\}\}|\{%.*?%\})", written, flags=re.DOTALL)
    return "".join(part if index % 2 else html.escape(part) for index, part in enumerate(parts))


def kept(found: list[Found]) -> frozenset[str]:
    """The addresses that an author wants left as they are."""
    return frozenset(one.written for one in found if one.fate == "keep")


def bare_addresses(text: str, protected: Protected) -> Iterator[Found]:
    """The addresses that a text part names, without the marks of the sentence around them."""
    for found in _BARE_URL.finditer(text):
        address = found[0].rstrip(".,;:!?)]}'\"")
        written = protected.restored(address)
        if not _OWN.match(written) and not address.endswith("://"):
            _, fate, why = judged(written, "")
            yield Found(found.start(), found.start() + len(address), written, "", fate, why)


def rewritten_text(text: str, protected: Protected, names: Names, left: frozenset[str] = frozenset()) -> str:
    """A text part, its Liquid back in place, with the `link` tag around each bare address but those of `left`.

    Raises Refused for an address that leads nowhere.
    """
    parts, at = [], 0
    for one in bare_addresses(text, protected):
        if one.written in left:
            continue
        if one.fate == "refuse":
            raise Refused(one.why, where="links")
        parts += [protected.restored(text[at : one.start]), linked(names.name(one, "text"), one.written)]
        at = one.end
    return "".join([*parts, protected.restored(text[at:])])
