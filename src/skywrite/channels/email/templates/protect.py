"""Liquid is taken out of a source while MJML and CSS are worked on, and put back after.

Each piece of Liquid is replaced by a word that neither tool touches, chosen by where the piece stands: in running
text, in an attribute's value, inside a tag, or between MJML's components, where no text may stand.
"""

import re

from msgspec import Struct

from skywrite.channels.email.templates.liquid import line_of
from skywrite.kit.errors import Refused

_LIQUID = re.compile(
    r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}"
    r"|\{%-?\s*comment\b.*?\{%-?\s*endcomment\s*-?%\}"
    r"|\{\{(?:(?!\}\}).)*\}\}|\{%(?:(?!%\}).)*%\}",
    re.DOTALL,
)
WORD = re.compile(r"lq([0-9]+)ql")
_MARKUP = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(?P<raw>style|script|title|textarea)\b[^>]*>.*?</(?P=raw)\s*>"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][\w:-]*)(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^'\"<>])*)>",
    re.DOTALL | re.IGNORECASE,
)
_BARE_LESS = re.compile(r"<(?![a-zA-Z/!?])")
_ATTRIBUTE_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_BARE = re.compile(r"(?<![\w=-])lq[0-9]+ql(?!\s*=)")
# MJML's components that hold other components: no text may stand in them.
_HOLDERS = frozenset(("mj-body", "mj-wrapper", "mj-section", "mj-column", "mj-group", "mj-hero"))
_TABLE_PARTS = frozenset(("table", "tbody", "thead", "tfoot", "tr", "select", "ul", "ol", "dl"))
_DEEPEST = 150
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_COLUMN_PIECE = re.compile(
    r"<tr>\s*<td[^>]*class=\"(lq[0-9]+ql)\"[^>]*>\s*<div[^>]*>\s*\1\s*</div>\s*</td>\s*</tr>", re.DOTALL
)
_STANDING = re.compile(r"<!--(lq[0-9]+ql)-->|\s(lq[0-9]+ql)=\"\"|(lq[0-9]+ql)")


class Protected(Struct, frozen=True):
    """A source without its Liquid, and the pieces by the number of their word."""

    text: str
    pieces: list[str]
    lines: list[int]  # where each piece stood

    def restored(self, text: str) -> str:
        """`text` with the pieces back in their places."""
        return _STANDING.sub(lambda found: self.piece(found[1] or found[2] or found[3], bare=bool(found[2])), text)

    def is_tag(self, word: str) -> bool:
        """Whether a word stands for a tag, not for an output."""
        return self.pieces[int(word[2:-2])].startswith("{%")

    def piece(self, word: str, *, bare: bool = False) -> str:
        """The Liquid that a word stands for."""
        index = int(word[2:-2])
        return (" " if bare else "") + self.pieces[index]


def protect(source: str) -> Protected:
    """Take the Liquid out. Raises Refused where the source has words of our own kind."""
    if WORD.search(source):
        raise Refused("A template can't have words such as lq1ql.", where="body")
    pieces: list[str] = []
    lines: list[int] = []

    def kept(found: re.Match[str]) -> str:
        pieces.append(found[0])
        lines.append(line_of(source, found.start()))
        return f"lq{len(pieces) - 1}ql"

    text = _LIQUID.sub(kept, source)
    text = _MARKUP.sub(lambda found: _in_tag(found, pieces, lines), text)
    _check_depth(text)
    return Protected(text, pieces, lines)


def _check_depth(text: str) -> None:
    """Raises Refused for what is nested too deeply: the tools below would not end well."""
    stack: list[str] = []
    for found in _MARKUP.finditer(text):
        _follow(found, stack)
        if len(stack) > _DEEPEST:
            line = line_of(text, found.start())
            raise Refused(f"The elements are nested too deeply (line {line}).", where=f"line:{line}")


def _in_tag(found: re.Match[str], pieces: list[str], lines: list[int]) -> str:
    """Words that stand in a tag, but in no attribute's value, become an attribute, with all that is between them:
    the tools put attributes into another order.
    """
    if not found["name"] or not WORD.search(found["rest"] or ""):
        return found[0]
    rest = found["rest"]
    outside = _ATTRIBUTE_VALUE.sub(lambda value: " " * (len(value[0]) - 1) + '"', rest)
    bare = list(_BARE.finditer(outside))
    if not bare:
        return found[0]
    start, end = bare[0].start(), bare[-1].end()
    words = WORD.findall(rest[start:end])
    lines.append(lines[int(words[0])])
    pieces.append(WORD.sub(lambda word: pieces[int(word[1])], rest[start:end]))
    for word in words:
        pieces[int(word)] = ""  # it is part of the new one
    return f'<{found["end"]}{found["name"]}{rest[:start]} lq{len(pieces) - 1}ql="" {rest[end:]}>'


def for_mjml(text: str) -> str:
    """MJML in which words between components are components themselves.

    In a column a raw piece would be moved before its table, so there it is a text, which `after_mjml` unwraps.
    """
    text = _BARE_LESS.sub("&lt;", text)  # browsers take it for text, MJML's parser does not
    stack: list[str] = []
    parts, at = [], 0
    for found in _MARKUP.finditer(text):
        parts += [_between(text[at : found.start()], stack), found[0]]
        at = found.end()
        _follow(found, stack)
    return "".join([*parts, text[at:]])


def _between(text: str, stack: list[str]) -> str:
    if not stack or stack[-1] not in _HOLDERS:
        return text
    if stack[-1] in ("mj-column", "mj-hero"):
        return WORD.sub(r'<mj-text css-class="\g<0>">\g<0></mj-text>', text)
    return WORD.sub(r"<mj-raw>\g<0></mj-raw>", text)


def _follow(found: re.Match[str], stack: list[str]) -> None:
    name = (found["name"] or "").lower()
    if not name or name in _VOID or found["rest"].rstrip().endswith("/"):
        return
    if not found["end"]:
        stack.append(name)
    elif name in stack:
        while stack.pop() != name:
            pass


def after_mjml(text: str) -> str:
    """HTML with the words of columns out of the cells that they came in."""
    return _COLUMN_PIECE.sub(r"\1", text)


def for_css(text: str) -> str:
    """HTML in which the words in table parts and lists are comments, which a parser leaves where they are."""
    stack: list[str] = []
    parts, at = [], 0
    for found in _MARKUP.finditer(text):
        between = text[at : found.start()]
        parts.append(WORD.sub(r"<!--\g<0>-->", between) if _is_text_free(stack) else between)
        parts.append(found[0])
        at = found.end()
        _follow(found, stack)
    return "".join([*parts, text[at:]])


def _is_text_free(stack: list[str]) -> bool:
    return bool(stack) and stack[-1] in _TABLE_PARTS


def check_all_there(protected: Protected, text: str) -> None:
    """Raises Refused for a piece of Liquid that was lost: it stood where the tools keep nothing."""
    there = {int(word) for word in WORD.findall(text)}
    for index, piece in enumerate(protected.pieces):
        if piece and index not in there:
            line = protected.lines[index]
            raise Refused(f"{piece[:60]} can't stand where it does (line {line}).", where=f"line:{line}")
