"""docs/segments.md has each condition, each comparison and each window, with the words of the model."""

import re
from pathlib import Path
from typing import get_args

from skywrite.contacts.segments import model
from skywrite.contacts.segments.check import NEEDS

DOCS = (Path(__file__).parents[3] / "docs" / "segments.md").read_text()


def _tags(union: object) -> set[str]:
    return {kind.__struct_config__.tag for kind in get_args(union)}


def test_each_condition_has_its_heading() -> None:
    assert set(re.findall(r"^### `(\w+)`$", DOCS, re.MULTILINE)) == _tags(model.Condition)


def test_each_comparison_and_each_window_has_its_line() -> None:
    lines = set(re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE))
    assert lines == {str(op) for op in model.Op} | _tags(model.When)
    assert set(NEEDS) == set(model.Op)
