"""What every command shares: its flags, the opened store, tables for people and JSON for programs."""

import contextlib
import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number

from skywrite.access.links import known_address
from skywrite.in_force import in_force
from skywrite.kit.errors import Refused
from skywrite.kit.time import iso_millis
from skywrite.settings import Settings, load_settings

if TYPE_CHECKING:
    from skywrite.store.engine import Store

BY = "command line"  # who did it, where that is noted
Repeated = Parameter(negative="", consume_multiple=False)
RowId = Annotated[int, Parameter(validator=Number(gte=1, lte=(1 << 63) - 1))]
HowMany = Annotated[int, Parameter(alias="-n", validator=Number(gte=1, lte=1_000_000))]
_TURNS = r"\u202a-\u202e\u2066-\u2069"  # marks that turn a line's direction
_CONTROLS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_TURNS}]")
_LATE_CONTROLS = re.compile(rf"[\x7f-\x9f{_TURNS}]")  # JSON may hold them as they are
_WRITTEN_OUT = 1e21  # whole numbers from here on are told by their power of ten


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """The flags of every command."""

    data: Annotated[Path | None, Parameter(help="The data folder. [default: $SKYWRITE_DATA or ./data]")] = None
    json: Annotated[bool, Parameter(negative="", help="Print JSON for programs.")] = False

    @property
    def settings(self) -> Settings:
        """The settings by these flags and the environment; where neither says, those of the server that runs."""
        own = load_settings(data=self.data)
        return load_settings(beneath=in_force(own.run), data=self.data)

    @property
    def base_url(self) -> str:
        """Where the server of this data folder is reached."""
        return known_address(self.settings)

    @contextlib.contextmanager
    def store(self) -> Iterator["Store"]:
        """The store, whether a server runs or not."""
        from skywrite.store.engine import open_store  # noqa: PLC0415 - `--help` must not wait for SQLAlchemy

        opened = open_store(self.settings)
        try:
            yield opened
        finally:
            opened.close()

    def show(self, value: Any, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """`value` as JSON, or `rows` as a table; without rows, a sentence."""
        if self.json:
            print_json(value)
            return
        rows = list(rows)
        if rows:
            print_table(title, columns, rows)
        else:
            say(f"No {title}.")

    def show_one(self, value: Any, lines: Iterable[tuple[str, object]]) -> None:
        """`value` as JSON, or `lines` of a name and what it is."""
        if self.json:
            print_json(value)
            return
        lines = list(lines)
        width = max(len(name) for name, _ in lines)
        for name, what in lines:
            say(f"{name:<{width}}  {what}")

    def done(self, value: Any, sentence: str) -> None:
        """`value` as JSON, or a sentence that says what was done."""
        if self.json:
            print_json(value)
        else:
            say(sentence)


COMMON = Common()


def plain(text: str) -> str:
    """A text without control characters, which a terminal would obey; line ends and tabs stay."""
    return _CONTROLS.sub("", text)


def say(text: str) -> None:
    """A line for people, on stdout."""
    text = plain(text)
    print(text.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8"))


def typed(*words: str) -> str:
    """A command as it can be typed in this shell: by the name that we were called by."""
    name = sys.argv[0]
    found = shutil.which("skywrite")
    if Path(name).name != "skywrite":  # python -m skywrite
        return shlex.join([sys.executable, "-m", "skywrite", *words])
    is_on_path = found is not None and Path(found).resolve() == Path(name).resolve()
    return shlex.join(["skywrite" if is_on_path else name, *words])


def warn(text: str) -> None:
    """A line for people who read JSON or pipe it on, on stderr."""
    print(plain(text), file=sys.stderr)


def with_times(value: msgspec.Struct, *names: str) -> dict[str, Any]:
    """A Struct's fields, those of these names, which are µs, as ISO 8601: the form of every time in our JSON."""
    fields = msgspec.structs.asdict(value)
    return fields | {name: iso_millis(fields[name]) if fields[name] else None for name in names}


def shortened(text: str, length: int = 120) -> str:
    """The beginning of a text, in one line, for a table's cell."""
    line = " ".join(text[: length * 2].split())
    return line if len(line) <= length and len(text) <= length * 2 else f"{line[:length]}…"


def print_json(value: Any) -> None:
    """`value` as JSON, easy to read and for programs alike."""
    say(_json(msgspec.json.format(msgspec.json.encode(value), indent=2)))


def print_json_line(value: Any) -> None:
    """`value` as JSON, in one line."""
    say(_json(msgspec.json.encode(value)))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows under their headings; as wide as they need to be where nobody looks through a terminal."""
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        numbers = title != "" and all(isinstance(row[len(table.columns)], int | float) for row in rows)
        table.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console(width=None if sys.stdout.isatty() else 10_000)
    console.print(table)


def pairs(given: Iterable[str], where: str) -> dict[str, str]:
    """`key=value` words as a dict. Raises Refused for one without its sign, or that is no text."""
    found = {}
    for word in given:
        if any("\ud800" <= char <= "\udfff" for char in word):  # bytes of the shell's that are no UTF-8
            raise Refused(f"{word!r} is not UTF-8.", where=where)
        key, sign, value = word.partition("=")
        if not sign or not key:
            raise Refused(f"{word!r} must have the form key=value.", where=where)
        found[key] = value
    return found


def _json(encoded: bytes) -> str:
    return _LATE_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded.decode())


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < _WRITTEN_OUT else repr(value)
    return plain(str(value))
