"""The command line, run in this process on a data folder of the test."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import pytest

from skywrite.cli.main import main
from skywrite.settings import Settings


class Said(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """What it printed as JSON."""
        assert self.code == 0, self.err
        return msgspec.json.decode(self.out)


@pytest.fixture
def skywrite(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs `skywrite WORDS --data ...`."""

    def run(*words: str) -> Said:
        code = 0
        try:
            main([*words, "--data", str(settings.data)])
        except SystemExit as end:
            code = int(end.code or 0)
        return Said(code, *capsys.readouterr())

    return run
