"""`skywrite events ...`: the debugger in a terminal."""

import contextlib
from collections.abc import Iterable
from typing import Annotated

from cyclopts import App, Parameter

from skywrite.api.debugging import debug_events
from skywrite.api.reader import Reader
from skywrite.api.schemas import DebugEvent
from skywrite.cli.common import COMMON, Common, print_json, say
from skywrite.kit import json
from skywrite.sources.service import Sources
from skywrite.wiring import open_decisions, open_listener, open_log

app = App(name="events", help="What arrives.")
_MARKS = {"accepted": " ", "duplicate": "=", "rejected": "x"}
_READ_BYTES = 4 << 20
_LOOK_SECONDS = 1.0


@app.command
def tail(
    schema: str,
    /,
    *,
    count: Annotated[int, Parameter(alias="-n")] = 20,
    follow: Annotated[bool, Parameter(alias="-f", negative="")] = False,
    common: Common = COMMON,
) -> None:
    """Show a source's latest events: `=` marks a duplicate, `x` one that was refused.

    Parameters
    ----------
    schema
        The source, by schema or id.
    count
        How many of the latest.
    follow
        Go on showing what arrives, until Ctrl-C. With --json, one line an event.

    """
    settings = common.settings
    with common.store() as store:
        source = Sources(store).get(schema)
    reader = Reader(lambda: open_log(settings), lambda: open_decisions(settings))
    with contextlib.closing(reader), contextlib.suppress(KeyboardInterrupt):
        after = reader.heads()[0]
        recent = [each for each in reader.recent(source.id, max(1, count)) if each[0].position <= after]
        events = list(debug_events(recent))[-count:] if count > 0 else []
        if common.json and not follow:
            print_json(events)
            return
        _print(events, as_json=common.json)
        if not events and not follow:
            say(f"{source.name} has sent nothing lately.")
        if follow:
            _follow(common, reader, source.id, after)


def _follow(common: Common, reader: Reader, source_id: str, after: int) -> None:
    listener = open_listener(common.settings, "tail")
    try:
        while True:
            listener.clear()
            for record, duplicates in reader.after(after, _READ_BYTES, reader.heads()[0]):
                after = record.position
                if record.source_id == source_id:
                    _print(debug_events([(record, duplicates)]), as_json=common.json)
            listener.wait(_LOOK_SECONDS)
    finally:
        listener.close()


def _print(events: Iterable[DebugEvent], *, as_json: bool) -> None:
    for event in events:
        if as_json:
            say(json.encode(event).decode())
            continue
        at = event.received_at.astimezone().strftime("%H:%M:%S.%f")[:-3]
        said = f"{at} {_MARKS[event.status]} {event.type or '?':<8} {event.name or '-':<30} {event.user or '-'}"
        say(f"{said}  {event.reason}" if event.reason else said)
