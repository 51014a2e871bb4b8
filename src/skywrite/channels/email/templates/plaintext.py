"""The text part of a mail, made from its HTML: headings, lists, links with their addresses, no trace of layout."""

import re

from lxml import html as lxml_html  # type: ignore[import-untyped]
from lxml.html import HtmlComment, HtmlElement  # type: ignore[import-untyped]

_WORD = re.compile(r"lq[0-9]+ql")
_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "figure",
            "footer",
            "form",
            "h1",
        ),
        *("h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table"),
        *("tbody", "tfoot", "thead", "tr", "ul"),
    )
)
_SPACED = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "hr"))
_HIDDEN = frozenset(("head", "style", "script", "title", "template", "noscript", "meta", "link"))
_NOT_SHOWN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\u200b\u200c\u034f\u2007\u00ad]+")
_DEEPEST = 200


def as_text(source: str) -> str:
    """The text of an HTML document whose Liquid stands as words (`protect.py`)."""
    parts: list[str] = []
    _Writer(parts).element(lxml_html.document_fromstring(source or "<p></p>"), 0)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(parts))
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]{2,}", " ", text))
    return f"{text.strip()}\n"


class _Writer:
    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._lists: list[int] = []  # the number of the last item, -1 for a list without numbers

    def element(self, node: HtmlElement, depth: int) -> None:
        """One element with what is in it; what follows it is its parent's."""
        if isinstance(node, HtmlComment):
            self._parts += _WORD.findall(node.text or "")[:1] if _WORD.fullmatch(node.text or "") else []
            return
        if not isinstance(node.tag, str) or node.tag in _HIDDEN or depth > _DEEPEST:
            return
        if _NOT_SHOWN.search(node.get("style") or ""):
            return
        begin = len(self._parts)
        self._open(node.tag)
        self._inside(node, depth)
        self._close(node, begin)

    def _inside(self, node: HtmlElement, depth: int) -> None:
        self._text(node.text)
        for child in node:
            self.element(child, depth + 1)
            self._text(child.tail)

    def _open(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._parts.append("\n\n" if tag in _SPACED and not self._lists else "\n")
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._parts.append(self._bullet())
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "hr":
            self._parts.append("----------")

    def _bullet(self) -> str:
        if not self._lists or self._lists[-1] < 0:
            return "* "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _close(self, node: HtmlElement, begin: int) -> None:
        tag = node.tag
        if tag == "a":
            self._parts.append(_address(node, "".join(self._parts[begin:])))
        elif tag == "img":
            self._parts.append(node.get("alt") or "")
        elif tag in ("h1", "h2"):
            self._parts.append("\n" + ("=" if tag == "h1" else "-") * _width("".join(self._parts[begin:])))
        elif tag in ("td", "th"):
            self._parts.append(" ")
        if tag in ("ul", "ol"):
            self._lists.pop()
        if tag in _BLOCKS:
            self._parts.append("\n\n" if tag in _SPACED and not self._lists else "\n")

    def _text(self, text: str | None) -> None:
        if text:
            self._parts.append(_SPACES.sub(" ", text))


def _width(heading: str) -> int:
    return max(3, min(len(_WORD.sub("name", heading).strip()), 60))


def _address(node: HtmlElement, label: str) -> str:
    href = (node.get("href") or "").strip()
    if not href or href.startswith("#") or href.removeprefix("mailto:") == label.strip():
        return ""
    if href.rstrip("/") == label.strip().rstrip("/"):
        return ""
    return f" ({href.removeprefix('mailto:')}) " if label.strip() else href
