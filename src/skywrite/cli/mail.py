"""`skywrite mail ...`: mail that comes back."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from skywrite.channels.email.reading import Kind, Reading, Recipient, read
from skywrite.cli.common import COMMON, Common, print_json_line, say, shortened, warn
from skywrite.cli.receive import receive
from skywrite.kit.errors import Refused, SkywriteError
from skywrite.kit.time import iso_millis, now_micros

app = App(name="mail")
app.command(receive)
File = Annotated[Path, Parameter(allow_leading_hyphen=True)]  # or "-" would be an option
_READ_BYTES = 2 << 20  # more than reading looks at


@app.command
def explain(*files: File, common: Common = COMMON) -> None:
    """Say what mails are: bounces, complaints, replies. Changes nothing; --json prints a line for each file.

    Parameters
    ----------
    files
        Files that hold a mail each, as it came; `-` is the standard input.

    """
    failed = 0
    for option in (str(path) for path in files if str(path).startswith("-") and str(path) != "-"):
        raise Refused(f'Unknown option: "{option}".', where="files")
    for path in files:
        try:
            mail = _bytes(path)
        except OSError as error:
            failed += 1
            warn(f"skywrite: {_name(path)} cannot be read: {error.strerror or error}.")
            if common.json:
                print_json_line({"file": _name(path), "error": error.strerror or str(error)})
            continue
        found = read(mail)
        if common.json:
            print_json_line(_value(path, found))
        else:
            say("\n".join(_lines(path, found)))
    if not files:
        raise Refused("Name a file, or - for the standard input.", where="files")
    if failed:
        raise SkywriteError(f"{failed} of {len(files)} files could not be read.")


@app.command(name="rotate-key")
def rotate_key(*, common: Common = COMMON) -> None:
    """Add a key for the tokens in links and addresses; it begins in a minute. What was sent before goes on working."""
    from skywrite.channels.email.tokens import rotate_keys  # noqa: PLC0415 - `--help` must not wait

    with common.store() as store:
        begins = rotate_keys(store, now_micros())
    at = iso_millis(begins)
    common.done({"begins_at": at}, f"The new key begins at {at}. The 14 keys before it go on opening.")


def _bytes(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(_READ_BYTES)
    with path.open("rb") as file:
        return file.read(_READ_BYTES)


def _name(path: Path) -> str:
    """A file's name as text can hold it; on disk it is any bytes."""
    return os.fsencode(path).decode(errors="replace")


def _value(path: Path, found: Reading) -> dict[str, Any]:
    return {
        "file": _name(path),
        "kind": found.kind,
        "recipients": [
            {
                "address": each.address,
                "status": each.status,
                "smtp_reply": each.smtp_reply,
                "bounce_class": each.bounce_class,
            }
            for each in _concerned(found)
        ],
        "reply_text": found.reply_text if found.kind is Kind.HUMAN_REPLY else None,
    }


def _concerned(found: Reading) -> Iterator[Recipient]:
    """The recipients whom the kind is about: of a bounce those who were not reached, not others of the same report."""
    action = {Kind.BOUNCE: "failed", Kind.DELAYED: "delayed", Kind.DELIVERED: "delivered"}.get(found.kind)
    return (each for each in found.recipients if action is None or each.action in {None, action})


def _lines(path: Path, found: Reading) -> Iterator[str]:
    """For people: what it is, whom it is about and why, and a reply's words."""
    yield f"{_name(path)}: {found.kind.replace('_', ' ')}{f' ({found.note})' if found.note else ''}"
    for each in _concerned(found):
        codes = " ".join(code for code in (each.smtp_reply, each.status) if code)
        why = ", ".join(
            part for part in (each.bounce_class, each.reason and each.reason.replace("_", " "), codes) if part
        )
        yield f"  {each.address}{f': {why}' if why else ''}"
        if each.diagnostic:
            yield f"    {shortened(each.diagnostic)}"
    if found.kind is Kind.HUMAN_REPLY and found.reply_text:
        yield from (f"  | {line}" for line in found.reply_text.split("\n"))
