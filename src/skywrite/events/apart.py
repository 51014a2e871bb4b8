"""A record's events, each for itself: one that cannot be brought into normal form costs none of the others."""

from collections.abc import Collection, Iterator
from typing import Any

from msgspec import Struct

from skywrite.events.batch import HoldsEvents, normalise, split
from skywrite.kit import json


class Found(Struct, frozen=True):
    """An event in normal form; or, where `fault` says why there is none, what was sent, as the text of `body`."""

    item: int  # its index in the record
    event: dict[str, Any]
    size: int  # of its JSON, in bytes
    fault: str = ""


def found_in(record: HoldsEvents, skip: Collection[int] = ()) -> Iterator[Found]:
    """Every event of a record less those at the indexes in `skip`; a record that can't be cut up is one faulty event.

    What is right, `events.batch.events_of` defines.
    """
    try:
        parts = split(record)
    except Exception as error:  # noqa: BLE001 - whatever a record holds, the reader goes on to the next
        yield _faulty(0, record.body, "This record of the log", error)
        return
    for item, raw in enumerate(parts.events):
        if item in skip:
            continue
        body = bytes(raw)
        try:
            event = normalise(json.decode(body), record, item, parts.call, parts.envelope)
        except Exception as error:  # noqa: BLE001 - the same of an event
            yield _faulty(item, body, "This event", error)
        else:
            yield Found(item, event, len(body))


def _faulty(item: int, body: bytes, what: str, error: Exception) -> Found:
    text = body.decode("utf-8", "replace")
    return Found(item, {"body": text}, len(body), f"{what} cannot be read: {type(error).__name__}: {error}.")
