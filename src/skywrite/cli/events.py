"""`skywrite events ...`: the debugger in a terminal."""

import contextlib
import signal
import sys
from collections.abc import Iterable
from typing import Annotated

from cyclopts import App, Parameter

from skywrite.cli.common import COMMON, Common, print_json, print_json_line, say
from skywrite.kit.stop import Stop
from skywrite.kit.time import now_micros
from skywrite.pipeline.debugging import DebugEvent, debug_events, ripe
from skywrite.pipeline.reader import Marked, Reader
from skywrite.sources.service import Sources
from skywrite.wiring import open_decisions, open_listener, open_log

app = App(name="events")
_MARKS = {"accepted": " ", "duplicate": "=", "rejected": "x"}
_READ_BYTES = 4 << 20
_LOOK_SECONDS = 1.0
_PACE_SECONDS = 0.25  # while something waits for dedupe's word


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
        head, decided = reader.heads()
        recent = [each for each in reader.recent(source.id, max(1, count)) if each[0].position <= head]
        known = ripe(recent, decided, now_micros()) if follow else recent
        events = list(debug_events(known))[-count:] if count > 0 else []
        if common.json and not follow:
            print_json(events)
            return
        _print(events, as_json=common.json)
        if not events and not follow:
            say(f"{source.name} has sent nothing lately.")
        if follow:
            after = recent[len(known)][0].position - 1 if len(known) < len(recent) else head
            _follow(common, reader, source.id, after)


def _follow(common: Common, reader: Reader, source_id: str, after: int) -> None:
    listener, stop = open_listener(common.settings, "tail"), Stop()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())  # an exception may come where Python only prints it
    try:
        while not stop.is_set():
            listener.clear()
            found, waits = _next(reader, after)
            after = found[-1][0].position if found else after
            _print(debug_events(each for each in found if each[0].source_id == source_id), as_json=common.json)
            listener.wait(_PACE_SECONDS if waits else _LOOK_SECONDS)
    finally:
        signal.signal(signal.SIGINT, before)
        listener.close()


def _next(reader: Reader, after: int) -> tuple[list[Marked], bool]:
    """What may be shown now, and whether more waits to be."""
    head, decided = reader.heads()
    marked = reader.after(after, _READ_BYTES, head) if head > after else []
    found = ripe(marked, decided, now_micros())
    return found, len(found) < len(marked)


def _print(events: Iterable[DebugEvent], *, as_json: bool) -> None:
    for event in events:
        print_json_line(event) if as_json else say(_line(event))
        sys.stdout.flush()  # whoever reads a file or a pipe sees it now, and not with the next few thousand bytes


def _line(event: DebugEvent) -> str:
    at = event.received_at.astimezone().strftime("%H:%M:%S.%f")[:-3]
    said = f"{at} {_MARKS[event.status]} {event.type or '?':<8} {event.name or '-':<30} {event.user or '-'}"
    return f"{said}  {event.reason}" if event.reason else said
