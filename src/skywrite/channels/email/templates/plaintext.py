"""The text part of a mail, made from its HTML: headings, lists, links with their addresses, no trace of layout."""

import re
from collections.abc import Callable

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
UNSEEN = frozenset(("head", "style", "script", "title", "template", "noscript", "meta", "link"))  # elements
_NOT_SHOWN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\u200b\u200c\u034f\u2007\u00ad]+")
_DEEPEST = 200


def as_text(source: str, is_tag: Callable[[str], bool] = lambda _: False) -> str:
    """The text of an HTML document whose Liquid stands as words (`protect.py`).

    `is_tag` says which words are tags: those are kept where nothing else is, since others may count on them.
    """
    writer = _Writer(is_tag)
    writer.element(tree_of(source or "<p></p>"), 0)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(writer.parts))
    text = re.sub(r"(\(\S+\)) (?=[,.;:!?)])", r"\1", text)
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]{2,}", " ", text))
    return f"{text.strip()}\n"


def tree_of(source: str) -> HtmlElement:
    """The parsed document; as bytes, since an XML declaration in a text that is decoded already is refused."""
    return lxml_html.document_fromstring(source.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))


class _Writer:
    def __init__(self, is_tag: Callable[[str], bool]) -> None:
        self.parts: list[str] = []
        self._is_tag = is_tag
        self._newlines = 2  # at the end of what is written
        self._lists: list[int] = []  # the number of the last item, -1 for a list without numbers

    def element(self, node: HtmlElement, depth: int) -> None:
        """One element with what is in it; what follows it is its parent's."""
        if isinstance(node, HtmlComment):
            if _WORD.fullmatch(node.text or ""):
                self._put(node.text)
            return
        if not isinstance(node.tag, str) or depth > _DEEPEST:
            return
        if node.tag in UNSEEN or _NOT_SHOWN.search(node.get("style") or ""):
            self.parts += [word for word in _WORD.findall(_inside(node)) if self._is_tag(word)]
            return
        begin = len(self.parts)
        self._open(node.tag)
        self._text(node.text)
        for child in node:
            self.element(child, depth + 1)
            self._text(child.tail)
        self._close(node, begin)

    def _open(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._break(2 if tag in _SPACED and not self._lists else 1)
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._put(self._bullet())
        elif tag == "br":
            self._put("\n")
        elif tag == "hr":
            self._put("----------")

    def _bullet(self) -> str:
        if not self._lists or self._lists[-1] < 0:
            return "* "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _close(self, node: HtmlElement, begin: int) -> None:
        tag = node.tag
        if tag == "a":
            self._put(_address(node, "".join(self.parts[begin:])))
        elif tag == "img":
            self._put(node.get("alt") or "")
        elif tag in ("h1", "h2"):
            self._break(1)
            self._put(("=" if tag == "h1" else "-") * _width("".join(self.parts[begin:])))
        elif tag in ("td", "th"):
            self._put(" ")
        if tag in ("ul", "ol"):
            self._lists.pop()
        if tag in _BLOCKS:
            self._break(2 if tag in _SPACED and not self._lists else 1)

    def _text(self, text: str | None) -> None:
        if text and (text.strip(" \t\r\n\f") or not self._newlines):
            self._put(_SPACES.sub(" ", text))

    def _put(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self._newlines = len(text) - len(text.rstrip("\n ")) if "\n" in text else 0

    def _break(self, wanted: int) -> None:
        if wanted > self._newlines:
            self.parts.append("\n" * (wanted - self._newlines))
            self._newlines = wanted


def _inside(node: HtmlElement) -> str:
    return str(lxml_html.tostring(node, encoding="unicode", with_tail=False))


def _width(heading: str) -> int:
    return max(3, min(len(_WORD.sub("name", heading).strip()), 60))


def _address(node: HtmlElement, label: str) -> str:
    href = (node.get("href") or "").strip()
    if not href or href.startswith("#") or href.removeprefix("mailto:") == label.strip():
        return ""
    if href.rstrip("/") == label.strip().rstrip("/"):
        return ""
    return f" ({href.removeprefix('mailto:')}) " if label.strip() else href
