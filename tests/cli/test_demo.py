"""`skywrite demo` where it cannot begin, and commands as they can be typed again. The play itself is in tests/flows."""

import shlex
import sys

import pytest

from skywrite.cli import common
from skywrite.cli.common import typed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rate", "0"], "--rate"),
        (["--rate", "fast"], "--rate"),
        (["--port", "99999"], "port"),
        (["--speed", "2"], "--speed"),
    ],
)
def test_what_it_cannot_take_is_named(skywrite, words, said):
    done = skywrite("demo", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_data_folder_that_cannot_be_had_is_one_sentence(skywrite, settings):
    settings.data.parent.mkdir(parents=True, exist_ok=True)
    settings.data.write_text("a file")
    done = skywrite("demo")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("skywrite: The data folder cannot be written to")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("called", "on_path", "begins"),
    [
        ("/opt/bin/skywrite", "/opt/bin/skywrite", ["skywrite"]),
        (".venv/bin/skywrite", "/usr/bin/skywrite", [".venv/bin/skywrite"]),
        (".venv/bin/skywrite", None, [".venv/bin/skywrite"]),
        ("/x/skywrite/__main__.py", "/usr/bin/skywrite", [sys.executable, "-m", "skywrite"]),
    ],
)
def test_a_command_is_told_as_it_was_called(monkeypatch, called, on_path, begins):
    monkeypatch.setattr(sys, "argv", [called])
    monkeypatch.setattr(common.shutil, "which", lambda _: on_path)
    assert shlex.split(typed("source", "list", "--data", "my data")) == [*begins, "source", "list", "--data", "my data"]
