"""CSV files as they come: which delimiter, encoding and heading, and their rows one by one."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from skywrite.kit.errors import Refused

# The first three are seen, with or without a byte order mark; the others are alike in their bytes and must be said.
Encoding = Literal["utf-8", "utf-16", "cp1252", "cp932", "gb18030", "cp949", "cp950"]
MOST_COLUMNS = 1_000
DELIMITERS = (",", ";", "\t", "|")
_HEAD_BYTES = 1 << 18
_LONGEST_FIELD = 1 << 20
_LOOKED_AT = 50
_SURE = frozenset(["email", "e-mail", "email address", "userid", "user id", "user_id", "anonymousid"])
_BOMS: tuple[tuple[bytes, Encoding], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What is not in the encoding becomes a lone surrogate, so that only its row is refused. Python's own surrogateescape
# does so for bytes above 127 alone, and fails on half a character of UTF-16.
_MISFIT, _LONE = "skywrite.misfit", "\udcff"
_PICTURES = str.maketrans({_LONE: "\ufffd", "\x00": "␀"})
codecs.register_error(_MISFIT, lambda error: (_LONE, error.end))  # type: ignore[attr-defined]


class Form(Struct, frozen=True):
    """How a file is written; a byte order mark is no part of `encoding`."""

    delimiter: str
    encoding: Encoding
    has_header: bool


class Line(Struct, frozen=True):
    """One row; `number` is the line on which it begins, from 1. `fault` says why it can't be read, "" if it can.

    Cells hold a lone surrogate for what is not in the file's encoding.
    """

    number: int
    cells: list[str]
    fault: str = ""


def detect(path: Path) -> Form:
    """How a file is written, by its beginning. Raises Refused for what is no text, or empty."""
    head = _head(path)
    if not head.strip():
        raise Refused("The file is empty.", where="file")
    encoding = _encoding(head)
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    if "\x00" in text:
        raise Refused("The file is no text: save it as CSV first.", where="file")
    if len(head) == _HEAD_BYTES:
        text = text[: text.rfind("\n") + 1] or text  # its last line may be cut
    delimiter = _delimiter(text)
    rows = _sample(text, delimiter)
    return Form(delimiter, encoding, _has_header(rows))


def fits(path: Path, form: Form) -> bool:
    """Whether the file, by its beginning, is in that encoding."""
    try:
        codecs.getincrementaldecoder(form.encoding)().decode(_head(path))
    except UnicodeError:
        return False
    return True


def lines(path: Path, form: Form) -> Iterator[Line]:
    """Every row but the heading and blank ones, in order."""
    every = _lines(path, form)
    if form.has_header:
        next(every, None)
    return every


def header(path: Path, form: Form) -> list[str]:
    """The names of the columns; "Column 1" and so on where there is no heading. Raises Refused for too many, and for
    UTF-16 without a byte order mark.

    What is not in the file's encoding is U+FFFD: unlike a row, a heading that can't be read is still shown.
    """
    first = next(_lines(path, form), Line(1, []))
    if len(first.cells) > MOST_COLUMNS:
        raise Refused(f"The file has {len(first.cells):,} columns; at most {MOST_COLUMNS:,} can be used.", where="file")
    if form.has_header:
        return [shown(cell.strip()) for cell in first.cells]
    return [f"Column {number}" for number in range(1, len(first.cells) + 1)]


def shown(cell: str) -> str:
    """A cell as every screen and store takes it: U+FFFD for what is not in the file's encoding, a picture of NUL."""
    return cell.translate(_PICTURES)


def written(cells: list[str], delimiter: str = ",") -> str:
    """One row as a line of CSV, without its end."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()


def _lines(path: Path, form: Form) -> Iterator[Line]:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding=form.encoding, errors=_MISFIT, newline="") as file:
        try:
            first = file.read(1)
        except UnicodeError:
            raise Refused("The file is not UTF-16: it has no byte order mark.", where="encoding") from None
        if first != "\ufeff":
            file.seek(0)
        is_read = False

        def to_its_end() -> Iterator[str]:
            nonlocal is_read
            yield from file
            is_read = True  # asked for more within a row: only an open quote does that

        reader = csv.reader(to_its_end(), delimiter=form.delimiter)
        begin = 0
        while True:
            begin = reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Line(begin + 1, [], f"The row can't be read: {error}.")
                continue
            if is_read:
                yield Line(begin + 1, [], "A quote in this row is never closed: the rest of the file stands in it.")
            elif any(cells):
                yield Line(begin + 1, cells)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _encoding(head: bytes) -> Encoding:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(text: str) -> str:
    """The one that gives the largest share of rows the same number of columns; of equals, that with the most."""

    def fit(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in _sample(text, delimiter))
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        return (rows / widths.total() if width > 1 else 0, width)

    return max(DELIMITERS, key=fit)


def _sample(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(row):
                rows.append(row)
            if len(rows) == _LOOKED_AT:
                break
    except csv.Error:
        pass
    return rows


def _has_header(rows: list[list[str]]) -> bool:
    """A heading names an identity, or else holds no address and no number, and names each column once."""
    if not rows:
        return False
    named = [cell.strip() for cell in rows[0] if cell.strip()]
    if _SURE & {name.lower() for name in named}:
        return True
    values = any("@" in name or name.replace(".", "", 1).replace("-", "").isdecimal() for name in named)
    return bool(named) and not values and len(set(named)) == len(named)
