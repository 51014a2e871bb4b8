"""`skywrite demo`: the whole loop, from people's first event to their mails' events in the warehouse."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from skywrite.access.links import known_address
from skywrite.cli.common import say, typed
from skywrite.in_force import in_force
from skywrite.settings import load_settings

if TYPE_CHECKING:
    from skywrite.demo.director import Tell
    from skywrite.demo.running import Say
    from skywrite.playing import Scene


def demo(
    *,
    data: Path | None = None,
    port: int | None = None,
    keep_going: Annotated[bool, Parameter(negative="")] = False,
    rate: Annotated[float, Parameter(validator=validators.Number(gt=0, lte=100))] = 1.0,
) -> None:
    """Play the whole loop with fifty made-up people and a mail server of its own; no account, no network.

    Parameters
    ----------
    data
        The data folder; one that a server runs on is joined, else a server is started. [default: $SKYWRITE_DATA or
        ./data]
    port
        Where the server is to listen, where one is started.
    keep_going
        Go on afterwards: orders are sent, new people come.
    rate
        How many mails a second are sent then.

    """
    from skywrite.demo.director import COUNTS  # noqa: PLC0415 - its HTTP client is needed here only
    from skywrite.demo.running import run_demo  # noqa: PLC0415
    from skywrite.kit.logs import set_up_logs  # noqa: PLC0415

    running = in_force(load_settings(data=data).run)
    settings = load_settings(beneath=running, data=data, port=port)
    set_up_logs(settings.log_format, process="demo")
    is_told = False

    with _screen() as (show, tell_line):

        def tell(scene: "Scene") -> None:
            nonlocal is_told
            show(scene)
            if scene.done >= 1 and not is_told:
                is_told = True
                tell_line(f"\nThe loop is closed. Mailbox: {scene.mailbox}   Skywrite: {known_address(settings)}")
                tell_line(f"Next: {typed('warehouse', 'query', '--data', str(settings.data), COUNTS)}")
                tell_line("Ctrl-C ends it.")

        run_demo(settings, tell, tell_line, rate=rate if keep_going else 0.0)


@contextlib.contextmanager
def _screen() -> Iterator[tuple["Tell", "Say"]]:
    """Shows scenes, as a progress bar on a terminal and as a line each elsewhere; and lines, above the bar."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

    console = Console()
    if not console.is_terminal:
        yield _lines(), say
        return
    columns = (TextColumn("{task.description:<52}"), BarColumn(), TextColumn("{task.elapsed:>4.0f} s"))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Starting", total=1.0)

        def show(scene: "Scene") -> None:
            progress.update(task, description=scene.name, completed=scene.done)

        yield show, lambda line: console.print(line, markup=False, highlight=False, soft_wrap=True)


def _lines() -> "Tell":
    told: set[str] = set()

    def show(scene: "Scene") -> None:
        if scene.name not in told:
            told.add(scene.name)
            print(f"{scene.name} …", flush=True)

    return show
