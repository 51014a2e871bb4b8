"""The tables of docs/messages.md are what the code does."""

import re
from pathlib import Path

from skywrite.channels.email.outbox.rules import Skip
from skywrite.channels.email.states import STATUS_AFTER, MessageState, Observed

DOCS = (Path(__file__).parents[4] / "docs/messages.md").read_text()


def test_each_state_and_what_follows_it_is_in_the_docs() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([\w, ]*) ?\|$", DOCS.partition("## Why")[0], re.MULTILINE))
    follow: dict[str, set[str]] = {state: set() for state in MessageState}
    for (state, observed), then in STATUS_AFTER.items():
        if observed is not Observed.SEEN:
            follow[state].add(then)
    assert {state: set(filter(None, rows[state].replace(" ", "").split(","))) for state in rows} == follow


def test_each_reason_is_in_the_docs() -> None:
    assert [skip for skip in Skip if f"`{skip}`" not in DOCS and skip is not Skip.CANCELLED] == []
