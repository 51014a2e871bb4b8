"""Which variables of a template may turn out to have no value: an error before it is published, not a blank after."""

import difflib
import re
from collections.abc import Iterable, Iterator

from liquid.ast import ConditionalBlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import BooleanExpression, FilteredExpression, Path
from liquid.builtin.expressions.logical import EqExpression, LogicalAndExpression, LogicalOrExpression, NeExpression
from liquid.builtin.expressions.primitive import Literal, Nil
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression

from skywrite.channels.email.templates.blanks import BlankTest, is_nothing
from skywrite.channels.email.templates.links import OWN_URLS
from skywrite.channels.email.templates.liquid import AUTHORS, is_backed, line_of, parse
from skywrite.channels.email.templates.problems import Problem

# What is always there. Of `data` nothing is: it is what a call of the API brings along.
ALWAYS = {
    "contact": ("email", "id"),
    "message": ("id", "template"),
    "broadcast": (),
    "company": ("name", "address"),
    "data": (),
}
_LOOP_NAMES = ("forloop", "tablerowloop")
_WORD_AND_SPACE = re.compile(r"([^\s<>]+)(?:</\w+>)*[ \t]+$")
_MARK = re.compile(r"[,.!?;:](?=\s|<|$)")


class Known:
    """What a template may count on."""

    def __init__(self, traits: Iterable[str], *, is_transactional: bool) -> None:
        self.traits = frozenset(traits)
        self.is_transactional = is_transactional

    def has_trait(self, name: str) -> bool:
        """Whether some contact has it, or something in it."""
        return name in self.traits or any(each.startswith(f"{name}.") for each in self.traits)


def variable_problems(text: str, field: str, known: Known) -> Iterator[Problem]:
    """What is wrong with the variables of one field. Raises Refused where its Liquid can't be read."""
    yield from _Walk(text, field, known).nodes(parse(text, AUTHORS).nodes, frozenset())


