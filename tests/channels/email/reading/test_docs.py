"""The page about reading mail tells every reason with its class, every kind, and only files that there are."""

import re
from pathlib import Path

import pytest

import skywrite.channels.email.reading
from skywrite.channels.email.reading import Kind
from skywrite.channels.email.reading.reasons import REASONS

PAGE = (Path(__file__).parents[4] / "docs" / "mail-reading.md").read_text()


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_stands_in_the_page_with_its_class(reason):
    bounce_class, meaning = REASONS[reason]
    assert f"| `{reason}` | {bounce_class} | {meaning} |" in PAGE


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_stands_in_the_page(kind):
    assert f"`{kind}`" in PAGE


def test_the_files_that_it_names_are_there():
    folder = Path(skywrite.channels.email.reading.__file__).parent
    named = set(re.findall(r"`(\w+\.py)`", PAGE)) - {"test_corpus.py"}
    assert named
    assert all((folder / name).is_file() for name in named)
