"""The command line's entry: `skywrite COMMAND`."""

import sys

from cyclopts import App

from skywrite import __version__
from skywrite.cli import processes
from skywrite.kit.errors import Refused, SkywriteError

app = App(name="skywrite", version=__version__, help="Customer events into your warehouse and tools, exactly once.")
app.update(processes.app)


def main() -> None:
    """Run the command line; what Skywrite can explain is one sentence on stderr."""
    try:
        app()
    except SkywriteError as error:
        print(f"skywrite: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, Refused) else 1)