class _Walk:
    """Goes through a template, with what is certain at each place."""

    def __init__(self, text: str, field: str, known: Known) -> None:
        self._text = text
        self._field = field
        self._known = known
        self._local: set[str] = set(_LOOP_NAMES)

    def nodes(self, nodes: Iterable[Node], sure: frozenset[str]) -> Iterator[Problem]:
        """The problems of nodes, where the variables of `sure` are known to have a value."""
        nodes = list(nodes)
        for before, node, after in zip([None, *nodes], nodes, [*nodes[1:], None], strict=False):
            yield from self._left_behind(before, node, after)
            self._local.update(str(name) for name in (*node.template_scope(), *node.block_scope()))
            if isinstance(node, IfNode | UnlessNode):
                yield from self._branches(node, sure)
                continue
            for expression in node.expressions():
                yield from self._expression(expression, sure, is_said=isinstance(node, OutputNode | AssignNode))
            yield from self.nodes(node.children(None), sure)  # type: ignore[arg-type] # see blanks.mend

    def _left_behind(self, before: Node | None, node: Node, after: Node | None) -> Iterator[Problem]:
        """A condition between a space and a mark: where it says nothing, the mail says "Hi ,"."""
        if not isinstance(node, IfNode | UnlessNode) or node.default:
            return
        if isinstance(before, ContentNode) and isinstance(after, ContentNode):
            word, mark = _WORD_AND_SPACE.search(before.text), _MARK.match(after.text)
            if word and mark:
                left = f'"{word[1][-40:]} {mark[0]}"'
                sentence = f"Without an else this may leave {left}: put the space into it, or give it an else."
                line = line_of(self._text, max(node.token.start_index, 0))
                yield Problem(level="warning", code="left-behind", message=sentence, field=self._field, line=line)

    def _branches(self, node: IfNode | UnlessNode, sure: frozenset[str]) -> Iterator[Problem]:
        yield from self._expression(node.condition, sure, is_said=False)
        holds, fails = _certain(_test(node.condition), is_true=True), _certain(_test(node.condition), is_true=False)
        if isinstance(node, UnlessNode):
            holds, fails = fails, holds
        yield from self.nodes([node.consequence], sure | holds)
        for each in node.alternatives:
            yield from self._alternative(each, sure | fails)
        if node.default:
            yield from self.nodes([node.default], sure | (fails if not node.alternatives else frozenset()))

    def _alternative(self, node: ConditionalBlockNode, sure: frozenset[str]) -> Iterator[Problem]:
        yield from self._expression(node.expression, sure, is_said=False)
        yield from self.nodes([node.block], sure | _certain(_test(node.expression), is_true=True))

    def _expression(self, expression: Expression, sure: frozenset[str], *, is_said: bool) -> Iterator[Problem]:
        if isinstance(expression, FilteredExpression):
            yield from self._filtered(expression, sure, is_said=is_said)
        elif isinstance(expression, Path):
            yield from self._path(expression, sure, needs_value=False, is_backed=False)
        else:
            for child in expression.children():
                yield from self._expression(child, sure, is_said=is_said)

    def _filtered(self, expression: FilteredExpression, sure: frozenset[str], *, is_said: bool) -> Iterator[Problem]:
        is_blank = _has_blank_fallback(expression)
        backed = is_blank or is_backed(expression)
        if is_blank and isinstance(expression.left, Path) and not _is_always_there(expression.left):
            name = _name(expression.left)
            sentence = f"The fallback of {name} is blank: {_advice(name)}"
            yield self._problem(expression.left, "error", sentence, code="fallback")
        for each in expression.filters or ():
            if each.name not in AUTHORS.filters:
                line = line_of(self._text, max(each.token.start_index, 0))
                sentence = f"There is no filter {each.name}{_meant(each.name, AUTHORS.filters)}."
                yield Problem(level="error", code="filter", message=sentence, field=self._field, line=line)
        for index, child in enumerate(expression.children()):
            if isinstance(child, Path):
                needs = not backed and (index > 0 or is_said or bool(expression.filters))
                yield from self._path(child, sure, needs_value=needs, is_backed=backed)

    def _path(self, path: Path, sure: frozenset[str], *, needs_value: bool, is_backed: bool) -> Iterator[Problem]:
        root, name = str(path.path[0]), _name(path)
        if root in self._local or root in OWN_URLS or name in sure:
            return
        rest = name.partition(".")[2]
        if root not in ALWAYS:
            sentence = f"There is no variable {name}{_meant(root, (*ALWAYS, *OWN_URLS))}."
            yield self._problem(path, "error", sentence, code="unknown")
        elif rest and rest.partition(".")[0] in ALWAYS[root]:
            return
        elif root == "contact" and rest and not self._known.has_trait(rest):
            yield from self._unknown_trait(path, name, rest, needs_value=needs_value, is_backed=is_backed)
        elif root == "company" or (root == "broadcast" and rest not in ("id", "name")):
            sentence = f"There is no variable {name}{_meant(rest, ALWAYS['company'])}."
            yield self._problem(path, "error", sentence, code="unknown")
        elif needs_value and not self._comes_along(root):
            yield self._problem(path, "error", f"{name} may have no value: {_advice(name)}")

    def _comes_along(self, root: str) -> bool:
        """Whether who sends gives it: a call of the API its data, a broadcast its name."""
        return root == ("data" if self._known.is_transactional else "broadcast")

    def _unknown_trait(
        self, path: Path, name: str, trait: str, *, needs_value: bool, is_backed: bool
    ) -> Iterator[Problem]:
        sentence = f"No contact has the trait {trait!r}{_meant(trait, self._known.traits)}"
        if needs_value:
            yield self._problem(path, "error", f"{sentence}, and there is no fallback: {_advice(name)}")
        else:
            yield self._problem(path, "warning", f"{sentence}{'; all get the fallback' if is_backed else ''}.")

    def _problem(self, path: Path, level: str, message: str, code: str = "variable") -> Problem:
        line = line_of(self._text, max(path.token.start_index, 0))
        return Problem(level=level, code=code, message=message, field=self._field, line=line)


def _has_blank_fallback(expression: FilteredExpression) -> bool:
    words = [each.args[0].value for each in expression.filters or () if each.name == "default" and each.args]
    return bool(words) and all(
        isinstance(word, Nil) or (isinstance(word, Literal) and is_nothing(word.value)) for word in words
    )


def _is_always_there(path: Path) -> bool:
    root, _, rest = _name(path).partition(".")
    return root in OWN_URLS or rest.partition(".")[0] in ALWAYS.get(root, ())


def _name(path: Path) -> str:
    return ".".join(str(key) if not isinstance(key, Path) else f"[{key}]" for key in path.path)


def _advice(name: str) -> str:
    return f'give it a fallback, such as {{{{ {name} | default: "there" }}}}.'


def _meant(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(known)[:5000], 1)
    return f" (did you mean {found[0]}?)" if found else ""


def _test(condition: Expression) -> Expression:
    return condition.expression if isinstance(condition, BooleanExpression) else condition


def _certain(test: Expression, *, is_true: bool) -> frozenset[str]:
    """The variables that must have a value where a test came out so."""
    match test:
        case Path() if is_true:
            return frozenset((_name(test),))
        case LogicalAndExpression() if is_true:
            return _certain(test.left, is_true=True) | _certain(test.right, is_true=True)
        case LogicalOrExpression() if not is_true:
            return _certain(test.left, is_true=False) | _certain(test.right, is_true=False)
        case BlankTest() if test.wanted is not is_true and isinstance(test.value, Path):
            return frozenset((_name(test.value),))
        case EqExpression() | NeExpression() if isinstance(test, EqExpression) is is_true:
            sides = (test.left, test.right)
            if any(isinstance(side, Literal) and side.value not in ("", False) for side in sides):
                return frozenset(_name(side) for side in sides if isinstance(side, Path))
    return frozenset()
