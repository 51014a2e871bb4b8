"""Liquid as mails have it: no files, bounded work, and never a blank where a value was meant to stand.

An output whose variable is missing or blank takes its `default`; one without a fallback stops the mail with a reason.
"""

import html
import math
import time
from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from typing import Any, ClassVar, NoReturn, Protocol, TextIO

from liquid import Environment, Mode, RenderContext
from liquid.ast import BlockNode, Node
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.expressions.primitive import Literal
from liquid.builtin.filters.misc import default as liquid_default
from liquid.builtin.output import Output, OutputNode
from liquid.exceptions import LiquidError, ResourceLimitError
from liquid.filter import liquid_filter, sequence_filter
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.stringify import to_liquid_string
from liquid.tag import Tag
from liquid.template import BoundTemplate
from liquid.token import TOKEN_EOF, TOKEN_EXPRESSION, TOKEN_TAG, Token
from liquid.undefined import UNDEFINED, Undefined, is_undefined
from markupsafe import escape

from skywrite.channels.email.templates.blanks import mend
from skywrite.kit.errors import Refused

SECONDS = 1.0  # how long one rendering may take
_LARGEST_VALUE = 200_000  # characters that a filter may make
_LARGEST_NUMBER = 1 << 256
_LONGEST_RANGE = 10_000
_NO_TAGS: list[str] = []
_NOT_OFFERED = ("include", "render", "increment", "decrement")


class Marks(Protocol):
    """What of a mail is its own: how a link's address is written in it."""

    def link(self, link_id: str, target: str) -> str:
        """The address that stands in the mail for a link to `target`."""


def missing(name: str) -> NoReturn:
    """Stop the mail: a variable has no value and no fallback. Raises Refused that names it."""
    raise Refused(f"{name} has no value, and there is no fallback for it.", where=name)


def is_blank(value: object) -> bool:
    """Whether a value would leave a hole in a sentence."""
    if value is None or is_undefined(value):
        return True
    return isinstance(value, str) and (not value or value.isspace())


@liquid_filter
def default(value: Any, fallback: object = "", *, allow_false: bool = False) -> Any:
    """The value, or `fallback` where it is missing, false, empty, or nothing but spaces."""
    if isinstance(value, str):
        return fallback if not value or value.isspace() else value
    return liquid_default(value, fallback, allow_false=allow_false)


def is_backed(expression: FilteredExpression) -> bool:
    """Whether an output has a fallback that is written out, so that it is never left without words."""
    return any(
        each.name == "default" and each.args and isinstance(each.args[0].value, Literal)
        for each in expression.filters or ()
    )


class Absent(Undefined):
    """What a variable without a value is: false in conditions, empty in loops, and never printed."""

    __slots__ = ()

    def __str__(self) -> str:  # noqa: PLE0307 - it never returns
        missing(str(self.hint or self.name).removesuffix(" is undefined"))


class TooMuch(Refused):
    """A rendering that asks for more work, or makes more, than a mail may."""


class MailContext(RenderContext):
    """One rendering: it knows its mail, and when it has taken too long."""

    marks: Marks | None = None
    ends: float = math.inf

    @property
    def disabled_tags(self) -> list[str]:
        """None. Each node asks for them before it is rendered, so here the time is looked at."""
        if time.monotonic() > self.ends:  # written out: this is asked hundreds of times a mail
            self.check_time()
        return _NO_TAGS

    @disabled_tags.setter
    def disabled_tags(self, value: list[str]) -> None:
        pass

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        """A variable's value: of a condition too, which may compare as many as its author likes."""
        if time.monotonic() > self.ends:
            self.check_time()
        return RenderContext.get(self, path, token=token, default=default)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        """A filter that is stopped before it makes too much."""
        self.check_time()
        found = super().filter(name, token)

        def bounded(value: object, *words: object, **named: object) -> object:
            check_work(name, value, words)
            return found(value, *words, **named)

        return bounded

    def check_time(self) -> None:
        """Raises Refused where the time is over."""
        if time.monotonic() > self.ends:
            raise TooMuch(f"The template takes longer than {SECONDS:g} s.")


