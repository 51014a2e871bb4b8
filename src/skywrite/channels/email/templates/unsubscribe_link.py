"""Whether the readers of a mail see a link to unsubscribe: always, or only where a condition holds. Pure."""

import re
from collections.abc import Iterable
from typing import Literal

from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.case_tag import CaseNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from skywrite.channels.email.templates.liquid import HTML, TEXT, parse
from skywrite.channels.email.templates.model import Compiled
from skywrite.channels.email.templates.plaintext import UNSEEN, tree_of

_ADDRESSES = ("unsubscribe_url", "preferences_url")
_MARK = "lq0ql"  # stands for the address: no template may have such a word (`protect.py`)
_BARE = re.compile(rf"(?<![\w/=]){_MARK}")
_CONDITIONS = (IfNode, UnlessNode, CaseNode, ForNode, TablerowNode)
_NONE = re.compile(r"(?<![\w-])display\s*:\s*none", re.IGNORECASE)  # what only Outlook hides, others show


def standing(made: Compiled) -> Literal["always", "sometimes", "never"]:
    """When the link is there: in the HTML, which most clients show, or in the text where there is no HTML.

    Raises Refused where the Liquid can't be read.
    """
    nodes = parse(made.html, HTML).nodes if made.html else parse(made.text, TEXT).nodes
    is_there = _is_in_page if made.html else _is_in_text
    if is_there(_written(nodes, with_conditions=False)):
        return "always"
    return "sometimes" if is_there(_written(nodes, with_conditions=True)) else "never"


def _written(nodes: Iterable[Node], *, with_conditions: bool) -> str:
    """What nodes come to, a letter for each value: all branches of conditions, with space around each, or none."""
    parts = []
    for node in nodes:
        if isinstance(node, ContentNode):
            parts.append(node.text)
        elif isinstance(node, OutputNode):
            value = node.expression
            is_ours = isinstance(value, FilteredExpression) and str(value.left) in _ADDRESSES
            parts.append(_MARK if is_ours else "x")
        elif with_conditions or not isinstance(node, _CONDITIONS):
            inner = _written(node.children(None), with_conditions=with_conditions)  # type: ignore[arg-type] # see blanks.mend
            parts.append(f" {inner} " if isinstance(node, BlockNode) else inner)
    return "".join(parts)


def _is_in_text(text: str) -> bool:
    return bool(_BARE.search(text))


def _is_in_page(page: str) -> bool:
    tree = tree_of(page)
    for node in list(tree.iterdescendants()):
        if node.tag in UNSEEN or _NONE.search(node.get("style") or ""):
            node.drop_tree()
    return any(
        any(word.startswith(_MARK) for word in (node.get("href") or "").split())
        and (node.tag == "area" or _shows_something(node))
        for node in tree.iter("a", "area")
    )


def _shows_something(node: HtmlElement) -> bool:
    if any(each.isprintable() and not each.isspace() for each in node.text_content()):
        return True
    return any((image.get("alt") or "").strip() or (image.get("src") or "").strip() for image in node.iter("img"))
