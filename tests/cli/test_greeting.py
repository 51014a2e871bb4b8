"""The process that greets whoever started `skywrite up`."""

import sys

from skywrite.cli.greeting import begin_greeting
from skywrite.settings import Settings


def test_where_no_process_can_be_had_there_is_no_greeting_and_no_error(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    assert begin_greeting(Settings(data=tmp_path)) is None