def check_work(name: str, value: object, words: tuple[object, ...]) -> None:
    """Raises Refused where a filter would make more than a mail can hold."""
    is_usual = type(value) is str and len(words) == 1 and type(words[0]) is str
    if is_usual and (len(value) + 1) * (len(words[0]) + 1) <= _LARGEST_VALUE:  # type: ignore[arg-type]
        return  # short, whatever the filter makes of them
    for each in (value, *words):
        if isinstance(each, range) and len(each) > _LONGEST_RANGE:
            raise TooMuch("The template makes a list that is too long.")
        if isinstance(each, int) and abs(each) > _LARGEST_NUMBER:
            raise TooMuch("The template makes a number that is too large.")
    if _made(name, value, words) > _LARGEST_VALUE and not (
        name == "replace" and _replaced(value, words) <= _LARGEST_VALUE
    ):
        raise TooMuch("The template makes a text that is too long.")


def _made(name: str, value: object, words: tuple[object, ...]) -> int:
    """The most that a filter makes: characters of a text, items of a list."""
    if name == "concat":
        return _items(value) + sum(_items(each) for each in words)
    longest = max((_characters(each) for each in words), default=0)
    if name == "join":
        return _characters(value) + _items(value) * (longest or 1)
    if name.startswith("replace"):
        return (_characters(value) + 1) * (longest + 1)
    return _items(value) + longest


def _items(value: object) -> int:
    """How long a text is, or a list once the lists in it are laid out, as filters do."""
    if isinstance(value, list | tuple):
        return sum(_items(each) if isinstance(each, list | tuple) else 1 for each in value)
    return len(value) if isinstance(value, str | range) else 0


