"""The quick way of rendering: what is simple in a template becomes a Python function, made once for each version.

Outputs with plain filters, if and unless on simple conditions, and links; all else goes the plain way (`liquid.py`),
whose results these must equal (Hypothesis holds them to it). The function's text is made of fixed words and names of
constants alone: nothing of a template stands in it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from liquid import Environment
from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import BooleanExpression, FilteredExpression, Path
from liquid.builtin.expressions.arguments import PositionalArgument
from liquid.builtin.expressions.filtered import Filter
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
    _contains,
    _eq,
    _le,
    _lt,
    is_truthy,
)
from liquid.builtin.expressions.primitive import Literal, Nil
from liquid.builtin.tags.comment_tag import CommentNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from liquid.stringify import to_liquid_string
from liquid.template import BoundTemplate
from liquid.token import Token
from markupsafe import Markup, escape

from skywrite.channels.email.templates.blanks import BlankTest, is_nothing
from skywrite.channels.email.templates.liquid import (
    LinkNode,
    SaidNode,
    check_work,
    default,
    is_backed,
    is_blank,
    missing,
    sentence,
)
from skywrite.kit.errors import Refused

# Filters of one text, which need nothing but their words.
_FILTERS = frozenset(
    (
        *("append", "capitalize", "date", "default", "downcase", "escape", "lstrip", "prepend", "remove", "replace"),
        *("rstrip", "strip", "truncate", "truncatewords", "upcase", "url_encode"),
    )
)
_ODD_KEYS = ("size", "first", "last")  # which mean more than a key
_MAIL_URLS = frozenset(("unsubscribe_url", "preferences_url", "view_url", "open_url"))
_NAMESPACES = frozenset(("contact", "message", "data", "broadcast", "company"))
_DEEPEST = 12

Scope = Mapping[str, Any]
Rendering = Callable[[Scope, Any], list[str]]


class Form(Protocol):
    """How text is written in the part of the mail that a template is for."""

    escapes: bool

    def piece(self, text: str) -> str:
        """What is the same in each mail."""

    def hole(self, text: str) -> str:
        """A value, escaped already."""

    def said(self, text: str) -> str:
        """A value that is text, not escaped yet."""

    def link(self, link_id: str, target: str) -> Callable[[Any], tuple[str, ...]]:
        """How a mail (`Marks`) writes a link that is the same in each."""

    def personal(self, link_id: str) -> Callable[[Any, str], str]:
        """How it writes one whose target (not yet unescaped) differs."""


class NotSimpleError(Exception):
    """The template wants the plain way."""


def quick(template: BoundTemplate, form: Form) -> Rendering | None:
    """A function that gives the pieces of a rendering, encoded; None where only the plain way will do."""
    writer = _Writer(template.env, form)
    try:
        writer.block(template.nodes, 1)
    except NotSimpleError:
        return None
    return writer.function()


class _Writer:
    """Writes the function: lines of text, and the constants that they name."""

    def __init__(self, env: Environment, form: Form) -> None:
        self._env = env
        self._form = form
        self._lines: list[str] = []
        self._constants: dict[str, Any] = {
            "w": _walk, "clear": _clear, "need": _need, "eq": _equal, "truthy": is_truthy, "nothing": is_nothing,
            "h": _holes(form), "url": form.hole, "lt": _compared(_lt), "le": _le, "has": _compared(_contains),
        }  # fmt: skip

    def function(self) -> Rendering:
        """The finished function."""
        body = "\n".join(["def render(scope, mail):", " o = []", *self._lines, " return o"])
        exec(compile(body, "<template>", "exec"), self._constants)  # noqa: S102 - of fixed words, see above
        made: Rendering = self._constants["render"]
        return made

    def block(self, nodes: Sequence[Node], depth: int) -> None:
        """Statements that put the pieces of `nodes` into `o`."""
        if depth > _DEEPEST:
            raise NotSimpleError
        still, items = "", []
        for node in nodes:
            if isinstance(node, ContentNode):
                still += node.text
                continue
            if isinstance(node, CommentNode):
                continue
            if still:
                items.append(self._constant(self._form.piece(still)))
                still = ""
            if isinstance(node, SaidNode):
                items.append(self._hole(node))
            elif isinstance(node, LinkNode):
                items.append(self._link(node))
            else:
                self._flush(items, depth)
                self._branches(node, depth)
        if still:
            items.append(self._constant(self._form.piece(still)))
        self._flush(items, depth)

    def _flush(self, items: list[str], depth: int) -> None:
        if items:
            self._line(depth, f"o += ({', '.join(items)},)")
            items.clear()

    def _branches(self, node: Node, depth: int) -> None:
        if not isinstance(node, IfNode | UnlessNode):
            raise NotSimpleError
        condition = self._condition(node.condition)
        self._branch(
            f"if {condition}:" if isinstance(node, IfNode) else f"if not {condition}:", node.consequence, depth
        )
        for each in node.alternatives:
            self._branch(f"elif {self._condition(each.expression)}:", each.block, depth)
        if node.default:
            self._branch("else:", node.default, depth)

    def _branch(self, head: str, block: BlockNode, depth: int) -> None:
        self._line(depth, head)
        self._line(depth + 1, "pass")
        self.block(block.nodes, depth + 1)

    def _hole(self, node: SaidNode) -> str:
        name = _own_url(node)
        if name:
            return f"url(mail.{name})"
        return f"h({self._said(node.expression)})"

    def _link(self, node: LinkNode) -> str:
        nodes = node.block.nodes
        if all(isinstance(each, ContentNode) for each in nodes):
            target = "".join(each.text for each in nodes if isinstance(each, ContentNode))
            return f"*{self._constant(self._form.link(node.link_id, target))}(mail)"
        inner = _Writer(self._env, _Target(self._form))
        inner.block(nodes, 1)
        made = self._constant(_personal_link(node.link_id, inner.function(), self._form))
        return f"{made}(scope, mail)"

    def _said(self, expression: Expression) -> str:
        if not isinstance(expression, FilteredExpression):
            raise NotSimpleError
        name = self._constant(str(expression.left))
        backed = is_backed(expression)
        value = self._value(expression.left)
        if isinstance(expression.left, Path) and not backed:
            value = f"need({value}, {name})"
        filters = expression.filters or []
        if backed and filters and filters[0].name != "default":
            value = f"clear({value})"
        for each in filters:
            value = f"{self._filter(each)}({value})"
        if backed:
            return value
        return f"need({value}, {name})" if filters or not isinstance(expression.left, Path) else value

    def _filter(self, each: Filter) -> str:
        words = [word.value for word in each.args if isinstance(word, PositionalArgument)]
        if each.name not in _FILTERS or len(words) < len(each.args):
            raise NotSimpleError
        if not all(isinstance(word, Literal) for word in words):
            raise NotSimpleError
        found = self._env.filters[each.name]
        if getattr(found, "with_environment", False):
            found = partial(found, environment=self._env)
        values = tuple(self._literal(word) for word in words if isinstance(word, Literal))
        if each.name == "default" and len(values) == 1:
            return self._constant(_fallback(values[0]))
        return self._constant(_filtered(each.name, found, values))

    def _condition(self, expression: Expression) -> str:
        if not isinstance(expression, BooleanExpression):
            raise NotSimpleError
        return f"truthy({self._test(expression.expression)})"

    def _test(self, test: Expression) -> str:
        match test:
            case LogicalAndExpression():
                return f"(truthy({self._test(test.left)}) and truthy({self._test(test.right)}))"
            case LogicalOrExpression():
                return f"(truthy({self._test(test.left)}) or truthy({self._test(test.right)}))"
            case EqExpression():
                return f"eq({self._value(test.left)}, {self._value(test.right)})"
            case NeExpression():
                return f"(not eq({self._value(test.left)}, {self._value(test.right)}))"
            case LtExpression() | GtExpression() | LeExpression() | GeExpression() | ContainsExpression():
                return self._compared(test)
            case BlankTest():
                return f"(nothing({self._value(test.value)}) is {test.wanted is True})"
            case _:
                return self._value(test)

    def _compared(self, test: Any) -> str:
        left, right = self._value(test.left), self._value(test.right)
        if isinstance(test, GtExpression | GeExpression):  # as Liquid has them: the other way round
            left, right = right, left
        if isinstance(test, LeExpression | GeExpression):
            return f"le({left}, {right})"
        name = "has" if isinstance(test, ContainsExpression) else "lt"
        return f"{name}({self._constant(test.token)}, {left}, {right})"

    def _value(self, expression: Expression) -> str:
        if isinstance(expression, Literal):
            return self._constant(self._literal(expression))
        if isinstance(expression, Nil):
            return "None"
        if not isinstance(expression, Path):
            raise NotSimpleError
        keys = expression.path
        if len(keys) < 2 or keys[0] not in _NAMESPACES or not all(isinstance(key, str) for key in keys):
            raise NotSimpleError
        if any(key in _ODD_KEYS for key in keys):
            raise NotSimpleError
        root = f'scope["{keys[0]}"]' if keys[0] in _NAMESPACES else ""
        if len(keys) == 2:
            return f"{root}.get({self._constant(keys[1])})"
        return f"w({root}, {self._constant(tuple(keys[1:]))})"

    def _literal(self, literal: Literal[Any]) -> Any:
        return Markup(literal.value) if self._form.escapes and isinstance(literal.value, str) else literal.value  # noqa: S704 - an author's own words

    def _constant(self, value: Any) -> str:
        name = f"k{len(self._constants)}"
        self._constants[name] = value
        return name

    def _line(self, depth: int, text: str) -> None:
        self._lines.append(" " * depth + text)


class _Target:
    """A link's address that differs from mail to mail: text, written by the form of the part around it."""

    def __init__(self, form: Form) -> None:
        self.escapes = form.escapes

    def piece(self, text: str) -> str:
        return text

    def hole(self, text: str) -> str:
        return text

    def said(self, text: str) -> str:
        return str(escape(text)) if self.escapes else text

    def link(self, link_id: str, target: str) -> Callable[[Any], tuple[str, ...]]:  # noqa: ARG002
        raise NotSimpleError

    def personal(self, link_id: str) -> Callable[[Any, str], str]:  # noqa: ARG002
        raise NotSimpleError


