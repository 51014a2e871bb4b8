"""Each setting of the channel is in the docs as its form has it, and on one of the Channels pages."""

import re
from pathlib import Path
from typing import get_type_hints

import pytest

from skywrite.channels.email.settings.model import EmailSettings

ROOT = Path(__file__).parents[4]
TABLES = [(ROOT / "docs" / name).read_text().partition("## Settings")[2] for name in ("sending.md", "email-events.md")]
SHOWN = (ROOT / "ui/src/pages/channels/shown.ts").read_text()
HINTS = get_type_hints(EmailSettings, include_extras=True)


@pytest.mark.parametrize("name", EmailSettings.__struct_fields__)
def test_a_setting_is_in_one_table_of_the_docs_and_on_one_page(name) -> None:
    said = next(each.description for each in HINTS[name].__metadata__ if each.description)
    default = getattr(EmailSettings(), name)
    rows = [row for table in TABLES for row in re.findall(rf"^\| `{name}` \|.*$", table, re.MULTILINE)]
    assert rows == [f"| `{name}` | {default} | {said} |"]
    assert SHOWN.count(f'"{name}"') == 1


def test_the_docs_name_no_other_setting() -> None:
    named = [name for table in TABLES for name in re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)]
    assert set(named) == set(EmailSettings.__struct_fields__)