def _characters(value: object) -> int:
    """About how long a value is as a text."""
    if isinstance(value, dict):
        return sum(len(str(key)) + _characters(each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return sum(map(_characters, value))
    return len(value) if isinstance(value, str | range) else 1


@sequence_filter
def uniq(sequence: Iterable[Any], key: object = None) -> list[object]:
    """A list without repeats, or with one item for each value of `key`; in linear time, where the builtin's grows
    with the square.
    """
    is_plain = key is None or is_undefined(key)
    found: dict[object, object] = {}
    for each in sequence:
        try:
            own = each if is_plain else each[key]
        except KeyError:
            own = _NOTHING
        found.setdefault(_hashable(own), each)
    return list(found.values())


_NOTHING = object()  # what has not the key


def _hashable(value: Any) -> object:
    if isinstance(value, dict):
        return dict, frozenset((key, _hashable(each)) for key, each in value.items())
    if isinstance(value, list | tuple):
        return list, tuple(map(_hashable, value))
    return value


def _replaced(value: object, words: tuple[object, ...]) -> int:
    old, new = (str(each) for each in (*words, "", "")[:2])
    text = str(value)
    return len(text) + text.count(old) * len(new)


class SaidNode(OutputNode):
    """An output that never says nothing."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the value, or its fallback. Raises Refused where there is neither."""
        return buffer.write(said(self.expression, context))


class Said(Output):
    """`{{ ... }}`."""

    node_class = SaidNode


def said(expression: Any, context: RenderContext) -> str:
    """The text of an output. Raises Refused where it would be blank and has no fallback."""
    value = expression.left.evaluate(context)
    backed = is_backed(expression)
    if is_blank(value):
        if not backed:
            missing(str(expression.left))
        value = None
    for each in expression.filters or ():
        value = each.evaluate(value, context)
    if not backed and is_blank(value):
        missing(str(expression.left))
    return to_liquid_string(value, context.autoescape)


class LinkNode(Node):
    """A link's address, which is written as what counts the click and leads on to it."""

    __slots__ = ("block", "link_id")

    def __init__(self, token: Token, link_id: str, block: BlockNode) -> None:
        super().__init__(token)
        self.link_id = link_id
        self.block = block
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the address as it stands in this mail."""
        inner = StringIO()
        self.block.render(context, inner)
        target = inner.getvalue()
        if context.autoescape:
            target = html.unescape(target)
        marks = context.marks if isinstance(context, MailContext) else None
        written = marks.link(self.link_id, target) if marks else target
        return buffer.write(str(escape(written)) if context.autoescape else written)

    def children(self, static_context: RenderContext, *, include_partials: bool = True) -> list[Node]:  # noqa: ARG002
        """What the address is made of."""
        return [self.block]


class LinkTag(Tag):
    """`{% link "id" %}address{% endlink %}`: written by the compiler alone."""

    name = "link"
    end = "endlink"

    def parse(self, stream: TokenStream) -> LinkNode:
        """The node of one link."""
        token = stream.eat(TOKEN_TAG)
        words = stream.expect(TOKEN_EXPRESSION).value
        next(stream)
        block = get_parser(self.env).parse_block(stream, frozenset(("endlink", TOKEN_EOF)))
        stream.expect(TOKEN_TAG, value="endlink")
        return LinkNode(token, words.strip().strip('"'), block)


class _Environment(Environment):
    loop_iteration_limit: ClassVar[int | None] = 10_000
    local_namespace_limit: ClassVar[int | None] = 400_000
    output_stream_limit: ClassVar[int | None] = 2_000_000
    suppress_blank_control_flow_blocks = False


def environment(*, escapes: bool, compiled: bool = True) -> Environment:
    """Liquid for HTML (`escapes`) or text; what authors write has no `link` tag."""
    made = _Environment(autoescape=escapes, tolerance=Mode.STRICT, undefined=Absent, strict_filters=True)
    for name in _NOT_OFFERED:
        made.tags.pop(name, None)
    made.add_tag(Said)
    made.add_filter("default", default)
    made.add_filter("uniq", uniq)
    made.filters.pop("safe", None)
    if compiled:
        made.add_tag(LinkTag)
    return made


HTML = environment(escapes=True)
TEXT = environment(escapes=False)
AUTHORS = environment(escapes=True, compiled=False)


def parse(source: str, env: Environment) -> BoundTemplate:
    """A parsed template. Raises Refused that says what is wrong, with its line in `where`."""
    try:
        parsed = env.from_string(source)
        mend(parsed.nodes)
    except LiquidError as error:
        place = error.token.start_index if error.token is not None else -1
        line = line_of(source, place if place >= 0 else len(source.rstrip()))
        raise Refused(f"{sentence(error)} (line {line})", where=f"line:{line}") from error
    except RecursionError as error:
        raise Refused("The template is nested too deeply.", where="line:1") from error
    return parsed


def render(template: BoundTemplate, scope: Mapping[str, object], marks: Marks | None) -> str:
    """The plain way of rendering. Raises Refused where the mail cannot be made, or only by too much work."""
    context = MailContext(template, globals=scope)
    context.marks = marks
    context.ends = time.monotonic() + SECONDS
    buffer = context.get_buffer()
    try:
        template.render_with_context(context, buffer)
    except Refused:
        raise
    except ResourceLimitError as error:
        raise TooMuch(sentence(error)) from error
    except LiquidError as error:
        raise Refused(sentence(error)) from error
    except (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as error:
        raise Refused(f"The template can't be rendered: {error}.") from error
    return buffer.getvalue()


def sentence(error: LiquidError) -> str:
    """What is wrong, for a person."""
    words = str(error.message or "The template can't be used").strip()
    return f"{words[:1].upper()}{words[1:]}."


def line_of(source: str, offset: int) -> int:
    """The line of an offset, from 1."""
    return source.count("\n", 0, offset) + 1
