"""`skywrite demo`: the whole loop, from people's first event to their mails' events in the warehouse."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from skywrite.cli.common import say
from skywrite.settings import load_settings

if TYPE_CHECKING:
    from skywrite.demo.director import Tell
    from skywrite.playing import Scene


def demo(
    *,
    data: Path | None = None,
    port: int | None = None,
    keep_going: Annotated[bool, Parameter(negative="")] = False,
    rate: float = 1.0,
) -> None:
    """Play the whole loop with fifty made-up people and a mail server of its own; no account, no network.

    Parameters
    ----------
    data
        The data folder; one that a server runs on is joined, else a server is started.
    port
        Where the server is to listen.
    keep_going
        Go on afterwards: orders are sent, new people come.
    rate
        How many mails a second are sent then.

    """
    from skywrite.demo.director import COUNTS  # noqa: PLC0415 - its HTTP client is needed here only
    from skywrite.demo.running import run_demo  # noqa: PLC0415
    from skywrite.kit.logs import set_up_logs  # noqa: PLC0415

    settings = load_settings(data=data, port=port)
    set_up_logs(settings.log_format, process="demo")
    is_told = False

    with _bar() as show:

        def tell(scene: "Scene") -> None:
            nonlocal is_told
            show(scene)
            if scene.done >= 1 and not is_told:
                is_told = True
                say(f"\nThe loop is closed. Mailbox: {scene.mailbox}   Skywrite: {settings.base_url}")
                say(f'Next: skywrite warehouse query --data {settings.data} "{COUNTS}"')
                say("Ctrl-C ends it.")

        run_demo(settings, tell, rate=rate if keep_going else 0.0)


@contextlib.contextmanager
def _bar() -> Iterator["Tell"]:
    """A progress bar on a terminal, a line a scene elsewhere."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console()
    if not console.is_terminal:
        yield _lines()
        return
    columns = (TextColumn("{task.description:<52}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=False) as progress:
        task = progress.add_task("Starting", total=1.0)
        yield lambda scene: progress.update(task, description=scene.name, completed=scene.done)


def _lines() -> "Tell":
    told: set[str] = set()

    def show(scene: "Scene") -> None:
        if scene.name not in told:
            told.add(scene.name)
            print(f"{scene.name} …", flush=True)

    return show
