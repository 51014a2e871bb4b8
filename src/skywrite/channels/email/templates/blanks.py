"""`== blank` and `!= blank` as people mean them: a variable that is missing is blank too."""

from collections.abc import Iterable

from liquid import RenderContext
from liquid.ast import ConditionalBlockNode, Node
from liquid.builtin.expressions import BooleanExpression
from liquid.builtin.expressions.logical import (
    EqExpression,
    LogicalAndExpression,
    LogicalNotExpression,
    LogicalOrExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression
from liquid.undefined import is_undefined


def is_nothing(value: object) -> bool:
    """Whether a value is missing, an empty list or object, or nothing but spaces."""
    if value is None or is_undefined(value):
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, list | dict) and not value


class BlankTest(Expression):
    """`value == blank`, or with `wanted` False its opposite."""

    __slots__ = ("value", "wanted")

    def __init__(self, value: Expression, *, wanted: bool) -> None:
        super().__init__(value.token)
        self.value = value
        self.wanted = wanted

    def __str__(self) -> str:
        return f"{self.value} {'==' if self.wanted else '!='} blank"

    def evaluate(self, context: RenderContext) -> bool:
        """Whether it is so."""
        return is_nothing(self.value.evaluate(context)) is self.wanted

    def children(self) -> list[Expression]:
        """What is looked at."""
        return [self.value]


def mend(nodes: Iterable[Node]) -> None:
    """Put the tests into the conditions of a parsed template."""
    for node in nodes:
        if isinstance(node, IfNode | UnlessNode):
            _mend_condition(node.condition)
        elif isinstance(node, ConditionalBlockNode):
            _mend_condition(node.expression)
        mend(node.children(None))  # type: ignore[arg-type] # only partials ask for a context, and there are none


def _mend_condition(expression: Expression) -> None:
    if isinstance(expression, BooleanExpression):
        expression.expression = _mended(expression.expression)


def _mended(expression: Expression) -> Expression:
    if isinstance(expression, LogicalAndExpression | LogicalOrExpression):
        expression.left, expression.right = _mended(expression.left), _mended(expression.right)
    elif isinstance(expression, LogicalNotExpression):
        expression.right = _mended(expression.right)
    elif isinstance(expression, EqExpression | NeExpression):
        sides = (expression.left, expression.right)
        others = [side for side in sides if not isinstance(side, Blank | Empty)]
        if len(others) == 1:
            return BlankTest(others[0], wanted=isinstance(expression, EqExpression))
    return expression
