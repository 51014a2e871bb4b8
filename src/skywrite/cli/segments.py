"""`skywrite segment ...`: smart segments. A definition is JSON, see docs/segments.md."""

from pathlib import Path
from typing import Any

import msgspec
from cyclopts import App

from skywrite.cli.common import COMMON, Common, shortened, with_times
from skywrite.contacts.ids import public_segment
from skywrite.contacts.segments.check import read
from skywrite.contacts.segments.model import Group
from skywrite.contacts.segments.service import Segment, Segments
from skywrite.kit import json
from skywrite.kit.errors import Refused
from skywrite.kit.ids import number_of

app = App(name="segment")
_COLUMNS = ("id", "name", "members", "state", "contacts")


@app.command(name="list")
def list_(*, common: Common = COMMON) -> None:
    """Every segment, with how many are in it."""
    with common.store() as store:
        found = Segments(store).all()
    common.show([_value(one) for one in found], "segments", _COLUMNS, [_row(one) for one in found])


@app.command
def show(segment: str, /, *, common: Common = COMMON) -> None:
    """One segment.

    Parameters
    ----------
    segment
        Its id.

    """
    with common.store() as store:
        one = Segments(store).get(number_of("segment", segment))
    lines = [
        ("id", public_segment(one.id)),
        ("name", one.name),
        ("members", one.members),
        ("state", f"{one.state}: {one.reason}" if one.reason else one.state),
        ("contacts", one.sentence),
        ("definition", json.encode(one.definition).decode()),
    ]
    common.show_one(_value(one), lines)


@app.command
def add(definition: str, /, *, name: str, streams: bool = False, common: Common = COMMON) -> None:
    """Add a segment; it is built by the running server.

    Parameters
    ----------
    definition
        JSON, or @ and the name of a file that holds it.
    name
        What it is called.
    streams
        Whether entered and left are sent to the AutopilotHQ sources too.

    """
    with common.store() as store:
        made = Segments(store).add(name, _definition(definition), streams=streams)
    common.done(_value(made), f"{public_segment(made.id)} is being built: contacts {made.sentence}.")


@app.command
def count(definition: str, /, *, common: Common = COMMON) -> None:
    """Count whom a definition is true of.

    Parameters
    ----------
    definition
        JSON, or @ and the name of a file that holds it.

    """
    with common.store() as store:
        found = Segments(store).count(_definition(definition), seconds=60)
    common.done({"count": found.count, "of": found.of}, f"{found.count} of {found.of} contacts {found.sentence}.")


@app.command
def remove(segment: str, /, *, common: Common = COMMON) -> None:
    """Remove a segment; its contacts stay.

    Parameters
    ----------
    segment
        Its id.

    """
    with common.store() as store:
        Segments(store).remove(number_of("segment", segment))
    common.done({"removed": segment}, f"{segment} is removed.")


def _definition(given: str) -> Group:
    try:
        text = Path(given[1:]).read_bytes() if given.startswith("@") else given
        return read(json.decode(text))
    except OSError as error:
        raise Refused(f"{given[1:]} can't be read: {error.strerror}.", where="definition") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"The definition is no JSON: {error}.", where="definition") from error


def _value(one: Segment) -> dict[str, Any]:
    value = with_times(one, "created_at", "updated_at") | {"id": public_segment(one.id)}
    value["definition"] = msgspec.to_builtins(one.definition)
    value["used_by"] = [public_segment(other) for other in one.used_by]
    return value


def _row(one: Segment) -> tuple[object, ...]:
    return public_segment(one.id), one.name, one.members, one.state, shortened(one.sentence)