def _own_url(node: SaidNode) -> str:
    expression = node.expression
    if isinstance(expression, FilteredExpression) and not expression.filters and isinstance(expression.left, Path):
        keys = expression.left.path
        if len(keys) == 1 and keys[0] in _MAIL_URLS:
            return str(keys[0])
    return ""


def _holes(form: Form) -> Callable[[Any], str]:
    said, hole, escapes = form.said, form.hole, form.escapes

    def written(value: Any) -> str:
        if type(value) is str:
            return said(value)
        return hole(str(to_liquid_string(value, escapes)))

    return written


def _personal_link(link_id: str, target: Rendering, form: Form) -> Callable[[Scope, Any], str]:
    written = form.personal(link_id)
    return lambda scope, mail: written(mail, "".join(target(scope, mail)))


def _walk(value: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _need(value: Any, name: str) -> Any:
    if type(value) is str:  # most are, and it is asked for each hole of each mail
        if not value or value.isspace():
            missing(name)
    elif is_blank(value):
        missing(name)
    return value


def _equal(left: Any, right: Any) -> bool:
    if type(left) is str and isinstance(right, str):
        return left == right
    return bool(_eq(left, right))


def _compared(found: Callable[[Token, object, object], bool]) -> Callable[[Token, object, object], bool]:
    """A test of Liquid's that refuses what can't be compared."""

    def holds(token: Token, left: object, right: object) -> bool:
        try:
            return found(token, left, right)
        except LiquidError as error:
            raise Refused(sentence(error)) from error
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise Refused(f"The template can't be rendered: {error}.") from error

    return holds


def _clear(value: Any) -> Any:
    return None if is_blank(value) else value


def _fallback(fallback: Any) -> Callable[[Any], Any]:
    def filled(value: Any) -> Any:
        if type(value) is str and value and not value.isspace():
            return value
        return default(value, fallback)

    return filled


def _filtered(name: str, found: Callable[..., Any], words: tuple[Any, ...]) -> Callable[[Any], Any]:
    def applied(value: Any) -> Any:
        if words:  # without them a text hardly grows
            check_work(name, value, words)
        try:
            return found(value, *words)
        except LiquidError as error:
            raise Refused(sentence(error)) from error
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise Refused(f"The template can't be rendered: {error}.") from error

    return applied
